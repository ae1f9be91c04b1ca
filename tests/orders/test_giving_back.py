"""Whatever comes back in whatever order: what is given back sums to what was paid, per tax, in coins that exist."""

import random
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from commerce.pricing import engine
from orders.giving_back import (
    Amount,
    Cash,
    Item,
    Share,
    Sum,
    lowered,
    of_allowance,
    of_return,
    total_of,
    units_of,
)
from tests.pricing import baskets


class Story:
    """An order in memory, as the rooms keep it: its items, and what was given back so far."""

    def __init__(self, answer: dict[str, Any], *, step: int, other: int) -> None:
        self.answer, self.step = answer, step
        self.lines = answer["lines"]
        self.units = [units_of(line) for line in self.lines]
        self.charges = [
            Amount(
                row["total"] - sum(tax["amount"] for tax in row["taxes"]),
                tuple(tax["amount"] for tax in row["taxes"]),
                tuple(tax["base"] for tax in row["taxes"]),
            )
            for row in answer["charges"]
        ]
        self.given = [0 for _line in self.lines]
        self.paid = answer["total"] + answer["cash_rounding"]
        self.other = min(other, self.paid)
        self.sums: list[Sum] = []

    def items(self) -> list[Item]:
        lines = [
            Item(
                key=at,
                is_line=True,
                units=tuple(self.units[at]),
                rows=tuple(line["taxes"]),
                given=self.given[at],
                count=line["quantity"],
                value=line["total"],
            )
            for at, line in enumerate(self.lines)
        ]
        charges = [
            Item(at, False, (left,), tuple(row["taxes"]), 0, 1, row["total"], row["kind"])
            for at, (row, left) in enumerate(zip(self.answer["charges"], self.charges, strict=True))
        ]
        return [*lines, *charges]

    @property
    def cash(self) -> Cash:
        given = sum(each.total_minor for each in self.sums)
        exact = given - sum(each.rounding for each in self.sums)
        return Cash(self.paid, self.other, self.step, exact, given)

    def take(self, at: int, quantity: int, *, with_charges: bool) -> Sum:
        due = of_return(self.items(), [(at, quantity)], self.cash, with_charges=with_charges)
        self.given[at] += quantity
        return self._keep(due)

    def allow(self, amount: int) -> Sum:
        due = of_allowance(self.items(), amount, self.cash)
        for share in due.goods:
            at = share.item.key
            self.units[at] = lowered(self.units[at], share.first, share.amount)
        return self._keep(due)

    def _keep(self, due: Sum) -> Sum:
        for share in due.charges:
            self.charges[share.item.key] = self.charges[share.item.key].plus(share.amount, -1)
        self.sums.append(due)
        return due

    def left(self) -> list[tuple[int, int]]:
        return [(at, line["quantity"] - self.given[at]) for at, line in enumerate(self.lines)]


def shares(sums: list[Sum]) -> list[Share]:
    return [share for due in sums for share in (*due.goods, *due.charges)]


def taxes_of(sums: list[Sum]) -> dict[tuple[str, int], int]:
    summed: dict[tuple[str, int], int] = {}
    for due in sums:
        for row in due.taxes:
            key = (row["code"], row["rate_ppm"])
            summed[key] = summed.get(key, 0) + row["amount"]
    return {key: amount for key, amount in summed.items() if amount}


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A cart of few pieces that is paid: all in cash, by card, or by card (which took `other`) and the rest in cash."""
    answer = engine.price(**baskets.asked(random.Random(draw(st.integers(0, 10**6)))))
    assume(answer["lines"] and sum(line["quantity"] for line in answer["lines"]) <= 60)
    step = draw(st.sampled_from([1, 5, 10]))
    other = min(draw(st.sampled_from([0, 0, 1, 252, 10**12])), answer["total"])
    answer["cash_rounding"] = engine.cash_due(answer["total"] - other, step) - (answer["total"] - other)
    return Story(answer, step=step, other=other)


many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@many
@given(story=stories(), data=st.data())
def test_any_sequence_of_partial_returns_gives_back_what_was_paid(story: Story, data: st.DataObject) -> None:
    while any(quantity for _at, quantity in story.left()):
        at, most = data.draw(st.sampled_from([one for one in story.left() if one[1]]))
        is_last = sum(quantity for _at, quantity in story.left()) == most
        quantity = data.draw(st.integers(1, most))
        due = story.take(at, quantity, with_charges=data.draw(st.booleans()) or (is_last and quantity == most))
        assert due.total_minor >= 0
        if not story.other:
            assert due.total_minor % story.step == 0
    assert sum(due.total_minor for due in story.sums) == story.paid
    assert taxes_of(story.sums) == {
        (row["code"], row["rate_ppm"]): row["amount"] for row in merged(story.answer) if row["amount"]
    }
    for at, line in enumerate(story.lines):
        mine = [share.amount for share in shares(story.sums) if share.item.is_line and share.item.key == at]
        whole = total_of(mine, len(line["taxes"]))
        assert (whole.total, whole.discount, whole.tax) == (line["total"], line["discount"], line["tax"])
        assert list(whole.bases) == [row["base"] for row in line["taxes"]]


def merged(answer: dict[str, Any]) -> list[dict[str, Any]]:
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for item in answer["lines"] + answer["charges"]:
        for row in item["taxes"]:
            into = found.setdefault((row["code"], row["rate_ppm"]), {**row, "amount": 0})
            into["amount"] += row["amount"]
    return list(found.values())


@many
@given(story=stories(), data=st.data())
def test_with_allowances_between_nothing_is_given_back_twice(story: Story, data: st.DataObject) -> None:
    for _turn in range(data.draw(st.integers(1, 6))):
        left = story.paid - sum(due.total_minor for due in story.sums)
        open_lines = [one for one in story.left() if one[1]]
        if left > 0 and data.draw(st.booleans()):
            amount = data.draw(st.integers(1, left))
            assert story.allow(amount).total_minor == amount
        elif open_lines:
            at, most = data.draw(st.sampled_from(open_lines))
            story.take(at, data.draw(st.integers(1, most)), with_charges=data.draw(st.booleans()))
    for at, quantity in story.left():
        if quantity:
            story.take(at, quantity, with_charges=True)
    assert all(due.total_minor >= 0 for due in story.sums)
    left = sum(amount.total for amount in story.charges)  # kept only where no return has asked for it at the end
    assert sum(due.total_minor for due in story.sums) <= story.paid
    if not left:
        assert sum(due.total_minor for due in story.sums) == story.paid
    for share in shares(story.sums):
        assert min([share.amount.net, *share.amount.taxes, *share.amount.bases]) >= 0


def test_a_cash_sale_rounded_to_five_cents_goes_back_in_coins() -> None:
    """Two at 4.99 and 5.02, 10.01 paid as 10.00: 5.00 and 5.00, whichever comes first."""
    for first, second in ((0, 1), (1, 0)):
        lines = [line("4.99", 499), line("5.02", 502)]
        story = Story(
            {"lines": lines, "charges": [], "total": 1_001, "cash_rounding": -1},
            step=5,
            other=0,
        )
        assert [story.take(at, 1, with_charges=True).total_minor for at in (first, second)] == [500, 500]


def test_shipping_goes_back_with_the_goods_it_was_for() -> None:
    """Goods of 30 and 10 with 8 shipping: a quarter of it with the small one, the rest with the other."""
    story = Story(
        {
            "lines": [line("big", 3_000), line("small", 1_000)],
            "charges": [{"kind": "shipping", "total": 800, "taxes": []}],
            "total": 4_800,
            "cash_rounding": 0,
        },
        step=1,
        other=4_800,
    )
    assert story.take(1, 1, with_charges=True).charges_minor == 200
    assert story.take(0, 1, with_charges=True).charges_minor == 600


def test_who_asks_for_shipping_at_the_end_only_gets_all_of_it() -> None:
    story = Story(
        {
            "lines": [line("big", 3_000), line("small", 1_000)],
            "charges": [{"kind": "shipping", "total": 801, "taxes": []}],
            "total": 4_801,
            "cash_rounding": 0,
        },
        step=1,
        other=4_801,
    )
    assert story.take(1, 1, with_charges=False).total_minor == 1_000
    assert story.take(0, 1, with_charges=True).total_minor == 3_801


def line(name: str, total: int, quantity: int = 1) -> dict[str, Any]:
    """A line without taxes."""
    return {
        "id": name,
        "quantity": quantity,
        "gross": total,
        "discount": 0,
        "tax": 0,
        "total": total,
        "taxes": [],
    }
