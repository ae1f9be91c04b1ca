"""The demo's web orders: placed, paid, prepared, collected and shipped in the course of the weeks.

Everything but the card network's part is what the shop does every day; that part is made up, so that no history is
charged anywhere.
"""

from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count, islice
from operator import itemgetter
from random import Random
from typing import Any

from django.conf import settings
from django.db.models import F

from commerce.catalog.demo_amounts import Amounts
from commerce.catalog.models import Variant
from commerce.company.models import Location, User
from commerce.kernel import demo
from commerce.kernel.clock import business_date
from commerce.pricing.models import Market
from inventory.demo_numbers import Labels
from inventory.models import StockLevel
from orders import carts, drafts, fulfillment_types, payments, placement
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.drafts import Contact
from orders.fulfillment_types.base import Portion, Wish
from orders.gateway import Intent
from orders.models import Fulfillment, Order, Payment
from orders.quotes import quote

PROVIDER_ID = "pi_demo_{:06d}"
CARDS = ("visa", "visa", "mastercard", "visa", "amex", "mastercard")
LATE_NUMBERS = 900_000  # of the payments of orders that the history does not know
# What somebody must find to do at a place, whatever the hour: fulfillments of a type and state, how many of them, and
# how many minutes ago the youngest was ordered.
_TO_DO = {
    "store": (("pickup", "ready", 1, 45), ("pickup", "pending", 1, 4)),
    "warehouse": (("ship", "pending", 3, 9),),
}
_SHOPPING = timedelta(minutes=7)
_CARRIERS = {"US": ("UPS", "1ZDEMO{:010d}"), "NL": ("PostNL", "3SDEMO{:010d}")}


def paid_by_card(provider_id: str, amount_minor: int, currency: str) -> Intent:
    """What the card network would say of a payment of the history: it succeeded. The same id has the same card."""
    dice = Random(provider_id)
    return Intent(
        id=provider_id,
        status="succeeded",
        amount=amount_minor,
        received=amount_minor,
        currency=currency,
        client_secret="",
        failure_code="",
        failure="",
        card={"brand": dice.choice(CARDS), "last4": f"{dice.randrange(10_000):04d}"},
        metadata={},
    )


class Demo(demo.Room):
    def happenings(self) -> dict[str, Any]:
        return {"web_order": self.order, "order_ready": self.prepare, "order_gone": self.let_go}

    @cached_property
    def _variants(self) -> dict[str, Variant]:
        return {variant.sku: variant for variant in Variant.objects.select_related("product")}

    @cached_property
    def _amounts(self) -> Amounts:
        return Amounts()

    @cached_property
    def _places(self) -> dict[str, Location]:
        return {place.code: place for place in Location.objects.all()}

    @cached_property
    def _markets(self) -> dict[str, Market]:
        return {market.code: market for market in Market.objects.select_related("price_list")}

    @cached_property
    def _shoppers(self) -> dict[str, Any]:
        return {person.key: person for person in self.retailer.customers()}

    @cached_property
    def _staff(self) -> dict[str, list[User]]:
        """Who works where, the manager first."""
        people = {person.username: person for person in User.objects.with_places()}
        found: dict[str, list[User]] = {}
        for person in self.retailer.staff():
            found.setdefault(person.location_code, []).append(people[person.username])
        return found

    def order(self, sale: Any, at: datetime) -> None:
        """A shopper fills a cart, checks out and pays; the goods come from where the history takes them."""
        shopper, place = self._shoppers[sale.customer], self._places[sale.location_code]
        lines = [(self._variants[line.sku], self._amounts.of(line.sku, line.quantity)) for line in sale.lines]
        self._place(sale.number, shopper, place, lines, self._wish(sale, shopper, place), at=at)

    def _place(
        self,
        number: int,
        shopper: Any,
        place: Location,
        lines: list[tuple[Variant, int]],
        wish: Wish,
        *,
        at: datetime,
    ) -> Order:
        market = self._markets[shopper.market.lower()]
        cart = carts.open_cart(market, at=at - _SHOPPING)
        for variant, quantity in lines:
            carts.add(cart, variant, quantity, at=at - _SHOPPING)
        kind = fulfillment_types.get(wish.type)
        order, payment = drafts.create(
            cart,
            lines=lines,
            priced=quote(lines, market=market, place=kind.place(wish), ships=kind.ships, at=at),
            contact=Contact(shopper.email, f"{shopper.first_name} {shopper.last_name}"),
            wish=wish,
            portions=[Portion(place, tuple(lines))],
            cart_hash=carts.content_hash(lines),
            until=at + timedelta(minutes=settings.HOLD_MINUTES),
            at=at,
        )
        intent = paid_by_card(PROVIDER_ID.format(number), payment.amount_minor, payment.currency)
        payments.capture(payment, intent, at=at)
        placement.place(order, payment, at=at)
        return order

    @cached_property
    def _labels(self) -> Labels:
        return Labels()

    @cached_property
    def _placed(self) -> dict[int, Fulfillment]:
        return {}

    def _wish(self, sale: Any, shopper: Any, place: Location) -> Wish:
        if sale.fulfillment_type != "ship":
            known = sale.fulfillment_type in fulfillment_types.registry()
            return Wish(sale.fulfillment_type if known else "pickup", location=place)
        return Wish("ship", address=_address(shopper))

    def prepare(self, sale: Any, at: datetime) -> None:
        """The goods are taken off the shelf. A parcel has no such step of its own."""
        fulfillment = self._fulfillment(sale)
        if fulfillment.type != "ship":
            prepare_pickup(fulfillment.uid, person=self._on_duty(sale, at), at=at)

    def let_go(self, sale: Any, at: datetime) -> None:
        """The shopper, or the carrier, takes the goods."""
        fulfillment = self._fulfillment(sale)
        units = {self._variants[line.sku].pk: self._amounts.of(line.sku, line.quantity) for line in sale.lines}
        numbers = self._labels.standing(fulfillment.location_id, units)
        if fulfillment.type != "ship":
            hand_over(fulfillment.uid, numbers=numbers, person=self._on_duty(sale, at), at=at)
            return
        carrier, tracking = _CARRIERS["US" if sale.market == "US" else "NL"]
        manager = self._staff[sale.location_code][0]
        named = tracking.format(sale.number)
        ship_fulfillment(fulfillment.uid, carrier=carrier, tracking=named, numbers=numbers, person=manager, at=at)

    def _fulfillment(self, sale: Any) -> Fulfillment:
        """The order's only one; an order of an earlier run is found by its payment."""
        if sale.number not in self._placed:
            paid = Payment.objects.filter(provider="stripe", provider_id=PROVIDER_ID.format(sale.number))
            self._placed[sale.number] = Fulfillment.objects.get(order__in=paid.values("order"))
        return self._placed[sale.number]

    def _on_duty(self, sale: Any, at: datetime) -> User:
        """Everybody takes turns."""
        team = self._staff[sale.location_code]
        day: date = business_date(self._places[sale.location_code].time_zone, at)
        return team[(day.toordinal() + sale.number) % len(team)]

    def finish(self, *, at: datetime) -> None:
        """Whatever the hour, every store has a pickup to prepare and one that is ready, and parcels wait to be sent."""
        numbers = count(LATE_NUMBERS)
        late: list[tuple[datetime, int, Location, str]] = []
        for place in self._places.values():
            for kind, state, wanted, minutes in _TO_DO.get(place.kind, ()):
                there = Fulfillment.objects.filter(location=place, type=kind, state=state).count()
                late += [
                    (at - timedelta(minutes=minutes + 17 * number % 41), number, place, state)
                    for number in islice(numbers, max(0, wanted - there))
                ]
        for placed_at, number, place, state in sorted(late, key=itemgetter(0)):
            order = self._order_late(number, place, at=placed_at)
            if state == Fulfillment.State.READY:
                team = self._staff[place.code]
                fulfillment, person = order.fulfillments.get(), team[number % len(team)]
                prepare_pickup(fulfillment.uid, person=person, at=placed_at + timedelta(minutes=24))

    def _order_late(self, number: int, place: Location, *, at: datetime) -> Order:
        """A web order that the history does not know: collected by one of the store's regulars, or sent to anybody."""
        market = next(market for market in self._markets.values() if place.country in market.countries)
        near = [person for person in self._shoppers.values() if person.home_store == place.code]
        people = near or [person for person in self._shoppers.values() if person.market.lower() == market.code]
        shopper = people[7 * number % len(people)]
        wish = Wish("pickup", location=place) if place.offers_pickup else Wish("ship", address=_address(shopper))
        return self._place(number, shopper, place, self._in_stock(place, number), wish, at=at)

    def _in_stock(self, place: Location, number: int) -> list[tuple[Variant, int]]:
        """One piece, or one meter, each of two things of which there is plenty, others for every number."""
        free = (F("on_hand") - F("reserved") - F("safety")) / F("variant__unit_scale")  # in whole units
        fullest = StockLevel.objects.alias(free=free).filter(location=place, free__gte=1)
        skus = fullest.order_by("-free", "pk").values_list("variant__sku", flat=True)
        first = 5 * (number % 9)
        return [(self._variants[sku], self._variants[sku].unit_scale) for sku in skus[first : first + 2]]


def _address(shopper: Any) -> dict[str, str]:
    parts = ("line1", "line2", "city", "state", "postal_code", "country")
    address = {"name": f"{shopper.first_name} {shopper.last_name}", **{name: getattr(shopper, name) for name in parts}}
    return {name: value for name, value in address.items() if value}
