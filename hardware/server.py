"""The bridge's front door: a WebSocket, pairing, and receipts as pictures."""

import asyncio
import json
import logging
from typing import Any

from aiohttp import WSCloseCode, hdrs, web

from hardware.bridge import Bridge, NoPrinter
from hardware.guard import guard_requests
from hardware.pairing import PairingRefused
from hardware.printers.escpos import receipt_bytes
from hardware.printers.profile import PrinterProfile
from hardware.printers.render import render
from hardware.printers.test_page import code_document
from hardware.protocol import MAX_FRAME_BYTES, DocumentError, validate_document
from hardware.session import Session

MAX_PAGES = 16


class _Pages:
    """Connections that are open."""

    def __init__(self) -> None:
        self.sockets: set[web.WebSocketResponse] = set()


_BRIDGE = web.AppKey("bridge", Bridge)
_PAGES = web.AppKey("pages", _Pages)

routes = web.RouteTableDef()
log = logging.getLogger("hardware.server")


def application(bridge: Bridge) -> web.Application:
    """The bridge's web application."""
    config = bridge.config
    app = web.Application(middlewares=[guard_requests(config.port, config.origins)], client_max_size=MAX_FRAME_BYTES)
    app[_BRIDGE] = bridge
    app[_PAGES] = _Pages()
    app.add_routes(routes)
    app.on_shutdown.append(_close_sockets)
    return app


async def _close_sockets(app: web.Application) -> None:
    for socket in list(app[_PAGES].sockets):
        await socket.close(code=WSCloseCode.GOING_AWAY, message=b"the bridge stops")


@routes.get("/healthz")
async def show_health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@routes.get("/ws")
async def open_socket(request: web.Request) -> web.StreamResponse:
    """The one connection of a page. Its token comes in its first frame, not in an address that logs might keep."""
    sockets = request.app[_PAGES].sockets
    if len(sockets) >= MAX_PAGES:
        return _error(503, "too_many_pages", "Too many pages use this bridge.")
    socket = web.WebSocketResponse(max_msg_size=MAX_FRAME_BYTES, heartbeat=20)
    await socket.prepare(request)
    sockets.add(socket)
    try:
        await Session(request.app[_BRIDGE], socket, request.headers[hdrs.ORIGIN]).run()
    finally:
        sockets.discard(socket)
    return socket


@routes.post("/pairing")
async def start_pairing(request: web.Request) -> web.Response:
    """Show a code on the console, and on paper when asked: `{"print": true}`."""
    bridge = request.app[_BRIDGE]
    body = await _object(request)
    try:
        code = bridge.pairing.new_code()
    except PairingRefused as refusal:
        return _error(429, refusal.code, str(refusal))
    printed = body.get("print") is True and await _print_code(bridge, code)
    return web.json_response({"mode": bridge.pairing.mode, "printed": printed})


async def _print_code(bridge: Bridge, code: str) -> bool:
    try:
        queue = bridge.printer()
    except NoPrinter:
        return False
    data = receipt_bytes(code_document(code), queue.device.profile).data
    return (await asyncio.to_thread(queue.device.print, data)).state == "done"


@routes.post("/pairing/token")
async def finish_pairing(request: web.Request) -> web.Response:
    """`{"code": "123456"}` → `{"token"}`; without a code for pages of this computer when the mode is auto."""
    body = await _object(request)
    code = body.get("code", "")
    if not isinstance(code, str):
        return _error(422, "bad_request", "code must be text")
    try:
        token = await asyncio.to_thread(request.app[_BRIDGE].pairing.token_for, request.headers[hdrs.ORIGIN], code)
    except PairingRefused as refusal:
        return _error(429 if refusal.code == "too_many_tries" else 401, refusal.code, str(refusal))
    return web.json_response({"token": token})


@routes.post("/render")
async def render_document(request: web.Request) -> web.Response:
    """`{"document", "columns"?}` → PNG of the paper as it would print."""
    bridge = request.app[_BRIDGE]
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme != "Bearer" or not bridge.pairing.accepts(token, request.headers[hdrs.ORIGIN]):
        return _error(401, "not_paired", "Pair this page with the bridge first.")
    body = await _object(request)
    columns = body.get("columns")
    if columns is not None and (not isinstance(columns, int) or not 20 <= columns <= 64):
        return _error(422, "bad_request", "columns must be a number from 20 to 64")
    try:
        document = validate_document(body.get("document"), strict=False)
        picture = await asyncio.to_thread(_picture, bridge, document, columns)
    except DocumentError as error:
        return _error(422, "bad_document", str(error))
    except ValueError as error:
        return _error(422, "bad_document", str(error))
    return web.Response(body=picture, content_type="image/png")


def _picture(bridge: Bridge, document: Any, columns: int | None) -> bytes:
    printers = bridge.config.printers
    profile = printers[0].profile if printers else PrinterProfile()
    if columns and columns != profile.columns:
        profile = PrinterProfile(model=profile.model, columns=columns, dots=max(columns * 12, 240))
    return render(receipt_bytes(document, profile).data, profile.dots, scale=2, model=profile.model).png()


async def _object(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text='{"error": {"code": "not_json", "message": "Send an object as JSON."}}')
    return body


def _error(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)
