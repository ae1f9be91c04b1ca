"""What the pages show, and that a page of fifty rows asks the database no more often than a page of one."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.ledger.models import Account
from commerce.office.paginator import EXACT_UP_TO, EstimatingPaginator
from orders.actions.prepare_pickup import prepare_pickup
from pos.models import CashMovement
from tests.factories import trade
from tests.factories.cases import CaseFactory
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory, PriceFactory, TaxRateFactory
from tests.office import pages
from tests.office.conftest import Company

LIST_BUDGET = 12
ROW_BUDGET = 24


def statements(browser: Client, address: str) -> int:
    """How many statements a page needs, sessions and savepoints included; the shop's name is asked for by the clock."""
    browser.get(address)  # content types and the like are remembered after this
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address, follow=True).status_code == 200, address
    return sum("company_shop" not in query["sql"] for query in seen.captured_queries)


def more_trade(company: Company, sales: int) -> None:
    at = now()
    cashier = company.shift.opened_by
    for number in range(sales):
        product = ProductFactory(title=f"Plate {number}")
        VariantFactory(product=product)
        trade.sell(company.shift, [(company.mug, 1)], 2500, cashier=cashier, at=at)
        UserFactory(role="associate", locations=[company.pearl])


@pytest.fixture
def office(as_staff: Callable[..., Client]) -> Client:
    return as_staff("admin")


def test_lists_and_rows_stay_within_their_budgets(company: Company, office: Client) -> None:
    before = {address: statements(office, address) for address in pages.lists().values()}
    more_trade(company, 8)
    for address, few in before.items():
        many = statements(office, address)
        assert many <= few, f"{address} asks once per row: {few} statements, then {many}"
        assert many <= LIST_BUDGET, address
    for address in pages.rows().values():
        assert statements(office, address) <= ROW_BUDGET, address


def test_the_home_page_and_the_matrix_stay_within_their_budgets(company: Company, office: Client) -> None:
    more_trade(company, 4)
    assert statements(office, reverse("admin:index")) <= 19
    assert statements(office, reverse("admin:stock-overview")) <= 8


def test_the_order_list_shows_both_channels_in_one(company: Company, office: Client) -> None:
    page = office.get(pages.lists()["orders.order"]).content.decode()
    for order in (company.sold, company.shipped, company.collected):
        assert order.number in page
    assert "$50.00" in page
    assert "Ada Byron" in page
    assert "Walk-in" in page


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("ada@example.com", {"shipped"}),
        ("byron", {"shipped"}),
        ("tot-02", {"shipped", "collected"}),
        (" blu-01 ", {"sold", "shipped"}),
        ("PDX-1-1-", {"sold"}),
        ("nothing of the kind", set()),
    ],
)
def test_orders_are_found_by_what_people_have_at_hand(
    term: str, found: set[str], company: Company, office: Client
) -> None:
    page = office.get(pages.lists()["orders.order"], {"q": term}).content.decode()
    orders = {name: getattr(company, name).number for name in ("sold", "shipped", "collected")}
    assert {name for name, number in orders.items() if f">{number}</a>" in page} == found


def test_an_order_is_found_by_its_number(company: Company, office: Client) -> None:
    page = office.get(pages.lists()["orders.order"], {"q": company.shipped.number}).content.decode()
    assert f">{company.shipped.number}</a>" in page
    assert f">{company.sold.number}</a>" not in page


def test_filters_narrow_the_order_list(company: Company, office: Client) -> None:
    address = pages.lists()["orders.order"]

    def numbers(**filters: str) -> set[str]:
        page = office.get(address, filters).content.decode()
        return {
            order.number
            for order in (company.sold, company.shipped, company.collected)
            if f">{order.number}</a>" in page
        }

    assert numbers(channel__exact="pos") == {company.sold.number}
    assert numbers(todo="pending") == {company.shipped.number, company.collected.number}
    assert numbers(location__id__exact=str(company.ballard.pk)) == {company.collected.number}
    assert numbers(business_date_from="2199-01-01") == set()
    assert numbers(state="canceled") == set()


def test_an_orders_page_tells_its_whole_story(company: Company, office: Client) -> None:
    page = office.get(pages.row_of(company.shipped)).content.decode()
    for words in ("Enamel Mug", "BLU-01", "visa 4242", "12 Fern Street", "Order placed as", "Owed by customers"):
        assert words in page, words
    debits_and_credits = re.findall(r"\$\d+\.\d\d", page)
    assert debits_and_credits.count("$50.00") >= 4  # the total, its payment, and both entries of the books
    ship = reverse("admin:orders_fulfillment_ship_page", args=[company.shipped.fulfillments.get().pk])
    assert ship in page
    assert reverse("admin:orders_fulfillment_ready_page", args=[company.shipped.fulfillments.get().pk]) not in page


def test_taxes_are_on_top_or_inside(company: Company, office: Client) -> None:
    TaxRateFactory(country="US", name="Sales tax", rate_ppm=62_500, valid_from=date(2020, 1, 1))
    order = trade.order_on_web(company.market, [(company.mug, 2)], email="tax@example.com", at=now())
    page = office.get(pages.row_of(order)).content.decode()
    assert re.search(r"<dt>Sales tax 6.25 %</dt><dd>.*?\$3\.13", page)  # 6.25 % of 50.00 is 3.125
    assert re.search(r"<dt>Total</dt><dd>.*?\$53\.13", page, re.S)
    europe = MarketFactory(eu=True, tax=210_000)
    PriceFactory(price_list=europe.price_list, variant=company.mug, amount_minor=2420)
    address = {**trade.ADDRESS, "country": "DE", "state": ""}
    order = trade.order_on_web(europe, [(company.mug, 1)], email="vat@example.com", at=now(), address=address)
    page = office.get(pages.row_of(order)).content.decode()
    assert re.search(r"<dt>of which DE tax 21 %</dt><dd>.*?€4\.20", page)


def test_next_actions_follow_the_state(company: Company, office: Client) -> None:
    fulfillment = company.collected.fulfillments.get()
    ready, hand_over = (
        reverse(f"admin:orders_fulfillment_{page}", args=[fulfillment.pk]) for page in ("ready_page", "hand_over_page")
    )
    page = office.get(pages.row_of(company.collected)).content.decode()
    assert ready in page
    prepare_pickup(fulfillment.uid, person=None, at=now())
    page = office.get(pages.row_of(company.collected)).content.decode()
    assert ready not in page
    assert hand_over in page


def test_stock_says_why_it_is_what_it_is(company: Company, office: Client) -> None:
    level = company.tote.stock_levels.get(location=company.ballard)
    page = office.get(pages.row_of(level)).content.decode()
    assert "promised to an order" in page
    assert "Goods receipt" in page
    numbers = dict(re.findall(r"<dt>(.*?)</dt><dd>(\d+)</dd>", page))
    assert numbers == {"On hand": "5", "Reserved": "1", "Safety": "1", "Available": "3"}
    link = re.search(rf'href="({reverse("admin:document", args=["order", company.collected.uid])})"', page)
    assert link is not None
    assert office.get(link[1])["Location"] == pages.row_of(company.collected)


def test_documents_are_found_by_every_name_they_go_by(company: Company, office: Client) -> None:
    order = company.shipped
    for source_type, key in (
        ("order", order.uid),
        ("order", order.number),
        ("payment", order.payments.get().uid),
        ("fulfillment", order.fulfillments.get().uid),
    ):
        assert office.get(reverse("admin:document", args=[source_type, key]))["Location"] == pages.row_of(order)
    assert office.get(reverse("admin:document", args=["order", "nothing"])).status_code == 404
    assert office.get(reverse("admin:document", args=["nothing", order.uid])).status_code == 404


def test_balances_are_sums_of_postings(company: Company, office: Client) -> None:
    page = office.get(pages.lists()["ledger.account"]).content.decode()
    cash = Account.objects.get(code="cash")
    assert sum(cash.postings.values_list("amount_minor", flat=True)) == 5000
    assert re.search(r">Cash in drawers</a>.*?\$50\.00</span> <span class=\"stacked--soft\">debit", page, re.S)
    # What was shipped but not handed over yet is owed, not earned.
    for account, figure in (("Sales", r"\$50\.00"), ("Sold, not yet handed over", r"\$75\.00")):
        assert re.search(rf">{account}</a>.*?{figure}</span> <span class=\"stacked--soft\">credit", page, re.S), account


def test_a_shift_shows_what_its_drawer_should_hold(company: Company, office: Client) -> None:
    page = office.get(pages.row_of(company.shift)).content.decode()
    assert "$250.00" in page  # the float of 200 and the sale of 50
    trade.close_till(company.shift, company.shift.opened_by, counted_minor=24_750, at=now())
    page = office.get(pages.row_of(company.shift)).content.decode()
    assert "$2.50" in page
    listed = office.get(pages.lists()["pos.shift"], {"open": "off"}).content.decode()
    assert "Counter 1" in listed
    assert CashMovement.objects.filter(shift=company.shift).count() == 2


def test_the_home_pages_numbers_lead_to_their_rows(company: Company, office: Client) -> None:
    page = office.get(reverse("admin:index")).content.decode()
    tiles = dict(re.findall(r'<p class="stat__label"><a href="([^"]+)">([^<]+)</a>', page))
    assert set(tiles.values()) == {
        "Sales today", "Orders to prepare", "Oversell rate", "Phone orders waiting", "Open cases", "Oversold now",
        "Low stock", "Counts to review", "Open shifts",
    }  # fmt: skip
    figures = re.findall(r'<p class="stat__figure">([^<]+)</p>', page)
    assert figures == ["$125.00", "2", "33.33%", "0", "1", "0", "0", "0", "1"]
    for address in tiles:
        assert office.get(address.replace("&amp;", "&")).status_code == 200
    for row in re.findall(r'<th scope="row"><a class="office-link" href="([^"]+)">', page):
        assert office.get(row.replace("&amp;", "&")).status_code == 200


def test_last_week_is_compared_by_this_time_of_day(company: Company, office: Client) -> None:
    cashier = company.shift.opened_by
    at = now() - timedelta(days=7)
    trade.sell(company.shift, [(company.mug, 1)], 2500, cashier=cashier, at=at - timedelta(seconds=5))
    page = office.get(reverse("admin:index")).content.decode()
    assert "+400% on last week by now" in page


def test_times_are_those_of_the_persons_store(company: Company, as_staff: Callable[..., Client]) -> None:
    amsterdam = LocationFactory(code="AMS-1", name="Amsterdam", time_zone="Europe/Amsterdam", position=9)
    Location.objects.filter(pk=company.pearl.pk).update(time_zone="America/Los_Angeles")  # the first location's
    at = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    register, person = trade.register_at(amsterdam), UserFactory(role="associate", locations=[amsterdam])
    shift = trade.open_till(register, person, at=at)
    cache.clear()  # the zone of the first location is remembered for a minute
    for browser, hour in ((as_staff("manager", amsterdam), "1 p.m."), (as_staff("office"), "4 a.m.")):
        assert f"Opened Jan. 5, 2026, {hour}" in browser.get(pages.row_of(shift)).content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_large_list_is_estimated(company: Company) -> None:
    product = ProductFactory(title="Beads")
    Variant.objects.bulk_create(
        (Variant(product=product, sku=f"BEAD-{n}", sku_key=f"BEAD-{n}") for n in range(EXACT_UP_TO + 500)),
        batch_size=1000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_variant")
    large = EstimatingPaginator(Variant.objects.order_by("pk"), 50)
    assert large.count == pytest.approx(EXACT_UP_TO + 502, rel=0.02)
    assert large.is_estimate
    few = EstimatingPaginator(Variant.objects.filter(sku_key__startswith="BEAD-1234").order_by("pk"), 50)
    assert (few.count, few.is_estimate) == (1, False)
    assert EstimatingPaginator(Variant.objects.none(), 50).count == 0
    assert EstimatingPaginator(["a", "b"], 50).count == 2


def test_a_large_list_says_about(company: Company, office: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commerce.office.paginator.EXACT_UP_TO", 1)
    page = office.get(pages.lists()["orders.order"]).content.decode()
    assert re.search(r"about [\d,]+ orders", page)


def test_what_was_done_is_in_the_rows_history(company: Company, office: Client) -> None:
    office.post(reverse("admin:cases_case_resolve_page", args=[company.case.pk]), {"note": "Called the customer."})
    page = office.get(pages.row_of(company.case)).content.decode()
    assert "Called the customer." in page
    assert LogEntry.objects.filter(object_id=str(company.case.pk)).count() == 2


def test_a_case_leads_to_what_it_is_about(company: Company, office: Client) -> None:
    """By order number, by receipt number, by a document's uid; what was sent is shown as it was sent."""
    receipt = company.sold.sale.receipt_number
    made = [
        ("price_drift", company.sold.number, {"differences": ["BLU-01: $19.00"]}, company.sold),
        ("receipt_number_clash", receipt, {"receipt_number": receipt}, company.sold),
        ("paid_unfulfillable", str(company.shipped.uid), {"order": str(company.shipped.uid)}, company.shipped),
    ]
    for kind, subject, context, order in made:
        case = CaseFactory(kind=kind, subject=subject, context=context)
        page = office.get(pages.row_of(case)).content.decode()
        assert kind.capitalize() not in page
        (link,) = set(re.findall(r'href="(/admin/documents/[^"]+)"', page)) or {""}
        assert office.get(link)["Location"] == pages.row_of(order)
    refused = CaseFactory(kind="sale_refused", subject="x", context={"envelope": {"lines": [{"sku": "<b>"}]}})
    assert "&quot;sku&quot;: &quot;&lt;b&gt;&quot;" in office.get(pages.row_of(refused)).content.decode()


def test_a_view_is_kept_for_its_person_alone(company: Company, office: Client, as_staff: Callable[..., Client]) -> None:
    address = pages.lists()["orders.order"]
    save = {"list": "orders.order", "name": " Pearl,  web ", "query": "channel__exact=web&p=3&q="}
    assert office.post(reverse("admin:saved-views"), save)["Location"] == f"{address}?channel__exact=web"
    page = office.get(address, {"channel__exact": "web"}).content.decode()
    assert '<a class="tabs__tab" href="?channel__exact=web" aria-current="page">Pearl, web</a>' in page
    colleague = as_staff("office")
    assert "Pearl, web" not in colleague.get(address).content.decode()
    removal = re.search(r'action="([^"]+/removal/)"', page)
    assert removal is not None
    assert colleague.post(removal[1]).status_code == 404
    office.post(removal[1])
    assert "Pearl, web" not in office.get(address).content.decode()


@pytest.mark.parametrize(("name", "label", "status"), [("", "orders.order", 302), ("x", "no.model", 404)])
def test_a_view_needs_a_name_and_a_list(name: str, label: str, status: int, company: Company, office: Client) -> None:
    answer = office.post(reverse("admin:saved-views"), {"list": label, "name": name, "query": ""})
    assert answer.status_code == status
