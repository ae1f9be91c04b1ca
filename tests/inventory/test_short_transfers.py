"""Units that did not arrive: a case, three ways to settle it, and nothing that vanishes in between."""

import pytest
from django.db import transaction

from commerce.cases import resolutions
from commerce.cases.models import Case
from commerce.cases.queue import CaseClosed
from commerce.events.models import Event
from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput, NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from inventory import incoming, stock
from inventory.actions.report_missing import report_missing
from inventory.actions.settle_missing import settle_missing
from inventory.errors import MoreThanOnTheWay, NotNow
from inventory.levels import Source
from inventory.models import StockLevel, StockMovement, Transfer
from tests.factories import transfers
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse():
    return LocationFactory(code="WH-1", name="Sparks", warehouse=True)


@pytest.fixture
def store():
    return LocationFactory(code="PDX-1", name="Portland")


@pytest.fixture
def mug(warehouse):
    variant = VariantFactory(sku="MUG")
    with transaction.atomic():
        stock.move({(variant.pk, warehouse.pk): 10}, kind=StockMovement.Kind.RECEIPT, at=now(),
                   source=Source("goods_receipt", new_uid()), values={(variant.pk, warehouse.pk): 5_000})  # fmt: skip
    return variant


@pytest.fixture
def short(warehouse, store, mug):
    """Of 8 mugs 5 have arrived; the other 3 are the case of Portland's manager."""
    transfer = transfers.shipped(warehouse, store, {mug: 8})
    transfers.receive(transfer, {mug: 5})
    assert report_missing(transfer.uid, person=None, at=now()) == 3
    return Transfer.objects.get()


def at(variant, place):
    return StockLevel.objects.filter(variant=variant, location=place).values_list("on_hand", "value_minor").get()


def clean():
    return {finding.invariant.code: finding.offences for finding in audit.run() if finding.count}


def test_a_short_reception_is_the_destinations_case(short, store, mug) -> None:
    case = Case.objects.get()
    assert (case.kind, case.subject, case.owner_role, case.location) == ("transfer_short", "T-000001", "manager", store)
    assert case.text == (
        "3 units of T-000001 from Sparks did not arrive at Portland: 3 × MUG."
        " They stay on the way until somebody says what became of them."
    )
    assert case.due_at > case.created_at
    assert case.context == {"transfer": "T-000001", "from": "WH-1", "missing": ["3 × MUG"]}
    assert [(each.stage, each.quantity) for each in incoming.of([mug.pk])] == [("missing", 3)]
    assert short.state == "shipped"
    report_missing(short.uid, person=None, at=now())
    assert Case.objects.count() == 1
    assert clean() == {}


@pytest.mark.parametrize(
    ("outcome", "here", "there", "counter"),
    [
        ("arrived", (8, 4_000), (2, 1_000), "received"),
        ("never_left", (5, 2_500), (5, 2_500), "returned"),
        ("lost", (5, 2_500), (2, 1_000), "written_off"),
    ],
)
def test_what_became_of_them_is_booked_and_closes_the_case(
    short, store, warehouse, mug, outcome, here, there, counter
) -> None:
    manager = UserFactory(username="mina", role="manager", locations=[store])
    case = Case.objects.get()
    assert [one.code for one in resolutions.of(case, manager)] == ["arrived", "never_left", "lost"]
    answers = {f"units_{mug.pk}": 3, "reason": "The driver said so."}
    said = resolutions.run(case, outcome, person=manager, at=now(), **answers)
    assert said == "Booked. Nothing of T-000001 is on the way any more."
    assert (at(mug, store), at(mug, warehouse)) == (here, there)
    line = short.lines.get()
    assert (getattr(line, counter), line.on_the_way) == ({"received": 8}.get(counter, 3), 0)
    case.refresh_from_db()
    assert (case.status, case.resolved_by) == ("resolved", manager)
    assert Transfer.objects.get().state == "received"
    told = Event.objects.get(topic=f"transfer.{counter}", payload__reason="The driver said so.")
    assert told.payload["person"] == "mina"
    assert StockMovement.objects.filter(source_uid=short.uid).order_by("-pk")[0].actor == manager
    assert clean() == {}
    with pytest.raises(CaseClosed):
        resolutions.run(case, outcome, person=manager, at=now(), **answers)


def test_they_are_settled_one_after_the_other(short, store, warehouse, mug) -> None:
    case = Case.objects.get()
    said = resolutions.run(case, "lost", person=None, at=now(), **{f"units_{mug.pk}": 1, "reason": "Broken box."})
    assert said == "Booked. 2 units of T-000001 are still missing."
    assert Case.objects.get().status == "open"
    settle_missing(short.uid, "never_left", {mug.pk: 1}, reason="Found in the aisle.", person=None, at=now())
    transfers.receive(short, {mug: 1})  # the last one came by itself
    assert Case.objects.get().status == "resolved"
    line = short.lines.get()
    assert (line.received, line.returned, line.written_off) == (6, 1, 1)
    assert (at(mug, store), at(mug, warehouse)) == ((6, 3_000), (3, 1_500))
    assert clean() == {}


def test_the_form_asks_for_what_is_missing_and_why(short, mug) -> None:
    form = resolutions.named(Case.objects.get(), "lost").form(Case.objects.get())
    assert form().fields[f"units_{mug.pk}"].initial == 3
    assert not form({f"units_{mug.pk}": "3", "reason": ""}).is_valid()


def test_settling_is_refused_where_it_makes_no_sense(short, store, mug) -> None:
    clerk = UserFactory(username="lee", role="lead", locations=[store])
    elsewhere = UserFactory(username="aus", role="manager", locations=[LocationFactory(code="AUS-1")])

    def settle(**changes):
        asked = {"uid": short.uid, "outcome": "lost", "units": {mug.pk: 1}, "reason": "Gone.", "person": None}
        settle_missing(**{**asked, "at": now(), **changes})

    for person in (clerk, elsewhere):
        with pytest.raises(NotAllowed):
            settle(person=person)
    with pytest.raises(InvalidInput, match="Write how it is known"):
        settle(reason="  ")
    with pytest.raises(InvalidInput, match="Choose what became of the goods"):
        settle(outcome="eaten")
    with pytest.raises(MoreThanOnTheWay, match="T-000001 has 3 of MUG on the way, not 4"):
        settle(units={mug.pk: 4})
    with pytest.raises(NotFound):
        settle(uid=new_uid())
    assert short.lines.get().on_the_way == 3
    settle(units=None)  # all of them
    with pytest.raises(NotNow, match="nothing is on the way any more"):
        settle()


def test_nothing_is_missing_before_it_was_sent(warehouse, store, mug) -> None:
    transfer = transfers.approved(warehouse, store, {mug: 2})
    with pytest.raises(NotNow, match="ship it first"):
        report_missing(transfer.uid, person=None, at=now())
    with pytest.raises(NotFound):
        report_missing(new_uid(), person=None, at=now())
    assert not Case.objects.exists()
