"""Goods without a price: the till says one, the server takes it, and reports who said what."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from commerce.cases.models import Case
from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.pricing.models import OpenPriceLimit
from commerce.pricing.offers import product_page
from commerce.pricing.queries import candidates
from commerce.pricing.till_catalog import till_catalog
from inventory.models import StockMovement
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import OpenPriceSale, Shift
from tests.concurrency.conftest import audit
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory
from tests.factories.trade import open_till, register_at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shift() -> Shift:
    MarketFactory()
    store = LocationFactory(code="PDX-1")
    lead = UserFactory(username="lead", role="lead", locations=[store])
    UserFactory(username="jo", role="associate", locations=[store])
    return open_till(register_at(store), lead, at=now())


def repair(**more: Any) -> Variant:
    return VariantFactory(product=ProductFactory(title="Repair"), sku="REPAIR", price=False, is_open_price=True, **more)


def sell(shift: Shift, price: int, *, cashier: str = "lead", **said: str) -> dict[str, Any]:
    money = {"amount": price, "currency": "USD"}
    line: dict[str, Any] = {"sku": "REPAIR", "quantity": 1, "unit_price": money}
    envelope = {
        "id": str(new_uid()),
        "register": shift.register.code,
        "shift": str(shift.uid),
        "cashier": cashier,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{**line, "open_price": said}],
        "tenders": [{"type": "cash", "amount": money, "tendered": money}],
    }
    return record_sale(parse_envelope(envelope), at=now())


def test_it_is_recorded_by_employee_and_is_no_drift(shift: Shift) -> None:
    repair()
    answer = sell(shift, 4_250, note="New zipper")
    kept = OpenPriceSale.objects.select_related("order_line", "cashier", "order").get()
    assert (kept.order_line.unit_minor, kept.cashier.username, kept.note) == (4_250, "lead", "New zipper")
    assert (answer["warnings"], Case.objects.count(), StockMovement.objects.count()) == ([], 0, 0)
    assert kept.order.total_minor == 4_250
    assert audit() == ""
    with pytest.raises(DatabaseError), transaction.atomic():
        OpenPriceSale.objects.update(note="Something else")


@pytest.mark.parametrize(
    ("variant", "limit", "price", "cashier", "said", "told"),
    [
        ({}, None, 900, "jo", {}, ["REPAIR: jo may not say its price"]),
        ({}, None, 900, "jo", {"approved_by": "lead"}, []),
        ({"is_open_to_all": True}, None, 900, "jo", {}, []),
        ({}, (1_000, None), 999, "lead", {}, ["REPAIR for $9.99, which is less than $10.00"]),
        ({}, (1_000, 5_000), 5_001, "lead", {}, ["REPAIR for $50.01, which is not between $10.00 and $50.00"]),
        ({}, (1_000, 5_000), 5_000, "lead", {}, []),
        ({"needs_note": True}, None, 900, "lead", {}, ["REPAIR: nobody said what it was for"]),
        ({"needs_note": True}, None, 900, "lead", {"note": "Strap"}, []),
    ],
)
def test_what_is_not_allowed_is_sold_and_becomes_a_case(
    shift: Shift, variant: Any, limit: Any, price: int, cashier: str, said: dict[str, str], told: list[str]
) -> None:
    made = repair(**variant)
    if limit:
        OpenPriceLimit.objects.create(variant=made, currency="USD", least_minor=limit[0], most_minor=limit[1])
    answer = sell(shift, price, cashier=cashier, **said)
    assert [case.context["lines"] for case in Case.objects.filter(kind="open_price")] == ([told] if told else [])
    assert [warning["code"] for warning in answer["warnings"]] == (["open_price"] if told else [])
    assert OpenPriceSale.objects.count() == 1


def test_the_web_never_sells_it_even_with_a_price_that_was_left(shift: Shift) -> None:
    market = MarketFactory()
    made = VariantFactory(sku="WRAP", price=500, is_open_price=True)
    assert candidates([made.pk], market=market, at=now()) == {}
    assert product_page(made.product.slug, market, at=now()).variants[0].price_minor is None


def test_the_till_is_told_how_it_is_priced_and_what_a_piece_holds(shift: Shift) -> None:
    market = MarketFactory()
    made = repair(needs_note=True)
    OpenPriceLimit.objects.create(variant=made, currency="USD", least_minor=1_000)
    VariantFactory(sku="WAX", price=1_200, content_amount=Decimal("0.75"), content_unit="l")
    _position, chunks = till_catalog(market, at=now())
    rows = {row[1]: row for chunk in chunks for row in json.loads(chunk)}
    assert rows["REPAIR"][5] == []
    assert rows["REPAIR"][-1] == {"open": {"all": False, "note": True, "least": 1_000}}
    assert (rows["WAX"][5], rows["WAX"][-1]) == ([1_200, None], {"held": [750, "l"]})
