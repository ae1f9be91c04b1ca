"""Serial numbers in the back office: asked for when goods leave, put right on the order's page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.cases.models import Case
from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from inventory.models import SerialUnit
from orders.models import Fulfillment, Order, OrderLine
from tests.factories import trade
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import receive
from tests.office import pages
from tests.office.conftest import Company

Staff = Callable[..., Client]


@pytest.fixture
def stove(company: Company) -> Variant:
    """Three stoves in Pearl: CS-1 to CS-3."""
    made = VariantFactory(product=ProductFactory(title="Cinder Stove"), sku="STOVE", tracks_serials=True)
    receive(made, company.pearl, 3, numbers=["CS-1", "CS-2", "CS-3"])
    return made


@pytest.fixture
def order(company: Company, stove: Variant) -> Order:
    """Two stoves and a mug, to be sent from Pearl."""
    return trade.order_on_web(company.market, [(stove, 2), (company.mug, 1)], email="ada@example.com", at=now())


def shipment(order: Order) -> str:
    return reverse("admin:orders_fulfillment_ship_page", args=[order.fulfillments.get().pk])


def body(stove: Variant, numbers: str, **more: str) -> dict[str, str]:
    return {"carrier": "UPS", "tracking": "1Z999", f"serials_{stove.pk}": numbers, **more}


def test_a_parcel_leaves_with_its_numbers(company: Company, stove: Variant, order: Order, as_staff: Staff) -> None:
    browser = as_staff("manager", company.pearl)
    page = browser.get(shipment(order)).content.decode()
    assert "Serial numbers of STOVE Cinder Stove" in page
    assert "2 pieces: scan or type the number of each, one per line." in page
    assert page.count('name="serials_') == 1
    assert browser.post(shipment(order), body(stove, "cs-1\r\n\r\n CS-3 \r\n"))["Location"] == pages.row_of(order)
    line = OrderLine.objects.get(order=order, variant=stove)
    assert line.serials == ["CS-1", "CS-3"]
    assert set(SerialUnit.objects.filter(state="sold").values_list("serial", flat=True)) == {"CS-1", "CS-3"}
    shown = browser.get(pages.row_of(order)).content.decode()
    assert "No. CS-1, CS-3" in shown
    found = browser.get(pages.lists()["orders.order"], {"q": "cs-3"}).content.decode()
    assert order.number in found


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ("CS-1", "STOVE needs 2 serial numbers, one for each piece; 1 were given."),
        ("", "STOVE needs 2 serial numbers, one for each piece; 0 were given."),
        ("CS-1\ncs-1", "Each piece has a number of its own; this was given twice: CS-1."),
        ("CS-1\nCS-9", "STOVE with the serial number CS-9: nobody has received it. Check the label."),
    ],
)
def test_numbers_that_do_not_fit_lose_nothing(
    company: Company, stove: Variant, order: Order, as_staff: Staff, numbers: str, says: str
) -> None:
    browser = as_staff("manager", company.pearl)
    answer = browser.post(shipment(order), body(stove, numbers))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert 'value="1Z999"' in page
    assert numbers.splitlines()[-1:] == [] or numbers.splitlines()[-1] in page
    assert Fulfillment.objects.get(order=order).state == "pending"
    assert not SerialUnit.objects.filter(state="sold").exists()


def test_it_goes_on_anyway_with_a_case(company: Company, stove: Variant, order: Order, as_staff: Staff) -> None:
    browser = as_staff("manager", company.pearl)
    answer = browser.post(shipment(order), body(stove, "CS-9", anyway="on"))
    assert answer["Location"] == pages.row_of(order)
    kinds = Case.objects.filter(context__order=order.number).values_list("kind", flat=True)
    assert set(kinds) == {"serial_clash", "serial_missing"}
    assert OrderLine.objects.get(order=order, variant=stove).serials == ["CS-9"]
    clash = Case.objects.get(kind="serial_clash")
    correct = reverse("admin:case-resolution", args=[clash.pk, "correct_serials"])
    assert correct in browser.get(pages.row_of(clash)).content.decode()
    assert "2 × Cinder Stove left with order" in browser.get(correct).content.decode()
    assert browser.post(correct, {"serials": "CS-1\nCS-2"}).status_code == 302
    assert not Case.objects.filter(kind__startswith="serial", status="open").exists()


def test_a_pickup_is_handed_over_with_its_number(company: Company, stove: Variant, as_staff: Staff) -> None:
    placed = trade.order_on_web(
        company.market, [(stove, 1)], email="ada@example.com", pickup_at=company.pearl, at=now()
    )
    browser, fulfillment = as_staff("manager", company.pearl), placed.fulfillments.get()
    browser.post(reverse("admin:orders_fulfillment_ready_page", args=[fulfillment.pk]))
    address = reverse("admin:orders_fulfillment_hand_over_page", args=[fulfillment.pk])
    assert browser.post(address, {f"serials_{stove.pk}": ""}).status_code == 422
    assert browser.post(address, {f"serials_{stove.pk}": "CS-2"}).status_code == 302
    assert OrderLine.objects.get(order=placed).serials == ["CS-2"]


def test_a_wrong_number_is_put_right(company: Company, stove: Variant, order: Order, as_staff: Staff) -> None:
    browser = as_staff("manager", company.pearl)
    line = OrderLine.objects.get(order=order, variant=stove)
    address = reverse("admin:orders_order_serials", args=[order.pk, line.pk])
    assert address not in browser.get(pages.row_of(order)).content.decode()
    browser.post(shipment(order), body(stove, "CS-1\nCS-2"))
    assert address in browser.get(pages.row_of(order)).content.decode()
    page = browser.get(address).content.decode()
    assert "CS-1\nCS-2</textarea>" in page
    same = browser.post(address, {"serials": "CS-1\nCS-2"})
    assert same.status_code == 422
    assert "These are its numbers already. Nothing was changed." in same.content.decode()
    assert browser.post(address, {"serials": "CS-1\nCS-3"})["Location"] == pages.row_of(order)
    line.refresh_from_db()
    assert line.serials == ["CS-1", "CS-3"]
    assert SerialUnit.objects.get(serial="CS-2").state == "in_stock"
    shown = browser.get(pages.row_of(order)).content.decode()
    assert "Serial numbers of STOVE corrected: CS-1, CS-2 → CS-1, CS-3." in shown


def test_who_may_not_sees_no_page(company: Company, stove: Variant, order: Order, as_staff: Staff) -> None:
    as_staff("manager", company.pearl).post(shipment(order), body(stove, "CS-1\nCS-2"))
    line = OrderLine.objects.get(order=order, variant=stove)
    address = reverse("admin:orders_order_serials", args=[order.pk, line.pk])
    lead = as_staff("lead", company.pearl)
    assert lead.get(address).status_code == 403
    assert address not in lead.get(pages.row_of(order)).content.decode()
    assert as_staff("manager", company.ballard).get(address).status_code == 404
    other = reverse("admin:orders_order_serials", args=[order.pk, company.sold.lines.get().pk])
    assert as_staff("office").get(other).status_code == 404
