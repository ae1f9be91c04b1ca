"""Pictures from strangers' cameras and programs: what is kept shows the same and says nothing else."""

import io
import zlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image, ImageCms

from commerce.catalog import picture_files
from commerce.catalog.picture_files import PictureRefused, keep


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def file_of(picture: Image.Image, kind: str = "JPEG", **options: Any) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out


def two_halves(width: int = 400, height: int = 200) -> Image.Image:
    """Red to the left, blue to the right."""
    picture = Image.new("RGB", (width, height), (220, 0, 0))
    picture.paste((0, 0, 220), (width // 2, 0, width, height))
    return picture


def kept(path: str) -> Image.Image:
    with default_storage.open(path) as file:
        picture = Image.open(io.BytesIO(file.read()))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_once_under_a_name_made_of_its_bytes(kind: str) -> None:
    path = keep(file_of(two_halves(), kind), "photo")
    assert path == keep(file_of(two_halves(), kind), "again.jpg")
    assert path.startswith("pictures/")
    assert path.endswith(".webp")
    assert len(default_storage.listdir("pictures")[0]) == 1
    assert kept(path).size == (400, 200)
    assert kept(path).getpixel((10, 10))[0] > 180


def test_it_stands_upright_and_tells_no_place_or_camera() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    exif[0x010F] = "Spy Cameras Inc."
    exif.get_ifd(0x8825)[2] = (45.0, 31.0, 12.0)
    path = keep(file_of(two_halves(), exif=exif, comment=b"taken at home"), "photo.jpg")
    picture = kept(path)
    assert picture.size == (200, 400)
    top, bottom = picture.getpixel((100, 20)), picture.getpixel((100, 380))
    assert top[0] > 180 > bottom[0]
    assert bottom[2] > 180 > top[2]
    assert not picture.getexif()
    with default_storage.open(path) as file:
        content = file.read()
    assert b"Spy" not in content
    assert b"EXIF" not in content


def test_a_large_one_is_made_smaller_and_a_clear_one_stays_clear() -> None:
    assert kept(keep(file_of(two_halves(3200, 1600)), "x")).size == (1600, 800)
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    picture = kept(keep(file_of(clear, "PNG"), "x"))
    assert picture.mode == "RGBA"
    assert picture.getpixel((150, 150))[3] == 0
    palette = two_halves().convert("P")
    assert kept(keep(file_of(palette, "PNG"), "x")).mode == "RGB"


def test_its_colors_are_those_of_the_web() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert kept(keep(file_of(two_halves(), icc_profile=profile), "x")).info.get("icc_profile") in (None, b"")
    assert kept(keep(file_of(two_halves().convert("CMYK")), "x")).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"hello", "no JPEG, PNG or WebP"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG drawings are not taken"),
        (b'<?xml version="1.0"?>\n<svg/>', "SVG drawings are not taken"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC photographs"),
        (b"%PDF-1.7", "PDF document"),
        (file_of(Image.new("RGB", (200, 200)), "GIF").getvalue(), "GIF pictures"),
        (file_of(two_halves()).getvalue()[:900], "is damaged"),
        (file_of(Image.new("RGB", (99, 400))).getvalue(), "99 × 400 pixels"),
    ],
)
def test_what_is_no_picture_for_a_shop_is_refused_by_name(content: bytes, says: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        keep(io.BytesIO(content), "C:/pictures/front.jpg")
    assert "front.jpg”: " in str(refused.value)
    assert says in str(refused.value)
    assert default_storage.listdir(".") == ([], [])


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """65,000 by 65,000 pixels of nothing in a small file: its header alone is read."""
    header = file_of(Image.new("1", (200, 200)), "PNG").getvalue()
    large = header[:16] + (65_000).to_bytes(4, "big") * 2 + header[24:29]
    bomb = large + zlib.crc32(large[12:29]).to_bytes(4, "big") + header[33:]
    with pytest.raises(PictureRefused, match="more than 60 million pixels"):
        keep(io.BytesIO(bomb), "bomb.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with pytest.raises(PictureRefused, match="65000 × 65000 pixels"):
        keep(io.BytesIO(bomb), "bomb.png")


def test_too_many_bytes_are_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "LARGEST", 1 << 20)
    with pytest.raises(PictureRefused, match="larger than 1 MB"):
        keep(io.BytesIO(b"\xff" * ((1 << 20) + 1)), "big.jpg")
