"""A second copy of every sale that the server has not acknowledged, on this computer's disk.

A browser may lose its storage; this folder stays. One file per sale, readable by people, so that even a broken till can
be emptied by hand.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from hardware.clock import now_text
from hardware.storage import private_folder, sync_folder, write_durably

KEPT_ACKED = 2000
_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class JournalConflict(ValueError):
    """The same sale number came with another content. The first one stays."""


class Journal:
    """Sales by their UUID."""

    def __init__(self, folder: Path) -> None:
        self.folder = private_folder(folder)
        self.acked_folder = private_folder(folder / "acknowledged")

    def append(self, sale_uid: str, envelope: dict[str, Any]) -> bool:
        """Keep a sale; only back when it is on the disk. False when it was there already.

        Raises ValueError for what is no UUID, `JournalConflict` for another content under the same one.
        """
        if not _UID.fullmatch(sale_uid):
            raise ValueError("sale_uid must be a UUID in lower case")
        for path in (self._path(sale_uid), self.acked_folder / f"{sale_uid}.json"):
            if path.exists():
                if _digest(json.loads(path.read_bytes())["envelope"]) != _digest(envelope):
                    raise JournalConflict(f"Sale {sale_uid} is in the journal with another content.")
                return False
        entry = {"sale_uid": sale_uid, "at": now_text(), "envelope": envelope}
        write_durably(self._path(sale_uid), json.dumps(entry, ensure_ascii=True, indent=1).encode())
        return True

    def entries(self, *, acked: bool = False) -> list[dict[str, Any]]:
        """Sales oldest first, each `{sale_uid, at, envelope, acked}`; with `acked` also those acknowledged."""
        found = [{**json.loads(path.read_bytes()), "acked": False} for path in self.folder.glob("[0-9a-f]*.json")]
        if acked:
            kept = self.acked_folder.glob("[0-9a-f]*.json")
            found += [{**json.loads(path.read_bytes()), "acked": True} for path in kept]
        return sorted(found, key=lambda entry: (entry["at"], entry["sale_uid"]))

    def acknowledge(self, sale_uids: list[str]) -> int:
        """The server has these sales. Gives how many were waiting."""
        waiting = [path for uid in sale_uids if _UID.fullmatch(uid) and (path := self._path(uid)).exists()]
        for path in waiting:
            path.replace(self.acked_folder / path.name)
        if waiting:
            sync_folder(self.acked_folder)
            sync_folder(self.folder)
            self._forget_oldest()
        return len(waiting)

    def summary(self) -> dict[str, Any]:
        """`{"count", "oldest"}` of the sales that wait."""
        paths = list(self.folder.glob("[0-9a-f]*.json"))
        oldest = min(paths, key=lambda path: path.stat().st_mtime, default=None)
        return {"count": len(paths), "oldest": json.loads(oldest.read_bytes())["at"] if oldest else None}

    def _path(self, sale_uid: str) -> Path:
        return self.folder / f"{sale_uid}.json"

    def _forget_oldest(self) -> None:
        kept = sorted(self.acked_folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-KEPT_ACKED]:
            path.unlink()


def _digest(envelope: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(envelope, sort_keys=True).encode()).hexdigest()
