"""Deposits and fees: lines of their own from the cart to the books, and the rate that an order keeps."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from commerce.kernel.db import rows
from commerce.pricing import currencies
from commerce.pricing.models import ExchangeRate, Fee
from orders import fees
from orders.models import Order
from tests.concurrency.conftest import audit
from tests.factories.company import UserFactory
from tests.storefront.conftest import DETAILS, Shop, words
from tests.storefront.test_checkout import buy

pytestmark = pytest.mark.usefixtures("card_network")


@pytest.fixture
def deposits(shop: Shop) -> Shop:
    """Ten cents on every mug, untaxed; a recycling fee of a dollar on tents, taxed like them."""
    for code, label, kind, amount, tax_class, variants in (
        ("bottle", "Bottle deposit", "deposit", 10, "", [shop.mug]),
        ("recycling", "Recycling fee", "fee", 100, "standard", [shop.moss, shop.ochre]),
    ):
        fee = Fee.objects.create(
            code=code, label=label, kind=kind, currency="USD", amount_minor=amount, tax_class=tax_class
        )
        fee.variants.set(variants)
    return shop


def balances() -> dict[str, int]:
    found = rows(
        "SELECT a.code, sum(p.amount_minor) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id"
        " GROUP BY 1"
    )
    return {code: int(amount) for code, amount in found}


def test_fees_are_lines_of_their_own(fill: Callable[..., Client], deposits: Shop, client: Client) -> None:
    fill("MUG", 6)
    fill("TENT-MOSS")
    fill("TENT-OCHRE")
    said = "Bottle deposit 6 × $0.10 $0.60 Recycling fee 2 × $1.00 $2.00"
    # 6 × 16.00 + 2 × 289.00 = 674.00
    cart = words(client.get("/cart/"))
    assert f"Subtotal $674.00 {said}" in cart
    assert "$676.60" in cart
    # 8.25 % of 674.00 + 2.00 = 55.77; the deposit is not taxed
    assert f"Subtotal $674.00 {said} Delivery Free Texas sales tax $55.77 Total $732.37" in words(
        client.get("/checkout/summary/", {**DETAILS, "method": "ship"})
    )
    assert f"Subtotal $674.00 {said} Delivery Free Texas sales tax $55.77 Total $732.37" in words(buy(client))
    order = Order.objects.placed().get()
    assert (order.shipping_minor, order.fee_minor, order.tax_minor, order.total_minor) == (0, 260, 5577, 73_237)
    assert [(fee.words("USD"), fee.amount_minor) for fee in fees.of_order(order)] == [
        ("Bottle deposit 6 × $0.10", 60),
        ("Recycling fee 2 × $1.00", 200),
    ]
    kept = order.adjustments.order_by("pk").values_list("kind", "quantity", "unit_minor", "tax_minor")
    assert list(kept) == [("deposit", 6, 10, 0), ("fee", 1, 100, 8), ("fee", 1, 100, 8)]
    booked = {
        "deposits": -60,
        "undelivered": -67_600,  # goods and fees; they are earned when they leave
        "sales_tax": -5577,
        "card_clearing": 73_237,
        "receivable": 0,
    }
    assert balances() == booked
    assert audit() == ""
    office = Client()
    office.force_login(UserFactory(username="maren", role="office"))
    assert f"Goods $674.00 {said}" in words(office.get(f"/admin/orders/order/{order.pk}/change/"))


def test_fees_with_a_delivery_that_costs(fill: Callable[..., Client], deposits: Shop) -> None:
    client = fill("MUG")
    assert "Subtotal $16.00 Bottle deposit $0.10 Delivery $7.00 Texas sales tax $1.32 Total $24.42" in words(
        buy(client)
    )
    order = Order.objects.placed().get()
    assert (order.shipping_minor, order.fee_minor) == (700, 10)
    assert audit() == ""


@pytest.mark.parametrize(
    ("gross", "quantity", "scale", "shown"),
    [
        (60, 6, 1, (10, 6)),
        (10, 1, 1, (10, 1)),
        (35, 350, 1000, (35, 1)),  # goods by measure are one piece
        (0, 3, 1, (0, 3)),
    ],
)
def test_the_pieces_of_a_fee(gross: int, quantity: int, scale: int, shown: tuple[int, int]) -> None:
    charge: dict[str, Any] = {"id": "fee:bottle:a:1", "kind": "deposit", "label": "Deposit", "gross": gross}
    line = {"id": "a:1", "quantity": quantity, "scale": scale}
    found = fees.line_of(charge, {"lines": [line], "charges": [charge]})
    assert (found.unit_minor, found.quantity, found.amount_minor) == (*shown, gross)


@pytest.mark.django_db
def test_what_a_currency_is_worth_on_a_day(shop: Shop) -> None:
    for day, rate in ((date(2026, 1, 1), "1.05"), (date(2026, 7, 1), "1.0843")):
        ExchangeRate.objects.create(currency="EUR", rate=Decimal(rate), valid_from=day)
    ExchangeRate.objects.create(currency="USD", rate=Decimal(2), valid_from=date(2026, 1, 1))
    assert currencies.own() == "USD"
    days = (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))
    assert [currencies.rate_of("EUR", day) for day in days] == [None, Decimal("1.05"), Decimal("1.0843")]
    assert currencies.rate_of("USD", days[1]) is None  # the shop's own is worth itself
    assert currencies.rate_of("JPY", days[1]) is None


def test_an_order_keeps_the_rate_of_its_day(client: Client, shop: Shop) -> None:
    ExchangeRate.objects.create(currency="EUR", rate=Decimal("1.0843"), valid_from=date(2020, 1, 1))
    client.post("/country/", {"country": "NL", "next": "/"})
    assert client.post("/cart/lines/", {"sku": "MUG", "quantity": 2}).status_code == 302
    buy(client, city="Amsterdam", postal_code="1013 KH", country="NL", state="")
    order = Order.objects.placed().get()
    assert (order.currency, order.total_minor, order.exchange_rate) == ("EUR", 3900, Decimal("1.0843"))
    ExchangeRate.objects.update(rate=Decimal(9))
    assert Order.objects.get().exchange_rate == Decimal("1.0843")
    office = Client()
    office.force_login(UserFactory(username="maren", role="office"))
    # 39.00 × 1.0843 = 42.2877
    page = words(office.get(f"/admin/orders/order/{order.pk}/change/"))
    assert "Worth $42.29 in USD: 1 EUR was 1.0843 USD that day." in page
