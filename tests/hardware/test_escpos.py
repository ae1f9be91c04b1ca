"""Bytes for the printer: code pages, pictures for other scripts, codes, and what must never be among them."""

import base64
import io
import random

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from hardware.printers import fonts
from hardware.printers.escpos import kick_bytes, receipt_bytes
from hardware.printers.parse import tokenize
from hardware.printers.profile import PrinterProfile
from hardware.printers.render import render
from hardware.protocol import validate_document
from tests.hardware.documents import document

PROFILE = PrinterProfile()


def printed(*blocks, **header):
    return receipt_bytes(validate_document(document(*blocks, **header)), PROFILE)


def names(data: bytes) -> list[str]:
    return [token.name for token in tokenize(data)[0]]


def png(image: Image.Image) -> str:
    out = io.BytesIO()
    image.save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


def test_euro_and_accents_print_as_letters_not_as_pictures() -> None:
    data = printed({"type": "text", "text": "Crème brûlée 3,45 €"}).data
    assert b"\x1bt\x10Cr\xe8me" not in data  # the page comes where the first special letter is
    assert b"Cr\x1bt\x10\xe8me br\xfbl\xe9e 3,45 \x80" in data
    assert "GS v" not in names(data)
    assert render(data).lines[0] == "Crème brûlée 3,45 €"


@pytest.mark.parametrize("text", ["Žluťoučký kůň", "Łódź ąę", "Ελληνικά", "Кириллица Їжак", "Größe ½ ±", "Þjóð"])
def test_european_scripts_print_as_letters(text: str) -> None:
    result = printed({"type": "text", "text": text})
    assert render(result.data).lines[0] == text
    assert "GS v" not in names(result.data)
    assert result.warnings == []


@pytest.fixture
def chinese_font(tmp_path, monkeypatch):
    """A font that has two Chinese characters, for a computer that has none."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "ri", "ben"])
    builder.setupCharacterMap({ord("日"): "ri", ord("本"): "ben"})
    glyphs = {name: _box(*corners) for name, corners in {"ri": (100, 0, 900, 800), "ben": (400, 0, 600, 800)}.items()}
    builder.setupGlyf({".notdef": _box(0, 0, 10, 10), **glyphs})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", "ri", "ben"], (1000, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Two Characters", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "TwoSans.ttf")
    monkeypatch.setenv("BRIDGE_FONTS", str(tmp_path))
    _forget_fonts()
    yield
    monkeypatch.undo()
    _forget_fonts()


def _box(left: int, bottom: int, right: int, top: int):
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for corner in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()


def _forget_fonts() -> None:
    for cached in (fonts._system_fonts, fonts.font_for, fonts.glyph):
        cached.cache_clear()


@pytest.mark.usefixtures("chinese_font")
def test_chinese_prints_as_a_picture_that_keeps_the_columns() -> None:
    result = printed({"type": "line_item", "name": "日本 tea", "amount": "¥100"})
    assert "GS v" in names(result.data)
    assert result.warnings == []
    (_, _, mask) = _strips(result.data)[0]
    ri, ben, amount = (mask.crop(box) for box in ((4, 0, 28, 24), (28, 0, 52, 24), (456, 0, 504, 24)))
    assert ri.histogram()[255] > 2 * ben.histogram()[255] > 0  # a wide box beside a narrow one
    assert amount.getbbox() is not None
    assert mask.crop((200, 0, 440, 24)).getbbox() is None  # nothing between name and amount


def _strips(data: bytes):
    from hardware.printers.render import Renderer

    renderer = Renderer()
    renderer.feed(data)
    return [(left, top, mask) for left, top, mask in renderer.strips]


def test_a_character_of_no_font_prints_a_box_and_says_so() -> None:
    result = printed({"type": "text", "text": "Tea \U000f0000𓀀 for two"})
    assert result.warnings == ["No font on this computer has 𓀀: a box was printed instead. Install a font for them."]


def test_arabic_prints_as_a_picture_and_warns_where_it_cannot_be_shaped(monkeypatch) -> None:
    line = {"type": "line_item", "name": "قهوة عربية", "amount": "12.00"}
    assert "GS v" in names(printed(line).data)
    monkeypatch.setattr(fonts, "can_shape", lambda: False)
    assert "libfribidi0" in printed(line).warnings[0]


def test_no_picture_can_hold_a_real_time_command() -> None:
    """A printer obeys DLE DC4 (open the drawer) even in the middle of a picture."""
    bits = b"\x10\x14\x01\x00\x05" * 12 + b"\x10\x04\x01"
    row = Image.frombytes("1", (504, 1), bits).point(lambda dot: 255 - dot)  # ink where a bit is set
    image = Image.new("1", (504, 30), 255)
    for y in range(30):
        image.paste(row, (0, y))
    data = printed({"type": "image", "png_base64": png(image), "align": "left"}).data
    assert data.count(b"\x14\x01\x00\x05") > 100  # the picture did come through
    assert b"\x10\x14" not in data
    assert b"\x10\x04" not in data
    assert [event for event in render(data).events if "drawer" in event or "unknown" in event] == []


def test_no_barcode_can_hold_a_real_time_command() -> None:
    for data in ("16200100", "1604", "1605"):
        result = printed({"type": "barcode", "symbology": "code128", "data": data}).data
        assert b"\x10\x14" not in result
        assert render(result).events[0] == f"barcode {data}"


def test_random_images_print_without_unknown_commands() -> None:
    noise = random.Random(7)
    image = Image.frombytes("L", (300, 200), noise.randbytes(60_000))
    rendered = render(printed({"type": "image", "png_base64": png(image), "width": 60}).data)
    assert rendered.events == ["cut partial"]
    assert rendered.lines[0] == "[picture 504x201]"


@pytest.mark.parametrize("png_base64", ["not base64!", base64.b64encode(b"GIF89a").decode(), ""])
def test_what_is_no_picture_is_refused_in_words(png_base64: str) -> None:
    with pytest.raises(ValueError, match=r"PNG|empty"):
        printed({"type": "image", "png_base64": png_base64})


def test_a_picture_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ValueError, match="2,000,000"):
        printed({"type": "image", "png_base64": png(Image.new("1", (9000, 9000)))})


@pytest.mark.parametrize(
    ("symbology", "data"),
    [
        ("code128", "R4-000217"),
        ("code128", "20261123000217"),
        ("code128", "odd{brace}"),
        ("code39", "AB-12"),
        ("ean13", "4006381333931"),
        ("ean8", "73513537"),
        ("upca", "036000291452"),
        ("itf", "12345678"),
    ],
)
def test_barcodes_are_drawn(symbology: str, data: str) -> None:
    rendered = render(printed({"type": "barcode", "symbology": symbology, "data": data}).data)
    assert rendered.events == [f"barcode {data}", "cut partial"]
    assert rendered.lines[0] == f"[barcode {data}]"


def test_a_barcode_too_long_for_the_paper_prints_its_figures() -> None:
    data = "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789"
    assert data in render(printed({"type": "barcode", "symbology": "code128", "data": data}).data).lines[0]


def test_a_paper_ends_with_one_cut_and_a_cut_between_stays() -> None:
    rule = {"type": "rule"}
    assert names(printed(rule).data).count("GS V") == 1
    assert names(printed(rule, {"type": "cut", "mode": "full"}, rule).data).count("GS V") == 2
    assert names(printed(rule, {"type": "cut"}).data).count("GS V") == 1


def test_a_kick_uses_the_wired_pin_and_the_real_time_command_when_offline() -> None:
    assert render(kick_bytes(PrinterProfile())).events == ["drawer kick pin 2"]
    assert render(kick_bytes(PrinterProfile(drawer_pin=5))).events == ["drawer kick pin 5"]
    assert kick_bytes(PrinterProfile(drawer_pin=5), offline=True)[:4] == b"\x10\x14\x01\x01"


def test_nothing_but_a_kick_opens_the_drawer() -> None:
    from tests.hardware.documents import sale_receipt

    assert not [event for event in render(receipt_bytes(sale_receipt(), PROFILE).data).events if "drawer" in event]
