"""Reservations on one hot SKU and over 10,000, beside the same statements in bare SQL; and a history of a million
movements, audited and explained."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import transaction

from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from commerce.pricing.models import Market
from commerce.pricing.queries import unit_prices
from inventory import demand, reservations
from inventory.explain import explain
from inventory.levels import Demand, Source
from inventory.models import StockLevel
from orders import gateway
from orders.drafts import Contact
from orders.fulfillment_types.base import Wish
from orders.models import Cart
from storefront.actions import fill_cart
from storefront.actions.check_out import check_out
from tests.bench import bare, crowd, history
from tests.bench.figures import Figure, percentile
from tests.bench.place import Ground
from tests.bench.shop import Shop
from tests.client import ADDRESS

SKUS = 10_000
CROWDS = (8, 32)
EXPLANATIONS = 60
LINES = 3  # of a full cart
UNITS = 1_000_000  # on each shelf: nobody is refused here, so that every errand does the same


def run(ground: Ground) -> Iterator[Figure]:
    """Four processes on either side; a hold is one durable transaction, as a checkout's is."""
    skus = ground.size(SKUS, 500)
    ground.say(f"stocking {skus:,} SKUs")
    shop = Shop.open(skus, units=UNITS)
    yield from _reservations(ground, shop)
    yield from _checkouts(ground, shop)
    yield from _history(ground)


def _reservations(ground: Ground, shop: Shop) -> Iterator[Figure]:
    until = now() + timedelta(hours=3)
    place = shop.warehouse.pk
    variants = [variant.pk for variant in shop.variants]

    def hold(variant: int) -> None:
        with transaction.atomic(durable=True):
            source = Source("order", new_uid())
            reservations.reserve([Demand(variant, place, 1)], until=until, source=source, at=now())

    script = _script(hold, variants[3], variants[8], _alone)
    shapes: list[tuple[str, Callable[[int], int]]] = [
        ("one hot SKU", lambda number: variants[0]),
        (f"{len(variants):,} SKUs", lambda number: variants[number * 7919 % len(variants)]),
    ]
    count = ground.size(8_000, 320)
    for name, choose in shapes:
        for at_once in CROWDS:
            ground.say(f"{count:,} reservations over {name}, {at_once} connections")
            ours = crowd.rate(crowd.application(partial(_errand, hold, choose)), count, at_once=at_once)
            theirs = crowd.rate(crowd.plain(script, partial(_errand, _alone, choose)), count, at_once=at_once)
            yield Figure(
                ground.name, f"{name}, {at_once} connections: reservations per second", ours, "1/s",
                f"≥ {theirs / 2:.0f}", theirs, "bare SQL",
            )  # fmt: skip


def _errand(do: Callable[[int], Any], choose: Callable[[int], int], number: int) -> Any:
    return do(choose(number))


def _alone(variant: int) -> list[int]:
    return [variant]


def _checkouts(ground: Ground, shop: Shop) -> Iterator[Figure]:
    """A new cart of three lines, checked out: priced, routed, held, announced to the card network.

    The bare side announces its payments, too: the network's work is the same for both, and not the database's.
    """
    ground.card_network()
    market = Market.objects.get()
    contact, wish = Contact("ada@example.com", "Ada Example"), Wish("ship", address=ADDRESS)

    def goods(number: int) -> list[int]:
        return sorted((number * 7919 + step * 3_331) % len(shop.variants) for step in range(LINES))

    def add(cart: UUID | None, place: int) -> Cart:
        """As the shop's page does: at the price that the shopper is shown."""
        variant = shop.variants[place]
        seen, _compare_at = unit_prices([variant.pk], market=market, at=now())[variant.pk]
        return fill_cart.add_to_cart(cart, variant, 1, market=market, seen_unit_minor=seen, at=now())

    def buy(chosen: list[int]) -> None:
        cart = add(None, chosen[0])
        for place in chosen[1:]:
            add(cart.uid, place)
        check_out(cart.uid, contact=contact, wish=wish, at=now())

    first, second = goods(3), goods(8)
    script = _script(buy, first, second, partial(_keys, shop))
    count = ground.size(400, 64)
    for at_once in CROWDS:
        ground.say(f"{count:,} checkouts of {LINES} lines, {at_once} connections")
        ours = crowd.rate(crowd.application(lambda number: buy(goods(number))), count, at_once=at_once)
        theirs = crowd.rate(
            partial(_announcing, script, lambda number: _keys(shop, goods(number))), count, at_once=at_once
        )
        yield Figure(
            ground.name,
            f"full carts, {at_once} connections: checkouts per second",
            ours,
            "1/s",
            f"≥ {theirs / 2:.0f}",
            theirs,
            "bare SQL",
        )
    yield Figure(ground.name, "full carts: statements per checkout", script.statements, "")


@contextmanager
def _announcing(script: bare.Script, goods: Callable[[int], list[Any]]) -> Iterator[crowd.Errand]:
    """A client that repeats a recorded checkout, and announces a payment with each over a connection that stays."""
    host = urlsplit(settings.STRIPE_API_BASE).netloc
    with psycopg.connect(bare.dsn()) as database, closing(HTTPConnection(host)) as network:

        def errand(number: int) -> None:
            script.repeat(database, goods(number))
            announcement = {
                "amount": 8_700, "currency": "usd", "automatic_payment_methods[enabled]": "true",
                "description": "Order of ada@example.com", "receipt_email": "ada@example.com",
                "metadata[payment]": new_uid(), "metadata[order]": new_uid(),
            }  # fmt: skip
            headers = {
                "Authorization": f"Bearer {settings.STRIPE_SECRET_KEY}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Idempotency-Key": str(new_uid()),
            }
            network.request("POST", gateway.INTENTS, urlencode(announcement), headers)
            answer = network.getresponse()
            if answer.status != 200:
                raise RuntimeError(f"The card network refused: {answer.read()!r}")
            answer.read()

        yield errand


def _keys(shop: Shop, chosen: list[int]) -> list[Any]:
    """What stands for the goods among the parameters of statements."""
    return [key for place in chosen for key in (shop.variants[place].pk, shop.variants[place].sku)]


def _script(errand: Callable[[Any], None], first: Any, second: Any, keys: Callable[[Any], list[Any]]) -> bare.Script:
    """All statements of an errand, from two recordings of it."""
    errand(first)  # what is remembered after the first time is not asked for again
    recordings = []
    for goods in (first, second):
        bare.spread_ids()
        with bare.recording() as found:
            errand(goods)
        recordings.append(found)
    return bare.Script(*recordings, list(zip(keys(first), keys(second), strict=True)), reads=True)


def _history(ground: Ground) -> Iterator[Figure]:
    count = ground.size(1_000_000, 20_000)
    ground.say(f"writing {count:,} movements")
    levels = list(StockLevel.objects.order_by("pk").values_list("pk", flat=True))
    history.write(levels, hot=levels[0], count=count)

    ground.say("auditing them")
    began = time.perf_counter()
    objections = sum(finding.count for finding in audit.run())
    seconds = time.perf_counter() - began

    ground.say("explaining them")
    hot, quiet = (StockLevel.objects.select_related("variant__product", "location").get(pk=levels[n]) for n in (0, 99))
    moved = rows("SELECT count(*) FROM inventory_stockmovement WHERE level_id = %s", [hot.pk])[0][0]
    of_hot, of_quiet = (_explained(level) for level in (hot, quiet))
    began = time.perf_counter()
    demand.suggestions(hot.location, at=now())
    suggested = time.perf_counter() - began

    name = ground.name
    total = rows("SELECT count(*) FROM inventory_stockmovement")[0][0]
    yield Figure(name, f"audit of {total:,} movements", seconds, "s", "< 60")
    yield Figure(name, "rows that the audit objects to", objections, "", "= 0")
    yield Figure(name, f"explain a level with {moved:,} movements, 95 %", of_hot, "ms", "< 100")
    yield Figure(name, "explain one of the others, 95 %", of_quiet, "ms", "< 100")
    yield Figure(name, "suggest what a whole location should order", suggested, "s")


def _explained(level: StockLevel) -> float:
    """The milliseconds that 95 of 100 explanations stay below, after one that nobody waits for."""
    taken = []
    for _again in range(EXPLANATIONS + 1):
        began = time.perf_counter()
        explain(level.variant, level.location, at=now())
        taken.append((time.perf_counter() - began) * 1000)
    return percentile(taken[1:], 0.95)
