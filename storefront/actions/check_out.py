"""From a cart to a checkout: priced, held for a quarter of an hour, ready to be paid."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.models import ApiToken
from commerce.kernel.card_numbers import contains_card_number
from commerce.kernel.db import action, in_transaction
from commerce.kernel.errors import InvalidInput
from commerce.kernel.failpoints import failpoint
from commerce.pricing import tax_providers
from commerce.pricing.models import Market
from commerce.pricing.tax_providers import TaxAnswer
from inventory.errors import InsufficientStock
from orders import (
    bought_gift_cards,
    cart_prices,
    carts,
    drafts,
    fulfillment_types,
    gateway,
    offered,
    outside_taxes,
    payments,
)
from orders.actions.settle_payment import settle_payment
from orders.drafts import Contact
from orders.errors import CartChanged, EmptyCart, NotAnnounced, PaymentInProgress, PaymentUnknown
from orders.fulfillment_types import email
from orders.fulfillment_types.base import Wish
from orders.models import Cart, Order, Payment
from storefront import holds

TRIES = 4


def check_out(
    cart_uid: UUID, *, contact: Contact, wish: Wish, client: ApiToken | None = None, address: str = "", at: datetime
) -> tuple[Order, Payment]:
    """Hold the cart's units and announce the payment; returns the draft order and its payment with a client secret.

    Checking out the same cart in the same way again prolongs the hold; in another way, or after the cart has changed,
    it replaces the earlier checkout. `address` is that of an anonymous shopper on the net: it may not hold too much at
    once (`TooManyHolds`, `HoldsTooMuch`). Raises `EmptyCart`, `InsufficientStock`, `NotForSale`, `PaymentInProgress`,
    `CouponUnknown`, `CouponEnded`, `CouponUsedUp` and `CouponUsedByCustomer` for a coupon that was entered and cannot
    be used, `GiftCardUnusable` for a gift card, and what the fulfillment type refuses with; `PaymentUnavailable`
    leaves the hold in place: trying again
    goes on from it.
    """
    _refuse_card_numbers(contact, wish)
    kind = fulfillment_types.get(wish.type)
    taxed = _ask_for_taxes(cart_uid, wish, at=at)
    failpoint("storefront.before_hold")
    for remaining in range(TRIES - 1, -1, -1):
        try:
            order, payment, replaced = _draft(
                cart_uid, contact=contact, wish=wish, client=client, address=address, taxed=taxed, at=at
            )
            break
        except InsufficientStock:
            # Somebody was faster at the chosen location; where another has it, the next plan finds it there.
            if not (kind.ships and remaining):
                raise
    for old in replaced:
        _make_unpayable(old, at=at)
    failpoint("storefront.after_hold")
    if payment.amount_minor and not payment.provider_id:
        _announce(payment, contact, at=at)
    failpoint("storefront.after_intent_saved")
    return order, payment


def _ask_for_taxes(cart_uid: UUID, wish: Wish, *, at: datetime) -> TaxAnswer | None:
    """What the market's tax provider says, heard before anything is locked; None where the table is used."""
    if not tax_providers.is_any_remote():
        return None
    cart = Cart.objects.select_related("market__price_list").filter(uid=cart_uid).first()
    if cart is None:
        return None
    taxed = outside_taxes.ask(cart.market, carts.contents(cart), wish, at=at)
    if taxed and taxed.fell_back:
        outside_taxes.report(taxed, cart.market, at=at)
    return taxed


def _announce(payment: Payment, contact: Contact, *, at: datetime) -> None:
    try:
        intent = gateway.begin(payment, description=f"Order of {contact.email}", email=contact.email)
    except NotAnnounced:
        _end(payment, at=at)
        raise
    failpoint("storefront.before_intent_saved")
    _remember(payment, intent)


def _refuse_card_numbers(contact: Contact, wish: Wish) -> None:
    """A card's number belongs into the card network's own form; here it would be kept, mailed and printed (T25)."""
    texts = {"email": contact.email, "name": contact.name}
    texts |= {f"fulfillment.address.{name}": text for name, text in (wish.address or {}).items()}
    found = [name for name, text in texts.items() if contains_card_number(str(text))]
    if found:
        text = _("This looks like the number of a card. Enter it only where the card is asked for.")
        raise InvalidInput({name: [text] for name in found})


@action
def _draft(
    cart_uid: UUID,
    *,
    contact: Contact,
    wish: Wish,
    client: ApiToken | None,
    address: str,
    taxed: TaxAnswer | None,
    at: datetime,
) -> tuple[Order, Payment, list[Payment]]:
    cart = carts.hold(cart_uid, client=client)
    cart.market = Market.objects.select_related("price_list").get(pk=cart.market_id)
    lines, bought = carts.contents(cart), bought_gift_cards.of_cart(cart)
    if not (lines or bought):
        raise EmptyCart()
    bought_gift_cards.check(bought, cart.market, at=at)
    if bought and not lines:
        wish = Wish(email.TYPE.code)
    kind = fulfillment_types.get(wish.type)
    if kind.code != email.TYPE.code:
        offered.demand_way(cart.market, kind.code)
    offered.demand_tender(cart.market, "card_online")
    kind.check(wish, cart.market.countries)
    priced = _price(cart, lines, wish, taxed, at=at)
    cart_hash = carts.content_hash(lines, cart.coupons, cart.gift_cards, cart.gift_card_lines)
    until = at + timedelta(minutes=settings.HOLD_MINUTES)
    asked = _Asked(contact, wish, cart_hash, priced["total"])
    same, replaced = _earlier(cart, asked, until=until, at=at)
    if same:
        if address:
            holds.count(same[0], address, lines, at=at)
        return *same, replaced
    order, payment = drafts.create(
        cart,
        lines=lines,
        priced=priced,
        contact=contact,
        wish=wish,
        portions=kind.plan(lines, wish, at=at),
        cart_hash=cart_hash,
        until=until,
        taxed=taxed,
        at=at,
        instead_of=[payment.order for payment in replaced],
    )
    if address:
        holds.count(order, address, lines, at=at)
    return order, payment, replaced


def _price(
    cart: Cart, lines: list[tuple[Variant, int]], wish: Wish, taxed: TaxAnswer | None, *, at: datetime
) -> dict[str, Any]:
    """What it costs now. A coupon that was entered and cannot be used any more is refused, never left out in silence:
    the shopper was shown a total with it."""
    kind = fulfillment_types.get(wish.type)
    entered = carts.entered_coupons(cart, at=at)
    for refusal in entered.refused.values():
        raise refusal
    return cart_prices.price(cart, lines, place=kind.place(wish), ships=kind.ships, at=at, entered=entered, taxed=taxed)


@dataclass(frozen=True, slots=True)
class _Asked:
    contact: Contact
    wish: Wish
    cart_hash: str
    total: int


@in_transaction
def _earlier(
    cart: Cart, asked: _Asked, *, until: datetime, at: datetime
) -> tuple[tuple[Order, Payment] | None, list[Payment]]:
    """An earlier checkout of this cart that is the same and costs the same, prolonged; others are given up and their
    payments returned."""
    same: tuple[Order, Payment] | None = None
    replaced: list[Payment] = []
    drafts_of = "SELECT * FROM orders_order WHERE cart_id = %s AND state = %s ORDER BY id FOR UPDATE"
    for order in Order.objects.raw(drafts_of, [cart.pk, Order.State.DRAFT.value]):
        payment = Payment.objects.locked().filter(order=order).latest("pk")
        payment.order = order
        if payment.state == Payment.State.PROCESSING:
            raise PaymentInProgress()
        if _is_same(order, asked):
            drafts.prolong(order, payment, until=until, at=at)
            Order.objects.filter(pk=order.pk).update(expires_at=until)
            order.expires_at = until
            if payment.state != Payment.State.PENDING:
                payment = payments.renew(payment, at=at)
            same = order, payment
        else:
            drafts.give_up(order, at=at, keeps_coupons=True)
            replaced.append(payment)
    return same, replaced


def _is_same(order: Order, asked: _Asked) -> bool:
    types = set(order.fulfillments.values_list("type", flat=True))
    goods = types - {email.TYPE.code} or types
    return (
        order.cart_hash == asked.cart_hash
        and order.total_minor == asked.total
        and order.email == asked.contact.email
        and goods == {asked.wish.type}
        and order.location_id == (asked.wish.location.pk if asked.wish.location else None)
        and order.shipping_address == asked.wish.address
    )


def _make_unpayable(payment: Payment, *, at: datetime) -> None:
    """A replaced checkout must not take money any more. If it just did, that is settled like any payment."""
    if not payment.provider_id:
        return
    try:
        if gateway.cancel(payment.provider_id).status == "succeeded":
            settle_payment(payment.uid, at=at)
    except PaymentUnknown:
        return  # it can only be paid with a secret that the shopper's open page no longer has


@action
def _end(payment: Payment, *, at: datetime) -> None:
    """The next try goes on with another payment for the same checkout."""
    Order.objects.locked().get(pk=payment.order_id)
    payments.end(Payment.objects.locked().get(pk=payment.pk), Payment.State.FAILED, at=at)


@action
def _remember(payment: Payment, intent: gateway.Intent) -> None:
    payments.remember_intent(payment, intent)


def current_draft(cart: Cart) -> Order | None:
    """The checkout in progress of a cart."""
    return Order.objects.filter(cart=cart, state=Order.State.DRAFT).order_by("-pk").first()


def check_unchanged(cart: Cart, order: Order) -> None:
    """Raise `CartChanged` when the cart is no longer what was checked out."""
    if carts.hash_now(cart) != order.cart_hash:
        raise CartChanged()
