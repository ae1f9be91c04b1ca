"""Checkouts in progress: an order that is priced and held, but not paid. Steps, and the only writer of drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commerce.catalog.models import Variant
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction
from commerce.kernel.ids import new_uid
from commerce.pricing import coupons
from commerce.pricing.currencies import kept_rate
from commerce.pricing.models import Market
from commerce.pricing.tax_providers import TaxAnswer
from customers import wallets
from customers.profiles import email_key
from inventory import reservations
from inventory.levels import Demand, Source
from inventory.models import Reservation
from orders import bought_gift_cards, fees, gift_card_deliveries, payments, states, timeline, wallet_payments
from orders.bought_gift_cards import BoughtCard
from orders.fulfillment_types import email
from orders.fulfillment_types.base import Portion, Wish
from orders.models import Adjustment, Cart, Fulfillment, FulfillmentLine, Order, OrderLine, Payment


@dataclass(frozen=True, slots=True)
class Contact:
    """Who buys."""

    email: str
    name: str = ""


@in_transaction
def create(
    cart: Cart,
    *,
    lines: list[tuple[Variant, int]],
    priced: dict[str, Any],
    contact: Contact,
    wish: Wish,
    portions: list[Portion],
    cart_hash: str,
    until: datetime,
    at: datetime,
    instead_of: Sequence[Order] = (),
    taxed: TaxAnswer | None = None,
) -> tuple[Order, Payment]:
    """Write the draft with its payment, and hold its units and its coupons last; drafts that were given up for it give
    theirs back with that. The cart's gift cards are held for it, and the payment is for the rest.

    Raises `GiftCardUnusable`, `InsufficientStock`, `CouponUsedUp`, `CouponUsedByCustomer`: keep nothing then.
    """
    order = Order.objects.create(
        uid=new_uid(),
        channel=cart.channel,
        actor_id=cart.actor_id,
        cart=cart,
        market=cart.market,
        location=wish.location,
        email=contact.email,
        shipping_address=wish.address,
        cart_hash=cart_hash,
        coupons=coupon_codes(priced),
        created_at=at,
        expires_at=until,
        tax_provider=taxed.provider if taxed else "",
        tax_fallback=taxed.fell_back if taxed else False,
        exchange_rate=kept_rate(priced["currency"], business_date(cart.market.time_zone, at)),
        **money_of(priced),
    )
    del order.exchange_rate  # written by the statement; read when somebody asks
    order_lines = write_lines(order, lines, priced)
    bought = bought_gift_cards.of_cart(cart)
    payable = order.total_minor - bought_gift_cards.sum_of(bought)  # gift cards do not pay for gift cards
    by_wallet = wallet_payments.hold(order, cart.gift_cards, payable, until=until, at=at)
    payment = _announced(
        order, contact, is_at_once=bool(bought) or by_wallet == order.total_minor, by_wallet=by_wallet, at=at
    )
    _hold(order, wish.type, portions, order_lines, until=until, at=at)
    if bought:
        _plan_cards(order, bought, contact, after=len(lines), at=at)
    replaced = [old.uid for old in instead_of if old.coupons]
    if order.coupons or replaced:
        coupons.take(
            order.coupons,
            source_uid=order.uid,
            customer_key=email_key(contact.email),
            instead_of=replaced,
            at=at,
        )
    return order, payment


@in_transaction
def _plan_cards(order: Order, bought: Sequence[BoughtCard], contact: Contact, *, after: int, at: datetime) -> None:
    """The lines of gift cards that will be mailed, and their way out."""
    variants = Variant.objects.in_bulk([card.variant for card in bought])
    priced = bought_gift_cards.added_to(_NOTHING, bought)["lines"]
    lines = OrderLine.objects.bulk_create(
        _line(order, after + place, variants[card.variant], 1, row)
        for place, (card, row) in enumerate(zip(bought, priced, strict=True), start=1)
    )
    gift_card_deliveries.plan(lines, bought, from_name=contact.name)
    first = Fulfillment.objects.filter(order=order).select_related("location").order_by("pk").first()
    place = first.location if first else email.home()
    way = Fulfillment.objects.create(uid=new_uid(), order=order, type=email.TYPE.code, location=place, created_at=at)
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(fulfillment=way, order_line=line, quantity=line.quantity) for line in lines
    )


_NOTHING: dict[str, Any] = {"subtotal": 0, "total": 0, "net_total": 0, "lines": []}


def _announced(order: Order, contact: Contact, *, is_at_once: bool, by_wallet: int, at: datetime) -> Payment:
    """The payment by card, of what gift cards leave; where some are bought, it is taken at once."""
    return Payment.objects.create(
        uid=new_uid(),
        order=order,
        tender="card_online",
        currency=order.currency,
        amount_minor=order.total_minor - by_wallet,
        provider="stripe",
        is_manual=order.market.card_capture == Market.CardCapture.LEAVING and not is_at_once,
        details={"billing_name": contact.name},
        created_at=at,
    )


def coupon_codes(priced: dict[str, Any]) -> list[str]:
    """The coupons that reduced something: they alone are used up."""
    taken = [row for item in priced["lines"] + priced["charges"] for row in item["adjustments"]]
    return sorted({row["reason"] for row in taken if row["source"] == "coupon"})


def money_of(priced: dict[str, Any]) -> dict[str, Any]:
    """The engine's totals as fields of an order."""
    return {
        "currency": priced["currency"],
        "prices_include_tax": priced["tax_included"],
        "subtotal_minor": priced["subtotal"],
        "discount_minor": priced["discount_total"],
        "shipping_minor": priced["shipping_total"],
        "fee_minor": priced["fee_total"],
        "tax_minor": priced["tax_total"],
        "total_minor": priced["total"],
        "taxes": [tax for tax in priced["taxes"] if tax["base"] or tax["amount"]],
        "discounts": priced["adjustments"],
        "rules_version": priced.get("rules", ""),
        "tax_certificate": priced.get("tax_certificate", "")[:200],
    }


@in_transaction
def write_lines(order: Order, lines: list[tuple[Variant, int]], priced: dict[str, Any]) -> dict[int, OrderLine]:
    """Write the snapshots of lines and charges; the order lines by their variant's primary key."""
    by_id = {line["id"]: line for line in priced["lines"]}
    made = OrderLine.objects.bulk_create(
        _line(order, position, variant, quantity, by_id[str(variant.pk)])
        for position, (variant, quantity) in enumerate(lines, start=1)
    )
    _write_charges(order, priced)
    return {line.variant_id: line for line in made}


def _write_charges(order: Order, priced: dict[str, Any]) -> None:
    pieces = [(charge, fees.line_of(charge, priced)) for charge in priced["charges"]]
    Adjustment.objects.bulk_create(
        Adjustment(
            order=order,
            kind=charge["kind"],
            label=charge["label"],
            quantity=counted.quantity,
            unit_minor=counted.unit_minor,
            amount_minor=charge["gross"] - charge["discount"],
            tax_minor=charge["tax"],
            total_minor=charge["total"],
            taxes=charge["taxes"],
            discounts=charge["adjustments"],
        )
        for charge, counted in pieces
    )


@in_transaction
def write_till_lines(
    order: Order, variants: list[Variant], priced: dict[str, Any], serials: list[list[str]]
) -> list[OrderLine]:
    """Snapshots of a till sale's lines, as handed over, with their serial numbers; a variant may stand on several."""
    made = []
    for position, variant in enumerate(variants, start=1):
        shown = priced["lines"][position - 1]
        line = _line(order, position, variant, shown["quantity"], shown)
        line.fulfilled = line.quantity
        line.serials = serials[position - 1]
        made.append(line)
    _write_charges(order, priced)
    return OrderLine.objects.bulk_create(made)


def _line(order: Order, position: int, variant: Variant, quantity: int, priced: dict[str, Any]) -> OrderLine:
    return OrderLine(
        uid=new_uid(),
        order=order,
        position=position,
        variant=variant,
        sku=variant.sku,
        name=variant.name,
        quantity=quantity,
        unit=variant.unit,
        unit_scale=variant.unit_scale,
        unit_minor=priced["unit"],
        gross_minor=priced["gross"],
        discount_minor=priced["discount"],
        tax_minor=priced["tax"],
        total_minor=priced["total"],
        taxes=priced["taxes"],
        discounts=priced["adjustments"],
    )


def _hold(
    order: Order, kind: str, portions: list[Portion], lines: dict[int, OrderLine], *, until: datetime, at: datetime
) -> None:
    fulfillments = Fulfillment.objects.bulk_create(
        Fulfillment(uid=new_uid(), order=order, type=kind, location=portion.location, created_at=at)
        for portion in portions
    )
    units = [
        (fulfillment, variant, quantity)
        for fulfillment, portion in zip(fulfillments, portions, strict=True)
        for variant, quantity in portion.lines
    ]
    held = reservations.reserve(
        [Demand(variant.pk, fulfillment.location_id, quantity) for fulfillment, variant, quantity in units],
        until=until,
        source=Source("order", order.uid),
        at=at,
    )
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(
            fulfillment=fulfillment, order_line=lines[variant.pk], quantity=quantity, reservation=reservation
        )
        for (fulfillment, variant, quantity), reservation in zip(units, held, strict=True)
    )


@in_transaction
def give_up(order: Order, *, at: datetime, keeps_coupons: bool = False) -> None:
    """End a draft: its units are free again, and its coupons unless the draft that replaces it gives them back (coupons
    come after stock in the order of locks). The caller holds its lock, and sees to its card payment."""
    states.move(order, Order.State.CANCELED, states.ORDER)
    for payment in Payment.objects.locked().filter(order=order, state__in=["pending", "processing"]):
        payments.end(payment, Payment.State.CANCELED, at=at)
    _free_units(order, at=at)
    if order.coupons and not keeps_coupons:
        coupons.release(order.uid, at=at)
    timeline.add(order, "checkout_abandoned", at=at)


@in_transaction
def free_units(order: Order, *, at: datetime) -> None:
    """Nothing will leave for this order: what it still holds is free again, and its coupons may be used again."""
    _free_units(order, at=at)
    if order.coupons:
        coupons.release(order.uid, at=at)


@in_transaction
def prolong(order: Order, payment: Payment, *, until: datetime, at: datetime) -> None:
    """Keep what a checkout holds, at least until then: of gift cards, where `payment` is not all of it, and units."""
    if payment.amount_minor < order.total_minor:
        wallets.prolong(order.uid, until=until)
    reservations.extend(held_by(order), until=until, at=at)


def _free_units(order: Order, *, at: datetime) -> None:
    wallets.release(order.uid, at=at)
    Fulfillment.objects.filter(order=order, state=Fulfillment.State.PLANNED).update(state=Fulfillment.State.CANCELED)
    reservations.release(held_by(order), at=at)


def held_by(order: Order) -> list[Reservation]:
    """The order's reservations."""
    return list(
        Reservation.objects.raw(
            "SELECT r.* FROM inventory_reservation r JOIN orders_fulfillmentline l ON l.reservation_id = r.id"
            " JOIN orders_fulfillment f ON f.id = l.fulfillment_id WHERE f.order_id = %s ORDER BY l.id",
            [order.pk],
        )
    )
