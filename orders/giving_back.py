"""What is given back, to the minor unit: for units of lines, for shipping and fees, as an allowance. Pure.

- **Units** go back in the order in which they stand in their line, each at its share of what the line cost
  (`commerce.pricing.shares`), so that any sequence of partial returns gives back what was paid.
- **Shipping, fees and deposits** are given back when a return asks for it: of each the share that the goods that are
  back by then had in the goods (by price); all that is left when all goods are back. So the last return, or any single
  one of everything, gives back all of it, whatever the ones before asked for.
- **An allowance** lowers the price of what the customer still has, goods and charges alike, in proportion; what comes
  back later gives back its lowered price.
- **Cash rounding** follows the sum of all that was given back: the part that was paid in cash is always an amount that
  coins can pay, and the last return gives back exactly what was paid.
- **Gift cards** are money: an unused one goes back at what is on it, and shares in no shipping and no allowance.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from commerce.pricing import engine
from commerce.pricing.shares import unit_shares

GIFT_CARD = "gift_card"  # the kind of a line that is one
TaxRow = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Amount:
    """Money with its parts, in minor units: `net`, and `taxes` and their `bases`, as many as the item has tax rows."""

    net: int
    taxes: tuple[int, ...] = ()
    bases: tuple[int, ...] = ()
    discount: int = 0

    @property
    def tax(self) -> int:
        return sum(self.taxes)

    @property
    def total(self) -> int:
        return self.net + sum(self.taxes)

    def plus(self, other: "Amount", sign: int = 1) -> "Amount":
        """The sum with (or with -1 the difference from) an amount of the same item."""
        pairs = zip(self.taxes, other.taxes, strict=True), zip(self.bases, other.bases, strict=True)
        taxes, bases = (tuple(one + sign * another for one, another in rows) for rows in pairs)
        return Amount(self.net + sign * other.net, taxes, bases, self.discount + sign * other.discount)

    def part(self, amount: int) -> "Amount":
        """`amount` of this (at most its total), with its fair share of each tax."""
        weights = [self.net, *self.taxes]
        net, *taxes = engine.allocate(amount, weights, list(range(len(weights))))
        whole = max(self.total, 1)
        return Amount(net, tuple(taxes), tuple(base * amount // whole for base in self.bases))


@dataclass(frozen=True, slots=True)
class Item:
    """What can be given back of one line or charge. `units` are those of a line, a charge is one unit; those before
    `given` have come back already. `count` units can come back in the end (without what was canceled)."""

    key: int
    is_line: bool
    units: tuple[Amount, ...]
    rows: tuple[TaxRow, ...]
    given: int
    count: int
    value: int  # what it cost, for shares
    kind: str = "goods"

    @property
    def is_goods(self) -> bool:
        return self.is_line and self.kind != GIFT_CARD

    def slice(self, first: int, quantity: int) -> Amount:
        """What these units are worth."""
        return total_of(self.units[first : first + quantity], len(self.rows))

    @property
    def left(self) -> Amount:
        """What has not been given back yet."""
        return self.slice(self.given, self.count - self.given)


@dataclass(frozen=True, slots=True)
class Cash:
    """How an order was paid, for rounding: `paid` in all, `other` of it not in cash, `step` the smallest coin. `exact`
    and `given` are what was given back already, without and with rounding."""

    paid: int
    other: int
    step: int
    exact: int = 0
    given: int = 0

    def rounding(self, amount: int, *, is_last: bool) -> int:
        """What is added to (or with a minus taken off) `amount` when it is given back."""
        if is_last:
            return self.paid - self.given - amount
        due = self.exact + amount
        cash = max(due - self.other, 0)
        payable = due - cash + (engine.cash_due(cash, self.step) if self.step > 1 else cash)
        return max(min(payable, self.paid) - self.given, 0) - amount


@dataclass(frozen=True, slots=True)
class Share:
    """What an item is given back: units of a line, or a part of a charge."""

    item: Item
    amount: Amount
    first: int = 0
    quantity: int = 0


@dataclass(frozen=True, slots=True)
class Sum:
    """What a return or an allowance comes to."""

    goods: tuple[Share, ...]
    charges: tuple[Share, ...]
    rounding: int
    taxes: list[TaxRow] = field(default_factory=list)

    @property
    def goods_minor(self) -> int:
        return sum(share.amount.total for share in self.goods)

    @property
    def charges_minor(self) -> int:
        return sum(share.amount.total for share in self.charges)

    @property
    def tax_minor(self) -> int:
        return sum(share.amount.tax for share in (*self.goods, *self.charges))

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.charges_minor + self.rounding


def total_of(amounts: Iterable[Amount], rates: int) -> Amount:
    """The sum of amounts of one item, which has `rates` tax rows."""
    return reduce(Amount.plus, amounts, Amount(0, (0,) * rates, (0,) * rates))


def units_of(line: Mapping[str, Any]) -> list[Amount]:
    """The units of a line's snapshot {quantity, gross, discount, total, taxes}, as they were paid."""
    shared = unit_shares(dict(line))
    nets = [unit["gross"] - unit["discount"] for unit in shared]
    keys = list(range(len(shared)))
    bases = [engine.allocate(row.get("base", 0), nets, keys) for row in line["taxes"]]
    return [
        Amount(
            unit["net"],
            tuple(tax["amount"] for tax in unit["taxes"]),
            tuple(column[index] for column in bases),
            unit["discount"],
        )
        for index, unit in enumerate(shared)
    ]


def lowered(units: Sequence[Amount], first: int, off: Amount) -> list[Amount]:
    """The units after an allowance on those from `first` on: each part is shared out by what it is of each unit."""
    rest = units[first:]
    keys = list(range(len(rest)))
    nets = engine.allocate(off.net, [unit.net for unit in rest], keys)
    taxes = [_column(amount, [unit.taxes[at] for unit in rest]) for at, amount in enumerate(off.taxes)]
    bases = [_column(amount, [unit.bases[at] for unit in rest]) for at, amount in enumerate(off.bases)]
    less = [
        Amount(nets[at], tuple(column[at] for column in taxes), tuple(column[at] for column in bases)) for at in keys
    ]
    return [*units[:first], *(unit.plus(one, -1) for unit, one in zip(rest, less, strict=True))]


def _column(amount: int, weights: list[int]) -> list[int]:
    return engine.allocate(amount, weights, list(range(len(weights))))


def of_units(items: Sequence[Item], wanted: Sequence[tuple[int, int]]) -> list[Share]:
    """Units (line's key, quantity) that come back, in this order; a line may be named several times."""
    by_key = {item.key: item for item in items if item.is_line}
    given = {key: item.given for key, item in by_key.items()}
    shares = []
    for key, quantity in wanted:
        item, first = by_key[key], given[key]
        shares.append(Share(item, item.slice(first, quantity), first, quantity))
        given[key] += quantity
    return shares


def of_charges(items: Sequence[Item], goods: Sequence[Share]) -> list[Share]:
    """Shipping and fees that are given back with these goods; see the module."""
    lines = [item for item in items if item.is_goods]
    goods = [share for share in goods if share.item.is_goods]
    back = _values_back(lines, goods)
    everything = sum(item.value for item in lines)
    all_back = is_all_back(lines, goods)
    shares = []
    for charge in (item for item in items if not item.is_line):
        left = charge.left
        gone = charge.value - left.total
        due = left.total if all_back else charge.value * back // max(everything, 1) - gone
        part = left.part(min(due, left.total)) if due > 0 else None
        shares += [Share(charge, part)] if part else []
    return shares


def _values_back(lines: Sequence[Item], goods: Sequence[Share]) -> int:
    """What the goods had cost that are back after this."""
    coming: dict[int, int] = {}
    for share in goods:
        coming[share.item.key] = coming.get(share.item.key, 0) + share.quantity
    return sum(item.value * (item.given + coming.get(item.key, 0)) // max(item.count, 1) for item in lines)


def is_all_back(items: Sequence[Item], goods: Sequence[Share]) -> bool:
    """Whether nothing of the goods is left after these have come back."""
    left = sum(item.count - item.given for item in items if item.is_line)
    return left == sum(share.quantity for share in goods)


def of_return(items: Sequence[Item], wanted: Sequence[tuple[int, int]], cash: Cash, *, with_charges: bool) -> Sum:
    """What the return of units (line's key, quantity) comes to. The last one of an order gives back what is left."""
    goods = of_units(items, wanted)
    charges = of_charges(items, goods) if with_charges else []
    kept = sum(item.left.total for item in items if not item.is_line) - sum(row.amount.total for row in charges)
    return _sum(goods, charges, cash, is_last=is_all_back(items, goods) and not kept)


def of_cancellation(items: Sequence[Item], wanted: Sequence[tuple[int, int, int]], *, rounding: int) -> Sum:
    """What is taken off when units (line's key, first unit, quantity) of an order will never leave.

    Of fees and deposits the share of these goods goes with them. Shipping, and the cash rounding, only when nothing has
    left or ever will.
    """
    by_key = {item.key: item for item in items if item.is_goods}
    goods = [Share(by_key[key], by_key[key].slice(first, units), first, units) for key, first, units in wanted if units]
    everything = sum(item.value for item in by_key.values())
    off = sum(share.item.value * share.quantity // max(share.item.count, 1) for share in goods)
    is_all = all(share.first == 0 for share in goods) and len(goods) == len(by_key)
    charges = []
    for charge in (item for item in items if not item.is_line):
        part = charge.left if is_all else charge.left.part(charge.left.total * off // max(everything, 1))
        if part.total and (is_all or charge.kind != "shipping"):
            charges.append(Share(charge, part))
    return _sum(goods, charges, Cash(0, 0, 1), rounding=rounding if is_all else 0)


def of_allowance(items: Sequence[Item], amount: int, cash: Cash) -> Sum:
    """What an allowance of `amount` takes off the price of each item that the customer still has.

    At most what is left of everything; the rest, which is the order's cash rounding, is no part of any price.
    """
    open_items = [item for item in items if item.kind != GIFT_CARD and item.left.total]
    left = [item.left.total for item in open_items]
    shared = min(amount, sum(left))
    off = _column(shared, left)
    shares = [
        Share(item, item.left.part(minor), item.given) for item, minor in zip(open_items, off, strict=True) if minor
    ]
    goods = [share for share in shares if share.item.is_line]
    charges = [share for share in shares if not share.item.is_line]
    return _sum(goods, charges, cash, rounding=amount - shared)


def _sum(
    goods: Sequence[Share], charges: Sequence[Share], cash: Cash, *, is_last: bool = False, rounding: int | None = None
) -> Sum:
    exact = sum(share.amount.total for share in (*goods, *charges))
    extra = cash.rounding(exact, is_last=is_last) if rounding is None else rounding
    return Sum(tuple(goods), tuple(charges), extra, merged_taxes([*goods, *charges]))


def merged_taxes(shares: Iterable[Share]) -> list[TaxRow]:
    """Taxes by rate, over items: [{code, name, rate_ppm, base, amount}], in the order in which they appear."""
    found: dict[tuple[str, int], TaxRow] = {}
    for share in shares:
        for row, amount, base in zip(share.item.rows, share.amount.taxes, share.amount.bases, strict=True):
            key = (row["code"], row["rate_ppm"])
            into = found.setdefault(
                key, {"code": row["code"], "name": row["name"], "rate_ppm": row["rate_ppm"], "base": 0, "amount": 0}
            )
            into["amount"] += amount
            into["base"] += base
    return [row for row in found.values() if row["amount"] or row["base"]]
