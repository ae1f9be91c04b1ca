"""Prices in the back office: the grid, changes of many at once, files, history, and who may."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.pricing import prices
from commerce.pricing.models import CustomerGroup, Price
from commerce.pricing.timeline import Days
from tests.factories.catalog import VariantFactory
from tests.factories.pricing import PriceListFactory
from tests.office.conftest import Company

Browse = Callable[..., Client]
TODAY = now().date()


@pytest.fixture
def office(as_staff: Browse) -> Client:
    return as_staff("office")


def page(company: Company, name: str = "grid", query: str = "") -> str:
    return reverse(f"admin:price-list-{name}", args=[company.market.price_list_id]) + (f"?{query}" if query else "")


def typed(browser: Client, address: str, **cells: str) -> dict[str, str]:
    """A form as the page has it, with some cells typed over."""
    text = browser.get(address).content.decode()
    found = dict(re.findall(r'<input[^>]*name="((?:price|was|seen)-\d+)"[^>]*?value="([^"]*)"', text))
    assert set(cells) <= set(found)
    return {**found, **cells}


def plan(company: Company, variant: Variant, amount: int, first: date, last: date | None = None) -> None:
    with transaction.atomic():
        wanted: prices.Wanted = [(Days.through(first, last), (amount, None))]
        prices.change(company.market.price_list_id, {(variant.pk, 1): wanted}, at=now())


def amounts(variant: Variant) -> list[int]:
    return list(Price.objects.filter(variant=variant).order_by("during").values_list("amount_minor", flat=True))


def test_cells_are_previewed_and_saved_at_once(company: Company, office: Client) -> None:
    address, mug, tote = page(company), company.mug.pk, company.tote.pk
    form = typed(office, address, **{f"price-{mug}": "27.50", f"was-{mug}": "30", f"price-{tote}": "24.00"})
    shown = office.post(address, form).content.decode()
    assert "What will change" in shown
    assert "+10 %" in shown
    assert (amounts(company.mug), amounts(company.tote)) == ([2500], [2500])
    answer = office.post(address, {**form, "save": "1"})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert (amounts(company.mug), amounts(company.tote)) == ([2750], [2400])
    written = Price.objects.get(variant=company.mug)
    assert (written.compare_at_minor, written.recorded_by) == (3000, written.recorded_by)
    assert written.recorded_by is not None
    assert "2 prices are changed." in office.get(address).content.decode()


WRONG = [("-1", "A price cannot be negative."), ("1.005", "has too many decimals"), ("twelve", "is not an amount"),
         ("99999999999", "is more than a price can be")]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), WRONG, ids=[text for text, _says in WRONG])
def test_a_cell_that_is_wrong_saves_nothing(text: str, says: str, company: Company, office: Client) -> None:
    address = page(company)
    cells = {f"price-{company.mug.pk}": text, f"price-{company.tote.pk}": "9.00"}
    answer = office.post(address, {**typed(office, address, **cells), "save": "1"})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert (amounts(company.mug), amounts(company.tote)) == ([2500], [2500])


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(company: Company, office: Client) -> None:
    address = page(company)
    form = typed(office, address, **{f"price-{company.mug.pk}": "27.50"})
    with transaction.atomic():
        prices.put(company.market.price_list_id, {company.mug.pk: (2900, None)}, at=now())
    answer = office.post(address, {**form, "save": "1"})
    assert answer.status_code == 422
    assert "Somebody has changed this price meanwhile." in answer.content.decode()
    assert amounts(company.mug) == [2900]


def test_an_emptied_cell_takes_it_off_the_list(company: Company, office: Client) -> None:
    address = page(company)
    form = typed(office, address, **{f"price-{company.mug.pk}": ""})
    assert "off the list" in office.post(address, form).content.decode()
    office.post(address, {**form, "save": "1"})
    assert amounts(company.mug) == []


def test_the_grid_says_what_is_planned_and_what_will_count_on_a_day(company: Company, office: Client) -> None:
    first = TODAY + timedelta(days=8)
    plan(company, company.mug, 1900, first, first + timedelta(days=2))
    assert "$19.00" in office.get(page(company)).content.decode()
    then = office.get(page(company, query=f"on={first}")).content.decode()
    assert "$19.00" in then
    assert "Preview changes" not in then
    assert "$19.00" not in office.get(page(company, query=f"on={first - timedelta(days=1)}&q=TOT")).content.decode()


@pytest.mark.parametrize(
    ("query", "skus"),
    [
        ("q=BLU", {"BLU-01"}),
        ("q=tote", {"TOT-02"}),
        ("category=kitchen", {"BLU-01", "TOT-02"}),
        ("category=none", set()),
        ("show=without", {"BARE"}),
        ("show=planned", {"TOT-02"}),
        ("p=999&on=nonsense&show=x", {"BLU-01", "TOT-02", "BARE"}),
    ],
)
def test_filters(query: str, skus: set[str], company: Company, office: Client) -> None:
    VariantFactory(sku="BARE", price=False)
    plan(company, company.tote, 1900, TODAY + timedelta(days=8), TODAY + timedelta(days=9))
    text = office.get(page(company, query=query)).content.decode()
    assert {sku for sku in ("BLU-01", "TOT-02", "BARE") if f">{sku}<" in text} == skus


def test_costs_and_margins_for_those_who_may_see_them(company: Company, office: Client) -> None:
    from inventory.models import StockLevel

    StockLevel.objects.filter(variant=company.mug).update(value_minor=1000, on_hand=10)
    text = office.get(page(company, query="q=BLU")).content.decode()
    assert "$1.00" in text
    assert "96.0 %" in text


def test_a_change_of_many_prices_is_shown_then_saved(company: Company, office: Client) -> None:
    first = TODAY + timedelta(days=8)
    address = page(company, "schedule", "q=BLU")
    form = {"how": "percent", "by": "-20", "ending": "1:0.99", "first": str(first), "last": str(first)}
    shown = office.post(address, form).content.decode()
    assert "1 price would change." in shown
    assert "$19.99" in shown
    assert amounts(company.mug) == [2500]
    assert office.post(address, {**form, "save": "1"}).status_code == 302
    assert (amounts(company.mug), amounts(company.tote)) == ([2500, 1999, 2500], [2500])
    again = office.post(address, {**form, "save": "1"})
    assert again.status_code == 422
    assert "$19.99 is planned on" in again.content.decode()
    assert "BLU-01" in again.content.decode()


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"by": "much"}, "Write a percentage"),
        ({"by": "-120"}, "between -100 and 900"),
        ({"how": "amount", "by": "-12,50"}, "is not an amount"),
        ({"how": "amount", "by": "-30"}, "would become less than nothing"),
        ({"first": "2020-01-01"}, "This day is over."),
        ({"last": "2020-01-01"}, "The last day is before the first one."),
        ({"first": ""}, "This field is required."),
    ],
)
def test_a_schedule_that_makes_no_sense(changed: dict[str, str], says: str, company: Company, office: Client) -> None:
    form = {
        "how": "percent",
        "by": "-20",
        "ending": "",
        "first": str(TODAY + timedelta(days=8)),
        "last": "",
        "save": "1",
    }
    answer = office.post(page(company, "schedule"), {**form, **changed})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert amounts(company.mug) == [2500]


def upload(browser: Client, company: Company, text: str, **more: str) -> Any:
    file = SimpleUploadedFile("prices.csv", text.encode(), content_type="text/csv")
    return browser.post(page(company, "import"), {"file": file, "first": "", "last": "", **more})


def test_a_file_is_shown_then_taken_as_a_whole(company: Company, office: Client) -> None:
    shown = upload(office, company, "sku,price\nBLU-01,27.50\nTOT-02,25.00\n").content.decode()
    assert "1 price would change." in shown
    [kept] = re.findall(r'name="kept" value="([^"]+)"', shown)
    assert amounts(company.mug) == [2500]
    again = {"kept": kept, "first": "", "last": "", "save": "1"}
    assert office.post(page(company, "import"), again).status_code == 302
    assert amounts(company.mug) == [2750]
    forged = office.post(page(company, "import"), {**again, "kept": f"{kept}x"})
    assert forged.status_code == 422


def test_a_file_with_one_wrong_row_writes_nothing(company: Company, office: Client) -> None:
    answer = upload(office, company, "sku,price\nBLU-01,27.50\nNONE,1.00\n", save="1")
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is no SKU NONE." in text
    assert '<th scope="row">3</th>' in text
    assert amounts(company.mug) == [2500]


def test_export_then_import_changes_nothing(company: Company, office: Client) -> None:
    plan(company, company.mug, 1900, TODAY + timedelta(days=8), TODAY + timedelta(days=9))
    exported = office.get(page(company, "export"))
    content = b"".join(exported.streaming_content)  # type: ignore[attr-defined]
    assert exported["Content-Disposition"] == 'attachment; filename="prices-us.csv"'
    before = list(Price.history.order_by("pk").values())
    shown = upload(office, company, content.decode("utf-8-sig")).content.decode()
    assert "Nothing would change" in shown
    assert list(Price.history.order_by("pk").values()) == before


def test_the_history_of_a_variant_and_why_it_cost_that(company: Company, office: Client) -> None:
    staff = PriceListFactory(code="staff", name="Staff")
    staff.only_groups.add(CustomerGroup.objects.create(code="staff", name="Staff"))
    with transaction.atomic():
        prices.put(staff.pk, {company.mug.pk: (1000, None)}, at=now())
    plan(company, company.mug, 1900, TODAY + timedelta(days=8), TODAY + timedelta(days=9))
    address = reverse("admin:price-history", args=[company.mug.pk])
    text = office.get(address).content.decode()
    for words in ("Planned", "Take back", "What was written", "$19.00"):
        assert words in text
    tomorrow = TODAY + timedelta(days=1)
    asked = office.get(address, {"place": "l-PDX-1", "day": str(tomorrow), "time": "14:10"}).content.decode()
    assert "This price counts" in asked
    assert "For a customer group" in asked
    assert office.get(address, {"place": "l-NONE", "day": "soon", "time": "14:10"}).status_code == 422
    assert office.get(reverse("admin:price-history", args=[0])).status_code == 404


def test_a_planned_price_is_taken_back(company: Company, office: Client) -> None:
    plan(company, company.mug, 1900, TODAY + timedelta(days=8), TODAY + timedelta(days=9))
    limited = Price.objects.get(is_limited=True)
    address = reverse("admin:pricing_price_taking_back", args=[limited.pk])
    assert office.get(address).status_code == 200
    assert amounts(company.mug) == [2500, 1900, 2500]
    assert office.post(address).status_code == 302
    assert amounts(company.mug) == [2500]
    standing = reverse("admin:pricing_price_taking_back", args=[Price.objects.get(variant=company.mug).pk])
    assert office.post(standing).status_code == 422


def test_a_price_is_typed_with_its_days_and_an_overlap_is_named(company: Company, office: Client) -> None:
    first = TODAY + timedelta(days=8)
    form = {
        "price_list": company.market.price_list_id, "variant": company.mug.pk, "price": "19.00", "compare_at": "",
        "quantity": "", "first": str(first), "last": str(first + timedelta(days=2)),
    }  # fmt: skip
    assert office.post(reverse("admin:pricing_price_add"), form).status_code == 302
    assert amounts(company.mug) == [2500, 1900, 2500]
    for last in (form["last"], str(first)):
        refused = office.post(reverse("admin:pricing_price_add"), {**form, "price": "18", "last": last})
        assert "$19.00 is planned from" in refused.content.decode()
    turned = office.post(reverse("admin:pricing_price_add"), {**form, "last": "2020-01-01"})
    assert "The last day is before the first one." in turned.content.decode()
    more = {**form, "quantity": "6", "first": "", "last": "", "price": "20"}
    assert office.post(reverse("admin:pricing_price_add"), more).status_code == 302
    assert Price.objects.get(from_quantity=6).amount_minor == 2000


def test_managers_see_prices_and_change_none(company: Company, as_staff: Browse) -> None:
    manager = as_staff("manager", company.pearl)
    text = manager.get(page(company)).content.decode()
    assert "$25.00" in text
    assert "price-cell" not in text
    assert (
        manager.post(
            page(company), {f"price-{company.mug.pk}": "1", f"seen-{company.mug.pk}": "2500:", "save": "1"}
        ).status_code
        == 200
    )
    assert [manager.get(page(company, name)).status_code for name in ("schedule", "import", "export")] == [
        403,
        403,
        200,
    ]
    assert manager.get(reverse("admin:price-history", args=[company.mug.pk])).status_code == 200
    limited = Price.objects.get(variant=company.mug)
    assert manager.post(reverse("admin:pricing_price_taking_back", args=[limited.pk])).status_code == 403
    assert amounts(company.mug) == [2500]
    assert as_staff("associate").get(page(company)).status_code in (302, 403)


def test_a_page_of_the_grid_takes_as_many_statements_for_fifty_as_for_two(
    company: Company, office: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        VariantFactory(sku=f"M-{number:02}", product=company.mug.product)
    with django_assert_max_num_queries(32):
        office.get(page(company))
