"""An empty page for a real browser, where the project's JavaScript modules can be imported under the real policy."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from commerce.runtime import browser_files
from commerce.runtime.paths import PROJECT

_POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'"
_BLANK = b"<!doctype html><html lang=en><title>Modules</title><body>"
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".py": "text/plain"}


class _Files(http.server.BaseHTTPRequestHandler):
    def __init__(self, *args: object, texts: dict[str, str], **kwargs: object) -> None:
        self.texts = texts
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        file = PROJECT / path.lstrip("/")
        if path in self.texts:
            self._answer(200, self.texts[path].encode(), "text/plain")
        elif path == "/":
            self._answer(200, _BLANK, "text/html")
        elif path.startswith("/static/") and ".." not in path and file.is_file():
            self._answer(200, file.read_bytes(), _TYPES.get(file.suffix, "application/octet-stream"))
        else:
            self._answer(404, b"", "text/plain")

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", _POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def module_pages(files: dict[str, Path | str]) -> Iterator[str]:
    """The address of a server with an empty page at /, `static/` below it, and `files` (path to file, or to text)."""
    browser_files.bring_up_to_date()
    texts = {path: item.read_text() if isinstance(item, Path) else item for path, item in files.items()}
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, texts=texts)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
