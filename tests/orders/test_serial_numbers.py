"""The label says another number than the sale: it is put right, with what the books say of both."""

from typing import Any

import pytest

from commerce.cases import resolutions
from commerce.cases.models import Case
from commerce.cases.queue import CaseClosed
from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.errors import InvalidInput, NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from inventory import audit, serials
from inventory.levels import Source
from inventory.models import SerialUnit
from orders import audit as orders_audit
from orders import timeline
from orders.actions.change_serials import change_serials
from orders.errors import SerialsNeeded
from orders.models import Order, OrderLine
from orders.serial_numbers import orders_with, sold_with
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from tests.factories.catalog import VariantFactory
from tests.factories.company import UserFactory
from tests.factories.stock import receive
from tests.world import World

pytestmark = pytest.mark.django_db
State = SerialUnit.State


@pytest.fixture
def world() -> World:
    return World.make()


@pytest.fixture
def stove(world: World) -> Variant:
    """Three stoves in the store, A-1 to A-3, and a fourth of which no number is known."""
    made = VariantFactory(sku="STOVE", price=5_000, tracks_serials=True)
    receive(made, world.store, 4, numbers=("A-1", "A-2", "A-3"))
    return made


@pytest.fixture(autouse=True)
def audited(db: None) -> Any:
    yield
    for invariant in [*audit.INVARIANTS, *orders_audit.INVARIANTS]:
        if invariant.code.startswith("I07"):
            assert rows(invariant.sql) == [], invariant.code


def sell(world: World, *lines: list[str], quantity: int = 1) -> OrderLine:
    """A sale of stoves with these numbers; its first line."""
    sent = {
        "id": str(new_uid()),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": "STOVE", "quantity": quantity, "serials": numbers} for numbers in lines],
        "tenders": [
            {"type": "cash", "amount": {"amount": 5_400 * quantity * len(lines), "currency": "USD"}},
        ],
    }
    answer = record_sale(parse_envelope(sent), at=now())
    return OrderLine.objects.filter(order__number=answer["number"]).select_related("order").order_by("pk")[0]


def correct(line: OrderLine, *numbers: str, person: Any = None) -> None:
    change_serials(line.order_id, line.pk, numbers, person=person, at=now())


def where(number: str) -> tuple[str, int | None]:
    unit = SerialUnit.objects.get(serial=number)
    return unit.state, unit.location_id


def open_cases() -> list[tuple[str, str]]:
    return list(Case.objects.filter(status="open").order_by("pk").values_list("kind", "subject"))


def test_the_right_number_is_sold_and_the_wrong_one_stands_where_it_stood(world: World, stove: Variant) -> None:
    line = sell(world, ["A-1"])
    correct(line, " a-2", person=world.manager)
    assert OrderLine.objects.get(pk=line.pk).serials == ["A-2"]
    assert where("A-1") == (State.IN_STOCK, world.store.pk)
    assert where("A-2") == (State.SOLD, None)
    entry = line.order.timeline.get(kind="serials_changed")
    assert timeline.words(entry) == "Serial numbers of STOVE corrected: A-1 → A-2."
    assert entry.actor == world.manager
    assert open_cases() == []
    assert sold_with(SerialUnit.objects.get(serial="A-2")) == line.order.number
    assert list(orders_with("a-2")) == [{"order": line.order_id}]
    assert list(orders_with("A-1")) == []


def test_there_and_back_again(world: World, stove: Variant) -> None:
    line = sell(world, ["A-1"])
    for number in ("A-2", "A-1", "A-3", "A-1"):
        correct(line, number)
        assert [unit.serial for unit in SerialUnit.objects.filter(state="sold")] == [number]
        line.refresh_from_db()
    assert line.serials == ["A-1"]


def test_a_number_that_was_missing_closes_its_case(world: World, stove: Variant) -> None:
    line = sell(world, ["A-1"], quantity=2)
    assert open_cases() == [("serial_missing", f"STOVE of {line.order.number}")]
    correct(line, "A-1", "A-3", person=world.manager)
    assert open_cases() == []
    assert Case.objects.get().resolved_by == world.manager
    assert where("A-3") == (State.SOLD, None)


def test_a_number_that_nobody_knew_is_gone_when_it_was_a_slip(world: World, stove: Variant) -> None:
    line = sell(world, ["A-11"])
    assert open_cases() == [("serial_clash", "STOVE A-11")]
    correct(line, "A-1")
    assert open_cases() == []
    assert where("A-11") == (State.GONE, None)
    assert where("A-1") == (State.SOLD, None)


def test_a_correction_that_does_not_fit_either_is_a_case(world: World, stove: Variant) -> None:
    sell(world, ["A-1"])
    line = sell(world, ["A-2"])
    correct(line, "A-1")
    assert open_cases() == [("serial_clash", "STOVE A-1")]
    assert where("A-2") == (State.IN_STOCK, world.store.pk)


def test_the_other_order_that_left_with_it_has_it_now(world: World, stove: Variant) -> None:
    first, second = sell(world, ["A-1"]), sell(world, ["A-1"])
    correct(first, "A-2")
    assert where("A-1") == (State.SOLD, None)
    assert sold_with(SerialUnit.objects.get(serial="A-1")) == second.order.number
    assert open_cases() == []
    entry = second.order.timeline.get(kind="serial_settled")
    said = "STOVE A-1 counts as sold with this order now: another one had it by mistake."
    assert timeline.words(entry) == said


def test_an_order_that_has_brought_it_back_does_not_get_it_again(world: World, stove: Variant) -> None:
    first = sell(world, ["A-1"])
    return_to(world.store.pk, stove, "A-1")
    second = sell(world, ["A-1"])
    correct(second, "A-2")
    assert where("A-1") == (State.IN_STOCK, world.store.pk)
    assert OrderLine.objects.get(pk=first.pk).serials == ["A-1"]  # what it left with stays on its paper


@action
def return_to(location: int, variant: Variant, number: str) -> None:
    serials.take_back({variant.pk: [number]}, location, source=Source("return", new_uid()), at=now())


def test_a_number_on_another_line_of_the_same_order_stays_sold(world: World, stove: Variant) -> None:
    line = sell(world, ["A-1"], ["A-1"])
    correct(line, "A-2")
    assert where("A-1") == (State.SOLD, None)
    assert where("A-2") == (State.SOLD, None)


def test_the_case_of_a_clash_corrects_its_line(world: World, stove: Variant) -> None:
    sell(world, ["A-1"])
    line = sell(world, ["A-1"])
    case = Case.objects.get()
    (offered,) = resolutions.of(case, world.manager)
    assert offered.form
    assert offered.form(case)().fields["serials"].initial == ["A-1"]
    assert resolutions.of(case, UserFactory(role="associate")) == []
    said = resolutions.run(case, "correct_serials", serials=["A-2"], person=world.manager, at=now())
    assert said == f"The serial numbers of STOVE in order {line.order.number} are corrected."
    assert open_cases() == []
    with pytest.raises(CaseClosed):
        resolutions.run(case, "correct_serials", serials=["A-3"], person=world.manager, at=now())


def test_the_case_of_missing_numbers_stays_until_all_are_there(world: World, stove: Variant) -> None:
    line = sell(world, ["A-1"], quantity=3)
    case = Case.objects.get()
    said = resolutions.run(case, "correct_serials", serials=["A-1", "A-2"], person=None, at=now())
    assert said == f"Corrected, and something of STOVE in order {line.order.number} is still open."
    resolutions.run(case, "correct_serials", serials=["A-1", "A-2", "A-3"], person=None, at=now())
    assert open_cases() == []


def test_a_case_whose_line_was_put_right_elsewhere_offers_nothing(world: World, stove: Variant) -> None:
    line = sell(world, ["A-11"])
    case = Case.objects.get()
    correct(line, "A-1")  # `case` is as somebody read it before
    assert resolutions.of(case, world.manager) == []
    with pytest.raises(CaseClosed):
        resolutions.run(case, "correct_serials", serials=["A-2"], person=None, at=now())


@pytest.mark.parametrize(
    ("numbers", "error", "says"),
    [
        (["A-1", "A-2"], SerialsNeeded, "STOVE needs 1 serial numbers, one for each piece; 2 were given."),
        (["A-1"], InvalidInput, "These are its numbers already. Nothing was changed."),
        (["A-2", "a-2"], InvalidInput, "Each piece has a number of its own; this was given twice: A-2."),
    ],
)
def test_what_cannot_be_changes_nothing(
    world: World, stove: Variant, numbers: list[str], error: type[Exception], says: str
) -> None:
    line = sell(world, ["A-1"])
    with pytest.raises(error, match=says):
        correct(line, *numbers)
    assert OrderLine.objects.get(pk=line.pk).serials == ["A-1"]
    assert not line.order.timeline.filter(kind="serials_changed").exists()


def test_only_of_lines_that_have_numbers_and_have_left(world: World, stove: Variant) -> None:
    line = sell(world, ["A-1"])
    with pytest.raises(NotAllowed):
        correct(line, "A-2", person=UserFactory(role="associate"))
    with pytest.raises(NotFound):
        change_serials(line.order_id, line.pk + 1_000, ["A-2"], person=None, at=now())
    Variant.objects.update(tracks_serials=False)
    with pytest.raises(InvalidInput, match="STOVE has no serial numbers"):
        correct(line, "A-2")
    assert Order.objects.count() == 1
