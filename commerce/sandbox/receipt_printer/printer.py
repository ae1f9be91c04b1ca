"""The printer itself: a socket, a buffer and a mechanism that works through it."""

import asyncio
import re
import socket
import struct
from collections import deque
from collections.abc import Callable
from typing import Any

from commerce.sandbox.receipt_printer.faults import Condition
from commerce.sandbox.receipt_printer.paper import Tray
from hardware.printers.parse import Token, tokenize
from hardware.printers.render import Renderer

_REAL_TIME = re.compile(rb"\x10(?:\x04([\x01-\x04])|\x05.|\x14\x01(.).)", re.DOTALL)
_PIECE = 64  # bytes that the mechanism takes at a time
_TEAR_OFF = 1.0  # seconds of silence after which paper without a cut is taken away
EVENTS_KEPT = 200


class ReceiptPrinter:
    """Listens like a printer on port 9100 and prints into a `Tray`."""

    def __init__(self, tray: Tray, *, host: str, port: int, dots: int = 512, scale: int = 2) -> None:
        self.tray, self.host, self.port = tray, host, port
        self.condition = Condition()
        self.renderer = Renderer(dots, scale)
        self.events: deque[str] = deque(maxlen=EVENTS_KEPT)
        self.kicks = 0
        self.changed: Callable[[], None] = lambda: None
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._buffer: deque[tuple[bytes, asyncio.StreamWriter]] = deque()
        self._wake = asyncio.Event()
        self._raw = b""  # of the paper that is in the machine
        self._rest = b""

    async def start(self) -> None:
        """Open the port and start the mechanism."""
        await self._listen()
        self._mechanism = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Close everything."""
        self._mechanism.cancel()
        await self._unplug()

    async def change(self, wanted: dict[str, Any]) -> None:
        """Change the condition; ValueError, in words, for what makes no sense."""
        was_on = self.condition.power
        self.condition.change(wanted)
        if was_on and not self.condition.power:
            await self._unplug()
        elif self.condition.power and not was_on:
            await self._listen()
        self._note(f"set {', '.join(f'{name} {value}' for name, value in wanted.items())}")
        self._wake.set()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _unplug(self) -> None:
        """What was in the buffer is gone, and so are the connections."""
        if self._server:
            self._server.close()
        self._lose_power()

    def _lose_power(self) -> None:
        for writer in list(self._writers):
            # Without lingering the caller gets a reset, as from a machine that is gone, not a polite end.
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        self._buffer.clear()
        self._rest = b""
        self._tear_off(complete=False)
        self.renderer.reset()

    def _note(self, event: str) -> None:
        self.events.append(event)
        self.changed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        held = b""
        try:
            while data := await reader.read(4096):
                data = held + self._until_reset(data, writer)
                held = data[-4:] if _unfinished(data) else b""
                data = data[: len(data) - len(held)]
                for asked in _REAL_TIME.finditer(data):
                    self._answer_at_once(asked, writer)
                if rest := _REAL_TIME.sub(b"", data):
                    self._buffer.append((rest, writer))
                    self._wake.set()
        except (ConnectionError, OSError):
            pass
        finally:
            self._buffer.append((held, writer))
            self._writers.discard(writer)
            writer.close()
            self._wake.set()

    def _until_reset(self, data: bytes, writer: asyncio.StreamWriter) -> bytes:
        """All of it, or what still gets in before the plug is pulled."""
        left = self.condition.reset_after
        if left is None:
            return data
        if len(data) < left:
            self.condition.reset_after = left - len(data)
            return data
        self.condition.reset_after = None
        self._print(data[:left], writer)
        self._note("plug pulled")
        self._lose_power()
        return b""

    def _answer_at_once(self, asked: re.Match[bytes], writer: asyncio.StreamWriter) -> None:
        if asked[1] and self.condition.answers:
            writer.write(bytes([self.condition.status(asked[1][0])]))
        elif asked[2]:
            self._kick(5 if asked[2][0] else 2)

    async def _work(self) -> None:
        while True:
            if not self._buffer or not self.condition.online:
                await self._rest_a_while()
                continue
            data, writer = self._buffer.popleft()
            slow = self.condition.bytes_per_second
            piece, left = (data[:_PIECE], data[_PIECE:]) if slow else (data, b"")
            if left:
                self._buffer.appendleft((left, writer))
            if slow:
                await asyncio.sleep(len(piece) / slow)
            self._print(piece, writer)
            await asyncio.sleep(0)

    async def _rest_a_while(self) -> None:
        """Wait for bytes; take away paper that nobody cut."""
        self._wake.clear()
        try:
            await asyncio.wait_for(self._wake.wait(), _TEAR_OFF)
        except TimeoutError:
            if not self._buffer and not self._writers:
                self._tear_off(complete=False)

    def _print(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        self._raw += data
        tokens, self._rest = tokenize(self._rest + data)
        for token in tokens:
            before = len(self.renderer.events)
            self.renderer.obey(token)
            self._reply(token, writer)
            event = "".join(self.renderer.events[before:])
            if event.startswith("drawer kick"):
                self.renderer.events.pop()  # nothing on paper
                self._kick(int(event.split()[3]))
            if event.startswith("cut"):
                self._tear_off(complete=True)

    def _reply(self, token: Token, writer: asyncio.StreamWriter) -> None:
        """Answers that come in their turn, after what was sent before them is printed."""
        if not self.condition.answers or writer.is_closing():
            return
        if token.name == "GS r":
            drawer = bool(self.condition.status(1) & 0x04)
            paper = {"ok": 0, "low": 0x03, "out": 0x0F}[self.condition.paper]
            writer.write(bytes([int(drawer) if token.data[0] in (2, 50) else paper]))
        elif token.name == "GS (" and token.data[:1] == b"H" and token.data[3:5] == b"\x300":
            writer.write(b"\x37\x22" + token.data[5:9] + b"\0")
        elif token.name == "GS I" and token.data[0] in (66, 67):
            writer.write(b"_" + {66: b"COUNTERPART", 67: b"SANDBOX"}[token.data[0]] + b"\0")

    def _kick(self, pin: int) -> None:
        self.kicks += 1
        self.condition.drawer = "open"
        self._note(f"drawer kick pin {pin}")
        if self.condition.drawer_closes_after:
            asyncio.get_running_loop().call_later(self.condition.drawer_closes_after, self._close_drawer, self.kicks)

    def _close_drawer(self, kick: int) -> None:
        if kick == self.kicks and self.condition.drawer == "open":
            self.condition.drawer = "closed"
            self._note("drawer closed")

    def _tear_off(self, *, complete: bool) -> None:
        """Put the paper into the tray, unless nothing is on it."""
        raw, self._raw = self._raw, b""
        marked = self.renderer.strips or self.renderer.line.items
        strange = [event for event in self.renderer.events if event.startswith("unknown")]
        rendered = self.renderer.take()
        if marked or strange:
            facts = self.tray.add(rendered, raw, complete=complete)
            self._note(f"receipt {facts['number']}{'' if complete else ' not complete'}")
            for event in strange:
                self._note(event)


def _unfinished(data: bytes) -> bool:
    """Whether the end may be the beginning of a real-time command."""
    return bool(re.search(rb"\x10$|\x10[\x04\x05]$|\x10\x14(\x01.?)?$", data, re.DOTALL))
