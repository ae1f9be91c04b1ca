"""Goods come back: what can, what it comes to, and the only writer of returns. Steps; any place, any channel.

A unit comes back once: the order's lock makes two places pass one after the other, the second finds it gone, and a
CHECK (`order_line_not_overreturned`) stands behind that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.catalog.units import text_of
from commerce.company.models import Location, User
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import InvalidInput, KeyReused
from commerce.kernel.money import Money
from commerce.ledger import journal
from customers.wallets import Source
from inventory import levels, serials, stock
from inventory.levels import Demand
from orders import giving_back, placement, refund_books, refunds, serial_numbers, sold_gift_cards, timeline
from orders.giving_back import Sum
from orders.models import Order, OrderLine, Return, ReturnLine
from orders.refund_plan import Part, Plan
from orders.refund_plan import plan as plan_refund
from orders.return_errors import AmountsChanged, DrawerNeeded, NothingToReturn, NotReturnable, WrongReturnNumbers
from orders.returnable import (
    Returnable,
    amount_as_json,
    cash_of,
    fallbacks,
    is_goods,
    items_of,
    left_of,
    returnable,
    sources_of,
    still_sold,
)
from orders.tenders import registry as tenders

__all__ = ["ReturnWish", "Returnable", "accept", "fallbacks", "plan_for", "quote", "returnable", "sources_of"]

Reason = ReturnLine.Reason
Disposition = ReturnLine.Disposition


@dataclass(frozen=True, slots=True)
class ReturnWish:
    """Units of a line (primary key) that come back, in smallest amounts, why, and where they go. `serials` are the
    numbers of those that have some, one for each. A line may be named several times."""

    line: int
    quantity: int
    reason: str = Reason.UNWANTED.value
    disposition: str = Disposition.RESTOCK.value
    serials: tuple[str, ...] = ()


def quote(order: Order, wishes: Sequence[ReturnWish], *, with_shipping: bool = False) -> Sum:
    """What the return comes to, as `accept` would find it now. Raises what `accept` refuses, but for serial numbers."""
    _check(order, wishes)
    wanted = [(wish.line, wish.quantity) for wish in wishes]
    items = items_of(order)
    return giving_back.of_return(items, wanted, cash_of(order, items), with_charges=with_shipping)


def plan_for(order: Order, amount_minor: int, *, tender: str = "", details: dict[str, str] | None = None) -> Plan:
    """How an amount goes back by the order's own payments, or by a chosen tender: see `refund_plan.plan`."""
    amount = Money(amount_minor, order.currency)
    return plan_refund(sources_of(order), amount, tender=tender, fallbacks=fallbacks(), details=details)


def check_shown(due: Sum, shown_minor: int | None, currency: str) -> None:
    """Raise `AmountsChanged` when a person was shown another amount than what is due now."""
    if shown_minor is not None and shown_minor != due.total_minor:
        raise _changed(due.total_minor, shown_minor, currency)


def _changed(due: int, planned: int, currency: str) -> AmountsChanged:
    words = {"due": Money(due, currency).format(), "planned": Money(planned, currency).format()}
    return AmountsChanged(**words, due_minor=due)


def _check(order: Order, wishes: Sequence[ReturnWish]) -> dict[int, OrderLine]:
    """The lines of the wishes. Raises `NothingToReturn`, `NotReturnable`, `InvalidInput`."""
    if not wishes:
        raise NothingToReturn()
    lines = {line.pk: line for line in order.lines.select_related("variant")}
    wanted: dict[int, int] = {}
    for wish in wishes:
        if wish.line not in lines or wish.quantity < 1:
            raise NothingToReturn()
        if wish.reason not in Reason.values or wish.disposition not in Disposition.values:
            raise InvalidInput({"lines": [_("Choose a reason, and where the goods go.")]})
        wanted[wish.line] = wanted.get(wish.line, 0) + wish.quantity
    for pk, quantity in wanted.items():
        line = lines[pk]
        if quantity > left_of(line):
            raise _not_returnable(line, quantity)
    return lines


def _not_returnable(line: OrderLine, wanted: int) -> NotReturnable:
    if not is_goods(line):
        why = _("It is money already: only a gift card by mail that nobody has paid with comes back.")
    elif line.returned:
        why = _("%(units)s came back before.") % {"units": text_of(line.returned, line)}
    elif line.fulfilled + line.canceled < line.quantity:
        waiting = line.quantity - line.fulfilled - line.canceled
        why = _("%(units)s have not been handed over yet.") % {"units": text_of(waiting, line)}
    else:
        why = _("More was not sold.")
    left = text_of(left_of(line), line)
    return NotReturnable(sku=line.sku, left=left, wanted=text_of(wanted, line), why=why)


@in_transaction
def accept(
    order: Order,
    wishes: Sequence[ReturnWish],
    *,
    uid: UUID,
    location: Location,
    channel: str,
    actor: User | None,
    at: datetime,
    parts: Sequence[Part] | None = None,
    approved_by: User | None = None,
    with_shipping: bool = False,
    note: str = "",
) -> Return:
    """Take goods of an order back at a location: the return, its refunds, the goods on the shelf, the books.

    `uid` is the client's: the same return again is the first one, and changes nothing. `parts` are the refunds, as a
    plan gave them; without any the policy decides. Refunds that the card network has to send are `pending` afterwards:
    call `settle_refund` for them once this is committed. Locks the order, its payments, then stock.

    Raises `NotReturnable`, `NothingToReturn`, `WrongReturnNumbers`, `SerialNotHere`, `AmountsChanged`,
    `RefundTooLarge`, `OriginalGone`, and `KeyReused` when the uid came with another return before.
    """
    order = Order.objects.locked().select_related("market").get(pk=order.pk)
    earlier = Return.objects.filter(uid=uid).select_related("location").first()
    if earlier is not None:
        return _same(earlier, order, wishes)
    due = quote(order, wishes, with_shipping=with_shipping)
    numbers = _numbers(order, wishes)
    _end_cards(order, wishes, uid=uid, actor=actor, at=at)
    record = _write(
        order, due, uid=uid, location=location, channel=channel, actor=actor, approved_by=approved_by, note=note, at=at
    )
    lines = _write_lines(record, due, wishes)
    journal.post([refund_books.returned(record, lines, location_code=location.code)], at=at)
    _tell_history(order, record, at=at)
    _refund(order, record, parts, reason=_reason(wishes), at=at)
    _put_back(order, record, wishes, numbers, at=at)
    placement.announce(order, [], "order.returned", at=at, more={"return": str(record.uid)})
    return record


def _same(earlier: Return, order: Order, wishes: Sequence[ReturnWish]) -> Return:
    kept = sorted(earlier.lines.values_list("order_line", "quantity", "disposition"))
    if earlier.order_id != order.pk or kept != sorted((wish.line, wish.quantity, wish.disposition) for wish in wishes):
        raise KeyReused()
    return earlier


def _numbers(order: Order, wishes: Sequence[ReturnWish]) -> dict[int, tuple[str, ...]]:
    """The serial numbers that come back, by the wish's place. Raises `WrongReturnNumbers`.

    As many as units, fewer only for pieces that nobody had named; where nothing came back, none.
    """
    lines = {line.pk: line for line in order.lines.select_related("variant")}
    sold = still_sold(list(lines.values()))
    given: dict[int, tuple[str, ...]] = {}
    nameless = {pk: line.fulfilled - line.returned - len(sold.get(pk, [])) for pk, line in lines.items()}
    for place, wish in enumerate(wishes):
        line, named = lines[wish.line], tuple(serials.tidy(wish.serials))
        if not line.variant.tracks_serials or wish.disposition == Disposition.NONE:
            given[place] = ()
            continue
        missing = wish.quantity - len(named)
        if missing < 0 or missing > max(nameless[line.pk], 0):
            raise WrongReturnNumbers(sku=line.sku, wanted=wish.quantity, given=len(named))
        nameless[line.pk] -= missing
        given[place] = named
    return given


def _next_number() -> str:
    """One series for all places; it may have gaps, so nobody waits for it."""
    return f"R{rows('SELECT nextval(%s)', ['orders_return_number'])[0][0]}"


@in_transaction
def _end_cards(order: Order, wishes: Sequence[ReturnWish], *, uid: UUID, actor: User | None, at: datetime) -> None:
    """Gift cards that come back pay nothing any more. Raises `NotReturnable` for one that somebody has begun to use."""
    wanted = {wish.line: wish.quantity for wish in wishes}
    cards = [line for line in order.lines.select_related("gift_card", "variant") if line.pk in wanted]
    for line in sorted(cards, key=lambda one: one.gift_card_id or 0):
        if is_goods(line):
            continue
        source = Source("return", uid, actor, _("Given back by whom it was bought."))
        if not sold_gift_cards.take_back(line, source=source, at=at):
            raise _not_returnable(line, wanted[line.pk])


@in_transaction
def _write(
    order: Order,
    due: Sum,
    *,
    uid: UUID,
    location: Location,
    channel: str,
    actor: User | None,
    approved_by: User | None,
    note: str,
    at: datetime,
) -> Return:
    return Return.objects.create(
        uid=uid,
        number=_next_number(),
        order=order,
        location=location,
        channel=channel,
        currency=order.currency,
        goods_minor=due.goods_minor,
        shipping_minor=due.charges_minor,
        rounding_minor=due.rounding,
        tax_minor=due.tax_minor,
        total_minor=due.total_minor,
        taxes=due.taxes,
        charges=[
            {"charge": share.item.key, "kind": share.item.kind, **amount_as_json(share.amount)} for share in due.charges
        ],
        note=note[:500],
        actor=actor,
        approved_by=approved_by,
        created_at=at,
        business_date=business_date(location.time_zone, at),
    )


@in_transaction
def _write_lines(record: Return, due: Sum, wishes: Sequence[ReturnWish]) -> list[ReturnLine]:
    lines = {line.pk: line for line in record.order.lines.all()}
    made = ReturnLine.objects.bulk_create(
        ReturnLine(
            return_record=record,
            order_line=lines[wish.line],
            quantity=wish.quantity,
            first_unit=share.first,
            reason=wish.reason,
            disposition=wish.disposition,
            serials=serials.tidy(wish.serials),
            discount_minor=share.amount.discount,
            tax_minor=share.amount.tax,
            total_minor=share.amount.total,
            taxes=giving_back.merged_taxes([share]),
        )
        for wish, share in zip(wishes, due.goods, strict=True)
    )
    for share in due.goods:
        rows("UPDATE orders_orderline SET returned = returned + %s WHERE id = %s", [share.quantity, share.item.key])
    return made


@in_transaction
def _refund(order: Order, record: Return, parts: Sequence[Part] | None, *, reason: str, at: datetime) -> None:
    chosen = plan_for(order, record.total_minor).parts if parts is None else parts
    planned = sum(part.amount_minor for part in chosen)
    if planned != record.total_minor:
        raise _changed(record.total_minor, planned, order.currency)
    refunds.request(
        order,
        [with_drawer(part, record.location) for part in chosen],
        return_record=record,
        reason=reason,
        actor=record.actor,
        approved_by=record.approved_by,
        at=at,
    )


def with_drawer(part: Part, location: Location | None) -> Part:
    """Cash that no register's drawer gives comes out of the place's own. Raises `DrawerNeeded` where there is none."""
    if not tenders()[part.tender].opens_drawer:
        return part
    if location is None:
        raise DrawerNeeded()
    return replace(part, details={"drawer": location.code, **part.details})


def _reason(wishes: Sequence[ReturnWish]) -> str:
    return ", ".join(sorted({str(Reason(wish.reason).label) for wish in wishes}))


@in_transaction
def _put_back(
    order: Order,
    record: Return,
    wishes: Sequence[ReturnWish],
    numbers: dict[int, tuple[str, ...]],
    *,
    at: datetime,
) -> None:
    """The goods are on the place's shelf, or set aside as damaged; what has no price of its own lies on no shelf."""
    lines = {line.pk: line for line in order.lines.select_related("variant")}
    source = levels.Source("return", record.uid, record.actor)
    here = record.location.pk
    good: list[Demand] = []
    damaged: list[Demand] = []
    for wish in wishes:
        if wish.disposition != Disposition.NONE and not lines[wish.line].variant.is_open_price:
            into = damaged if wish.disposition == Disposition.DAMAGED else good
            into.append(Demand(lines[wish.line].variant_id, here, wish.quantity))
    stock.take_back(good, damaged, source=source, at=at)
    documents = serial_numbers.documents_of(order) if any(numbers.values()) else set()
    for is_damaged in (False, True):
        named: dict[int, list[str]] = {}
        for place, wish in enumerate(wishes):
            if numbers[place] and (wish.disposition == Disposition.DAMAGED) is is_damaged:
                named.setdefault(lines[wish.line].variant_id, []).extend(numbers[place])
        if named:
            serials.take_back(named, here, source=source, at=at, sold_by=documents, damaged=is_damaged)


@in_transaction
def _tell_history(order: Order, record: Return, *, at: datetime) -> None:
    timeline.add(
        order,
        "returned",
        at=at,
        actor=record.actor,
        amount=record.total.as_json(),
        number=record.number,
        location=record.location.name,
    )
