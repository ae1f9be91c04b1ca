"""An order by phone: put together in the office, paid for in the shop by a link, honest about its prices."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils import timezone

from commerce.catalog.models import Variant
from commerce.company.models import User
from commerce.pricing.models import CustomerGroup, Market, Price
from customers.models import Customer
from inventory.models import Reservation, StockLevel
from orders import phone_tiles
from orders.models import Cart, Order, PhoneOrder
from storefront import frame
from storefront.tasks import email_payment_link
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import PriceFactory, PriceListFactory
from tests.factories.promotions import coupon, promotion
from tests.office.conftest import Company
from tests.servers import Server
from tests.storefront.conftest import DETAILS, words
from tests.storefront.test_checkout import confirm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]
Desk = Callable[..., Any]


@pytest.fixture
def person(company: Company, card_network: Server) -> User:
    frame.forget()
    LocationFactory(code="WH-1", warehouse=True)
    made: User = UserFactory(role="manager")
    return made


@pytest.fixture
def desk(person: User) -> Desk:
    """`desk("add", sku="BLU-01")` does it for the newest phone order and gives its page."""
    browser = Client()
    browser.force_login(person)

    def do(what: str = "", **data: Any) -> Any:
        if what == "begin":
            return browser.post("/admin/orders/order/phone/", {"market": "us", **data}, follow=True)
        address = f"/admin/orders/order/phone/{PhoneOrder.objects.first().uid}/"
        return browser.post(address, {"do": what, **data}, follow=True) if what else browser.get(address, data)

    return do


def send(desk: Desk) -> str:
    """Send the link of the newest order; the path in the mail."""
    assert "The link is on its way to ada@example.com." in words(desk("send"))

    class Sent:
        payload = {"phone_order": str(PhoneOrder.objects.first().uid)}  # type: ignore[union-attr]

    email_payment_link(Sent())  # type: ignore[arg-type]
    found = re.search(r"https?://[^/\s]+(/pay/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_from_the_call_to_the_payment(desk: Desk, company: Company, person: User) -> None:
    promotion("three", kind="buy_get", buy_quantity=2, get_quantity=1, items=(company.mug,), label="3 for 2")
    coupon("WELCOME", promotion("welcome", scope="order", percent_ppm=100_000, needs_coupon=True, label="Welcome"))
    desk("begin", email="ada@example.com", name="Ada Byron")
    page = words(desk(q="enamel"))
    assert "Enamel Mug" in page
    assert "in Portland Pearl" in page
    assert "Enamel Mug is in." in words(desk("add", sku="blu-01"))
    desk("set", sku="BLU-01", quantity="3")
    desk("coupon", code="welcome")
    desk("discount", kind="percent", value="10", reason="the box is dented")
    page = words(desk())
    for said in ("3 for 2", "Welcome (WELCOME)", "Discount", "this one counts"):
        assert said in page
    assert not Reservation.objects.filter(source_type="order", state="held").exists()
    link = send(desk)
    shopper = Client()
    shown = shopper.get(link)
    assert "Your order, Ada Byron" in words(shown)
    assert "3 for 2" in words(shown)
    assert "has changed" not in words(shown)
    assert shopper.post(link)["Location"] == "/checkout/"
    assert 'value="ada@example.com"' in shopper.get("/checkout/").content.decode()
    assert shopper.post("/checkout/", DETAILS)["Location"] == "/checkout/payment/"
    shopper.post("/checkout/start/")
    confirm()
    shopper.get("/checkout/return")
    order = Order.objects.get(channel="phone")
    assert (order.state, order.actor, order.coupons) == ("open", person, ["WELCOME"])
    assert [row["id"] for row in order.discounts] == ["welcome", "by-hand"]
    assert order.discounts[1]["reason"] == "the box is dented"
    assert shopper.get(link)["Location"].startswith("/orders/")
    assert order.number in words(desk())


def test_groups_of_the_customer_count_and_a_changed_price_is_told(desk: Desk, company: Company) -> None:
    members = CustomerGroup.objects.create(code="club", name="Club")
    own = PriceListFactory(code="club", rank=5)
    own.only_groups.add(members)
    PriceFactory(price_list=own, variant=company.mug, amount_minor=1_111)
    Customer.objects.get(email_key="ada@example.com").groups.add(members)
    desk("begin")
    desk("add", sku="BLU-01")
    assert "$11.11" not in words(desk())
    page = words(desk("customer", email="ada@example.com", name="Ada"))
    assert "Club" in page
    assert "$11.11" in page
    link = send(desk)
    promotion("autumn", percent_ppm=500_000)
    shown = words(Client().get(link))
    assert "The price has changed since we talked" in shown
    assert re.search(r"It was \$\d+\.11 ?, now it is \$\d+\.\d\d", shown)
    assert "the customer is told what has changed" in words(desk())


def test_a_link_ends_and_nobody_makes_one_up(desk: Desk, company: Company) -> None:
    desk("begin", email="ada@example.com")
    assert "The cart is empty" in words(desk("send"))
    desk("add", sku="BLU-01")
    link = send(desk)
    assert Client().get(f"{link[:-3]}xyz/").status_code == 404
    PhoneOrder.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    over = Client().get(link)
    assert over.status_code == 410
    assert "This link is over" in words(over)
    assert Client().post(link).status_code == 410


def test_what_was_put_together_stays_together(desk: Desk, company: Company) -> None:
    """The discount was for these goods: a shopper who goes on shopping does so in another cart."""
    desk("begin", email="ada@example.com")
    desk("add", sku="BLU-01")
    link = send(desk)
    shopper = Client()
    shopper.post(link)
    assert shopper.post("/cart/lines/BLU-01/", {"quantity": "5"}).status_code == 409
    shopper.post("/cart/lines/", {"sku": "BLU-01", "quantity": "1"})
    assert Cart.objects.get(channel="phone").lines.get().quantity == 1
    assert Cart.objects.filter(channel="web", lines__quantity=1).exists()


@pytest.mark.parametrize(("role", "limit"), [("manager", "30"), ("office", "10"), ("admin", "100")])
def test_a_discount_needs_a_reason_and_stays_within_the_limit(
    company: Company, desk: Desk, person: User, role: str, limit: str
) -> None:
    User.objects.filter(pk=person.pk).update(role=role)
    desk("begin", email="ada@example.com")
    desk("add", sku="BLU-01")
    assert f"You can give up to {limit} %" in words(desk())
    assert "Say why" in words(desk("discount", kind="percent", value="5", reason=" "))
    most = desk("discount", kind="percent", value=limit, reason="late")
    assert "The discount is in." in words(most)
    if limit != "100":
        beyond = desk("discount", kind="percent", value=str(int(limit) + 1), reason="late")
        assert beyond.status_code == 422
        assert f"({limit}%) by hand. Ask a manager" in words(beyond)
    assert Cart.objects.get(channel="phone").discounts[0]["value"] == int(limit) * 10_000
    desk("discount", kind="amount", value="", reason="")
    assert Cart.objects.get(channel="phone").discounts == []


def test_without_the_permission_there_is_nothing(company: Company, desk: Desk) -> None:
    desk("begin", email="ada@example.com")
    uid = PhoneOrder.objects.get().uid
    lead = Client()
    lead.force_login(UserFactory(role="lead"))
    for address in ("/admin/orders/order/phone/", f"/admin/orders/order/phone/{uid}/"):
        assert lead.get(address).status_code == 403
        assert lead.post(address, {"do": "send"}).status_code == 403


def test_wrong_input_is_said_beside_its_field_and_changes_nothing(desk: Desk, company: Company) -> None:
    desk("begin")
    mug: Variant = company.mug
    desk("add", sku=mug.sku)
    for what, data, said in (
        ("customer", {"email": "ada@"}, "Enter a valid email address."),
        ("way", {"method": "pickup", "store": "", "country": "US"}, "Choose the store"),
        ("discount", {"kind": "percent", "value": "101", "reason": "x"}, "At most 100 %."),
        ("add", {"sku": "NO-SUCH"}, "There is no SKU NO-SUCH."),
        ("set", {"sku": mug.sku, "quantity": "many"}, "Enter the quantity as a whole number"),
        ("coupon", {"code": "NONE"}, "There is no coupon NONE."),
        ("send", {}, "Enter the customer's e-mail first"),
    ):
        answer = desk(what, **data)
        assert (answer.status_code, said in words(answer)) == (422, True), (what, words(answer))
    assert desk("nothing").status_code == 404
    assert PhoneOrder.objects.get().sent_at is None


def test_a_link_for_a_pickup_keeps_its_store(desk: Desk, company: Company) -> None:
    desk("begin", email="ada@example.com", name="Ada")
    desk("add", sku="BLU-01")
    assert "The way is kept." in words(desk("way", method="pickup", store="PDX-1", country="US"))
    link = send(desk)
    shopper = Client()
    assert shopper.post(link)["Location"] == "/checkout/"
    assert re.search(
        r'id="store-PDX-1"[^>]*checked|checked[^>]*id="store-PDX-1"', shopper.get("/checkout/").content.decode()
    )


@pytest.mark.parametrize(("role", "status"), [("office", 422), ("manager", 200)])
def test_a_discount_below_cost_needs_a_manager(
    company: Company, desk: Desk, person: User, role: str, status: int
) -> None:
    """Both may take off ten percent; only one may sell below the floor of the market, on the phone as at the till."""
    User.objects.filter(pk=person.pk).update(role=role)
    StockLevel.objects.filter(variant=company.mug).update(unit_cost=2_200, value_minor=2_200 * F("on_hand"))
    Price.objects.filter(variant=company.mug).update(amount_minor=2_500)
    Market.objects.update(margin_floor_ppm=100_000)
    desk("begin", email="ada@example.com")
    desk("add", sku="BLU-01")
    answer = desk("discount", kind="percent", value="10", reason="late")
    assert answer.status_code == status
    said = "BLU-01 would bring $22.50 and costs $22.00: less than the smallest margin."
    assert (said in words(answer)) == (role == "office")
    assert bool(Cart.objects.get(channel="phone").discounts) == (role == "manager")
    assert "The discount is in." in words(desk("discount", kind="percent", value="1", reason="late"))


def test_the_home_page_counts_who_has_yet_to_pay(desk: Desk, company: Company, person: User) -> None:
    (tile,) = phone_tiles.tiles(person, at=timezone.now())
    assert (tile.figure, tile.change_is) == ("0", "")
    for _call in range(2):
        desk("begin", email="ada@example.com")
    desk("add", sku="BLU-01")
    send(desk)
    (tile,) = phone_tiles.tiles(person, at=timezone.now())
    assert tile.figure == "2"
    assert tile.sentence == "1 with a link that is good, 0 with one that is over, 1 not sent yet."
    (tile,) = phone_tiles.tiles(person, at=timezone.now() + timedelta(days=99))
    assert tile.sentence == "0 with a link that is good, 1 with one that is over, 1 not sent yet."
    assert tile.change_is == "down"
    assert phone_tiles.tiles(UserFactory(role="lead"), at=timezone.now()) == []
