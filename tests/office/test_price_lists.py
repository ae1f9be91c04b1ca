"""Price lists in the back office: where, when and for whom they count, and what they are derived from."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.events.models import Event
from commerce.pricing.models import PriceList
from tests.office.conftest import Company


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
