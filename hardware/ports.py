"""Opening serial devices by address."""

from urllib.parse import parse_qsl, urlsplit

import serial

PORT_ERRORS = (serial.SerialException, OSError)


def open_port(url: str, timeout: float) -> serial.SerialBase:
    """A port for `serial:///dev/ttyUSB0?baud=9600` or `socket://host:port`. Raises one of `PORT_ERRORS`."""
    parts = urlsplit(url)
    if parts.scheme == "socket":
        return serial.serial_for_url(f"socket://{parts.netloc}", timeout=timeout)
    options = dict(parse_qsl(parts.query))
    return serial.Serial(
        port=parts.path,
        baudrate=int(options.get("baud", "9600")),
        parity=options.get("parity", "N"),
        bytesize=int(options.get("bits", "8")),
        timeout=timeout,
        write_timeout=timeout,
    )
