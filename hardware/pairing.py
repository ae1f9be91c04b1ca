"""Who may use the bridge: pages that were shown its code once, each held to the origin it came from."""

import hashlib
import hmac
import json
import logging
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hardware.clock import now_text
from hardware.storage import private_folder, write_durably

CODE_SECONDS = 300
TRIES = 5
PAUSE_SECONDS = 60
KEPT_PER_ORIGIN = 10
_LOOPBACK = ("127.0.0.1", "localhost", "::1")

log = logging.getLogger("hardware.pairing")


class PairingRefused(Exception):
    """No token for this page; `code` for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class Pairing:
    """Tokens, of which only hashes are kept, and the code that earns one."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.mode = mode
        self.path = private_folder(folder) / "pairings.json"
        self.tokens: dict[str, dict[str, Any]] = json.loads(self.path.read_bytes()) if self.path.exists() else {}
        self._code: str | None = None
        self._until = 0.0
        self._tries = 0
        self._paused_until = 0.0

    def new_code(self) -> str:
        """Six digits, valid for five minutes and five tries, shown on the console. Raises `PairingRefused`."""
        self._check_pause()
        if self._code is None or time.monotonic() > self._until:
            self._code, self._tries = f"{secrets.randbelow(10**6):06d}", 0
            self._until = time.monotonic() + CODE_SECONDS
        log.warning("Pairing code: %s %s (valid for %d minutes)", self._code[:3], self._code[3:], CODE_SECONDS // 60)
        return self._code

    def token_for(self, origin: str, code: str) -> str:
        """A new token for a page of this origin. Raises `PairingRefused`."""
        if self.mode == "auto" and urlsplit(origin).hostname in _LOOPBACK:
            return self._issue(origin)
        self._check_pause()
        if not code or self._code is None or time.monotonic() > self._until:
            raise PairingRefused("code_needed", "Ask the bridge for a pairing code, then type it in.")
        if not hmac.compare_digest(code.replace(" ", "").encode(), self._code.encode()):
            self._count_try()
            raise PairingRefused("wrong_code", "That is not the code that the bridge shows.")
        self._code = None
        return self._issue(origin)

    def accepts(self, token: Any, origin: str) -> bool:
        """Whether the token was given to a page of this origin."""
        if not isinstance(token, str):
            return False
        known = self.tokens.get(_digest(token))
        return known is not None and known["origin"] == origin

    def forget_all(self) -> int:
        """Unpair every page."""
        count = len(self.tokens)
        self.tokens = {}
        self._write()
        return count

    def _issue(self, origin: str) -> str:
        token = secrets.token_urlsafe(32)
        self.tokens[_digest(token)] = {"origin": origin, "at": now_text()}
        of_origin = [digest for digest, known in self.tokens.items() if known["origin"] == origin]
        for digest in of_origin[:-KEPT_PER_ORIGIN]:
            del self.tokens[digest]
        self._write()
        log.info("paired with %s", origin)
        return token

    def _count_try(self) -> None:
        self._tries += 1
        if self._tries >= TRIES:
            self._code = None
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            log.warning("pairing paused: too many wrong codes")

    def _check_pause(self) -> None:
        if time.monotonic() < self._paused_until:
            raise PairingRefused("too_many_tries", "Too many wrong codes. Wait a minute, then ask for a new one.")

    def _write(self) -> None:
        write_durably(self.path, json.dumps(self.tokens, indent=1).encode())


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
