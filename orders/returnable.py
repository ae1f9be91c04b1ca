"""Reads: what of an order can come back, and what it is worth. The amounts themselves are in `giving_back`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog.units import in_units
from commerce.kernel.money import Money
from inventory.models import SerialUnit
from orders import sold_gift_cards
from orders.books import income_account
from orders.giving_back import GIFT_CARD, Amount, Cash, Item, lowered, units_of
from orders.models import Adjustment, Allowance, Cancellation, Order, OrderLine, Payment, Return
from orders.refund_plan import Source
from orders.tenders import registry as tenders


@dataclass(frozen=True, slots=True)
class Returnable:
    """A line of which `quantity` (smallest amounts) can come back, worth `value_minor` together. `serials` are the
    numbers that it left with and that are still sold; `needs_serials`: they have to be named."""

    line: OrderLine
    quantity: int
    value_minor: int
    needs_serials: bool
    serials: list[str]

    @property
    def in_units(self) -> Any:
        return in_units(self.quantity, self.line.unit_scale)


def returnable(order: Order) -> list[Returnable]:
    """Every line of the order that has left, with what can still come back of it, which may be nothing."""
    items = {item.key: item for item in items_of(order) if item.is_line}
    lines = [line for line in order.lines.select_related("variant__product") if line.fulfilled]
    sold = still_sold(lines)
    found = []
    for line in lines:
        quantity = left_of(line)
        worth = items[line.pk].slice(line.returned, quantity).total
        numbers = sold.get(line.pk, [])
        found.append(Returnable(line, quantity, worth, bool(numbers) and line.variant.tracks_serials, numbers))
    return found


def still_sold(lines: Sequence[OrderLine]) -> dict[int, list[str]]:
    """By line, the serial numbers that it left with and that have not come back."""
    named = {line.pk: line for line in lines if line.serials}
    if not named:
        return {}
    sold = set(
        SerialUnit.objects.filter(
            variant__in={line.variant_id for line in named.values()},
            serial__in={number for line in named.values() for number in line.serials},
            state=SerialUnit.State.SOLD,
        ).values_list("variant", "serial")
    )
    return {pk: [one for one in line.serials if (line.variant_id, one) in sold] for pk, line in named.items()}


def items_of(order: Order) -> list[Item]:
    """All that can be given back of an order, with what was given back of it already. Read it behind the order's lock
    when something is going to be decided by it."""
    allowances = list(Allowance.objects.filter(order=order).order_by("pk"))
    items = [_line_item(line, allowances) for line in order.lines.all()]
    charges = list(order.adjustments.order_by("pk")) if order.shipping_minor or order.fee_minor else []
    if charges:
        gone = [row for rows in Return.objects.filter(order=order).values_list("charges", flat=True) for row in rows]
        gone += [row for allowance in allowances for row in allowance.shares if "charge" in row]
        off = _charges_off(order)
        items += [_charge_item(charge, gone, off) for charge in charges]
    return items


def _charges_off(order: Order) -> list[dict[str, Any]]:
    if not order.canceled_minor:
        return []
    return list(Cancellation.objects.values_list("charges", flat=True).get(order=order))


def snapshot_of(line: OrderLine) -> dict[str, Any]:
    """A line as it was sold, for `giving_back.units_of`."""
    return {
        "quantity": line.quantity,
        "gross": line.gross_minor,
        "discount": line.discount_minor,
        "total": line.total_minor,
        "taxes": line.taxes,
    }


def _line_item(line: OrderLine, allowances: Sequence[Allowance]) -> Item:
    units = units_of(snapshot_of(line))
    goods = is_goods(line)
    count = line.quantity - line.canceled if goods else line.returned + left_of(line)
    value = sum(unit.total for unit in units[:count])
    for allowance in allowances:
        for row in allowance.shares:
            if row.get("line") == line.pk:
                end = row["first_unit"] + row["units"] if "units" in row else line.quantity
                units = [*lowered(units[:end], row["first_unit"], amount_from(row)), *units[end:]]
    kind = "goods" if goods else GIFT_CARD
    return Item(line.pk, True, tuple(units), tuple(line.taxes), line.returned, count, value, kind)


def _charge_item(charge: Adjustment, gone: Sequence[Mapping[str, Any]], off: Sequence[Mapping[str, Any]]) -> Item:
    bases = tuple(row.get("base", 0) for row in charge.taxes)
    taxes = tuple(row["amount"] for row in charge.taxes)
    left = Amount(charge.total_minor - sum(taxes), taxes, bases)
    canceled = sum(amount_from(row).total for row in off if row["charge"] == charge.pk)
    for row in [*gone, *off]:
        if row["charge"] == charge.pk:
            left = left.plus(amount_from(row), -1)
    return Item(charge.pk, False, (left,), tuple(charge.taxes), 0, 1, charge.total_minor - canceled, charge.kind)


def amount_from(row: Mapping[str, Any]) -> Amount:
    """An amount as documents keep it."""
    return Amount(row["net"], tuple(row["taxes"]), tuple(row["bases"]))


def amount_as_json(amount: Amount) -> dict[str, Any]:
    """The other way round."""
    return {"net": amount.net, "taxes": list(amount.taxes), "bases": list(amount.bases)}


def is_goods(line: OrderLine) -> bool:
    """Whether it is no gift card, which is money of its own and comes back by other rules: whole, unused, and without
    any share of shipping or allowances."""
    return income_account(line)[0] == "sales"


def left_of(line: OrderLine) -> int:
    """How many units of a line can still come back, in smallest amounts."""
    left = line.fulfilled - line.returned
    return left if left and (is_goods(line) or sold_gift_cards.is_unused(line)) else 0


def cash_of(order: Order, items: Sequence[Item]) -> Cash:
    """How the order was paid and what was given back of it, for rounding; without what can never be given back."""
    by_tender = tenders()
    taken = Payment.objects.filter(order=order, captured_minor__gt=0).values_list("tender", "captured_minor")
    other = sum(minor for tender, minor in taken if not (tender in by_tender and by_tender[tender].gives_change))
    returns = Return.objects.filter(order=order).values_list("total_minor", "rounding_minor")
    allowances = Allowance.objects.filter(order=order).values_list("total_minor", "rounding_minor")
    before = [*returns, *allowances]
    return Cash(
        paid=_paid(order, items),
        other=other,
        step=order.market.cash_step_minor,
        exact=sum(total - rounding for total, rounding in before),
        given=sum(total for total, _rounding in before),
    )


def _paid(order: Order, items: Sequence[Item]) -> int:
    """What was paid, or is going to be, of an order for what can be given back."""
    if not order.canceled_minor:
        return sum(item.value for item in items) + order.rounding_minor
    cards = sum(line.total_minor for line in order.lines.all() if not is_goods(line))
    return order.due_minor - cards + sum(item.value for item in items if item.kind == GIFT_CARD)


def sources_of(order: Order) -> list[Source]:
    """The order's payments that hold money which can go back, for `refund_plan.plan`."""
    by_tender = tenders()
    found = Payment.objects.filter(order=order, captured_minor__gt=0).order_by("pk")
    return [
        Source(
            payment=row.pk,
            tender=row.tender,
            label=label_of(row),
            currency=row.currency,
            captured=row.captured_minor,
            refunded=row.refunded_minor,
            pending=row.refund_pending_minor,
            rank=by_tender[row.tender].refund_rank if row.tender in by_tender else 99,
            is_gone=bool(row.details.get("cannot_refund")),
        )
        for row in found
    ]


def fallbacks() -> dict[str, str]:
    """Tenders that may stand in for another one: label by code."""
    return {code: str(tender.label) for code, tender in tenders().items() if tender.is_fallback}


def label_of(payment: Payment) -> str:
    """The payment in words: "Visa ending in 4242", "Gift card ending in 7KQ2", "Cash"."""
    tender = tenders().get(payment.tender)
    label = str(tender.label) if tender else payment.tender
    if not payment.details.get("last4"):
        return label
    brand = str(payment.details.get("brand") or "").capitalize()
    return _("%(card)s ending in %(digits)s") % {"card": brand or label, "digits": payment.details["last4"]}


def money_left(order: Order) -> Money:
    """What can be given back of the order's payments in all."""
    return Money(sum(source.cap for source in sources_of(order)), order.currency)
