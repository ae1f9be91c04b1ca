"""The home page's numbers of orders: sales of today and of two weeks, what has to leave, how often we oversold."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from babel.numbers import format_compact_currency
from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from commerce.cases.models import Case
from commerce.company.models import Location, User
from commerce.kernel.clock import business_date
from commerce.kernel.money import Money
from commerce.office import access
from commerce.office.columns import amount, grouped, list_address
from commerce.office.tiles import Chart, Panel, Part, Tile
from commerce.pricing.models import Market
from orders.models import Fulfillment, Order

DAYS = 14
OVERSELL_DAYS = 30
LATE = timedelta(days=1)


@dataclass(slots=True)
class Sales:
    """Sums of placed orders by business date and channel, in the main currency; others by currency, today alone."""

    currency: str
    today: date
    minor: dict[tuple[date, str], int] = field(default_factory=lambda: defaultdict(int))
    count: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    others: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_this_time_last_week: int = 0

    @property
    def days(self) -> list[date]:
        return [self.today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]

    def of_day(self, day: date) -> int:
        return sum(self.minor[day, channel] for channel in Order.Channel.values)


def tiles(person: User, *, at: datetime) -> list[Part]:
    """Sales of today with their curve and chart, what has to leave, how often we oversold, and today by store."""
    if not access.may_view(person, Order):
        return []
    found = sales(person, at=at)
    numbers = [_sales_tile(found), _prepare_tile(person, at=at), _oversell_tile(person, at=at)]
    drawn = [_chart(found)] if any(found.minor.values()) else []
    return [*numbers, *drawn, _stores(person, found.today)]


def sales(person: User, *, at: datetime) -> Sales:
    """Two weeks of sales in one statement."""
    market = Market.objects.select_related("price_list").filter(is_default=True).first()
    found = Sales(market.currency if market else "USD", _today(at))
    last_week = found.today - timedelta(days=7)
    rows = (
        _orders_of(person)
        .filter(business_date__gt=found.today - timedelta(days=DAYS))
        .values("business_date", "channel", "currency")
        .annotate(
            count=Count("pk"),
            sum=Sum("total_minor"),
            early=Sum("total_minor", filter=Q(placed_at__lte=at - timedelta(days=7))),
        )
    )
    for row in rows:
        day = min(
            row["business_date"] or found.today, found.today
        )  # where the sun rises earlier it may be tomorrow already
        found.count[day] += row["count"]
        if row["currency"] != found.currency:
            found.others[row["currency"]] += row["sum"] if day == found.today else 0
            continue
        found.minor[day, row["channel"]] += row["sum"]
        found.by_this_time_last_week += (row["early"] or 0) if day == last_week else 0
    return found


def _sales_tile(found: Sales) -> Tile:
    total, before = found.of_day(found.today), found.by_this_time_last_week
    web, stores = (Money(found.minor[found.today, channel], found.currency).format() for channel in ("web", "pos"))
    sentence = _("%(web)s on the web, %(stores)s in stores.") % {"web": web, "stores": stores}
    others = [Money(minor, currency).format() for currency, minor in found.others.items() if minor]
    if others:
        sentence += " " + _("And %(amounts)s.") % {"amounts": ", ".join(others)}
    change = f"{(total - before) / before:+.0%}".replace("-", "−") if before else ""
    return Tile(
        label=_("Sales today"),
        figure=Money(total, found.currency).format(),
        sentence=sentence,
        change=_("%(change)s on last week by now") % {"change": change} if change else "",
        change_is="" if total == before or not before else "up" if total > before else "down",
        points=[found.of_day(day) for day in found.days],
        href=_list(found.today, None),
    )


def _prepare_tile(person: User, *, at: datetime) -> Tile:
    waiting = _own(Fulfillment.objects.filter(state="pending"), person, "location__in")
    counts = waiting.aggregate(all=Count("pk"), ship=Count("pk", filter=Q(type="ship")), oldest=Min("created_at"))
    parts = {"ship": counts["ship"], "pickup": counts["all"] - counts["ship"]}
    return Tile(
        label=_("Orders to prepare"),
        figure=grouped(counts["all"]),
        sentence=_("%(ship)s to ship, %(pickup)s to collect.") % parts if counts["all"] else _("Nothing is waiting."),
        change=_("oldest %(time)s") % {"time": timesince(counts["oldest"], at, depth=1)} if counts["all"] else "",
        change_is="down" if counts["all"] and at - counts["oldest"] > LATE else "",
        href=list_address(Order, todo="pending"),
    )


def _oversell_tile(person: User, *, at: datetime) -> Tile:
    since = at - timedelta(days=OVERSELL_DAYS)
    orders = _orders_of(person).filter(placed_at__gt=since).count()
    kinds = ["oversell", "paid_unfulfillable"]
    cases = _own(Case.objects.filter(kind__in=kinds, created_at__gt=since), person, "location__in").count()
    rate = cases / orders if orders else 0
    return Tile(
        label=_("Oversell rate"),
        figure=f"{rate:.2%}",
        sentence=_("%(cases)s of %(orders)s orders in %(days)s days were sold what was not there.")
        % {"cases": grouped(cases), "orders": grouped(orders), "days": OVERSELL_DAYS},
        change_is="down" if cases else "",
        href=list_address(Case, kind="oversell"),
    )


def _chart(found: Sales) -> Chart:
    names = dict(Order.Channel.choices)
    return Chart(
        title=_("Sales of the last %(days)s days") % {"days": DAYS},
        sentence=_("By business date of the store, in %(currency)s, tax included.") % {"currency": found.currency},
        unit=found.currency,
        labels=[date_format(day, "j M") for day in found.days],
        series=[(names[channel], [found.minor[day, channel] for day in found.days]) for channel in ("pos", "web")],
        write=lambda minor: Money(minor, found.currency).format(),
        axis=lambda minor: _short(minor, found.currency),
        hrefs=[_list(day, day) for day in found.days],
    )


def _short(minor: int, currency: str) -> str:
    """$10K: an amount where there is little room."""
    amount = Money(minor, currency).as_decimal()
    return format_compact_currency(amount, currency, locale=to_locale(get_language() or "en"))


def _stores(person: User, today: date) -> Panel:
    rows = (
        _orders_of(person)
        .filter(business_date__gte=today)
        .values("currency", place=F("location__name"), place_id=F("location"))
        .annotate(
            count=Count("pk"),
            counter=Sum("total_minor", filter=Q(channel=Order.Channel.POS)),
            web=Sum("total_minor", filter=Q(channel=Order.Channel.WEB)),
        )
        .order_by("place", "currency")
    )
    return Panel(
        title=_("Today by store"),
        sentence=_("Orders placed since the day began."),
        columns=[(_("Store"), ""), (_("Orders"), "figure"), (_("Counter"), "figure"), (_("Web"), "figure")],
        rows=[
            (
                _list(today, None, place=row["place_id"], channel="" if row["place_id"] else "web"),
                (
                    row["place"] or _("Shipped"),
                    row["count"],
                    amount(row["counter"], row["currency"]),
                    amount(row["web"], row["currency"]),
                ),
            )
            for row in rows
        ],
        empty=_("No orders yet today."),
    )


def _orders_of(person: User) -> "QuerySet[Order]":
    rows = Order.objects.placed().exclude(state=Order.State.CANCELED)
    return _own(rows, person, "location__in")


def _own(rows: "QuerySet[Any]", person: User, lookup: str) -> "QuerySet[Any]":
    places: Sequence[int] = access.bound_to(person)
    return rows.filter(**{lookup: places}) if places else rows


def _today(at: datetime) -> date:
    home = Location.objects.filter(is_active=True).values_list("time_zone", flat=True).order_by("position").first()
    return business_date(home or "UTC", at)


def _list(since: date, until: date | None, *, channel: str = "", place: int | None = None) -> str:
    filters: dict[str, Any] = {"business_date_from": since.isoformat()}
    filters |= {"business_date_to": until.isoformat()} if until else {}
    filters |= {"channel__exact": channel} if channel else {}
    return list_address(Order, **filters, **({"location__id__exact": place} if place else {}))
