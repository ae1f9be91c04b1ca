"""A customer display of a few short lines on a serial line."""

from hardware.ports import PORT_ERRORS, open_port
from hardware.printers.text import one_line, pad
from hardware.protocol import DeviceStatus

COLUMNS = 20


class DisplayError(Exception):
    """Nothing was shown; the text says why."""


class Display:
    """One display; blocking."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ready = False

    def status(self) -> DeviceStatus:
        """As it was when it was used last."""
        if self.url == "none":
            return {"name": "display", "state": "none"}
        return {"name": "display", "state": "ready" if self.ready else "off"}

    def show(self, lines: list[str]) -> None:
        """Clear and show; what is too long is cut. Raises `DisplayError`."""
        if self.url == "none":
            raise DisplayError("No customer display is set up on this computer.")
        text = "".join(pad(one_line(line), COLUMNS) for line in lines)
        try:
            with open_port(self.url, timeout=1.0) as port:
                port.write(b"\x0c" + text.encode("cp437", "replace"))
        except PORT_ERRORS as error:
            self.ready = False
            raise DisplayError("The customer display is off or not connected.") from error
        self.ready = True
