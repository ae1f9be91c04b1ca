"""The receipts that came out, kept on disk: a picture, the facts and the bytes of each."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hardware.printers.render import Rendered

KEPT = 40


class Tray:
    """Takes the newest receipts and forgets the oldest."""

    def __init__(self, folder: Path, kept: int = KEPT) -> None:
        self.folder, self.kept = folder, kept
        folder.mkdir(parents=True, exist_ok=True)
        self.last = max(self.numbers(), default=0)

    def numbers(self) -> list[int]:
        """Numbers of the receipts that are still there, newest first."""
        return sorted((int(path.stem) for path in self.folder.glob("[0-9]*.json")), reverse=True)

    def add(self, rendered: Rendered, raw: bytes, *, complete: bool) -> dict[str, Any]:
        """Keep one receipt. `complete` is false for paper that was torn off before a cut."""
        number = self.last + 1
        facts = {
            "number": number,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "complete": complete,
            "width": rendered.image.width,
            "height": rendered.image.height,
            "events": rendered.events,
            "lines": rendered.lines,
        }
        self.path(number, "png").write_bytes(rendered.png())
        self.path(number, "bin").write_bytes(raw)
        waiting = self.folder / f".{number}.json"
        waiting.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
        os.replace(waiting, self.path(number, "json"))  # last, so that a listed receipt is whole
        self.last = number
        for old in self.numbers()[self.kept :]:
            self.remove(old)
        return facts

    def facts(self, number: int) -> dict[str, Any]:
        """What is known of a receipt. Raises FileNotFoundError."""
        return json.loads(self.path(number, "json").read_text(encoding="utf-8"))

    def path(self, number: int, kind: str) -> Path:
        return self.folder / f"{number:06d}.{kind}"

    def remove(self, number: int) -> None:
        for kind in ("json", "png", "bin"):
            self.path(number, kind).unlink(missing_ok=True)
