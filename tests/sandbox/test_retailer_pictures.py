"""The demo's drawings: one for every color and view, safe to serve, and never gray."""

import io
from collections import Counter
from xml.etree import ElementTree

import pytest
from PIL import Image

from commerce.sandbox.retailer import categories, products
from commerce.sandbox.retailer.illustrations import (
    banner,
    banner_keys,
    draw,
    emblem,
    favicon,
    pictures_of,
    receipt_logo,
    wordmark,
)
from commerce.sandbox.retailer.illustrations.shelves import SHELVES
from commerce.sandbox.retailer.illustrations.stage import SUBJECTS, ground_for
from commerce.sandbox.retailer.illustrations.tones import distance, to_hex, to_lab, tones
from commerce.sandbox.retailer.palette import COLORS
from commerce.sandbox.retailer.workshop import services

SHAPES = {"svg", "g", "path", "circle", "ellipse", "rect", "clipPath"}
PAINT = {"fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity"}
PLACE = {"d", "x", "y", "width", "height", "rx", "ry", "cx", "cy", "r", "viewBox", "transform", "clip-path", "id"}


def assert_drawn(svg: str, size: tuple[int, int]) -> None:
    """A drawing is plain shapes: no text, script, style, image or reference but to its own clips."""
    root = ElementTree.fromstring(svg)
    assert (int(root.get("width", 0)), int(root.get("height", 0))) == size
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(set(ids)) == len(ids)
    for node in root.iter():
        assert node.tag.removeprefix("{http://www.w3.org/2000/svg}") in SHAPES
        assert set(node.attrib) <= PAINT | PLACE
        assert not (node.text or "").strip()
        clip = node.get("clip-path")
        assert clip is None or clip.removeprefix("url(#").removesuffix(")") in ids
    for word in ("href", "script", "style", "nan", "None"):
        assert word not in svg


@pytest.mark.parametrize("product", products(), ids=lambda product: product.key)
def test_every_look_has_its_own_pictures(product) -> None:
    fronts = Counter(draw(product.key, color, "front") for _, color in product.looks)
    assert len(fronts) == len(product.looks)
    for _, color in product.looks:
        for view in pictures_of(product.key):
            picture = draw(product.key, color, view)
            assert_drawn(picture, (800, 1000))
            assert 1500 < len(picture) < 70_000
            assert COLORS[color].hex in picture
    assert draw(product.key, product.looks[0][1], "front") != draw(product.key, product.looks[0][1], "detail")


def test_every_drawing_is_used_and_every_product_has_one() -> None:
    shown = {product.drawing for product in products()} | {service.drawing for service in services()}
    assert shown == set(SUBJECTS)


def test_only_products_in_several_colors_have_a_range() -> None:
    assert pictures_of("squall-shell") == ("front", "detail", "range")
    assert pictures_of("forge-skillet") == ("front", "detail")
    with pytest.raises(ValueError, match="no view 'range'"):
        draw("forge-skillet", "coal", "range")
    with pytest.raises(KeyError):
        draw("no-such-thing", "coal")


def test_grounds_are_tinted_and_set_the_product_off() -> None:
    for product in products():
        for _, look in product.looks:
            color = COLORS[look].hex
            ground = ground_for(product.key, color)
            lightness, a, b = to_lab(ground)
            assert lightness > 0.7
            assert (a * a + b * b) ** 0.5 > 0.008, f"{ground} is gray"
            assert distance(ground, color) > 0.1


def test_the_planes_of_a_color_go_from_light_to_dark() -> None:
    for color in COLORS.values():
        planes = tones(color.hex)
        levels = [to_lab(value)[0] for value in (planes.light, planes.base, planes.shade, planes.deep)]
        assert levels == sorted(levels, reverse=True)
        assert distance(to_hex(to_lab(color.hex)), color.hex) < 0.005


@pytest.mark.parametrize("key", banner_keys())
def test_banners_come_wide_and_tall(key) -> None:
    assert_drawn(banner(key), (1600, 900))
    assert_drawn(banner(key, is_tall=True), (800, 1000))


def test_every_top_category_has_a_banner_with_products_as_they_are_sold() -> None:
    looks = {product.key: {color for _, color in product.looks} for product in products()}
    assert {category.slug for category in categories() if not category.parent} == set(SHELVES)
    for shelf in SHELVES.values():
        for prop in (*shelf.wide, *shelf.tall):
            assert prop.color in looks[prop.product]


def test_marks_are_drawings_too() -> None:
    assert_drawn(wordmark(), (1000, 340))
    assert_drawn(emblem(), (200, 200))
    assert_drawn(favicon(), (64, 64))
    assert "#123456" in wordmark(ink="#123456")


@pytest.mark.parametrize("width", [256, 384, 512])
def test_the_receipt_logo_is_black_and_white_and_as_wide_as_asked(width) -> None:
    image = Image.open(io.BytesIO(receipt_logo(width)))
    assert image.mode == "1"
    assert image.width == width
    black = image.histogram()[0] / (image.width * image.height)
    assert 0.2 < black < 0.6


@pytest.mark.parametrize("width", [0, 100, 40])
def test_a_logo_no_printer_can_take_is_refused(width) -> None:
    with pytest.raises(ValueError, match="multiple of 8"):
        receipt_logo(width)
