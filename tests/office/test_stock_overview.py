"""The matrix of stock says in words what makes its numbers, and promises what the shop promises."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from inventory import kits
from inventory.models import Reservation, StockLevel
from tests.factories.catalog import VariantFactory
from tests.office.conftest import Company


@pytest.fixture
def matrix(company: Company, as_staff: Callable[..., Client]) -> Callable[[Variant], list[dict[str, object]]]:
    """`matrix(variant)`: the cells of a variant's row."""
    browser = as_staff("office")

    def cells(variant: Variant) -> list[dict[str, object]]:
        shown = browser.get(reverse("admin:stock-overview"), {"q": variant.sku})
        (row,) = shown.context["rows"]
        return [cell or {} for cell in row["cells"]]

    return cells


Matrix = Callable[[Variant], list[dict[str, object]]]


def test_a_cell_says_what_its_numbers_are(company: Company, as_staff: Callable[..., Client]) -> None:
    text = as_staff("office").get(reverse("admin:stock-overview")).content.decode()
    for words in ("of 5 on hand", "1 reserved", "1 kept back"):
        assert f">{words}</span>" in text
    StockLevel.objects.filter(variant=company.tote, location=company.pearl).update(oversold=True)
    assert ">oversold</span>" in as_staff("office").get(reverse("admin:stock-overview")).content.decode()


def test_a_place_that_does_not_feed_the_web_promises_nothing(company: Company, matrix: Matrix) -> None:
    Location.objects.filter(pk=company.pearl.pk).update(feeds_web=False)
    pearl, ballard = matrix(company.tote)
    assert (pearl["available"], pearl["on_hand"], pearl["safety"]) == (0, 5, 0)
    assert ballard["available"] == 3


def test_a_hold_that_has_lapsed_does_not_count(company: Company, matrix: Matrix) -> None:
    level = StockLevel.objects.get(variant=company.tote, location=company.pearl)
    reserved = matrix(company.tote)[0]["reserved"]
    lapsed = now() - timedelta(minutes=1)
    Reservation.objects.filter(level=level).update(state="held", expires_at=lapsed)
    assert (reserved, matrix(company.tote)[0]["reserved"]) == (1, 0)


def test_of_a_kit_there_are_as_many_as_its_components_allow(company: Company, matrix: Matrix) -> None:
    gift = VariantFactory(sku="GIFT")
    with transaction.atomic():
        kits.set_components(gift, {company.tote.pk: 2}, at=now())
    pearl, ballard = matrix(gift)
    assert (pearl["available"], ballard["available"]) == (1, 1)
    assert pearl["is_kit"]
