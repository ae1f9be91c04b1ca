"""An endpoint that receives webhooks, verifies them as a shop would, and can be told to refuse them."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe

SECRET = "whsec_listener"


class Listener:
    """``events`` are those it accepted, in the order of arrival; ``statuses`` are answered first, then 200."""

    def __init__(self) -> None:
        self.secret = SECRET
        self.events: list[Any] = []
        self.refused = 0
        self.statuses: list[int] = []
        self._lock = threading.Lock()
        outer = self

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer.take(body, self.headers["Stripe-Signature"]))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks/"

    def take(self, body: bytes, signature: str) -> int:
        """The status to answer with; an event whose signature is wrong raises."""
        with self._lock:
            if self.statuses:
                self.refused += 1
                return self.statuses.pop(0)
            self.events.append(stripe.Webhook.construct_event(body, signature, self.secret))
            return 200

    def types(self) -> list[str]:
        """The types of the accepted events, in the order of arrival."""
        return [event.type for event in list(self.events)]

    def wait(self, condition: Callable[["Listener"], bool], seconds: float = 10) -> None:
        """Return when the condition holds; fail after the given time."""
        deadline = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < deadline, f"Waited in vain; received {self.types()}"
            time.sleep(0.02)

    def __enter__(self) -> "Listener":
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
