"""What is coming in, from both kinds of documents, at every stage they can be in."""

from datetime import date

import pytest
from django.db import transaction

from commerce.cases.queue import open_case
from commerce.kernel.clock import now
from inventory import incoming
from inventory.models import PurchaseOrder, PurchaseOrderLine, Supplier, Transfer, TransferLine
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return LocationFactory(code="PDX-1"), LocationFactory(code="WH-1", warehouse=True)


def transfer(number, places, variant, *, state, expected_on=None, **line):
    store, warehouse = places
    at = now()
    made = Transfer.objects.create(
        number=number, source=warehouse, destination=store, state=state, expected_on=expected_on, created_at=at,
        closed_at=at if state in ("received", "canceled") else None,
    )  # fmt: skip
    TransferLine.objects.create(transfer=made, variant=variant, requested=10, **line)
    return made


def order(number, place, variant, *, state="ordered", received=0, expected_on=None):
    supplier, _new = Supplier.objects.get_or_create(code="NF", defaults={"name": "Northfold", "currency": "USD"})
    at = now()
    made = PurchaseOrder.objects.create(
        number=number, supplier=supplier, location=place, state=state, currency="USD", expected_on=expected_on,
        created_at=at, closed_at=at if state in ("received", "canceled") else None,
    )  # fmt: skip
    PurchaseOrderLine.objects.create(order=made, variant=variant, cost_minor=500, ordered=12, received=received)
    return made


def test_what_is_on_the_way_and_what_is_ordered_comes_in(places) -> None:
    mug, store = VariantFactory(), places[0]
    transfer("T-1", places, mug, state="shipped", shipped=8, received=3, returned=1, expected_on=date(2026, 5, 9))
    order("PO-1", store, mug, received=4, expected_on=date(2026, 5, 2))
    found = incoming.of([mug.pk])
    assert [(each.number, each.quantity, each.stage, each.location) for each in found] == [
        ("PO-1", 8, "ordered", store.pk),
        ("T-1", 4, "on_the_way", store.pk),
    ]
    assert [each.expected_on for each in found] == [date(2026, 5, 2), date(2026, 5, 9)]
    assert incoming.totals([(mug.pk, store.pk), (mug.pk, places[1].pk)]) == {
        (mug.pk, store.pk): 12,
        (mug.pk, places[1].pk): 0,
    }
    assert incoming.of_location(store.pk) == {mug.pk: 12}
    assert incoming.of([mug.pk], locations=[places[1].pk]) == []


def test_plans_come_in_only_when_asked_for(places) -> None:
    mug, store = VariantFactory(), places[0]
    transfer("T-1", places, mug, state="requested")
    order("PO-1", store, mug, state="draft")
    assert incoming.of([mug.pk]) == []
    assert {each.stage for each in incoming.of([mug.pk], planned=True)} == {"requested", "draft"}
    assert incoming.totals([(mug.pk, store.pk)], planned=True) == {(mug.pk, store.pk): 22}
    assert incoming.of_location(store.pk) == {}
    assert incoming.of_location(store.pk, planned=True) == {mug.pk: 22}


def test_what_is_missing_is_listed_and_not_counted_on(places) -> None:
    mug, store = VariantFactory(), places[0]
    transfer("T-1", places, mug, state="shipped", shipped=5)
    with transaction.atomic():
        open_case("transfer_short", subject="T-1", text="5 are missing.", location=store, at=now())
    assert [(each.stage, each.quantity) for each in incoming.of([mug.pk])] == [("missing", 5)]
    assert incoming.totals([(mug.pk, store.pk)]) == {(mug.pk, store.pk): 0}
    assert incoming.of_location(store.pk) == {}


def test_what_has_ended_does_not_come_in(places) -> None:
    mug, store = VariantFactory(), places[0]
    transfer("T-1", places, mug, state="received", shipped=5, received=5)
    transfer("T-2", places, mug, state="canceled")
    order("PO-1", store, mug, state="received", received=2)
    order("PO-2", store, mug, received=15)  # more came than was ordered
    assert incoming.of([mug.pk], planned=True) == []
