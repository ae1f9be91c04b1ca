"""One page's connection: its first frame proves who it is, then requests and answers, and events in between."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSMsgType, web

from hardware.bridge import Bridge, NoPrinter
from hardware.display import DisplayError
from hardware.guard import Rate
from hardware.journal import JournalConflict
from hardware.printers.escpos import receipt_bytes
from hardware.printers.test_page import test_document
from hardware.protocol import (
    DOCUMENT_VERSION,
    KICK_REASONS,
    PROTOCOL_VERSION,
    DocumentError,
    ReceiptDocument,
    validate_document,
)
from hardware.scale import ScaleError
from hardware.spool import JobConflict

HELLO_SECONDS = 5.0
REPLY_SECONDS = 2.8  # the page wants to know within 3
BURST, PER_SECOND = 200, 50.0
EVENTS_WAITING = 500
BAD_FRAME, NOT_PAIRED, TOO_MANY = 4400, 4401, 4429

log = logging.getLogger("hardware.session")


class BadFrame(Exception):
    """Not a frame of the protocol: the connection ends."""


class Refusal(Exception):
    """A request that cannot be met; `code` for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


_REFUSALS: dict[type[Exception], str] = {  # the first that fits
    DocumentError: "bad_document",
    JobConflict: "job_conflict",
    JournalConflict: "journal_conflict",
    NoPrinter: "printer_none",
    ScaleError: "scale",
    DisplayError: "display",
    ValueError: "bad_request",
}


class Session:
    """Serves one WebSocket until it closes."""

    def __init__(self, bridge: Bridge, socket: web.WebSocketResponse, origin: str) -> None:
        self.bridge, self.socket, self.origin = bridge, socket, origin
        self.rate = Rate(BURST, PER_SECOND)
        self.outgoing: asyncio.Queue[str] = asyncio.Queue(EVENTS_WAITING)
        self.in_order = asyncio.Lock()  # papers come out in the order in which the page asked for them
        self.requests: set[asyncio.Future[Any]] = set()
        self.kinds: dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]] = {
            "hello": self.hello,
            "status": self.status,
            "print": self.print,
            "print.test": self.print_test,
            "kick": self.kick,
            "kick.list": self.list_kicks,
            "job": self.job,
            "journal.append": self.append_journal,
            "journal.list": self.list_journal,
            "journal.ack": self.acknowledge_journal,
            "scale.read": self.read_scale,
            "display.show": self.show_display,
        }

    async def run(self) -> None:
        """Authenticate, then serve."""
        sender = asyncio.create_task(self._send())
        try:
            if await self._is_paired():
                self.bridge.listen(self.send)
                await self._serve()
        except BadFrame as error:
            log.warning("bad frame from %r: %s", self.origin, error)
            await self.socket.close(code=BAD_FRAME, message=str(error).encode())
        finally:
            self.bridge.forget(self.send)
            sender.cancel()

    async def _is_paired(self) -> bool:
        try:
            message = await self.socket.receive(HELLO_SECONDS)
        except TimeoutError:
            await self.socket.close(code=NOT_PAIRED, message=b"say hello first")
            return False
        if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
            return False
        frame = _frame(message)
        if frame["kind"] != "hello" or not self.bridge.pairing.accepts(frame.get("token"), self.origin):
            await self.socket.close(code=NOT_PAIRED, message=b"not paired")
            return False
        await self._answer(frame)
        return True

    async def _serve(self) -> None:
        async for message in self.socket:
            if not self.rate.allows():
                await self.socket.close(code=TOO_MANY, message=b"too many frames")
                return
            task = asyncio.create_task(self._answer(_frame(message)))
            self.requests.add(task)
            task.add_done_callback(self.requests.discard)

    def send(self, event: dict[str, Any]) -> None:
        """Queue a frame for the page. A page that does not read is cut off."""
        try:
            self.outgoing.put_nowait(json.dumps(event))
        except asyncio.QueueFull:
            log.warning("a page of %r does not read its events", self.origin)
            self.bridge.forget(self.send)
            self.requests.add(asyncio.ensure_future(self.socket.close(code=TOO_MANY, message=b"not reading")))

    async def _send(self) -> None:
        while not self.socket.closed:
            try:
                await self.socket.send_str(await self.outgoing.get())
            except (ConnectionError, RuntimeError):
                return

    async def _answer(self, frame: dict[str, Any]) -> None:
        head = {"id": frame["id"], "kind": frame["kind"]}
        try:
            serve = self.kinds.get(frame["kind"])
            if serve is None:
                raise Refusal("unknown_kind", f"This bridge does not know {frame['kind']}. Update it.")
            self.send(head | {"ok": True} | await serve(frame))
        except (Refusal, ValueError, NoPrinter, ScaleError, DisplayError) as error:
            codes = (code for kind, code in _REFUSALS.items() if isinstance(error, kind))
            code = error.code if isinstance(error, Refusal) else next(codes)
            self.send(head | {"ok": False, "error": {"code": code, "message": str(error)}})
        except Exception:
            log.exception("request %r", frame["kind"])
            message = "Something went wrong in the bridge. Try again; if it stays so, restart the bridge."
            self.send(head | {"ok": False, "error": {"code": "internal", "message": message}})

    # One method per kind.

    async def hello(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {
            "protocol": PROTOCOL_VERSION,
            "document_version": DOCUMENT_VERSION,
            "status": await self.bridge.status(),
        }

    async def status(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {"status": await self.bridge.status()}

    async def print(self, frame: dict[str, Any]) -> dict[str, Any]:
        return await self._print(frame, validate_document(frame.get("document"), strict=False))

    async def print_test(self, frame: dict[str, Any]) -> dict[str, Any]:
        columns = self.bridge.printer(_text_or_none(frame, "printer")).device.profile.columns
        return await self._print(frame, test_document(columns))

    async def _print(self, frame: dict[str, Any], document: ReceiptDocument) -> dict[str, Any]:
        queue = self.bridge.printer(_text_or_none(frame, "printer"))
        columns = _columns(frame.get("columns"), queue.device.profile.columns)
        content = hashlib.sha256(json.dumps([document, columns], sort_keys=True).encode()).hexdigest()
        async with self.in_order:
            printed = await asyncio.to_thread(receipt_bytes, document, queue.device.profile, columns)
            job = queue.print(_text(frame, "job_id"), content, printed.data, printed.warnings)
        return {"job": await queue.settled(job["job_id"], REPLY_SECONDS)}

    async def kick(self, frame: dict[str, Any]) -> dict[str, Any]:
        reason = _text(frame, "reason")
        if reason not in KICK_REASONS:
            raise Refusal("bad_request", f"reason must be one of {', '.join(KICK_REASONS)}")
        queue = self.bridge.printer()
        job = queue.kick(_text(frame, "job_id"), reason)
        return {"job": await queue.settled(job["job_id"], REPLY_SECONDS)}

    async def list_kicks(self, frame: dict[str, Any]) -> dict[str, Any]:
        after = frame.get("after", 0)
        if not isinstance(after, int) or after < 0:
            raise Refusal("bad_request", "after must be a number from 0 up")
        return {"kicks": await asyncio.to_thread(self.bridge.spool.kicks, after)}

    async def job(self, frame: dict[str, Any]) -> dict[str, Any]:
        known = _text(frame, "job_id") in self.bridge.spool.records
        return {"job": self.bridge.spool.job(frame["job_id"]) if known else None}

    async def append_journal(self, frame: dict[str, Any]) -> dict[str, Any]:
        envelope = frame.get("envelope")
        if not isinstance(envelope, dict):
            raise Refusal("bad_request", "envelope must be an object")
        stored = await asyncio.to_thread(self.bridge.journal.append, _text(frame, "sale_uid"), envelope)
        return {"stored": stored}

    async def list_journal(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {"entries": await asyncio.to_thread(self.bridge.journal.entries, acked=frame.get("acked") is True)}

    async def acknowledge_journal(self, frame: dict[str, Any]) -> dict[str, Any]:
        uids = frame.get("sale_uids")
        if not isinstance(uids, list) or not all(isinstance(uid, str) for uid in uids):
            raise Refusal("bad_request", "sale_uids must be a list of texts")
        return {"count": await asyncio.to_thread(self.bridge.journal.acknowledge, uids)}

    async def read_scale(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {"weight": await asyncio.to_thread(self.bridge.scale.read)}

    async def show_display(self, frame: dict[str, Any]) -> dict[str, Any]:
        lines = frame.get("lines")
        if not isinstance(lines, list) or len(lines) > 4 or not all(isinstance(line, str) for line in lines):
            raise Refusal("bad_request", "lines must be up to 4 texts")
        await asyncio.to_thread(self.bridge.display.show, lines)
        return {}


def _frame(message: Any) -> dict[str, Any]:
    if message.type is not WSMsgType.TEXT:
        raise BadFrame("not a text frame")
    try:
        frame = json.loads(message.data)
    except (ValueError, RecursionError) as error:
        raise BadFrame("not JSON") from error
    if (
        not isinstance(frame, dict)
        or not isinstance(frame.get("kind"), str)
        or not isinstance(frame.get("id"), int | str)
    ):
        raise BadFrame("not an object with id and kind")
    return frame


def _text(frame: dict[str, Any], name: str) -> str:
    value = frame.get(name)
    if not isinstance(value, str):
        raise Refusal("bad_request", f"{name} must be text")
    return value


def _text_or_none(frame: dict[str, Any], name: str) -> str | None:
    return _text(frame, name) if frame.get(name) is not None else None


def _columns(wanted: Any, most: int) -> int:
    if wanted is None:
        return most
    if not isinstance(wanted, int) or not 20 <= wanted <= most:
        raise Refusal("bad_request", f"columns must be a number from 20 to {most}, the width of this printer")
    return wanted
