"""Pictures as people bring them, made fit to be shown: judged, turned upright, bare of what cameras write, one format.

What is kept is a WebP file of at most `LONGEST_SIDE` pixels in sRGB, named by the hash of its bytes: the same picture
is kept once, and an address never shows anything else, so that browsers and tills may keep it for good.
"""

import hashlib
import io
from contextlib import suppress
from pathlib import PurePath
from typing import IO, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps

from commerce.kernel.errors import DomainError

LARGEST = 20 << 20  # bytes
MOST_PIXELS = 60_000_000
SHORTEST_SIDE, LONGEST_SIDE = 100, 1600  # pixels
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 84

_OTHERS = (
    (b"<svg", gettext_lazy("SVG drawings are not taken, because they can carry programs. Export it as PNG.")),
    (b"<?xml", gettext_lazy("SVG drawings are not taken, because they can carry programs. Export it as PNG.")),
    (b"ftyphei", gettext_lazy("HEIC photographs cannot be shown by every browser. Export it as JPEG.")),
    (b"ftypmif1", gettext_lazy("HEIC photographs cannot be shown by every browser. Export it as JPEG.")),
    (b"%PDF", gettext_lazy("This is a PDF document. Export its picture as JPEG or PNG.")),
    (b"GIF8", gettext_lazy("GIF pictures are not taken. Export it as PNG.")),
)


class PictureRefused(DomainError):
    """A file that is no picture we can show."""

    code = "picture_refused"
    status = 422
    message = gettext_lazy("“%(name)s”: %(why)s")


def keep(file: IO[bytes], name: str) -> str:
    """Put an uploaded picture below MEDIA_URL; its path there. `name` is what messages call it. Raises
    `PictureRefused`."""
    try:
        content = made_fit(file)
    except ValueError as error:
        raise PictureRefused(name=PurePath(name).name[:80], why=str(error)) from error
    digest = hashlib.sha256(content).hexdigest()
    path = f"pictures/{digest[:2]}/{digest}.webp"
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(content))


def made_fit(file: IO[bytes]) -> bytes:
    """The picture as it is kept. ValueError with the reason in words when it cannot be."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if not size:
        raise ValueError(_("The file is empty."))
    if size > LARGEST:
        raise ValueError(_("The file is larger than %(most)s MB.") % {"most": LARGEST >> 20})
    try:
        with Image.open(file, formats=FORMATS) as picture:
            _judge_size(*picture.size)
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than it is needed
            return _written(_upright(picture))
    except Image.DecompressionBombError as error:  # Pillow's own limit, above ours
        raise ValueError(_("It has more than %(most)s million pixels.") % {"most": MOST_PIXELS // 1_000_000}) from error
    except Image.UnidentifiedImageError as error:
        raise ValueError(_what_it_is(file)) from error
    except (OSError, SyntaxError) as error:  # what Pillow raises for files that end early or contradict themselves
        raise ValueError(_("The picture is damaged and cannot be read.")) from error


def _judge_size(width: int, height: int) -> None:
    names = {"width": width, "height": height, "least": SHORTEST_SIDE, "most": MOST_PIXELS // 1_000_000}
    if width * height > MOST_PIXELS:
        raise ValueError(_("It has %(width)s × %(height)s pixels; %(most)s million are the most.") % names)
    if min(width, height) < SHORTEST_SIDE:
        text = _("It has %(width)s × %(height)s pixels; each side needs %(least)s at least to look sharp.")
        raise ValueError(text % names)


def _upright(picture: Image.Image) -> Image.Image:
    """As its camera was held, in sRGB, and no larger than it is shown."""
    profile = picture.info.get("icc_profile")
    turned: Image.Image = ImageOps.exif_transpose(picture)
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    mode = "RGBA" if turned.has_transparency_data else "RGB"
    if profile and turned.mode in ("RGB", "RGBA", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError):  # a profile that cannot be read is ignored, as browsers do
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(turned, given, ImageCms.createProfile("sRGB"), outputMode=mode)
            turned = converted or turned
    return turned.convert(mode)


def _written(picture: Image.Image) -> bytes:
    """The pixels alone: no place, time, camera or comment."""
    options: dict[str, Any] = {"exif": b"", "icc_profile": b"", "xmp": b""}
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4, **options)
    return out.getvalue()


def _what_it_is(file: IO[bytes]) -> str:
    file.seek(0)
    start = file.read(512).lstrip()
    texts = [text for mark, text in _OTHERS if mark in start[:16] or (mark == b"<svg" and mark in start.lower())]
    return str(texts[0]) if texts else _("This is no JPEG, PNG or WebP picture.")
