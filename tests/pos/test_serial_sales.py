"""Selling what has numbers: the sale is a fact, the number is sold once, and what does not fit becomes a case."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commerce.cases.models import Case
from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from inventory import audit, serials
from inventory.levels import Source
from inventory.models import SerialMove, SerialUnit, StockLevel
from orders.models import Order, OrderLine
from orders.presentation import order_body
from orders.queries import by_number
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import Sale
from pos.receipt import receipt_document
from pos.receipts import document_of
from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive
from tests.world import World

pytestmark = pytest.mark.django_db


def stove_of(world: World, *numbers: str) -> Variant:
    """A stove with as many units in the store as numbers."""
    stove = VariantFactory(sku="STOVE", price=5_000, tracks_serials=True)
    receive(stove, world.store, len(numbers), numbers=numbers)
    return stove


def envelope(world: World, lines: list[dict[str, Any]], total: int) -> dict[str, Any]:
    return {
        "id": str(new_uid()),
        "register": world.register.code,
        "cashier": world.manager.username,
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": lines,
        "tenders": [{"type": "cash", "amount": {"amount": total, "currency": "USD"}}],
    }


def sell(world: World, *numbers: str, quantity: int = 1) -> dict[str, Any]:
    line = {"sku": "STOVE", "quantity": quantity, "serials": list(numbers)}
    return record_sale(parse_envelope(envelope(world, [line], 5_400 * quantity)), at=now())


def clean() -> bool:
    return all(rows(one.sql) == [] for one in audit.INVARIANTS if one.code.startswith("I07"))


def test_the_number_leaves_with_the_sale_and_stands_on_all_its_papers() -> None:
    world = World.make()
    stove_of(world, "A-1", "A-2", "A-3")
    answer = sell(world, " a-1", "A-3", quantity=2)
    assert answer["warnings"] == []
    line = OrderLine.objects.get(order__number=answer["number"])
    assert line.serials == ["A-1", "A-3"]
    assert set(SerialUnit.objects.filter(state="sold").values_list("serial", flat=True)) == {"A-1", "A-3"}
    moved = SerialMove.objects.filter(state="sold").values_list("source_type", "source_uid")
    assert set(moved) == {("order", line.order.uid)}
    assert order_body(by_number(answer["number"]))["lines"][0]["serials"] == ["A-1", "A-3"]
    item = next(block for block in document_of(Sale.objects.get())["blocks"] if block["type"] == "line_item")
    assert item["notes"] == [{"text": "No. A-1"}, {"text": "No. A-3"}]
    assert clean()


def test_a_gift_receipt_says_the_number_too_and_many_share_lines() -> None:
    world = World.make()
    stove_of(world, "A-1")
    sell(world, "A-1")
    sale = {**document_parts(Sale.objects.get()), "kind": "gift_receipt"}
    sale["lines"] = [
        {"name": "Stove", "detail": "", "amount": "$1", "notes": [], "serials": [f"No. {n}" for n in range(90)]}
    ]
    item = next(block for block in receipt_document(sale)["blocks"] if block["type"] == "line_item")
    assert len(item["notes"]) == 30
    assert item["notes"][0] == {"text": "No. 0, No. 1, No. 2"}
    assert "amount" not in item


def document_parts(sale: Sale) -> dict[str, Any]:
    shop = {"name": "S", "tagline": "", "logo": "", "address": [], "policy": "", "thanks": ""}
    return {
        "shop": shop, "heading": [], "sums": [], "tenders": [], "taxes": None, "items": "", "link": "",
        "code": sale.receipt_number, "locale": "en", "currency": "USD", "copy": 0, "copy_label": "",
        "total": {"label": "", "amount": ""},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "why"), [(None, "unknown"), ("sold", "sold"), ("elsewhere", "elsewhere"), ("gone", "gone")]
)
def test_what_the_books_say_otherwise_is_sold_and_becomes_a_case(before: str | None, why: str) -> None:
    world = World.make()
    stove = stove_of(world, "A-1", "A-2")
    if before == "sold":
        sell(world, "A-1")
    if before == "gone":
        strike(stove, world.store.pk, "A-1")
    if before == "elsewhere":
        receive(stove, world.warehouse, 1, numbers=("B-1",))
    number = {"unknown": "X-9", "elsewhere": "B-1"}.get(why, "A-1")
    answer = sell(world, number)
    facts = {"sku": "STOVE", "serial": number, "why": why, "order": answer["number"]}
    assert answer["warnings"] == [{"code": "serial_clash", **facts}]
    case = Case.objects.get(kind="serial_clash")
    assert (case.subject, case.owner_role, case.location, case.context) == (
        f"STOVE {number}", "manager", world.store, facts,
    )  # fmt: skip
    assert OrderLine.objects.get(order__number=answer["number"]).serials == [number]
    assert SerialUnit.objects.get(serial=number).state == ("gone" if why == "gone" else "sold")
    assert clean()


@action
def strike(variant: Variant, location: int, number: str) -> None:
    state = SerialUnit.State
    source = Source("naming", new_uid())
    serials.change({variant.pk: [number]}, state.IN_STOCK, state.GONE, location, source=source, at=now())


def test_units_that_left_without_a_number_are_a_case() -> None:
    world = World.make()
    stove_of(world, "A-1", "A-2")
    answer = sell(world, "A-2", quantity=2)
    facts = {"sku": "STOVE", "order": answer["number"], "missing": 1}
    assert answer["warnings"] == [{"code": "serial_missing", **facts}]
    case = Case.objects.get()
    assert (case.kind, case.context) == ("serial_missing", facts)
    assert case.text == f"2 × STOVE left with order {answer['number']}, and 1 serial numbers are known."
    assert StockLevel.objects.get(variant__sku="STOVE").on_hand == 0


def test_one_number_on_two_lines_of_a_sale_is_a_case() -> None:
    world = World.make()
    stove_of(world, "A-1", "A-2")
    line = {"sku": "STOVE", "quantity": 1, "serials": ["A-1"]}
    answer = record_sale(parse_envelope(envelope(world, [line, dict(line)], 10_800)), at=now())
    assert [one["code"] for one in answer["warnings"]] == ["serial_clash"]
    assert clean()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("A-1", "Send a list of serial numbers, at most one for each unit."),
        (["A-1", "A-2"], "Send a list of serial numbers, at most one for each unit."),
        ([7], "Send a list of serial numbers, at most one for each unit."),
        (["A" * 81], "A serial number has at most 80 letters and figures, in one line."),
    ],
)
def test_an_envelope_that_cannot_be(given: Any, said: str) -> None:
    world = World.make()
    with pytest.raises(InvalidInput) as refused:
        parse_envelope(envelope(world, [{"sku": "STOVE", "quantity": 1, "serials": given}], 1))
    assert refused.value.fields == {"lines.0.serials": [said]}


def test_the_same_sale_again_changes_nothing() -> None:
    world = World.make()
    stove_of(world, "A-1")
    sent = envelope(world, [{"sku": "STOVE", "quantity": 1, "serials": ["A-1"]}], 5_400)
    first = record_sale(parse_envelope(sent), at=now())
    assert record_sale(parse_envelope(sent), at=now()) == first
    assert (Order.objects.count(), Case.objects.count()) == (1, 0)


def test_a_sale_of_five_lines_without_numbers_costs_no_statement_more() -> None:
    world = World.make()
    lines = []
    for place in range(5):
        variant = VariantFactory(sku=f"V-{place}", price=1_000)
        receive(variant, world.store, 9)
        lines.append({"sku": variant.sku, "quantity": 1})
    record_sale(parse_envelope(envelope(world, lines, 5_400)), at=now())  # makes the set of rules
    ready = parse_envelope(envelope(world, lines, 5_400))
    with CaptureQueriesContext(connection) as captured:
        record_sale(ready, at=now())
    assert not [query for query in captured.captured_queries if "serialunit" in query["sql"]]
    counted = [query for query in captured.captured_queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(counted) <= 26


@pytest.mark.django_db(transaction=True)
def test_ten_tills_sell_one_number_at_once() -> None:
    """One of them has it. The others' sales are facts, too, and one case tells of the number."""
    world = World.make()
    stove = stove_of(world, "A-1")
    ready = [
        parse_envelope(envelope(world, [{"sku": "STOVE", "quantity": 1, "serials": ["A-1"]}], 5_400))
        for _till in range(10)
    ]
    barrier = threading.Barrier(10)

    def one(sale: Any) -> list[str]:
        try:
            barrier.wait()
            return [warning["code"] for warning in record_sale(sale, at=now())["warnings"]]
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(one, ready))
    assert sum("serial_clash" not in warnings for warnings in answers) == 1
    assert SerialMove.objects.filter(unit__variant=stove, state="sold").count() == 1
    assert OrderLine.objects.filter(variant=stove, serials=["A-1"]).count() == 10
    assert Case.objects.filter(kind="serial_clash").count() == 1
    assert StockLevel.objects.get(variant=stove).on_hand == -9
    assert clean()


@pytest.mark.django_db(transaction=True)
def test_ten_tills_sell_a_number_that_nobody_knew() -> None:
    world = World.make()
    stove = stove_of(world)
    barrier = threading.Barrier(10)
    ready = [
        parse_envelope(envelope(world, [{"sku": "STOVE", "quantity": 1, "serials": ["N-1"]}], 5_400))
        for _till in range(10)
    ]

    def one(sale: Any) -> str:
        try:
            barrier.wait()
            return str(record_sale(sale, at=now())["warnings"][-1]["why"])
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(one, ready))
    assert sorted(answers) == ["sold"] * 9 + ["unknown"]
    assert SerialUnit.objects.get(variant=stove).state == "sold"
    assert clean()
