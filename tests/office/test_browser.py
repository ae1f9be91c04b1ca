"""The back office in a real browser, under its real policy: usable by everybody, in both themes, without an error."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders.actions.accept_return import accept_return
from orders.actions.refund_amount import refund_amount
from orders.models import Dispute
from orders.returns import ReturnWish
from tests.factories import settlement
from tests.factories.company import UserFactory
from tests.office import pages
from tests.office.conftest import Company

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
ANSWERS = ("evidence_page", "accept_page")
PARTS = 4  # so many workers may share the pages out


def addresses(company: Company) -> list[str]:
    """Every page: home, lists, rows, forms that add, actions, histories, the matrix."""
    level = company.mug.stock_levels.get(location=company.pearl)
    disputes = Dispute.objects.all()
    return [
        reverse("admin:index"),
        reverse("admin:stock-overview"),
        reverse("admin:stock-shrink"),
        reverse("admin:reconciliation"),
        reverse("admin:ledger-control"),
        reverse("admin:inventory_stockcount_start_page"),
        *pages.lists().values(),
        *pages.rows().values(),
        reverse("admin:catalog_product_add"),
        reverse("admin:company_user_add"),
        reverse("admin:pricing_taxrate_add"),
        reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk]),
        reverse("admin:inventory_stocklevel_policy_page", args=[level.pk]),
        reverse("admin:inventory_kitcomponent_define_page"),
        reverse("admin:orders_fulfillment_ship_page", args=[company.shipped.fulfillments.get().pk]),
        reverse("admin:company_apitoken_issue_page"),
        reverse("admin:pos_register_pair_page", args=[company.shift.register.pk]),
        reverse("admin:catalog_product_history", args=[company.mug.product_id]),
        reverse("admin:password_change"),
        *(reverse(f"admin:orders_dispute_{page}", args=[row.pk]) for row in disputes for page in ANSWERS),
    ]


@pytest.fixture
def troubled(company: Company) -> None:
    """Goods and money that came back, a charge that is contested, and one that was paid out."""
    wishes = [ReturnWish(company.sold.lines.get().pk, 1)]
    facts = {"person": UserFactory(role="manager"), "at": now()}
    accept_return(company.sold.pk, wishes, uid=new_uid(), location=company.pearl, channel="pos", **facts)
    refund_amount(company.sold.pk, Money(100, "USD"), reason="A scratch", uid=new_uid(), **facts)
    settlement.contest(company.shipped.payments.get(), at=now())
    settlement.pay_out(company.collected.payments.get(), at=now())


@pytest.mark.usefixtures("troubled")
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible(
    part: int, desk: Callable[..., Page], company: Company, axe_in_both_themes: Callable[..., list[Any]]
) -> None:
    mine = addresses(company)[part::PARTS]
    broken = {address: found for address in mine if (found := axe_in_both_themes(desk(address)))}
    assert broken == {}, "\n".join(f"{address} {found}" for address, found in broken.items())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_is_accessible(scheme: Any, page: Page, live_server: Any, axe: Callable[..., list[Any]]) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + reverse("admin:login"))
    assert axe(page) == []
    page.fill("[name=username]", "nobody")
    page.fill("[name=password]", "wrong")
    page.click("[type=submit]")
    expect(page.get_by_text("do not belong together").first).to_be_visible()
    assert axe(page) == []


def test_the_policy_of_the_office_is_its_own(client: Client, company: Company) -> None:
    """What the theme needs is allowed below its address and nowhere else."""
    office = client.get(reverse("admin:login"))["Content-Security-Policy"]
    assert "'unsafe-eval'" in office
    assert re.search(r"script-src 'self' 'unsafe-eval'(;|$)", office)
    assert re.search(r"style-src 'self'(;|$)", office)
    assert "stripe" not in office
    elsewhere = client.get("/nothing-here")["Content-Security-Policy"]
    assert "'unsafe-eval'" not in elsewhere
    assert "'unsafe-inline'" not in elsewhere
    missing = client.get(reverse("admin:index") + "nothing/")
    assert "Content-Security-Policy" in missing


def test_the_side_bar_filters_and_theme_work_under_the_policy(desk: Callable[..., Page], company: Company) -> None:
    page = desk(pages.lists()["orders.order"])
    page.get_by_role("button", name="Filters", exact=True).click()
    expect(page.get_by_role("button", name="Apply Filters")).to_be_visible()
    page.select_option("#changelist-filter select[name='channel__exact']", "web")
    page.get_by_role("button", name="Apply Filters").click()
    expect(page.get_by_role("link", name=company.shipped.number, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name=company.sold.number, exact=True)).to_have_count(0)
    page.get_by_role("button", name="Show or hide the side bar").first.click()
    expect(page.get_by_role("link", name="Fulfillments")).to_be_hidden()


def test_an_order_is_shipped_from_its_page(desk: Callable[..., Page], company: Company) -> None:
    page = desk(pages.row_of(company.shipped))
    page.get_by_role("link", name="Ship", exact=True).click()
    page.get_by_label("Carrier").fill("UPS")
    page.get_by_role("button", name="Ship").click()
    expect(page.get_by_text("left Portland Pearl.").first).to_be_visible()
    expect(page.get_by_text("Shipped from Portland Pearl: UPS")).to_be_visible()


def test_rows_of_a_form_say_what_they_are(desk: Callable[..., Page], company: Company) -> None:
    """A row that is added in the browser has labels, too."""
    page = desk(pages.row_of(company.mug.product))
    page.get_by_text("Add another Variant").click()
    expect(page.locator("[aria-label=SKU]:visible")).to_have_count(2)


def test_a_phone_shows_no_page_wider_than_itself(desk: Callable[..., Page], company: Company, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    for address in (reverse("admin:index"), pages.row_of(company.shipped), pages.lists()["orders.order"]):
        desk(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
