"""Where the demo's retailer ends: what it writes becomes smallest amounts, or is refused."""

from decimal import Decimal

import pytest

from commerce.catalog.demo_amounts import Amounts
from commerce.catalog.units import NoAmount
from tests.factories.catalog import VariantFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sku", "written", "meant"),
    [
        ("MUG", 3, 3),
        ("MUG", -1, -1),
        ("MUG", 0, 0),
        ("CORD", Decimal("2.35"), 235),
        ("CORD", Decimal("-0.4"), -40),
        ("CORD", 10, 1_000),
        ("CORD", Decimal("7.50"), 750),
    ],
)
def test_what_people_write_becomes_smallest_amounts(sku, written, meant) -> None:
    VariantFactory(sku="MUG")
    VariantFactory(sku="CORD", unit="m", unit_scale=100)
    amounts = Amounts()
    assert amounts.of(sku, written) == meant
    assert amounts.scale(sku) == (1 if sku == "MUG" else 100)


@pytest.mark.parametrize(("sku", "written"), [("MUG", Decimal("0.5")), ("CORD", Decimal("2.355"))])
def test_what_cannot_be_cut_is_refused(sku, written) -> None:
    VariantFactory(sku="MUG")
    VariantFactory(sku="CORD", unit="m", unit_scale=100)
    with pytest.raises(NoAmount, match="is sold in"):
        Amounts().of(sku, written)
