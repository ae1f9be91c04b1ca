"""What one printer is like."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """Paper, characters, cutter and drawer of a printer. The defaults fit an 80 mm Epson TM-T88."""

    model: str = "TM-T88V"  # a profile name of python-escpos: decides the code pages
    columns: int = 42  # characters of the normal font per line
    dots: int = 512  # of the print head
    cuts: bool = True
    feed_before_cut: int = 4  # lines between print head and cutter
    drawer_pin: Literal[2, 5] = 2
    drawer_sensor: Literal["auto", "high", "low", "none"] = "auto"  # signal level that means open
