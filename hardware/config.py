"""What the bridge is told: environment first, then `bridge.toml` in its data folder.

BRIDGE_PORT (8004), BRIDGE_DATA (COUNTERPART_DATA/bridge), BRIDGE_ORIGINS (comma-separated page origins), BRIDGE_PAIRING
(code or auto), BRIDGE_PRINTER, BRIDGE_SCANNER, BRIDGE_SCALE, BRIDGE_DISPLAY (addresses), BRIDGE_POLL (seconds).

An address is `network://host:9100`, `serial:///dev/ttyUSB0?baud=9600`, `file:///dev/usb/lp0`, `socket://host:port` (for
scanner, scale and display) or `none`. A printer's address may carry its profile: `?columns=32&dots=384&cuts=no`.
"""

import os
import stat
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from hardware.printers.profile import PrinterProfile

FILE_NAME = "bridge.toml"
_PRINTER_SCHEMES = ("network", "serial", "file")
_SERIAL_SCHEMES = ("serial", "socket")


class ConfigError(ValueError):
    """A setting that cannot be used; the text says which and why."""


@dataclass(frozen=True)
class PrinterConfig:
    """One printer."""

    name: str
    url: str
    profile: PrinterProfile


@dataclass(frozen=True)
class Config:
    """All settings of one bridge."""

    data: Path
    port: int = 8004
    origins: tuple[str, ...] = ("http://127.0.0.1:8000", "http://localhost:8000")
    pairing: str = "code"
    poll_seconds: float = 5.0
    printers: tuple[PrinterConfig, ...] = ()  # the first one is the default and has the drawer
    scanners: tuple[tuple[str, str], ...] = ()  # name, address
    scale: str = "none"
    display: str = "none"
    source: str = field(default="", compare=False)  # the file that was read, for the log


def load(environ: dict[str, str]) -> Config:
    """Read environment and file. Raises `ConfigError`."""
    data = Path(environ.get("BRIDGE_DATA") or Path(environ.get("COUNTERPART_DATA") or ".data") / "bridge")
    settings, source = _read_file(data / FILE_NAME)

    def get(name: str, default: Any) -> Any:
        return environ.get(f"BRIDGE_{name.upper()}") or settings.get(name, default)

    origins = get("origins", list(Config.origins))
    pairing = get("pairing", "code")
    if pairing not in ("code", "auto"):
        raise ConfigError(f"pairing must be code or auto, not {pairing}")
    return Config(
        data=data,
        port=_number("port", get("port", 8004), 1, 65535),
        origins=tuple(_origin(text) for text in (origins.split(",") if isinstance(origins, str) else origins)),
        pairing=pairing,
        poll_seconds=float(get("poll", 5.0)),
        printers=_printers(environ.get("BRIDGE_PRINTER"), settings),
        scanners=_scanners(environ.get("BRIDGE_SCANNER"), settings),
        scale=_address("scale", get("scale", "none"), _SERIAL_SCHEMES),
        display=_address("display", get("display", "none"), _SERIAL_SCHEMES),
        source=source,
    )


def _read_file(path: Path) -> tuple[dict[str, Any], str]:
    if not path.exists():
        return {}, ""
    if os.name != "nt" and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ConfigError(f"{path} can be changed by other users of this computer: run chmod go-w on it.")
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")), str(path)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def _printers(from_environ: str | None, settings: dict[str, Any]) -> tuple[PrinterConfig, ...]:
    tables = settings.get("printers", [])
    if from_environ:
        tables = [{"name": "receipt", "url": from_environ}] if from_environ != "none" else []
    printers = [_printer(table) for table in tables]
    if len({printer.name for printer in printers}) < len(printers):
        raise ConfigError("Two printers have the same name.")
    return tuple(printers)


def _printer(table: dict[str, Any]) -> PrinterConfig:
    url = _address("printer", table.get("url", ""), _PRINTER_SCHEMES)
    known = {field.name: field.type for field in fields(PrinterProfile)}
    query = dict(parse_qsl(urlsplit(url).query))
    given = {name: value for name, value in {**query, **table}.items() if name not in ("name", "url", "baud")}
    unknown = set(given) - set(known)
    if unknown:
        raise ConfigError(f"A printer has no setting {', '.join(sorted(unknown))}.")
    profile = PrinterProfile(**{name: _profile_value(name, value) for name, value in given.items()})
    if profile.columns * 12 > profile.dots:
        raise ConfigError(f"{profile.columns} characters of 12 dots do not fit on {profile.dots} dots.")
    return PrinterConfig(str(table.get("name", "receipt")), url, profile)


def _profile_value(name: str, value: Any) -> Any:
    if name in ("columns", "dots", "feed_before_cut"):
        least, most = {"columns": (20, 64), "dots": (240, 1024), "feed_before_cut": (0, 20)}[name]
        return _number(name, value, least, most)
    if name == "drawer_pin":
        return 2 if _number(name, value, 2, 5) == 2 else 5
    if name == "cuts":
        return value if isinstance(value, bool) else str(value).lower() in ("yes", "true", "1")
    if name == "drawer_sensor" and value not in ("auto", "high", "low", "none"):
        raise ConfigError("drawer_sensor must be auto, high, low or none")
    if name == "model":
        return _model(str(value))
    return value


def _model(name: str) -> str:
    from escpos.capabilities import CAPABILITIES

    if name not in CAPABILITIES["profiles"]:
        raise ConfigError(f"python-escpos knows no printer model {name}.")
    return name


def _scanners(from_environ: str | None, settings: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    tables = settings.get("scanners", [])
    if from_environ:
        tables = [{"name": "scanner", "url": from_environ}] if from_environ != "none" else []
    return tuple(
        (str(table.get("name", "scanner")), _address("scanner", table.get("url", ""), _SERIAL_SCHEMES))
        for table in tables
    )


def _address(what: str, url: str, schemes: tuple[str, ...]) -> str:
    if url == "none":
        return url
    if urlsplit(url).scheme not in schemes:
        raise ConfigError(
            f"The {what}'s address must start with {', '.join(f'{scheme}://' for scheme in schemes)}, not {url!r}."
        )
    return url


def _origin(text: str) -> str:
    text = text.strip()
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or text != f"{parts.scheme}://{parts.netloc}":
        raise ConfigError(f"An origin looks like https://till.example or http://127.0.0.1:8000, not {text!r}.")
    return text


def _number(name: str, value: Any, least: int, most: int) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = least - 1
    if not least <= number <= most:
        raise ConfigError(f"{name} must be a number from {least} to {most}, not {value!r}")
    return number
