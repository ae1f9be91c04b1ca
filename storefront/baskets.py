"""A cart as its page shows it: prices of today, what has changed since the last look, what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog import units
from commerce.catalog.models import Media, Product, Variant
from commerce.catalog.queries import cards
from commerce.company.models import Location
from commerce.kernel.money import Money
from commerce.pricing import queries as pricing
from commerce.pricing.coupons import Entered
from inventory import availability
from orders import bills, bought_gift_cards, cart_prices, carts
from orders.bills import Bill
from orders.bought_gift_cards import BoughtCard
from orders.models import Cart, CartLine
from orders.quotes import home_of
from storefront import savings
from storefront.offer import Later, later_sentence
from storefront.savings import CouponLine, Hint

GIFTS = 3  # to choose from at once


@dataclass(slots=True)
class BasketLine:
    """One line. `total_minor` is what it costs after what reduced it (`rules`: label and amount), `was_minor` what it
    would cost without; `available` is the most that any one way of delivery can promise; `problem` stops the checkout.
    """

    variant: Variant
    quantity: int
    unit_minor: int | None
    total_minor: int = 0
    was_minor: int = 0
    rules: list[tuple[str, int]] = field(default_factory=list)
    available: int = 0
    picture: str = ""
    notice: str = ""
    problem: str = ""

    @property
    def unit(self) -> str:
        return self.variant.unit

    @property
    def unit_scale(self) -> int:
        return self.variant.unit_scale

    @property
    def name(self) -> str:
        return self.variant.name


@dataclass(frozen=True, slots=True)
class BasketCard:
    """A gift card that is bought, the address of its page, and its picture (a path)."""

    card: BoughtCard
    slug: str
    picture: str


@dataclass(slots=True)
class Basket:
    """Lines and totals; `stock` is what each location (primary key) has of each variant, `ready` what all that ship
    have, `shippable` what they may promise, `later` by which policy."""

    currency: str
    lines: list[BasketLine] = field(default_factory=list)
    priced: dict[str, Any] | None = None
    stock: dict[int, dict[int, int]] = field(default_factory=dict)
    shippable: dict[int, int] = field(default_factory=dict)
    ready: dict[int, int] = field(default_factory=dict)
    later: dict[int, Later] = field(default_factory=dict)
    changed_prices: dict[int, int] = field(default_factory=dict)
    coupons: list[CouponLine] = field(default_factory=list)
    entered: Entered | None = None
    hint: Hint | None = None
    gifts: list[Variant] = field(default_factory=list)
    cards: list[BasketCard] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(units.pieces_in(line.quantity, line.unit) for line in self.lines) + len(self.cards)

    @property
    def is_mailed(self) -> bool:
        """Nothing in it needs a parcel or a counter."""
        return bool(self.cards) and not self.lines

    @property
    def can_check_out(self) -> bool:
        stopped = any(line.problem for line in self.lines) or any(coupon.stops for coupon in self.coupons)
        return bool(self.lines or self.cards) and not stopped

    @property
    def is_stopped_by_coupon(self) -> bool:
        """Nothing but a coupon stands in the way."""
        return not any(line.problem for line in self.lines) and any(coupon.stops for coupon in self.coupons)

    @property
    def bill(self) -> Bill | None:
        """What the lines add up to, before anything is said of delivery."""
        return bills.of_answer(self.priced, ships=False) if self.priced else None

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """What stands between the lines and the total; nothing where they are the total."""
        found = self.bill
        return [] if found is None or not (found.reductions or found.fees) else found.rows_before_tax()

    @property
    def save_minor(self) -> int:
        found = self.bill
        return found.save_minor if found else 0

    @property
    def total_minor(self) -> int:
        return int(self.priced["total"]) if self.priced else 0

    @property
    def wanted(self) -> dict[int, int]:
        """Units by variant."""
        return {line.variant.pk: line.quantity for line in self.lines}

    def missing_at(self, location: int) -> list[BasketLine]:
        """The lines that a location has too few units for."""
        there = self.stock.get(location, {})
        return [line for line in self.lines if there.get(line.variant.pk, 0) < line.quantity]

    def missing_for_delivery(self) -> list[BasketLine]:
        """The lines of which all shipping locations together have too few."""
        return [line for line in self.lines if self.shippable.get(line.variant.pk, 0) < line.quantity]


def empty(currency: str) -> Basket:
    """The basket of somebody who has put nothing in."""
    return Basket(currency)


def basket_of(cart: Cart, *, locations: Sequence[Location], stores: Sequence[Location], at: datetime) -> Basket:
    """The basket of a cart in a fixed number of statements: lines, prices, taxes, stock, pictures."""
    lines = carts.lines(cart)
    basket = Basket(cart.market.currency, entered=carts.entered_coupons(cart, at=at))
    bought = bought_gift_cards.of_cart(cart)
    if not (lines or bought):
        return basket
    basket.cards = _cards(bought, cart, at)
    variants = [line.variant_id for line in lines]
    quantities = {line.variant_id: line.quantity for line in lines}
    prices = pricing.unit_prices(variants, market=cart.market, at=at, quantities=quantities)
    _count_stock(basket, variants, locations, at)
    pickup = [store.pk for store in stores if store.offers_pickup]
    for line in lines:
        shown = _line(line, prices.get(line.variant_id, (None, None))[0], cart.market.currency)
        there = [basket.stock.get(store, {}).get(line.variant_id, 0) for store in pickup]
        shown.available = max([basket.shippable[line.variant_id], *there])
        shown.problem = _problem(shown)
        later = basket.later.get(line.variant_id)
        if later and max([basket.ready.get(line.variant_id, 0), *there]) < line.quantity <= shown.available:
            shown.notice = " ".join(filter(None, [shown.notice, f"{later_sentence(later)}."]))
        basket.lines.append(shown)
    for shown in basket.lines:
        seen = next(line.seen_unit_minor for line in lines if line.variant_id == shown.variant.pk)
        if shown.unit_minor is not None and shown.unit_minor != seen:
            basket.changed_prices[shown.variant.pk] = shown.unit_minor
    _price(basket, cart, at)
    _picture(basket, cart, at)
    return basket


def _line(line: CartLine, unit: int | None, currency: str) -> BasketLine:
    product = line.variant.product
    sold = line.variant.is_active and product.on_web and product.status == Product.Status.ACTIVE
    shown = BasketLine(line.variant, line.quantity, unit if sold else None)
    if shown.unit_minor is not None and line.seen_unit_minor not in (None, shown.unit_minor):
        shown.notice = _("The price has changed since you last looked: it was %(before)s.") % {
            "before": Money(line.seen_unit_minor or 0, currency).format()
        }
    return shown


def _problem(line: BasketLine) -> str:
    if line.unit_minor is None:
        return _("This is not sold any more. Remove it to go on.")
    if line.available <= 0:
        return _("Sold out since you added it. Remove it to go on.")
    if line.available < line.quantity:
        text = ngettext(
            "Only %(count)s is left. Lower the quantity to go on.",
            "Only %(count)s are left. Lower the quantity to go on.",
            units.pieces_in(line.available, line.unit),
        )
        return text % {"count": units.text_of(line.available, line)}
    return ""


def _cards(bought: Sequence[BoughtCard], cart: Cart, at: datetime) -> list[BasketCard]:
    """Gift cards with their pictures; no statement without any."""
    if not bought:
        return []
    variants = Variant.objects.select_related("product").in_bulk([card.variant for card in bought])
    pictures = pictures_of(list(variants.values()), cart.market_id, at=at)
    return [BasketCard(card, variants[card.variant].product.slug, pictures.get(card.variant, "")) for card in bought]


def _count_stock(basket: Basket, variants: list[int], locations: Sequence[Location], at: datetime) -> None:
    ships = {place.pk for place in locations if place.ships}
    basket.shippable = dict.fromkeys(variants, 0)
    for level in availability.of_variants(variants, at=at):
        basket.stock.setdefault(level.location, {})[level.variant] = level.available
        if level.location in ships:
            basket.shippable[level.variant] += level.promisable
            basket.ready[level.variant] = basket.ready.get(level.variant, 0) + level.available
            if level.backorder:
                basket.later.setdefault(level.variant, Later(level.policy, level.expected_on))


def _price(basket: Basket, cart: Cart, at: datetime) -> None:
    sold = [(line.variant, line.quantity) for line in basket.lines if line.unit_minor is not None]
    entered = basket.entered or carts.entered_coupons(cart, at=at)
    if sold or basket.cards:
        place = home_of(cart.market)
        basket.priced = cart_prices.price(cart, sold, place=place, ships=False, at=at, entered=entered)
        found = {priced["id"]: priced for priced in basket.priced["lines"]}
        for line in basket.lines:
            if line.unit_minor is not None:
                _reduce(line, found[str(line.variant.pk)])
    basket.coupons = savings.coupon_lines(cart.coupons, entered, basket.priced, basket.currency)
    basket.hint = savings.hint_of(basket.priced, cart.market)
    if basket.hint and basket.hint.skus:
        gifts = Variant.objects.filter(sku__in=basket.hint.skus, is_active=True, product__on_web=True)
        basket.gifts = list(gifts.select_related("product").order_by("position", "pk")[:GIFTS])


def _reduce(line: BasketLine, priced: dict[str, Any]) -> None:
    line.unit_minor, line.was_minor = priced["unit"], priced["gross"]
    line.total_minor = priced["gross"] - bills.own_discount(priced["adjustments"])
    line.rules = savings.rules_of(priced["adjustments"])


def _picture(basket: Basket, cart: Cart, at: datetime) -> None:
    pictures = pictures_of([line.variant for line in basket.lines], cart.market_id, at=at)
    for line in basket.lines:
        line.picture = pictures.get(line.variant.pk, "")


def pictures_of(variants: Sequence[Variant], market: int, *, at: datetime) -> dict[int, str]:
    """A picture per variant (paths below MEDIA_URL): its own, else the product's first. At most two statements."""
    own = {
        media.pk: media.path
        for media in Media.objects.filter(pk__in=[v.picture_id for v in variants if v.picture_id])
        if media.is_ours
    }
    bare = sorted({variant.product_id for variant in variants if variant.picture_id not in own})
    covers = {card.id: card.cover.path for card in cards(bare, market, at=at) if card.cover}
    return {v.pk: own.get(v.picture_id or 0) or covers.get(v.product_id, "") for v in variants}
