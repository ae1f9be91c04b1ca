"""Pictures and two-dimensional codes inside ESC/POS bytes, and the printer's memory for them."""

from dataclasses import dataclass, field

from PIL import Image

from hardware.printers.codes import qr_picture

_SETUP = b"ACDEFHKMNXYz"  # GS ( letter: settings, tests, real-time transfers; nothing on paper


@dataclass(frozen=True)
class Shown:
    """What an extended command leaves: a picture and an event, or neither."""

    known: bool = True
    picture: Image.Image | None = None
    event: str = ""
    code: str = ""  # stands for the picture among the lines


def bits_to_mask(width: int, height: int, bits: bytes) -> Image.Image:
    """Rows of bits, most significant first, as a mask (255 is ink). Missing bytes are blank."""
    size = (width + 7) // 8 * height
    return Image.frombytes("1", (width, height), bits[:size].ljust(size, b"\0")).convert("L")


@dataclass
class Graphics:
    """The pictures in a printer's memory."""

    waiting: Image.Image | None = None  # stored by GS ( L, printed by its function 50
    downloaded: Image.Image | None = None  # GS *
    stored: dict[int, Image.Image] = field(default_factory=dict)  # FS q
    qr: dict[str, int] = field(default_factory=lambda: {"size": 3, "level": 0})
    qr_data: bytes = b""

    def raster(self, data: bytes) -> Image.Image:
        """GS v 0 m xL xH yL yH d…"""
        columns, height = int.from_bytes(data[2:4], "little"), int.from_bytes(data[4:6], "little")
        mask = bits_to_mask(columns * 8, height, data[6:])
        return _stretched(mask, 1 + (data[1] & 1), 1 + (data[1] >> 1 & 1))

    def bit_image(self, data: bytes) -> tuple[int, int, bytes]:
        """ESC * m nL nH d…: columns of 8 or 24 dots, given back as width, height and rows of bits."""
        mode, count = data[0], int.from_bytes(data[1:3], "little")
        high = 3 if mode >= 32 else 1
        image = Image.frombytes("1", (high * 8, count), data[3 : 3 + count * high])
        image = image.transpose(Image.Transpose.TRANSPOSE)
        image = _stretched(image, 1 if mode in (1, 33) else 2, 1 if high == 3 else 3)
        return image.width, image.height, image.convert("1").tobytes()

    def download(self, data: bytes) -> None:
        """GS * x y d…: columns of y bytes."""
        width, height = data[0] * 8, data[1] * 8
        image = Image.frombytes("1", (height, width), data[2:])
        self.downloaded = image.transpose(Image.Transpose.TRANSPOSE).convert("L")

    def store_images(self, data: bytes) -> None:
        """FS q n [xL xH yL yH d…]…"""
        place = 1
        for number in range(1, data[0] + 1):
            width = int.from_bytes(data[place : place + 2], "little") * 8
            height = int.from_bytes(data[place + 2 : place + 4], "little") * 8
            bits = data[place + 4 : place + 4 + width * height // 8]
            image = Image.frombytes("1", (height, width), bits)
            self.stored[number] = image.transpose(Image.Transpose.TRANSPOSE).convert("L")
            place += 4 + len(bits)

    def extended(self, data: bytes) -> Shown:
        """GS ( letter pL pH d…: graphics, two-dimensional codes, settings."""
        letter, body = data[:1], data[3:]
        if letter == b"L":
            return self._graphics(body)
        if letter == b"k":
            return self._code(body)
        return Shown(known=letter in _SETUP)

    def _graphics(self, body: bytes) -> Shown:
        function = body[1]
        if function in (2, 50):
            return Shown(picture=self.waiting)
        if function == 112:  # m fn a bx by c xL xH yL yH d…
            width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
            self.waiting = _stretched(bits_to_mask(width, height, body[10:]), body[3], body[4])
            return Shown()
        return Shown(known=function in (0, 1, 3, 4, 48, 49, 51, 52, 64, 65, 66, 67, 69, 80, 81, 82, 83, 85))

    def _code(self, body: bytes) -> Shown:
        kind, function, rest = body[0], body[1], body[2:]
        if kind != 49:
            name = {48: "pdf417", 50: "maxicode", 51: "databar", 52: "composite", 53: "aztec", 54: "datamatrix"}
            return Shown(event=f"{name.get(kind, kind)} {rest[1:].decode('latin-1')}" if function == 80 else "")
        if function == 67:
            self.qr["size"] = min(16, max(1, rest[0]))
        elif function == 69:
            self.qr["level"] = min(3, max(0, rest[0] - 48))
        elif function == 80:
            self.qr_data = rest[1:]
        elif function == 81:
            text = self.qr_data.decode("utf-8", "replace")
            picture = qr_picture(self.qr_data, self.qr["level"], self.qr["size"])
            return Shown(picture=picture, event=f"qr {text}", code=f"[qr {text}]")
        return Shown(known=function in (65, 67, 69, 80, 82))


def _stretched(image: Image.Image, across: int, down: int) -> Image.Image:
    return image.resize((image.width * max(1, across), image.height * max(1, down)), Image.Resampling.NEAREST)
