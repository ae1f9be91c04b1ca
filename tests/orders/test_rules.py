"""The pure rules of orders: which location serves what, and the statuses that follow from the rows."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.kernel.errors import IllegalMove
from commerce.kernel.ids import new_uid
from orders import codes, states, totals
from orders.routing.solver import assign

quantities = st.integers(min_value=1, max_value=9)
stock_of_place = st.dictionaries(st.integers(0, 4), st.integers(0, 9), max_size=5)


@pytest.mark.parametrize(
    ("wanted", "stock", "expected"),
    [
        ([(1, 2)], {10: {1: 2}}, [(10, 1, 2)]),
        ([(1, 2), (2, 1)], {10: {1: 9}, 20: {1: 9, 2: 9}}, [(20, 1, 2), (20, 2, 1)]),  # one parcel beats the order
        ([(1, 2), (2, 1)], {10: {1: 9}, 20: {2: 9}}, [(10, 1, 2), (20, 2, 1)]),
        ([(1, 5)], {10: {1: 2}, 20: {1: 3}}, [(20, 1, 3), (10, 1, 2)]),  # a line may have to be split
        ([(1, 5)], {10: {1: 2}, 20: {1: 2}}, None),
        ([(1, 1)], {}, None),
    ],
)
def test_the_fewest_parcels_that_hold_everything(wanted: Any, stock: Any, expected: Any) -> None:
    assert assign(wanted, stock) == expected


@given(
    wanted=st.dictionaries(st.integers(0, 4), quantities, min_size=1, max_size=5),
    stock=st.dictionaries(st.integers(0, 4), stock_of_place, max_size=5),
)
def test_everything_is_served_from_what_is_there_or_nothing_is(
    wanted: dict[int, int], stock: dict[int, dict[int, int]]
) -> None:
    assigned = assign(list(wanted.items()), stock)
    enough = all(sum(has.get(item, 0) for has in stock.values()) >= quantity for item, quantity in wanted.items())
    assert (assigned is not None) is enough
    if assigned is None:
        return
    for item, quantity in wanted.items():
        assert sum(units for _place, served, units in assigned if served == item) == quantity
    for place, item, units in assigned:
        assert 0 < units <= stock[place].get(item, 0)
    assert len({(place, item) for place, item, _units in assigned}) == len(assigned)


@pytest.mark.parametrize(
    ("due", "captured", "refunded", "status"),
    [
        (100, 0, 0, "unpaid"),
        (100, 40, 0, "partly_paid"),
        (100, 100, 0, "paid"),
        (100, 100, 1, "partly_refunded"),
        (100, 100, 100, "refunded"),
        (0, 0, 0, "paid"),
    ],
)
def test_payment_status(due: int, captured: int, refunded: int, status: str) -> None:
    assert totals.payment_status(due=due, captured=captured, refunded=refunded) == status


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([(2, 0, 0)], "unfulfilled"),
        ([(2, 1, 0)], "partly_fulfilled"),
        ([(2, 2, 0), (1, 0, 0)], "partly_fulfilled"),
        ([(2, 2, 0), (1, 0, 1)], "fulfilled"),
    ],
)
def test_fulfillment_status(lines: list[tuple[int, int, int]], status: str) -> None:
    assert totals.fulfillment_status(lines) == status


@pytest.mark.parametrize("table", [states.ORDER, states.PAYMENT, states.ATTEMPT, states.REFUND, states.FULFILLMENT])
def test_a_machine_moves_along_its_table_only(table: dict[str, set[str]]) -> None:
    for old in table:
        for new in table:
            saved: list[Any] = []
            row = SimpleNamespace(
                state=old,
                _meta=SimpleNamespace(verbose_name="thing"),
                save=lambda update_fields, saved=saved: saved.append(update_fields),
            )
            if new in table[old]:
                states.move(row, new, table, note="x")
                assert (row.state, row.note, saved) == (new, "x", [["state", "note"]])
            else:
                with pytest.raises(IllegalMove, match=f"This thing is {old} and cannot become {new}"):
                    states.move(row, new, table)
                assert (row.state, saved) == (old, [])


def test_a_pickup_code_is_readable_and_found_however_it_is_typed() -> None:
    uid = new_uid()
    code = codes.pickup_code(uid)
    assert code == codes.pickup_code(uid)
    assert code != codes.pickup_code(new_uid())
    assert len(code) == 13
    assert not set("IO01") & set(code.removeprefix("P-"))
    for typed in (code.lower(), code.replace("-", ""), f"  {code} ", code.removeprefix("P-").replace("-", " ")):
        assert codes.pickup_hash(typed) == codes.pickup_hash(code), typed


def test_a_link_opens_its_own_order_only() -> None:
    uid = new_uid()
    token = codes.link_token(uid)
    assert codes.order_of_link(token) == uid
    for forged in (token[:-2], token + "x", str(uid), ""):
        assert codes.order_of_link(forged) is None
