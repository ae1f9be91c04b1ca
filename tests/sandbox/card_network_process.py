"""Run the card network as a process of its own, and steer it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import stripe

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "sk_test_counterpart"
PUBLISHABLE_KEY = "pk_test_counterpart"


@dataclass
class CardNetwork:
    """A running card network: ``url`` without a slash at its end, the means to end it, and its control API."""

    url: str
    process: subprocess.Popen[bytes]
    command: Callable[[], subprocess.Popen[bytes]] = field(repr=False)

    def client(self, retries: int = 0) -> stripe.StripeClient:
        """The real client, pointed here. It repeats failed calls only when told to."""
        return stripe.StripeClient(SECRET_KEY, base_addresses={"api": self.url}, max_network_retries=retries)

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Call /_control/PATH with a JSON body; returns the JSON answer. Raises urllib.error.HTTPError."""
        data = None if body is None and method in (None, "GET") else json.dumps(body or {}).encode()
        request = urllib.request.Request(f"{self.url}/_control/{path}", data=data, method=method)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def reset(self) -> None:
        """Forget everything, as if freshly started."""
        self.control("reset", {})

    def stop(self) -> None:
        """End it politely and wait."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def kill(self) -> None:
        """kill -9."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def restart(self) -> None:
        """Start again on the same port and data after ``stop`` or ``kill``."""
        self.process = self.command()
        _await(self)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_card_network(
    data_dir: Path | str,
    port: int | None = None,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
    **environment: str,
) -> CardNetwork:
    """Start it and return when it answers. ``environment``: further CARD_NETWORK_* variables. Raises RuntimeError."""
    chosen = port or free_port()
    variables = {name: value for name, value in os.environ.items() if not name.startswith("CARD_NETWORK_")}
    variables |= {"CARD_NETWORK_PORT": str(chosen), "CARD_NETWORK_DATA": str(data_dir), **environment}
    if webhook_url:
        variables |= {"CARD_NETWORK_WEBHOOK_URL": webhook_url, "CARD_NETWORK_WEBHOOK_SECRET": webhook_secret or ""}

    def command() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "commerce.sandbox.card_network"], cwd=ROOT, env=variables)

    network = CardNetwork(f"http://127.0.0.1:{chosen}", command(), command)
    _await(network)
    return network


def _await(network: CardNetwork, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if network.process.poll() is not None:
            raise RuntimeError(f"The card network ended with {network.process.returncode} instead of starting.")
        try:
            if network.control("health")["pid"] == network.process.pid:
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.05)
    network.kill()
    raise RuntimeError(f"The card network did not answer within {seconds} s.")
