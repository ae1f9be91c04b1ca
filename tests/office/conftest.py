"""A small company that has traded for a day, and people of every role with their browsers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from playwright.sync_api import Page, expect

from commerce.cases.models import Case
from commerce.cases.queue import open_case
from commerce.catalog.models import Variant
from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.pricing.models import Market
from commerce.sync.models import ImportRow, ImportRun
from orders.models import Order
from pos.models import Shift
from tests import accessibility
from tests.factories import trade
from tests.factories.catalog import CategoryFactory, MediaFactory, ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive


@dataclass(frozen=True)
class Company:
    market: Market
    pearl: Location
    ballard: Location
    mug: Variant
    tote: Variant
    sold: Order  # over the counter in Pearl
    shipped: Order  # on the web, to be sent from Pearl
    collected: Order  # on the web, to be picked up in Ballard
    shift: Shift
    case: Case  # Pearl's


@pytest.fixture
def company(db: None) -> Company:
    at = now()
    market = MarketFactory(name="United States")
    afternoon = (
        14 - at.hour
    )  # today's sales are of today at any hour that the tests run; the sign of Etc/GMT is POSIX's
    pearl, ballard = (
        LocationFactory(code=code, name=name, position=position, time_zone=f"Etc/GMT{-afternoon:+d}")
        for code, name, position in PLACES
    )
    shelf = CategoryFactory(name="Kitchen")
    mug, tote = (
        VariantFactory(product=ProductFactory(title=title, category=shelf, options=["Color"]), sku=sku)
        for title, sku in (("Enamel Mug", "BLU-01"), ("Canvas Tote", "TOT-02"))
    )
    MediaFactory(product=mug.product, path=picture())
    for place in (pearl, ballard):
        receive(mug, place, 20)
        receive(tote, place, 5, safety=1)
    cashier = UserFactory(username="cashier", role="associate", locations=[pearl])
    shift = trade.open_till(trade.register_at(pearl), cashier, at=at - timedelta(hours=3))
    sold = trade.sell(shift, [(mug, 2)], 5000, cashier=cashier, at=at - timedelta(hours=2))
    shipped = trade.order_on_web(market, [(mug, 1), (tote, 1)], email="ada@example.com", name="Ada Byron", at=at)
    collected = trade.order_on_web(market, [(tote, 1)], email="grace@example.com", pickup_at=ballard, at=at)
    _open_case(pearl, sold)
    ImportRow.objects.create(
        run=ImportRun.objects.create(
            file_name="products.csv", file_sha256="0" * 64, format="shopify", layout="products", rows_total=3,
            rows_done=3,
            state="finished", outcomes={"created": 2, "refused": 1}, started_at=at, finished_at=at,
        ),
        line=3,
        code="sku_taken",
        text="Another variant has the SKU BLU-01 already.",
        refused=True,
    )  # fmt: skip
    return Company(market, pearl, ballard, mug, tote, sold, shipped, collected, shift, Case.objects.get())


def picture() -> str:
    """A file of ours that a browser can show."""
    path = "office/mug.svg"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'))
    return path


PLACES = (("PDX-1", "Portland Pearl", 1), ("SEA-1", "Seattle Ballard", 2))


@action
def _open_case(place: Location, sale: Order) -> None:
    open_case(
        "oversell",
        subject="BLU-01 at PDX-1",
        text="A till sale took a unit that an order was promised.",
        location=place,
        context={"sale": sale.number, "sku": "BLU-01", "orders": [sale.number]},
        at=now() - timedelta(hours=9),
    )


@pytest.fixture
def staff(company: Company) -> Callable[..., User]:
    """`staff("manager", company.pearl)`: a person of a role, bound to the locations given."""

    def person(role: str, *places: Location) -> User:
        name = "-".join([role, *(place.code.lower() for place in places)])
        return UserFactory(username=name, role=role, locations=list(places), password="a long password")

    return person


@pytest.fixture
def as_staff(staff: Callable[..., User]) -> Callable[..., Client]:
    """`as_staff("manager", company.pearl)`: that person's browser, logged in."""

    def client(role: str, *places: Location, **options: Any) -> Client:
        browser = Client(**options)
        browser.force_login(staff(role, *places))
        return browser

    return client


# What htmx says of a preview that was still being asked for when its page was left, or asked for the next one.
LET_GO = frozenset({"htmx:afterRequest", "htmx:sendAbort"})


@pytest.fixture
def desk(
    page: Page, live_server: Any, company: Company, as_staff: Callable[..., Client]
) -> Iterator[Callable[..., Page]]:
    """`desk("/admin/")`: an administrator's browser at that address, light; complaints fail the test."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    session = as_staff("admin").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": 1440, "height": 900})

    page.add_init_script("localStorage.setItem('adminTheme', '\"light\"')")

    def open_page(address: str) -> Page:
        page.goto(live_server.url + address)
        return page

    yield open_page
    assert [said for said in complaints if said not in LET_GO] == []


@pytest.fixture
def axe_in_both_themes() -> Callable[..., list[accessibility.Violation]]:
    """`axe_in_both_themes(page)` checks a page of the desk in the office's light and dark theme."""

    def check(page: Page, context: str | None = None) -> list[accessibility.Violation]:
        found = accessibility.check(page, context)
        dark = page.locator("html.dark")
        expect(dark).to_have_count(0)
        page.keyboard.press("Control+e")
        expect(dark).to_have_count(1)
        accessibility.settle(page)
        found += accessibility.check(page, context, only_colors=True)
        page.keyboard.press("Control+e")
        expect(dark).to_have_count(0)
        return found

    return check
