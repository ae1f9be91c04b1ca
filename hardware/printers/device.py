"""One printer at the end of a cable: asks how it is, sends it bytes, finds out whether they were printed.

Everything here blocks; `hardware.jobs` calls it in a thread. Each call opens the connection and closes it, because
network printers serve one caller at a time and several tills may share one.
"""

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import serial
from escpos.exceptions import Error as EscposError
from escpos.printer import File, Network, Serial

from hardware.printers.escpos import kick_bytes
from hardware.printers.profile import PrinterProfile
from hardware.protocol import DrawerState, JobState, PrinterState

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 0.5
SEND_SECONDS = 20.0
CONFIRM_SECONDS = 30.0
SILENCE_SECONDS = 4.0
_DEVICE_ERRORS = (OSError, EscposError, serial.SerialException)


@dataclass(frozen=True, slots=True)
class Seen:
    """How a printer is. `answers` is false when it prints but never tells."""

    state: PrinterState
    code: str | None = None
    paper_low: bool = False
    drawer: DrawerState = "unknown"
    answers: bool = True


_OFF = Seen("off", "printer_off")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job."""

    state: JobState
    code: str | None = None
    confirmed: bool | None = None


class _Gone(Exception):
    """The connection broke."""


class _Link:
    """An open connection, whatever the cable."""

    def __init__(self, transport: Network | Serial | File) -> None:
        self.transport = transport
        self.other_answers = 0  # those that came while a status was asked for

    def send(self, data: bytes) -> None:
        if isinstance(self.transport, Network):
            self._socket().settimeout(SEND_SECONDS)
        self.transport._raw(data)  # python-escpos documents it for sending prepared bytes
        if isinstance(self.transport, File):
            self.transport.flush()

    def receive(self, seconds: float) -> int | None:
        """One byte from the printer, or None when it says nothing. Raises `_Gone` when it hung up."""
        if isinstance(self.transport, File):
            return None
        if isinstance(self.transport, Serial):
            assert self.transport.device
            self.transport.device.timeout = seconds
            answer = self.transport.device.read(1)
            return answer[0] if answer else None
        self._socket().settimeout(seconds)
        try:
            answer = self._socket().recv(1)
        except TimeoutError:
            return None
        if not answer:
            raise _Gone
        return answer[0]

    def ask(self, question: int) -> int | None:
        """The answer to `DLE EOT question`. Late answers to other questions are passed over."""
        self.send(bytes([0x10, 0x04, question]))
        until = time.monotonic() + ANSWER_SECONDS
        while (left := until - time.monotonic()) > 0:
            answer = self.receive(left)
            if answer is None or _is_status(answer):
                return answer
            self.other_answers += 1
        return None

    def _socket(self) -> socket.socket:
        assert isinstance(self.transport, Network)
        assert self.transport.device
        return self.transport.device


class PrinterDevice:
    """A printer by its address: `network://host:9100`, `serial:///dev/ttyUSB0?baud=19200`, `file:///dev/usb/lp0`."""

    def __init__(self, url: str, profile: PrinterProfile) -> None:
        self.url, self.profile = url, profile
        self.ever_answered = False
        self.open_level: bool | None = {"high": True, "low": False}.get(profile.drawer_sensor)

    def check(self) -> Seen:
        """Connect, ask and hang up."""
        path = self._file_path()
        if path is not None:  # opening it would be the first thing the printer notices
            return Seen("ready", answers=False) if os.access(path, os.W_OK) and not os.path.isdir(path) else _OFF
        try:
            with self._connected() as link:
                return self._ask(link)
        except (*_DEVICE_ERRORS, _Gone):
            return _OFF

    def print(self, data: bytes) -> Outcome:
        """Send a job. Unless the outcome is `done` or `unknown`, not a byte of it reached the printer."""
        sending = False
        try:
            with self._connected() as link:
                seen = self._ask(link)
                if seen.code:
                    return Outcome("blocked", seen.code)
                sending = True
                link.send(data)
                return self._confirm(link) if seen.answers else self._listen_for_break(link)
        except (*_DEVICE_ERRORS, _Gone):
            return Outcome("unknown", "interrupted") if sending else Outcome("blocked", "printer_off")

    def kick(self) -> Outcome:
        """Open the drawer, also with no paper in the printer."""
        sending = False
        try:
            with self._connected() as link:
                before = link.ask(1)
                offline = before is not None and bool(before & 0x08)
                sending = True
                link.send(kick_bytes(self.profile, offline=offline))
                self._learn_level(before, link)
                return Outcome("done")
        except (*_DEVICE_ERRORS, _Gone):
            return Outcome("unknown", "kick_unknown") if sending else Outcome("failed", "kick_failed")

    @contextlib.contextmanager
    def _connected(self) -> Iterator[_Link]:
        transport = self._transport()
        try:
            transport.open()
            yield _Link(transport)
        finally:
            with contextlib.suppress(*_DEVICE_ERRORS):
                transport.close()

    def _file_path(self) -> str | None:
        parts = urlsplit(self.url)
        return parts.path if parts.scheme == "file" else None

    def _transport(self) -> Network | Serial | File:
        parts = urlsplit(self.url)
        if parts.scheme == "network":
            return Network(parts.hostname or "", parts.port or 9100, timeout=CONNECT_SECONDS)
        if parts.scheme == "serial":
            baud = int(dict(parse_qsl(parts.query)).get("baud", "9600"))
            return Serial(devfile=parts.path, baudrate=baud, timeout=ANSWER_SECONDS)
        return File(devfile=parts.path, auto_flush=False)

    def _ask(self, link: _Link) -> Seen:
        printer = link.ask(1)
        if printer is None:
            # Some never answer. One that used to and now does not is in trouble.
            return Seen("off", "printer_stuck") if self.ever_answered else Seen("ready", answers=False)
        self.ever_answered = True
        paper = link.ask(4) or 0x12
        drawer = self._drawer(printer)
        if printer & 0x08:
            cause = link.ask(2) or 0x12
            if cause & 0x04:
                return Seen("cover_open", "cover_open", drawer=drawer)
            if cause & 0x20 or paper & 0x60:
                return Seen("paper_out", "paper_out", drawer=drawer)
            return Seen("error", "printer_error", drawer=drawer)
        if paper & 0x60:
            return Seen("paper_out", "paper_out", drawer=drawer)
        return Seen("ready", paper_low=bool(paper & 0x0C), drawer=drawer)

    def _confirm(self, link: _Link) -> Outcome:
        """Wait until the printer has worked through everything: it answers `GS r` in its turn, after the cut."""
        link.send(b"\x1dr\x01")
        until = time.monotonic() + CONFIRM_SECONDS
        last_word = time.monotonic()
        while time.monotonic() < until:
            answer = link.receive(ANSWER_SECONDS)
            seen = self._ask(link) if answer is None else None
            if link.other_answers or (answer is not None and not _is_status(answer)):
                return Outcome("done", confirmed=True)
            if seen is None or seen.code != "printer_stuck":
                last_word = time.monotonic()
            elif time.monotonic() - last_word < SILENCE_SECONDS:
                continue  # busy printers miss a question now and then
            if seen and seen.code:
                return Outcome("unknown", "paper_ran_out" if seen.code == "paper_out" else "interrupted")
        # It is well and has had every byte for a long time; it just does not know the question.
        return Outcome("done", confirmed=False)

    def _listen_for_break(self, link: _Link) -> Outcome:
        link.receive(ANSWER_SECONDS)
        return Outcome("done", confirmed=False)

    def _drawer(self, printer: int) -> DrawerState:
        if self.profile.drawer_sensor == "none" or self.open_level is None:
            return "unknown"
        return "open" if bool(printer & 0x04) == self.open_level else "closed"

    def _learn_level(self, before: int | None, link: _Link) -> None:
        """The level that a kick brought is the one that means open: wirings differ."""
        if self.profile.drawer_sensor != "auto" or self.open_level is not None or before is None:
            return
        time.sleep(0.25)  # the pulse and the spring take their time
        after = link.ask(1)
        if after is not None and (before ^ after) & 0x04:
            self.open_level = bool(after & 0x04)


def _is_status(answer: int) -> bool:
    """Whether a byte has the fixed bits of an answer to `DLE EOT`."""
    return answer & 0x93 == 0x12
