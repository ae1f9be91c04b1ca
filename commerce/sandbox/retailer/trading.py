"""Sixty days of trading: a deterministic history of baskets, deliveries and till shifts in both channels.

The stock is simulated along the way, in the order of time, so that no sale ever takes what is not there; web orders
leave each store's safety stock alone. Prices, taxes and totals are the business of whoever turns this into rows.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial

from .customers import customers
from .demand import CAMPAIGN, fill_basket
from .hours import after_open_minutes, local, store_visits, web_visits
from .places import locations
from .records import Customer, Delivery, Location, Mishap, Sale, StockLine, Stocktake, Tender, TillShift
from .replenishment import Stockroom, delivery_steps
from .rosters import cashiers_of, register_for, till_shifts
from .stocktaking import Stockkeeper, shelf_steps
from .tendering import counter_tenders, goods_value

_STORE_RATES = {"PDX-1": 15.5, "MSP-1": 9.5, "BKN-1": 17.0, "AUS-1": 12.5, "AMS-1": 14.0}
_WEB_RATES = {"US": 17.0, "EU": 8.5}
_CURRENCIES = {"US": "USD", "EU": "EUR"}
_CAMPAIGN_DAYS = range(35, 42)
_WEB_HOME = {"US": "MSP-1", "EU": "AMS-1"}
_PLACES = {location.code: location for location in locations()}


@dataclass(frozen=True, slots=True)
class History:
    """All that happened between two dates, each list in the order of time, and the stock that is left."""

    sales: tuple[Sale, ...]
    deliveries: tuple[Delivery, ...]
    shifts: tuple[TillShift, ...]
    counts: tuple[Stocktake, ...]
    mishaps: tuple[Mishap, ...]
    closing_stock: tuple[StockLine, ...]


def trading(
    start_date: date, days: int = 60, scale: float = 1.0, seed: int = 1, until: datetime | None = None
) -> tuple[Sale, ...]:
    """The sales of the history, in the order of time; see `history`."""
    return history(start_date, days, scale, seed, until).sales


def deliveries(
    start_date: date, days: int = 60, scale: float = 1.0, seed: int = 1, until: datetime | None = None
) -> tuple[Delivery, ...]:
    """The deliveries of the history, in the order in which they were sent; see `history`."""
    return history(start_date, days, scale, seed, until).deliveries


@cache
def history(
    start_date: date, days: int = 60, scale: float = 1.0, seed: int = 1, until: datetime | None = None
) -> History:
    """Simulate `days` days from `start_date`, about 100 baskets a day at `scale` 1.

    `until` (aware) ends the history in the middle of a day: nothing after it has happened, so younger web orders are
    still open. Without it the history ends with the last day, when orders of the last hours are open too. The opening
    stock is `initial_stock(scale)`; with the deliveries, minus the sales, and with what counts found and mishaps took
    it is the closing stock.
    """
    dice = random.Random(f"hadlo {start_date} {days} {scale} {seed}")
    end = until or local(_PLACES["PDX-1"], start_date + timedelta(days=days - 1), 1439)
    room = Stockroom(dice, scale)
    keeper = Stockkeeper(random.Random(f"hadlo shelves {start_date} {seed}"), room)
    sales: list[Sale] = []
    calendar = [start_date + timedelta(days=offset) for offset in range(days)]
    beside = _beside_trade(random.Random(f"hadlo mishaps {start_date} {seed}"), calendar, keeper)
    moments = beside + _moments(dice, calendar, scale, room)
    for moment, happen in sorted(moments, key=lambda happening: happening[0]):
        if moment > end:
            break
        sale = happen(moment)
        if sale:
            sales.append(replace(_as_of(sale, end), number=len(sales) + 1))
    shifts = till_shifts(sales, end, seed)
    told = (tuple(sales), tuple(room.deliveries), shifts, tuple(keeper.counts), tuple(keeper.mishaps))
    return History(*told, closing_stock=room.left())


Happening = tuple[datetime, Callable[[datetime], Sale | None]]


def _beside_trade(dice: random.Random, calendar: list[date], keeper: Stockkeeper) -> list[Happening]:
    happens = {"count": keeper.count, "mishap": keeper.suffer}
    return [(at, partial(happens[kind], code)) for at, kind, code in shelf_steps(dice, calendar)]


def _moments(dice: random.Random, calendar: list[date], scale: float, room: Stockroom) -> list[Happening]:
    """Everything that trade is going to bring: deliveries, visits to stores, web orders."""
    found: list[Happening] = []
    for at, code, due_at in delivery_steps(dice, calendar):
        found.append((at, partial(room.send, code, due_at) if due_at else partial(room.receive, code)))
    for offset, day in enumerate(calendar):
        is_campaign = offset in _CAMPAIGN_DAYS
        pace = scale * (0.9 + 0.22 * offset / max(1, len(calendar) - 1))
        for code, rate in _STORE_RATES.items():
            lively = rate * pace * max(0.5, dice.gauss(1, 0.11)) * (1.4 if is_campaign else 1)
            counter = _Counter(dice, room, _PLACES[code], day, is_campaign)
            found += [(at, counter.sell) for at in store_visits(dice, _PLACES[code], day, lively)]
        for market, rate in _WEB_RATES.items():
            lively = rate * pace * max(0.5, dice.gauss(1, 0.14)) * (1.6 if is_campaign else 1)
            shop = _Webshop(dice, room, market, day, is_campaign)
            found += [(at, shop.sell) for at in web_visits(dice, _PLACES[_WEB_HOME[market]], day, lively)]
    return found


def _as_of(sale: Sale, end: datetime) -> Sale:
    """The sale as it stands at the end of the history: steps of the future have not happened."""
    ready = sale.ready_at if sale.ready_at and sale.ready_at <= end else None
    handed = sale.handed_over_at if sale.handed_over_at and sale.handed_over_at <= end else None
    return replace(sale, ready_at=ready, handed_over_at=handed)


class _Counter:
    """One store on one day."""

    def __init__(self, dice: random.Random, room: Stockroom, location: Location, day: date, is_campaign: bool) -> None:
        self._dice, self._room, self._location = dice, room, location
        self._day, self._is_campaign = day, is_campaign
        self._cashiers = cashiers_of(location, day)
        self._regulars = [person for person in customers() if person.home_store == location.code]

    def sell(self, at: datetime) -> Sale | None:
        """A basket at the counter, or None when nothing wanted was on the shelf."""
        code = self._location.code
        there = partial(self._room.free, code)
        lines = fill_basket(self._dice, code, self._day, self._is_campaign, there, at_counter=True)
        if not lines:
            return None
        self._room.take(code, lines)
        register = register_for(self._dice, self._location)
        known = _somebody(self._dice, self._regulars) if self._dice.random() < 0.31 else None
        return Sale(
            number=0,
            channel="pos",
            market=self._location.market,
            currency=self._location.currency,
            location_code=code,
            at=at,
            lines=lines,
            tenders=counter_tenders(self._dice, goods_value(lines, self._location.market), self._location.market),
            customer=known.key if known else "",
            is_guest=False,
            fulfillment_type="counter",
            register_code=register,
            cashier=self._cashiers[register],
            campaign=CAMPAIGN if self._is_campaign else "",
            ready_at=at,
            handed_over_at=at,
        )


class _Webshop:
    """One market's web store on one day."""

    def __init__(self, dice: random.Random, room: Stockroom, market: str, day: date, is_campaign: bool) -> None:
        self._dice, self._room, self._market = dice, room, market
        self._day, self._is_campaign = day, is_campaign
        self._shoppers = [person for person in customers() if person.market == market]

    def sell(self, at: datetime) -> Sale | None:
        """A web order, or None when the location that serves it has nothing that was wanted."""
        shopper = _somebody(self._dice, self._shoppers)
        kind, location = self._fulfillment(shopper)
        there = partial(self._room.free, location.code, kept=location.safety_stock)
        lines = fill_basket(self._dice, location.code, self._day, self._is_campaign, there, at_counter=False)
        if not lines:
            return None
        self._room.take(location.code, lines)
        ready, handed = self._steps(kind, location, at)
        return Sale(
            number=0,
            channel="web",
            market=self._market,
            currency=_CURRENCIES[self._market],
            location_code=location.code,
            at=at,
            lines=lines,
            tenders=(Tender("card_online"),),
            customer=shopper.key,
            is_guest=not shopper.is_member,
            fulfillment_type=kind,
            register_code="",
            cashier="",
            campaign=CAMPAIGN if self._is_campaign else "",
            ready_at=ready,
            handed_over_at=handed,
        )

    def _fulfillment(self, shopper: Customer) -> tuple[str, Location]:
        """Collected at the shopper's own store now and then, otherwise sent: from the store behind it, or the hub."""
        home = _PLACES.get(shopper.home_store)
        if home and self._dice.random() < 0.34:
            has_curbside = "curbside" in home.services
            return ("curbside" if has_curbside and self._dice.random() < 0.25 else "pickup"), home
        if self._market == "EU":
            return "ship", _PLACES["AMS-1"]
        return "ship", home if home and self._dice.random() < 0.07 else _PLACES["WH-1"]

    def _steps(self, kind: str, location: Location, at: datetime) -> tuple[datetime, datetime]:
        """When the goods are ready, and when the shopper or the carrier takes them."""
        if kind == "ship":
            ready = after_open_minutes(location, at, self._dice.uniform(40, 260))
            return ready, after_open_minutes(location, ready, self._dice.uniform(20, 160))
        limit = location.pickup_ready_minutes
        ready = after_open_minutes(location, at, self._dice.uniform(0.25, 1.05) * limit)
        return ready, after_open_minutes(location, ready, self._dice.expovariate(1 / 420) + 10)


def _somebody(dice: random.Random, people: list[Customer]) -> Customer:
    """One of the people; those at the front of the list come more often."""
    weights = [1 / (turn + 4) for turn in range(len(people))]
    return dice.choices(people, weights)[0]
