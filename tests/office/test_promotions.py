"""The promotions of the back office: the builder without a script, the list, and the simulator."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from commerce.catalog.models import Collection
from commerce.kernel.clock import now
from commerce.pricing.admin.promotion_offers import OFFERED
from commerce.pricing.models import Coupon, Promotion
from tests.factories.catalog import CategoryFactory
from tests.factories.offers import item, promotion
from tests.office.conftest import Company

pytestmark = pytest.mark.django_db
LIST = "/admin/pricing/promotion/"


@pytest.fixture
def office(as_staff: Callable[..., Client]) -> Client:
    return as_staff("office")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def add(office: Client, offer: str, **typed: Any) -> Any:
    usual = {"name": "An offer", "label": "Offer", "priority": "100", "do": "save"}
    return office.post(reverse("admin:pricing_promotion_add") + f"?offer={offer}", {**usual, **typed})


def test_a_card_for_every_kind_leads_to_its_form(office: Client, company: Company) -> None:
    cards = text(office.get(reverse("admin:pricing_promotion_add")))
    for card in OFFERED:
        assert f"?offer={card.key}" in cards
        form = office.get(reverse("admin:pricing_promotion_add"), {"offer": card.key})
        assert form.status_code == 200
        shown = text(form)
        assert ('name="percent"' in shown) == ("percent" in card.fields)
        assert ('name="amount_USD"' in shown) == ("amount" in card.fields)


def test_an_offer_is_made_searched_for_and_let_run_without_a_script(office: Client, company: Company) -> None:
    category = company.mug.product.category
    found = add(office, "buy_get", **{"find-select": "kitch", "do": "find"})
    assert found.status_code == 200
    assert f'value="category:{category.pk}"' in text(found)
    typed = {"buy_quantity": "2", "get_quantity": "1", "items-select": f"category:{category.pk}", "do": "start"}
    saved = add(office, "buy_get", **typed, weekdays=["5"], channels=["pos"], is_exclusive="on")
    row = Promotion.objects.get()
    assert saved.url == reverse("admin:pricing_promotion_change", args=[row.pk])
    assert (row.is_active, row.weekdays, row.only_channels, row.is_exclusive) == (True, [5], ["pos"], True)
    assert row.items.get().category == category
    page = text(office.get(saved.url))
    assert "Buy 2, get 1 free in Kitchen, in stores, on Saturday. Not together with other offers." in page
    assert 'value="2"' in page
    assert "Buy 2, get 1 free in Kitchen" in text(office.get(LIST))


@pytest.mark.parametrize(
    ("offer", "typed", "words"),
    [
        ("percent", {"percent": "120"}, "between 0 and 100"),
        ("percent", {"percent": "1,2,3"}, "Enter a number"),
        ("percent", {"percent": "20", "name": ""}, "Give it a name"),
        ("amount", {"amount_USD": "5,0,0"}, "is not an amount"),
        ("amount", {}, "Say the amount in USD"),
        ("bundle", {"amount_USD": "9", "pieces-0": "1", "pieces-1": "1"}, "Choose what belongs to the bundle"),
        ("bundle", {"amount_USD": "9", "pieces-0": "x", "pieces-1": "1"}, "How many pieces"),
        ("gift", {"get_quantity": "1"}, "Choose what is given away"),
        ("tiers", {"tier_kind": "percent", "tier-count": ["6", "3"], "tier-percent": ["10", "15"]}, "Let the pieces"),
        ("tiers", {"tier_kind": "percent", "tier-count": ["many"], "tier-percent": ["10"]}, "Row 1: write numbers"),
        ("percent", {"percent": "5", "starts_on": "2026-05-03", "ends_on": "2026-05-02"}, "lies before the first"),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_beside_its_field(
    office: Client, company: Company, offer: str, typed: dict[str, Any], words: str
) -> None:
    refused = add(office, offer, **typed)
    assert refused.status_code == 422
    assert words in text(refused)
    assert not Promotion.objects.exists()


def test_tiers_and_bundles_come_back_as_they_were_typed(office: Client, company: Company) -> None:
    tiers = {"tier_kind": "percent", "tier-count": ["3", "6", ""], "tier-percent": ["10", "12.5", ""]}
    add(office, "tiers", **tiers, name="Tiers")
    parts = {"pieces-0": "1", "items-part-0": f"variant:{company.mug.pk}", "pieces-1": "2",
             "items-part-1": f"product:{company.tote.product_id}", "amount_USD": "40"}  # fmt: skip
    add(office, "bundle", **parts, name="Set")
    shown = text(office.get(reverse("admin:pricing_promotion_change", args=[Promotion.objects.get(name="Tiers").pk])))
    assert 'value="12.5"' in shown
    bundle = Promotion.objects.get(name="Set")
    rows = list(bundle.items.values_list("part", "quantity", "variant__sku"))
    assert rows == [(0, 1, "BLU-01"), (1, 2, "TOT-02")]
    assert "2 of Canvas Tote" in text(office.get(reverse("admin:pricing_promotion_change", args=[bundle.pk])))


def test_warnings_are_said_when_it_is_saved(office: Client, company: Company) -> None:
    promotion(name="Old sale", label="Sale", items=[company.mug], is_exclusive=True)
    typed = {"items-select": f"variant:{company.mug.pk}", "amount_USD": "999", "is_exclusive": "on", "name": "New sale"}
    saved = add(office, "fixed_price", **typed, do="start")
    shown = text(office.get(saved.url))
    assert "no less than what some items cost already" in shown
    assert "are both exclusive and for the same items" in shown
    assert "1 pair of offers stands" in text(office.get(LIST))


def test_the_rule_is_read_back_while_it_is_typed(office: Client, company: Company) -> None:
    address = reverse("admin:promotion-summary") + "?offer=percent&row="
    shown = text(office.post(address, {"percent": "15", "needs_coupon": "on"}))
    assert "15% off everything, with a coupon." in shown
    assert 'id="promotion-summary"' in shown
    found = office.get(reverse("admin:promotion-find"), {"key": "select", "find-select": "tot"})
    assert "Canvas Tote" in text(found)


def test_a_state_has_its_next_steps(office: Client, company: Company) -> None:
    draft, running = promotion(active=False, name="Draft"), promotion(name="Runs")
    page = reverse("admin:pricing_promotion_change", args=[draft.pk])
    assert "Delete" in text(office.get(page))
    assert office.post(reverse("admin:pricing_promotion_start_page", args=[draft.pk])).status_code == 302
    assert office.post(reverse("admin:pricing_promotion_pause_page", args=[running.pk])).status_code == 302
    draft.refresh_from_db()
    running.refresh_from_db()
    assert (draft.is_active, running.is_active) == (True, False)
    states = {state: text(office.get(LIST, {"state": state})) for state in ("draft", "running", "paused", "scheduled")}
    assert ["Draft</" in states["running"], "Runs</" in states["paused"], "Runs</" in states["running"]] == [
        True, True, False,
    ]  # fmt: skip


def test_one_that_needs_a_coupon_is_saved_but_does_not_run_yet(office: Client, company: Company) -> None:
    saved = add(office, "percent", percent="10", needs_coupon="on", do="start")
    assert "does not run yet" in text(office.get(saved.url))
    assert not Promotion.objects.get().is_active


def test_only_who_may_change_prices_sees_buttons(as_staff: Callable[..., Client], company: Company) -> None:
    row = promotion()
    manager = as_staff("manager")
    page = manager.get(reverse("admin:pricing_promotion_change", args=[row.pk]))
    assert page.status_code == 200
    assert "Save" not in text(page).split("promotion-side")[1]
    assert manager.get(reverse("admin:pricing_promotion_add")).status_code == 403
    assert add(manager, "percent", percent="10").status_code == 403
    assert manager.post(reverse("admin:pricing_promotion_change", args=[row.pk]), {"do": "save"}).status_code == 403
    assert as_staff("associate").get(LIST).status_code == 302


def simulated(office: Client, **asked: Any) -> Any:
    usual = {"market": "us", "channel": "web", "cart": "BLU-01 2\nTOT-02"}
    return office.get(reverse("admin:promotion-simulator"), {**usual, **asked})


def test_the_simulator_says_what_fired_and_what_did_not_and_why(office: Client, company: Company) -> None:
    shelf = CategoryFactory(name="Elsewhere")
    promotion(name="Mugs", items=[company.mug])
    promotion(name="Others", items=[shelf])
    promotion("amount", name="Rich", scope="order", min_spend={"USD": 100_000})
    promotion("buy_get", name="Three", buy_quantity=3, items=[company.mug])
    promotion(name="Later", starts_on=localdate(now()) + timedelta(days=3))
    answer = simulated(office)
    offers = {row["name"]: row for row in answer.context["promotions"]}
    assert (offers["Mugs"]["fired"], offers["Mugs"]["amount"]) == (True, 1000)
    assert offers["Others"]["why"] == "Nothing of what it is for is in the cart."
    assert offers["Rich"]["why"] == "$935.00 more would have to be spent."
    assert offers["Three"]["why"] == "2 pieces are missing for it."
    assert offers["Later"]["why"] == "It has not begun yet."
    assert "this one counts" in text(answer)


def test_a_draft_is_tried_beside_what_runs(office: Client, company: Company) -> None:
    summer = Collection.objects.create(name="Summer", slug="summer")
    summer.products.add(company.tote.product)
    tried = promotion(name="Trial", active=False, items=[item(summer)], percent_ppm=500_000, needs_coupon=True)
    answer = simulated(office, beside=tried.pk)
    assert answer.context["changed"] == -1250
    assert "Without and with “Trial”" in text(answer)
    assert simulated(office).context["beside"] is None


def test_an_order_is_tried_again_by_its_number(office: Client, company: Company) -> None:
    answer = simulated(office, cart="", order=company.shipped.number)
    assert [row.sku for row in answer.context["rows"]] == ["BLU-01", "TOT-02"]
    assert "There is no order 999" in text(simulated(office, cart="", order="999"))


def test_what_is_pasted_wrong_is_named_by_its_line(office: Client, company: Company) -> None:
    answer = simulated(office, cart="BLU-01 2\nNOPE 1")
    assert answer.status_code == 422
    assert "Line 2: nothing has the SKU or barcode “NOPE”." in text(answer)
    assert "how many" in text(simulated(office, cart="BLU-01 0"))


def test_coupons_are_looked_up_in_the_simulator(office: Client, company: Company) -> None:
    row = promotion(needs_coupon=True, name="Welcome")
    Coupon.objects.create(promotion=row, code="WELCOME10", code_key="WELCOME10", created_at=now())
    answer = simulated(office, coupons="welcome-10, nonsense")
    assert [each["fired"] for each in answer.context["promotions"]] == [True]
    assert "There is no coupon nonsense" in text(answer)
