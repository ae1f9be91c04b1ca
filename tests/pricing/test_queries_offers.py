"""A product's page and the till's catalog."""

import json
import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from commerce.catalog.models import Product, Variant
from commerce.kernel.errors import NotFound
from commerce.pricing import offers, till_catalog
from commerce.pricing.models import Market, Price
from tests.factories.catalog import CategoryFactory, MediaFactory, ProductFactory, VariantFactory
from tests.factories.pricing import MarketFactory

AT = datetime(2026, 11, 23, 19, tzinfo=UTC)


@pytest.fixture
def us(db: None) -> Market:
    return MarketFactory()


def sweater() -> Product:
    clothing = CategoryFactory(name="Clothing", slug="clothing")
    knitwear = CategoryFactory(name="Knitwear", slug="knitwear", parent=clothing)
    product = ProductFactory(title="Moss Sweater", category=knitwear, options=["Color", "Size"])
    front = MediaFactory(product=product, path="front.svg", alt="Front", position=2)
    MediaFactory(product=product, path="https://cdn.example.com/x.jpg", position=1)
    VariantFactory(
        product=product,
        sku="NF-1",
        option_values=["Moss", "M"],
        swatch="#5a6b3f",
        picture=front,
        price=(1999, 2999),
        barcode=["036000291452", "4006381333931"],
    )
    VariantFactory(product=product, sku="NF-2", option_values=["Moss", "L"], price=False, barcode=False, position=2)
    VariantFactory(product=product, sku="NF-3", option_values=["Clay", "M"], is_active=False, position=3)
    return product


def test_the_page_of_a_product_in_one_statement(us: Market, django_assert_num_queries: object) -> None:
    product = sweater()
    with django_assert_num_queries(1):
        page = offers.product_page("moss-sweater", us, at=AT)
    assert (page.uid, page.title, page.from_minor, page.to_minor) == (product.uid, "Moss Sweater", 1999, 1999)
    assert [(shelf.slug, shelf.name) for shelf in page.trail] == [("clothing", "Clothing"), ("knitwear", "Knitwear")]
    assert [(picture.path, picture.alt) for picture in page.pictures.values()] == [("front.svg", "Front")]
    medium, large = page.variants
    assert (medium.sku, medium.option_values, medium.price_minor, medium.compare_at_minor) == (
        "NF-1",
        ("Moss", "M"),
        1999,
        2999,
    )
    assert page.pictures[medium.picture].path == "front.svg"
    assert medium.barcodes == ("00036000291452", "04006381333931")
    assert (large.sku, large.price_minor, large.barcodes) == ("NF-2", None, ())
    assert [(option.name, [(c.value, c.hex) for c in option.choices]) for option in page.options] == [
        ("Color", [("Moss", "#5a6b3f")]),
        ("Size", [("M", ""), ("L", "")]),
    ]


def test_pages_that_are_and_are_not_there(us: Market) -> None:
    ProductFactory(slug="draft", status="draft")
    ProductFactory(slug="gone", status="archived")
    page = offers.product_page("gone", us, at=AT)
    assert (page.status, page.variants, page.from_minor, page.options, page.trail) == ("archived", (), None, (), ())
    for slug in ("draft", "unknown", ""):
        with pytest.raises(NotFound):
            offers.product_page(slug, us, at=AT)


def fetch(market: Market, since: int = 0) -> tuple[int, list[list[object]]]:
    position, chunks = till_catalog.till_catalog(market, since=since, at=AT)
    return position, [row for chunk in chunks for row in json.loads(chunk)]


def test_what_a_till_keeps(us: Market) -> None:
    product = sweater()
    variant = Variant.objects.get(sku="NF-1")
    _position, found = fetch(us)
    assert found == [
        [
            str(variant.uid),
            "NF-1",
            "Moss Sweater",
            "Moss / M",
            ["00036000291452", "04006381333931"],
            [1999, 2999],
            "standard",
            "knitwear",
            "front.svg",
            "#5a6b3f",
            str(product.uid),
            True,
        ]
    ]


def test_a_till_is_told_of_units_and_packs_where_there_are_some(us: Market) -> None:
    VariantFactory(sku="MUG")
    VariantFactory(sku="RIBBON", unit="m", unit_scale=100)
    nails = VariantFactory(sku="NAILS", barcode=["4006381333931", "5901234123457"])
    nails.barcodes.filter(key="05901234123457").update(units=12)
    VariantFactory(sku="FLOUR", unit="kg", barcode=False)
    _position, found = fetch(us)
    assert {row[1]: row[12:] for row in found} == {
        "MUG": [],
        "RIBBON": [{"unit": "m", "scale": 100}],
        "NAILS": [{"packs": {"05901234123457": 12}}],
        "FLOUR": [{"unit": "kg"}],
    }


def test_a_page_says_the_unit_that_a_price_is_of(us: Market) -> None:
    VariantFactory(sku="RIBBON", unit="m", unit_scale=100, product__slug="ribbon", price=1_200)
    [variant] = offers.product_page("ribbon", us, at=AT).variants
    assert (variant.unit, variant.unit_scale, variant.price_minor) == ("m", 100, 1_200)


@pytest.mark.django_db(transaction=True)
def test_a_till_is_told_what_changed_and_what_went() -> None:
    us = MarketFactory()
    product = sweater()
    mug = VariantFactory(sku="MUG", product__title="Mug", price=900)
    position, found = fetch(us)
    assert [row[1] for row in found] == ["NF-1", "MUG"]
    assert fetch(us, position)[1] == []
    Price.objects.filter(variant=mug).update(amount_minor=800)
    later, found = fetch(us, position)
    assert [(row[1], row[5], row[11]) for row in found] == [("MUG", [800, None], True)]
    Product.objects.filter(pk=product.pk).update(at_till=False)
    _latest, found = fetch(us, later)
    assert {(row[1], row[11]) for row in found} == {("NF-1", False), ("NF-2", False), ("NF-3", False)}
    assert [row[1] for row in fetch(us)[1]] == ["MUG"]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_commits_late_is_not_missed() -> None:
    us = MarketFactory()
    slow, quick = VariantFactory(sku="SLOW"), VariantFactory(sku="QUICK")
    position, _found = fetch(us)
    written, proceed = threading.Event(), threading.Event()

    def change_slowly() -> None:
        try:
            with transaction.atomic():
                Variant.objects.filter(pk=slow.pk).update(title="late")
                written.set()
                proceed.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=change_slowly)
    thread.start()
    assert written.wait(10)
    Variant.objects.filter(pk=quick.pk).update(title="early")
    position, found = fetch(us, position)
    assert [row[1] for row in found] == ["QUICK"]
    proceed.set()
    thread.join()
    assert "SLOW" in [row[1] for row in fetch(us, position)[1]]


def test_large_catalogs_come_in_chunks(us: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(till_catalog, "CHUNK", 2)
    for number in range(5):
        VariantFactory(sku=f"S-{number}")
    _position, chunks = till_catalog.till_catalog(us, at=AT)
    assert [[row[1] for row in json.loads(chunk)] for chunk in chunks] == [["S-0", "S-1"], ["S-2", "S-3"], ["S-4"]]
