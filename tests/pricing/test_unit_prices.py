"""Prices per kilogram and the like: the arithmetic, where lists, pages and carts show it, and how it comes in."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from commerce.catalog import contents
from commerce.catalog.queries import cards
from commerce.kernel.clock import now
from commerce.pricing import listings
from commerce.pricing.offers import product_page
from commerce.pricing.unit_prices import UnitPrice, shared, thousandths, unit_price
from storefront.templatetags.shop import unit_price_of_card, unit_price_text
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.pricing import MarketFactory

# minor units, amount, unit -> price of how much; the arithmetic beside it
TABLE = [
    (1700, "250", "g", (680, 100, "g")),  # 1700 × 100 / 250
    (1700, "250.001", "g", (6800, 1, "kg")),  # 1700 × 1000 / 250.001 = 6799.97
    (5500, "1", "kg", (5500, 1, "kg")),
    (550, "0.07", "kg", (786, 100, "g")),  # 550 × 100 / 70 = 785.71
    (600, "70", "g", (857, 100, "g")),  # 600 × 100 / 70 = 857.14
    (930, "75", "cl", (1240, 1, "l")),  # 930 × 100 / 75
    (930, "750", "ml", (1240, 1, "l")),
    (930, "0.75", "l", (1240, 1, "l")),
    (499, "25", "cl", (200, 100, "ml")),  # 499 × 100 / 250 = 199.6
    (1350, "33", "m", (41, 1, "m")),  # 1350 / 33 = 40.9
    (90, "50", "cm", (180, 1, "m")),
    (4500, "2.5", "m2", (1800, 1, "m2")),
    (999, "6", "piece", (167, 1, "piece")),  # 999 / 6 = 166.5, half up
    (1001, "400", "g", (2503, 1, "kg")),  # 1001 × 1000 / 400 = 2502.5, half up
    (1200, "500", "g", (2400, 1, "kg")),  # yen: 1,200 make 2,400; minor units of any currency
    (1250, "300", "g", (4167, 1, "kg")),  # dinars of a thousand fils: 1.250 make 4.167
    (0, "300", "g", (0, 1, "kg")),
    (1, "0.001", "g", (100_000, 100, "g")),
    (10**12, "1000000", "kg", (1_000_000, 1, "kg")),
]


@pytest.mark.parametrize(("minor", "amount", "unit", "expected"), TABLE)
def test_what_a_kilogram_costs(minor: int, amount: str, unit: str, expected: tuple[int, int, str]) -> None:
    assert unit_price(minor, thousandths(Decimal(amount)), unit) == expected


@pytest.mark.parametrize(
    ("held", "unit"), [(0, "g"), (0, ""), (1000, ""), (1000, "piece"), (500, "piece"), (1000, "oz")]
)
def test_where_nothing_is_to_be_said(held: int, unit: str) -> None:
    assert unit_price(1000, held, unit) is None


def test_one_price_for_several_needs_the_same_contents() -> None:
    assert shared([(250_000, "g"), (250_000, "g")]) == (250_000, "g")
    assert shared([(250_000, "g"), (250_000, "ml")]) == (0, "")
    assert shared([(250_000, "g"), (0, "")]) == (0, "")
    assert shared([]) == (0, "")


@pytest.mark.parametrize(
    ("found", "currency", "text"),
    [
        (UnitPrice(1240, 1, "l"), "EUR", "€12.40 / L"),
        (UnitPrice(680, 100, "g"), "USD", "$6.80 / 100 g"),
        (UnitPrice(2400, 1, "kg"), "JPY", "¥2,400 / kg"),
        (UnitPrice(4167, 1, "kg"), "KWD", "KWD4.167 / kg"),
        (UnitPrice(167, 1, "piece"), "USD", "$1.67 / piece"),
        (UnitPrice(1800, 1, "m2"), "EUR", "€18.00 / m²"),
        (None, "EUR", ""),
    ],
)
def test_in_words(found: UnitPrice | None, currency: str, text: str) -> None:
    assert unit_price_text(found, currency).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        ("250", "g", (Decimal("250.000"), "g")),
        ("0,75", "L", (Decimal("0.750"), "l")),
        (" 6 ", "Items", (Decimal("6.000"), "piece")),
        ("2.50000", "m²", (Decimal("2.500"), "m2")),
        ("", "", (None, "")),
        ("0.0", "", (None, "")),
    ],
)
def test_contents_as_files_write_them(amount: str, unit: str, expected: tuple[Decimal | None, str]) -> None:
    assert contents.read(amount, unit) == expected


@pytest.mark.parametrize(
    ("amount", "unit"),
    [("250", ""), ("", "g"), ("0", "g"), ("-5", "g"), ("1.2345", "kg"), ("1e3", "g"), ("12", "oz"), ("9999999", "g")],
)
def test_contents_that_cannot_be(amount: str, unit: str) -> None:
    with pytest.raises(contents.NoContent):
        contents.read(amount, unit)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"content_amount": Decimal(250)},
        {"content_unit": "g"},
        {"content_amount": Decimal(0), "content_unit": "g"},
        {"content_amount": Decimal(250), "content_unit": "oz"},
        {"content_amount": Decimal(250), "content_unit": "g", "unit": "m"},
    ],
)
def test_the_table_holds_both_or_neither(wrong: dict[str, object]) -> None:
    MarketFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        VariantFactory(**wrong)


@pytest.mark.django_db
def test_a_list_shows_it_where_all_of_the_lowest_price_hold_the_same() -> None:
    market = MarketFactory()
    coffee, tea = ProductFactory(title="Coffee"), ProductFactory(title="Tea")
    for sku, price, held in (("C-250", 1700, 250), ("C-250D", 1700, 250), ("C-1K", 5500, 1000)):
        VariantFactory(product=coffee, sku=sku, price=price, content_amount=held, content_unit="g")
    for sku, held in (("T-1", 100), ("T-2", 120)):
        VariantFactory(product=tea, sku=sku, price=900, content_amount=held, content_unit="g")
    with transaction.atomic():
        listings.refresh([coffee.pk, tea.pk], at=now())
    first, second = cards([coffee.pk, tea.pk], market.pk, at=now())
    assert (first.held, first.held_unit, second.held) == (250_000, "g", 0)
    assert unit_price_of_card(first, "USD") == "$6.80 / 100 g"
    assert unit_price_of_card(second, "USD") == ""
    assert list(listings.wrong(at=now())) == []


@pytest.mark.django_db
def test_a_page_follows_the_reduced_price() -> None:
    market = MarketFactory()
    variant = VariantFactory(price=(1500, 2000), content_amount=Decimal("0.75"), content_unit="l")
    page = product_page(variant.product.slug, market, at=now())
    assert page.variants[0].unit_price == (2000, 1, "l")  # 15.00 / 0.75, not 20.00 / 0.75
