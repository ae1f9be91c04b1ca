"""The window into the stand-in printer: its paper as pictures, its state, and the faults it can be given."""

import asyncio
import json
from pathlib import Path
from typing import Any

from aiohttp import web

from commerce.sandbox.receipt_printer.printer import ReceiptPrinter

PAGE = Path(__file__).parent / "page"
_PRINTER = web.AppKey("printer", ReceiptPrinter)
_WATCHERS = web.AppKey("watchers", set[asyncio.Event])
_TYPES = {"png": "image/png", "json": "application/json", "bin": "application/octet-stream"}
_POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"

routes = web.RouteTableDef()


def application(printer: ReceiptPrinter) -> web.Application:
    """The preview's web application for one printer."""
    app = web.Application()
    app[_PRINTER] = printer
    app[_WATCHERS] = set()
    printer.changed = lambda: _tell_all(app[_WATCHERS])
    app.add_routes(routes)
    app.router.add_static("/page/", PAGE)
    app.on_shutdown.append(_let_go)
    return app


def _tell_all(watchers: set[asyncio.Event]) -> None:
    for watcher in watchers:
        watcher.set()


async def _let_go(app: web.Application) -> None:
    _tell_all(app[_WATCHERS])
    app[_WATCHERS].clear()


@routes.get("/")
async def show_page(request: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "printer.html", headers={"Content-Security-Policy": _POLICY})


@routes.get("/healthz")
async def show_health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@routes.get("/receipts.json")
async def list_receipts(request: web.Request) -> web.Response:
    """State of the printer and its receipts, newest first."""
    printer = request.app[_PRINTER]
    return web.json_response({"printer": _state(printer), "receipts": _receipts(printer)})


@routes.get("/latest.png")
async def show_latest(request: web.Request) -> web.StreamResponse:
    printer = request.app[_PRINTER]
    newest = printer.tray.numbers()[:1]
    if not newest:
        raise web.HTTPNotFound(text="Nothing has been printed yet.")
    return web.FileResponse(printer.tray.path(newest[0], "png"), headers={"Cache-Control": "no-store"})


@routes.get(r"/receipts/{number:\d+}.{kind:png|json|bin}")
async def show_receipt(request: web.Request) -> web.StreamResponse:
    kind = request.match_info["kind"]
    path = request.app[_PRINTER].tray.path(int(request.match_info["number"]), kind)
    if not path.exists():
        raise web.HTTPNotFound(text="There is no receipt of that number (any more).")
    return web.FileResponse(path, headers={"Content-Type": _TYPES[kind]})


@routes.get("/changes")
async def stream_changes(request: web.Request) -> web.StreamResponse:
    """Server-sent events: one message whenever something changed."""
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    watcher = asyncio.Event()
    request.app[_WATCHERS].add(watcher)
    try:
        await response.write(b"retry: 1000\ndata: hello\n\n")
        while watcher in request.app[_WATCHERS]:
            try:
                await asyncio.wait_for(watcher.wait(), 15)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            watcher.clear()
            await response.write(b"data: changed\n\n")
    except (ConnectionError, OSError):
        pass
    finally:
        request.app[_WATCHERS].discard(watcher)
    return response


@routes.get("/_control/")
async def show_control(request: web.Request) -> web.Response:
    return web.json_response(_state(request.app[_PRINTER]))


@routes.post("/_control/")
async def change_control(request: web.Request) -> web.Response:
    """Give the printer a fault, or take it away: any fields of `Condition` as JSON."""
    printer = request.app[_PRINTER]
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="Send JSON.")
    try:
        wanted = await request.json()
        if not isinstance(wanted, dict):
            raise ValueError("Send an object of settings.")
        await printer.change(wanted)
    except (ValueError, json.JSONDecodeError) as error:
        return web.json_response({"error": str(error)}, status=422)
    return web.json_response(_state(printer))


def _state(printer: ReceiptPrinter) -> dict[str, Any]:
    return {
        **printer.condition.as_dict(),
        "online": printer.condition.online,
        "port": printer.port,
        "kicks": printer.kicks,
        "events": list(printer.events),
    }


def _receipts(printer: ReceiptPrinter) -> list[dict[str, Any]]:
    kept = (printer.tray.facts(number) for number in printer.tray.numbers())
    return [{name: value for name, value in facts.items() if name != "lines"} for facts in kept]
