"""Barcodes and QR codes as pictures of dots, the way a printer draws them."""

import barcode
import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError

_LEVELS = (ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q, ERROR_CORRECT_H)
_OLD = ("upca", "upce", "ean13", "ean8", "code39", "itf", "codabar")
_DATABAR = ("databar-omni", "databar-truncated", "databar-limited", "databar-expanded")
SYMBOLOGIES = {
    **dict(enumerate(_OLD)),
    **dict(enumerate((*_OLD, "code93", "code128", "gs1-128", *_DATABAR, "code128-auto"), 65)),
}
"""Number m of `GS k m` → name."""


def barcode_text(symbology: str, data: bytes) -> str:
    """What a scanner reads: Code 128 without its code set signs."""
    if symbology not in ("code128", "gs1-128"):
        return data.decode("latin-1")
    text, code_set, place = "", "B", 0
    while place < len(data):
        char = chr(data[place])
        if char == "{" and place + 1 < len(data):
            sign = chr(data[place + 1])
            code_set = sign if sign in "ABC" else code_set
            text += {"{": "{", "1": "", "S": ""}.get(sign, "")
            place += 2
            continue
        text += f"{data[place]:02d}" if code_set == "C" else char
        place += 1
    return text


def barcode_bars(symbology: str, text: str, module: int, height: int) -> Image.Image | None:
    """Bars as a mask (255 is ink), or None for data or a symbology that cannot be drawn."""
    name = {"gs1-128": "code128", "code128-auto": "code128"}.get(symbology, symbology)
    options = {"add_checksum": False} if name == "code39" else {}
    try:
        modules = barcode.get_barcode_class(name)(text.strip("*"), **options).build()[0]
    except (barcode.errors.BarcodeError, ValueError, KeyError, IndexError):
        return None
    bars = Image.new("L", (len(modules), 1))
    bars.putdata([0 if part == "0" else 255 for part in modules])
    return bars.resize((len(modules) * module, height), Image.Resampling.NEAREST)


def qr_picture(data: bytes, level: int, module: int) -> Image.Image | None:
    """A QR code as a mask without quiet zone (`level` 0 to 3: L M Q H), or None when the data is too long."""
    code = qrcode.QRCode(error_correction=_LEVELS[level], box_size=1, border=0)
    try:
        code.add_data(data)
        code.make(fit=True)
    except (DataOverflowError, ValueError):
        return None
    rows = code.get_matrix()
    picture = Image.new("L", (len(rows), len(rows)))
    picture.putdata([255 if dark else 0 for row in rows for dark in row])
    return picture.resize((len(rows) * module, len(rows) * module), Image.Resampling.NEAREST)
