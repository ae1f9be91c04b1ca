"""Settings of the card network, read once from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
DEFAULT_RETRIES = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 21600.0, 43200.0, 86400.0, 86400.0)


class ConfigError(Exception):
    """A setting that cannot be used; the message says which one and why."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything the process needs to know before it starts.

    ``webhook_retries`` are the waits in seconds between the attempts of one delivery; the last one ends three days
    after the first attempt. ``reader_auto_present`` is the delay in seconds after which a simulated reader presents
    its test card by itself, or None when somebody has to press the button. ``readers`` are ids and labels of readers
    that are there from the start, ``history`` a file of payments that are older than the network.
    """

    host: str
    port: int
    data: Path
    secret_key: str = "sk_test_counterpart"
    publishable_key: str = "pk_test_counterpart"
    webhook_url: str | None = None
    webhook_secret: str | None = None
    webhook_retries: tuple[float, ...] = DEFAULT_RETRIES
    reader_auto_present: float | None = None
    readers: tuple[tuple[str, str], ...] = ()
    history: Path | None = None
    origins: frozenset[str] = frozenset()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Config":
        """The configuration named by CARD_NETWORK_* variables. Raises ConfigError."""
        root = environment.get("COUNTERPART_DATA") or ".data"
        auto_present = environment.get("CARD_NETWORK_READER_AUTO_PRESENT")
        url, secret = environment.get("CARD_NETWORK_WEBHOOK_URL"), environment.get("CARD_NETWORK_WEBHOOK_SECRET")
        if bool(url) != bool(secret):
            raise ConfigError("CARD_NETWORK_WEBHOOK_URL and CARD_NETWORK_WEBHOOK_SECRET belong together: set both.")
        retries = environment.get("CARD_NETWORK_WEBHOOK_RETRIES")
        return cls(
            host=environment.get("CARD_NETWORK_HOST") or "127.0.0.1",
            port=_port(environment.get("CARD_NETWORK_PORT") or "8001"),
            data=Path(environment.get("CARD_NETWORK_DATA") or Path(root) / "card_network"),
            secret_key=environment.get("CARD_NETWORK_SECRET_KEY") or "sk_test_counterpart",
            publishable_key=environment.get("CARD_NETWORK_PUBLISHABLE_KEY") or "pk_test_counterpart",
            webhook_url=url or None,
            webhook_secret=secret or None,
            webhook_retries=_seconds_list(retries) if retries else DEFAULT_RETRIES,
            reader_auto_present=_seconds("CARD_NETWORK_READER_AUTO_PRESENT", auto_present) if auto_present else None,
            readers=_readers(environment.get("CARD_NETWORK_READERS") or ""),
            history=Path(told) if (told := environment.get("CARD_NETWORK_HISTORY")) else None,
            origins=frozenset(filter(None, (environment.get("CARD_NETWORK_ORIGINS") or "").split(","))),
        )

    def allows_origin(self, origin: str) -> bool:
        """Whether a page of this origin may call the browser endpoints: any loopback origin, and those configured."""
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        name = parts.hostname or ""
        local = name in LOOPBACK_NAMES or name.endswith(".localhost")
        return origin in self.origins or (local and parts.scheme in {"http", "https"})


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ConfigError(f"CARD_NETWORK_PORT must be a port number between 1 and 65535, not {text!r}.")
    return int(text)


def _readers(text: str) -> tuple[tuple[str, str], ...]:
    named = [part.partition("=") for part in text.split(";") if part.strip()]
    pairs = [(identifier.strip(), label.strip()) for identifier, _equals, label in named]
    for identifier, _label in pairs:
        if not identifier.startswith("tmr_") or not identifier.replace("_", "").isalnum():
            raise ConfigError(f"CARD_NETWORK_READERS names {identifier!r}; the id of a reader is like tmr_front.")
    return tuple((identifier, label or identifier) for identifier, label in pairs)


def _seconds(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ConfigError(f"{name} must be a number of seconds, not {text!r}.") from None
    if not 0 <= value <= 604800:
        raise ConfigError(f"{name} must be between 0 and 604800 seconds, not {text}.")
    return value


def _seconds_list(text: str) -> tuple[float, ...]:
    return tuple(_seconds("CARD_NETWORK_WEBHOOK_RETRIES", part.strip()) for part in text.split(","))
