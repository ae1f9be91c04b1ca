"""The only writers of purchase orders: draft, place with the supplier, receive in parts, close.

Locks: the purchase order, then stock levels by primary key, then sequences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from commerce.catalog.units import text_of
from commerce.company.models import Location, User
from commerce.events import outbox
from commerce.kernel import sequences
from commerce.kernel.db import advisory_lock, in_transaction
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from inventory import numbered, serials, stock
from inventory.costs import PPM, company_currency, converted
from inventory.errors import AlreadyReceived, KitHasNoStock, NothingToDo, NotNow, NotOnDocument
from inventory.levels import Source
from inventory.models import PurchaseOrder, PurchaseOrderLine, Receipt, StockMovement, Supplier, SupplierItem
from inventory.serials import Numbers
from inventory.transfers import sku_of

Units = Mapping[int, int]  # by variant (primary key)
State = PurchaseOrder.State

HINTS = {
    "draft": _("order it first."),
    "ordered": _("it is with the supplier. Receive what comes, or close it."),
    "received": _("it is closed. Order again, or adjust the stock by what came as received without an order."),
    "canceled": _("it was canceled. Draft another order."),
}


@dataclass(frozen=True, slots=True)
class Received:
    """What a delivery came to: units in all, what came beyond the order (SKU, units), whether anything is still due,
    and what came without its serial numbers (SKU, units)."""

    units: int
    beyond: tuple[tuple[str, int], ...]
    is_complete: bool
    nameless: tuple[tuple[str, int], ...] = ()


@in_transaction
def draft(
    supplier: Supplier,
    location: Location,
    units: Units,
    *,
    at: datetime,
    person: User | None = None,
    note: str = "",
    expected_on: date | None = None,
    rate_ppm: int | None = None,
    uid: UUID | None = None,
) -> PurchaseOrder:
    """A new order in the supplier's currency. Without `rate_ppm` it has that of the last order in this currency.

    Raises `InvalidInput` (packs, rate), `KitHasNoStock`, `NothingToDo`.
    """
    order = PurchaseOrder.objects.create(
        uid=uid or new_uid(),
        number=f"PO-{sequences.next_value('purchase_order'):06d}",
        supplier=supplier,
        location=location,
        currency=supplier.currency,
        rate_ppm=rate_ppm or _last_rate(supplier.currency),
        expected_on=expected_on,
        note=note,
        created_by=person,
        created_at=at,
    )
    put_lines(order, units)
    tell(order, "drafted", at=at, person=person)
    return order


def _last_rate(currency: str) -> int:
    company = company_currency()
    if company in (None, currency):
        return PPM
    last = PurchaseOrder.objects.filter(currency=currency).order_by("-pk").first()
    if last is None:
        text = _("Write how many %(company)s one %(currency)s costs.")
        raise InvalidInput({"rate": [text % {"company": company, "currency": currency}]})
    return last.rate_ppm


@in_transaction
def put_lines(order: PurchaseOrder, units: Units, costs: Mapping[int, int] | None = None) -> None:
    """Set how many of variants are ordered, 0 for none, and what one costs (minor units of the order's currency).

    Costs that are not given are those of the line, else the supplier's. Only in a draft. Raises as `draft` does.
    """
    demand_state(order, State.DRAFT)
    kits = stock.kits_among(units)
    if kits:
        raise KitHasNoStock(sku=kits[0])
    items = {item.variant_id: item for item in order.supplier.items.select_related("variant").filter(variant__in=units)}
    _demand_packs(units, items)
    known = {line.variant_id: line for line in order.lines.filter(variant__in=units)}
    order.lines.filter(variant__in=[variant for variant, quantity in units.items() if not quantity]).delete()
    lines = []
    for variant, quantity in units.items():
        before, item = known.get(variant), items.get(variant)
        cost = before.cost_minor if before else item.cost_minor if item else 0
        if quantity:
            lines.append(
                PurchaseOrderLine(
                    order=order,
                    variant_id=variant,
                    supplier_sku=item.supplier_sku if item else "",
                    cost_minor=(costs or {}).get(variant, cost),
                    ordered=quantity,
                )
            )
    PurchaseOrderLine.objects.bulk_create(
        lines,
        update_conflicts=True,
        unique_fields=["order", "variant"],
        update_fields=["ordered", "cost_minor", "supplier_sku"],
    )
    if not order.lines.exists():
        raise NothingToDo(number=order.number, hint=_("If nothing is to be ordered, cancel it."))


def _demand_packs(units: Units, items: Mapping[int, SupplierItem]) -> None:
    text = _("%(sku)s comes in packs of %(pack)s: order %(less)s or %(more)s.")
    problems = []
    for variant, quantity in units.items():
        item = items.get(variant)
        pack = item.pack * item.variant.unit_scale if item and item.pack > 1 else 1
        if item and quantity % pack:
            less = quantity // pack * pack
            amounts = {"pack": pack, "less": less, "more": less + pack}
            facts = {name: text_of(amount, item.variant) for name, amount in amounts.items()}
            problems.append(text % {"sku": item.variant.sku, **facts})
    if problems:
        raise InvalidInput({"items": problems})


@in_transaction
def place(order: PurchaseOrder, *, at: datetime, person: User | None = None) -> None:
    """The order goes to the supplier, who keeps its costs for the next one. Expected after the supplier's lead time
    unless a day is set. Raises `NotNow`, `InvalidInput` for goods without a cost."""
    demand_state(order, State.DRAFT)
    lines = lines_of(order)
    free = {item.variant_id for item in order.supplier.items.filter(cost_minor=0)}
    unpriced = [line.variant.sku for line in lines if not line.cost_minor and line.variant_id not in free]
    if unpriced:
        text = _("Enter what one unit costs: %(skus)s.")
        raise InvalidInput({"costs": [text % {"skus": ", ".join(unpriced)}]})
    _remember_costs(order, lines)
    expected_on = order.expected_on or (at + timedelta(days=order.supplier.lead_days)).date()
    _become(order, State.ORDERED, ordered_at=at, expected_on=expected_on)
    tell(order, "ordered", at=at, person=person)


def _remember_costs(order: PurchaseOrder, lines: list[PurchaseOrderLine]) -> None:
    advisory_lock("inventory.supplier_items")  # a variant has one preferred supplier
    theirs = SupplierItem.objects.filter(variant__in=[line.variant_id for line in lines], is_preferred=True)
    preferred = set(theirs.values_list("variant_id", flat=True))
    SupplierItem.objects.bulk_create(
        [
            SupplierItem(
                supplier=order.supplier,
                variant_id=line.variant_id,
                supplier_sku=line.supplier_sku,
                cost_minor=line.cost_minor,
                is_preferred=line.variant_id not in preferred,
            )
            for line in lines
        ],
        update_conflicts=True,
        unique_fields=["supplier", "variant"],
        update_fields=["cost_minor"],
    )


@in_transaction
def receive(
    order: PurchaseOrder,
    units: Units,
    *,
    receipt: UUID,
    at: datetime,
    person: User | None = None,
    numbers: Numbers | None = None,
) -> Received:
    """Goods have come, worth what they cost: also more than was ordered. What is short stays due.

    `receipt` is the caller's id of this delivery: it counts once. `numbers` (by variant) name all units of what has
    serial numbers; a variant without any is named from the shelf later. Raises `AlreadyReceived`, `NotNow`,
    `NotOnDocument`, `NothingToDo`, `SerialsDoNotMatch`, `SerialNotHere`, `InvalidInput`.
    """
    if Receipt.objects.filter(uid=receipt).exists():
        raise AlreadyReceived(number=order.number)
    demand_state(order, State.ORDERED)
    lines = {line.variant_id: line for line in lines_of(order)}
    strange = [variant for variant in units if variant not in lines]
    if strange:
        raise NotOnDocument(sku=sku_of(strange[0]), number=order.number)
    came = {variant: quantity for variant, quantity in sorted(units.items()) if quantity}
    if not came or min(came.values()) < 0:
        raise NothingToDo(number=order.number, hint=_("Scan the goods, or type how many have come."))
    named = numbered.coming(came, numbers)
    _book(order, lines, came, at=at, person=person)
    serials.receive(named, order.location_id, source=Source("receipt", receipt, person), at=at)
    quantities = {lines[variant].variant.sku: quantity for variant, quantity in came.items()}
    Receipt.objects.create(uid=receipt, order=order, received_by=person, received_at=at, quantities=quantities)
    beyond = []
    for variant, quantity in came.items():
        line = lines[variant]
        more = max(line.received + quantity - max(line.ordered, line.received), 0)
        line.received += quantity
        if more:
            beyond.append((line.variant.sku, more))
    PurchaseOrderLine.objects.bulk_update([lines[variant] for variant in came], ["received"])
    is_complete = all(line.received >= line.ordered for line in lines.values())
    tell(order, "received", at=at, person=person, units=quantities)
    if is_complete:
        _become(order, State.RECEIVED, closed_at=at)
        tell(order, "closed", at=at, person=person)
    nameless = tuple((lines[variant].variant.sku, came[variant]) for variant in sorted(named) if not named[variant])
    return Received(sum(came.values()), tuple(beyond), is_complete, nameless)


def _book(
    order: PurchaseOrder,
    lines: Mapping[int, PurchaseOrderLine],
    came: Units,
    *,
    at: datetime,
    person: User | None,
) -> None:
    """Cost by units by exchange rate, rounded once for the line, is what the goods are worth."""
    company = company_currency()
    values = {
        (variant, order.location_id): converted(
            lines[variant].cost_minor * quantity,
            order.currency,
            rate_ppm=order.rate_ppm,
            into=company,
            parts=lines[variant].variant.unit_scale,
        )
        for variant, quantity in came.items()
    }
    stock.move(
        {(variant, order.location_id): quantity for variant, quantity in came.items()},
        kind=StockMovement.Kind.RECEIPT,
        source=Source("purchase_order", order.uid, person),
        at=at,
        values=values,
    )


@in_transaction
def close(order: PurchaseOrder, *, at: datetime, person: User | None = None, reason: str = "") -> None:
    """Nothing more will come of it. Raises `NotNow`."""
    demand_state(order, State.ORDERED)
    _become(order, State.RECEIVED if _has_come(order) else State.CANCELED, closed_at=at)
    tell(order, "closed", at=at, person=person, reason=reason)


@in_transaction
def cancel(order: PurchaseOrder, *, at: datetime, person: User | None = None) -> None:
    """It is not ordered after all. Raises `NotNow`; of what has come already the rest can be closed."""
    demand_state(order, State.DRAFT)
    _become(order, State.CANCELED, closed_at=at)
    tell(order, "canceled", at=at, person=person)


@in_transaction
def hold(uid: UUID) -> PurchaseOrder | None:
    """The order, locked, with its supplier and location."""
    return PurchaseOrder.objects.locked().select_related("supplier", "location").filter(uid=uid).first()


def lines_of(order: PurchaseOrder) -> list[PurchaseOrderLine]:
    """Its lines as they are now, in the order of the SKUs."""
    return list(order.lines.select_related("variant__product").order_by("variant__sku_key"))


def demand_state(order: PurchaseOrder, *states: State) -> None:
    """Raise `NotNow` unless the order is in one of the states."""
    if order.state not in states:
        raise NotNow(number=order.number, state=str(State(order.state).label), hint=str(HINTS[order.state]))


def _has_come(order: PurchaseOrder) -> bool:
    return order.lines.filter(received__gt=0).exists()


def _become(order: PurchaseOrder, state: State, **fields: object) -> None:
    changed = {"state": state, **fields}
    for name, value in changed.items():
        setattr(order, name, value)
    order.save(update_fields=list(changed))


@in_transaction
def tell(order: PurchaseOrder, what: str, *, at: datetime, person: User | None, **more: object) -> None:
    """Record the event `purchase_order.<what>`."""
    facts: dict[str, object] = {
        "number": order.number,
        "supplier": order.supplier.code,
        "location": order.location.code,
    }
    facts |= {"person": person.username if person else ""} | {name: value for name, value in more.items() if value}
    outbox.record(f"purchase_order.{what}", str(order.uid), facts, at=at)
