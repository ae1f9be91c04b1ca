"""Price lists in the back office: where, when and for whom they count, and what they are derived from."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.events.models import Event
from commerce.pricing.models import Price, PriceList
from tests.office import pages
from tests.office.conftest import Company
from tests.office.test_catalog_forms import inline, variant_form


@pytest.fixture
def office(as_staff: Callable[..., Client]) -> Client:
    return as_staff("office")


def test_where_a_list_counts_is_typed_and_told(company: Company, office: Client) -> None:
    form = {
        "name": "Outlet", "code": "outlet", "currency": "usd", "is_active": "on", "rank": "2", "only_channels": ["pos"],
        "only_locations": [company.pearl.pk], "starts_on": "2027-01-01", "ends_on": "2027-01-31",
        "derived_from": company.market.price_list_id, "percent": "-20", "ending": "1:0.99",
    }  # fmt: skip
    assert office.post(reverse("admin:pricing_pricelist_add"), form).status_code == 302
    made = PriceList.objects.get(code="outlet")
    assert (made.factor_ppm, made.step_minor, made.ending_minor, made.currency) == (800_000, 100, 99, "USD")
    assert Event.objects.filter(topic="lists.changed", key="USD").exists()
    text = office.get(reverse("admin:pricing_pricelist_changelist")).content.decode()
    assert "US −20 %, ending in .99" in text
    assert "Portland Pearl" in text
    again = office.get(reverse("admin:pricing_pricelist_change", args=[made.pk])).content.decode()
    assert 'value="-20' in again


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"ends_on": "2026-01-01"}, "The last day is before the first one."),
        ({"currency": "XXQ"}, "is no currency"),
        ({"currency": "EUR"}, "This list is in another currency."),
        ({"currency": "JPY", "derived_from": "", "ending": "1:0.99"}, "has no coin that small"),
        ({"percent": "-100"}, "greater than or equal to -99.99"),
    ],
)
def test_a_list_that_makes_no_sense(changed: dict[str, str], says: str, company: Company, office: Client) -> None:
    form = {
        "name": "Outlet", "code": "outlet", "currency": "USD", "rank": "0", "starts_on": "2027-01-01", "ends_on": "",
        "derived_from": str(company.market.price_list_id), "percent": "", "ending": "",
    }  # fmt: skip
    answer = office.post(reverse("admin:pricing_pricelist_add"), {**form, **changed})
    assert says in answer.content.decode()
    assert not PriceList.objects.filter(code="outlet").exists()


def test_prices_beside_a_variant_are_changed_moved_and_taken_off(company: Company, office: Client) -> None:
    def save(*rows: dict[str, object], had: int) -> None:
        form = {**variant_form(company, sku="BLU-01"), **inline("prices", list(rows), kept=had)}
        answer = office.post(pages.row_of(company.mug), form)
        assert answer.status_code == 302, answer.content.decode()

    def known() -> list[tuple[int, int]]:
        found = Price.objects.filter(variant=company.mug).order_by("from_quantity", "during")
        return list(found.values_list("from_quantity", "amount_minor"))

    price, us = company.mug.prices.get(), company.market.price_list_id
    row = {"id": price.pk, "variant": company.mug.pk, "price_list": us, "price": "27.50"}
    save(row, {"price_list": us, "price": "20", "quantity": "6"}, had=1)
    assert known() == [(1, 2750), (6, 2000)]
    one, six = Price.objects.filter(variant=company.mug).order_by("from_quantity")
    kept = {**row, "id": one.pk}
    save(kept, {**row, "id": six.pk, "price": "19", "quantity": "12"}, had=2)
    assert known() == [(1, 2750), (12, 1900)]
    twelve = Price.objects.get(from_quantity=12)
    save(kept, {**row, "id": twelve.pk, "price": "19", "quantity": "12", "DELETE": "on"}, had=2)
    assert known() == [(1, 2750)]
