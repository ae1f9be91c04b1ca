"""What stands between the bridge and every other page in the browser.

Being on 127.0.0.1 protects nothing: any web page can reach it. So each request needs the exact Host (a page whose name
was made to point here has another one), an exact Origin from the list, JSON, and, but for pairing, a token of that
origin.
"""

import time
from collections.abc import Iterable

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

ORIGIN_FREE = "/healthz"  # says nothing, does nothing


def guard_requests(port: int, origins: Iterable[str]) -> Middleware:
    """The middleware in front of every request: 421 for a foreign Host, 403 for a foreign Origin, 415 for no JSON."""
    hosts, allowed = {f"127.0.0.1:{port}", f"localhost:{port}"}, set(origins)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get(hdrs.ORIGIN)
        if request.headers.getall(hdrs.HOST, []) not in [[host] for host in hosts]:
            return _refusal(421, "misdirected", "This bridge answers on its own address only.")
        if origin not in allowed and not (origin is None and request.path == ORIGIN_FREE):
            return _refusal(403, "foreign_origin", "This page may not use the bridge.")
        if request.method == hdrs.METH_OPTIONS:
            response: web.StreamResponse = web.Response(status=204)
        elif request.method == hdrs.METH_POST and request.content_type != "application/json":
            response = _refusal(415, "not_json", "Send JSON.")
        else:
            response = await handler(request)
        if origin and not response.prepared:
            response.headers.update(_sharing(origin))
        return response

    return guard


def _sharing(origin: str) -> dict[str, str]:
    return {
        hdrs.ACCESS_CONTROL_ALLOW_ORIGIN: origin,
        hdrs.ACCESS_CONTROL_ALLOW_METHODS: "GET, POST",
        hdrs.ACCESS_CONTROL_ALLOW_HEADERS: "authorization, content-type",
        hdrs.ACCESS_CONTROL_MAX_AGE: "600",
        hdrs.VARY: "Origin",
        "X-Content-Type-Options": "nosniff",
        hdrs.CACHE_CONTROL: "no-store",
    }


def _refusal(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": message}}, status=status)


class Rate:
    """So many frames at once, so many per second after that."""

    def __init__(self, burst: int, per_second: float) -> None:
        self.burst, self.per_second = burst, per_second
        self.left, self.since = float(burst), time.monotonic()

    def allows(self) -> bool:
        """Count one. False when it is one too many."""
        now = time.monotonic()
        self.left = min(self.burst, self.left + (now - self.since) * self.per_second)
        self.since = now
        self.left -= 1
        return self.left >= 0
