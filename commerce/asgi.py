"""One ASGI callable: live streams are native async, everything else runs in threads through WSGI.

Synchronous views under plain ASGI measured two to five times slower and leak connections with `CONN_MAX_AGE`; threads
keep one persistent connection each.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commerce.settings")

from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

_pages = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=int(os.environ.get("WEB_THREADS", "8")))

from commerce.events.live import stream  # noqa: E402 - needs the app registry


async def application(scope, receive, send):  # type: ignore[no-untyped-def]
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == "/events":
        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)


async def _lifespan(receive, send):  # type: ignore[no-untyped-def]
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
