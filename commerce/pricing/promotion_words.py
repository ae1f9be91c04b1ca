"""A promotion read back in plain words: "Buy 2, get 1 free in Socks, in stores, on Saturdays. Not together with other
offers." Names are looked up once for as many promotions as a page shows."""

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, number_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog.models import Category, Collection, Variant
from commerce.company.models import Location
from commerce.kernel.money import Money
from commerce.pricing.models import CustomerGroup, Market
from commerce.pricing.promotion_drafts import Amounts, Draft, Item, Kind, Role, Scope, Tier

MANY = 4  # so many names are told one by one


class Names:
    """What things, places and groups that drafts name are called."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        wanted = list(drafts)
        things: dict[str, set[int]] = {"variant": set(), "category": set(), "collection": set()}
        for draft in wanted:
            for item in draft.items:
                things[item.thing].add(item.pk)
        variants = list(Variant.objects.filter(pk__in=things["variant"]).select_related("product"))
        self._items: dict[tuple[str, int], str] = {("variant", each.pk): each.name for each in variants}
        self._products = {each.pk: (each.product_id, each.product.title) for each in variants}
        self._whole = active_variants({each.product_id for each in variants})
        for thing, model in (("category", Category), ("collection", Collection)):
            rows: Any = model.objects.filter(pk__in=things[thing]).values_list("pk", "name")
            self._items.update({(thing, pk): name for pk, name in rows})
        self._places = _names(Location, {pk for draft in wanted for pk in draft.locations})
        self._groups = _names(CustomerGroup, {pk for draft in wanted for pk in draft.groups})
        self._markets = _names(Market, {pk for draft in wanted for pk in draft.markets})

    def item(self, item: Item) -> str:
        return self._items.get((item.thing, item.pk), _("something that is gone"))

    def called(self, items: Sequence[Item]) -> list[str]:
        """Their names; a product all of whose variants are there is told once, by its title."""
        there = {item.pk for item in items if item.thing == "variant"}
        found: dict[str, None] = {}
        for item in items:
            product, title = self._products.get(item.pk, (0, "")) if item.thing == "variant" else (0, "")
            whole = product and len(self._whole[product]) > 1 and self._whole[product] <= there
            found[title if whole else self.item(item)] = None
        return list(found)

    def items(self, items: Sequence[Item]) -> str:
        """ "Socks", "Socks and Hats", "Socks, Hats and 7 more"."""
        return enumerated(self.called(items))

    def places(self, keys: Iterable[int]) -> str:
        return enumerated([self._places.get(key, "?") for key in keys])

    def groups(self, keys: Iterable[int]) -> str:
        return enumerated([self._groups.get(key, "?") for key in keys])

    def markets(self, keys: Iterable[int]) -> str:
        return enumerated([self._markets.get(key, "?") for key in keys])


def active_variants(products: Iterable[int]) -> dict[int, set[int]]:
    """The active variants of products, by product; primary keys."""
    found: dict[int, set[int]] = {product: set() for product in products}
    known = Variant.objects.filter(product__in=found, is_active=True).values_list("product_id", "pk")
    for product, variant in known:
        found[product].add(variant)
    return found


def _names(model: Any, keys: set[int]) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}


def enumerated(names: list[str]) -> str:
    """Names as a sentence tells them."""
    if len(names) > MANY:
        more = _("%(names)s and %(count)s more")
        return more % {"names": ", ".join(names[: MANY - 1]), "count": len(names) - MANY + 1}
    if len(names) < 2:
        return "".join(names)
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def percent(ppm: int) -> str:
    """200_000 is "20%"."""
    return _("%(number)s%%") % {"number": number_format(f"{ppm / 10_000:g}", use_l10n=True)}


def money(amounts: Amounts) -> str:
    """Amounts of all currencies: "$5.00 / €4.50"."""
    texts = [Money(minor, currency).format() for currency, minor in sorted(amounts.items(), key=_home_first) if minor]
    return " / ".join(texts) or "…"


def _home_first(entry: tuple[str, int]) -> tuple[bool, str]:
    return (entry[0] != "USD", entry[0])


def read_back(draft: Draft, names: Names) -> str:
    """The whole rule in sentences."""
    conditions = [text for text in (*_who(draft, names), *_when(draft)) if text]
    said = ", ".join([_offer(draft, names), *_needs(draft, names), *conditions])
    ending = "" if said.endswith(("…", ".")) else "."
    return " ".join([f"{said[:1].upper()}{said[1:]}{ending}", *_limits(draft)])


def _offer(draft: Draft, names: Names) -> str:
    """What is given."""
    told = {"items": names.items(draft.named(Role.SELECT)) or _("everything"), "percent": percent(draft.percent_ppm)}
    told["amount"] = money(draft.amounts)
    whole = draft.scope == Scope.ORDER
    if draft.kind == Kind.PERCENT:
        return (_order(draft, names) if whole else _("%(percent)s off %(items)s")) % told
    if draft.kind == Kind.AMOUNT:
        text = _("%(amount)s off the whole order") if whole else _("%(amount)s off each piece of %(items)s")
        return text % told
    if draft.kind == Kind.FIXED_PRICE:
        return _("%(items)s for %(amount)s each") % told
    if draft.kind == Kind.BUY_GET:
        return _buy_get(draft, names)
    if draft.kind == Kind.BUNDLE:
        parts = [_("%(count)s of %(items)s") % _part(items, names) for items in draft.parts()]
        return _("%(parts)s together for %(amount)s") % {**told, "parts": enumerated(parts) or "…"}
    if draft.kind == Kind.TIERS:
        steps = ", ".join(_tier(draft.tier_kind, tier) for tier in draft.tiers)
        return _("%(items)s: %(steps)s") % {**told, "steps": steps or "…"}
    if draft.kind == Kind.GIFT:
        return _gift(draft, names)
    return _("free shipping")


def _order(draft: Draft, names: Names) -> str:
    return _("%(percent)s off %(items)s in the order") if draft.named(Role.SELECT) else _("%(percent)s off the order")


def _part(items: list[Item], names: Names) -> dict[str, Any]:
    return {"count": items[0].quantity, "items": _(" or ").join(names.called(items)[:MANY])}


def _buy_get(draft: Draft, names: Names) -> str:
    told: dict[str, Any] = {"buy": draft.buy_quantity or "…", "get": draft.get_quantity or "…"}
    told["off"] = _("free") if draft.percent_ppm in (0, 1_000_000) else _("%s off") % percent(draft.percent_ppm)
    told["items"] = names.items(draft.named(Role.SELECT)) or _("everything")
    bought = draft.named(Role.QUALIFY)
    if bought:
        return _("buy %(buy)s of %(bought)s, get %(get)s of %(items)s %(off)s") % {
            **told,
            "bought": names.items(bought),
        }
    return _("buy %(buy)s, get %(get)s %(off)s in %(items)s") % told


def _gift(draft: Draft, names: Names) -> str:
    gift = names.items(draft.named(Role.SELECT)) or "…"
    told = {"count": draft.get_quantity or "…", "gift": gift, "bought": names.items(draft.named(Role.QUALIFY))}
    if draft.percent_ppm not in (0, 1_000_000):
        told["gift"] = _("%(gift)s at %(percent)s off") % {"gift": gift, "percent": percent(draft.percent_ppm)}
    text = _("%(count)s %(gift)s as a gift with %(bought)s") if told["bought"] else _("%(count)s %(gift)s as a gift")
    return text % told


def _tier(kind: str, tier: Tier) -> str:
    told = {"count": tier.from_quantity, "amount": money(tier.amounts), "percent": percent(tier.percent_ppm)}
    if kind == Kind.PERCENT:
        return _("%(percent)s off from %(count)s pieces") % told
    if kind == Kind.AMOUNT:
        return _("%(amount)s off each from %(count)s pieces") % told
    return _("%(amount)s each from %(count)s pieces") % told


def _needs(draft: Draft, names: Names) -> list[str]:
    """What has to be bought, and what is left out."""
    found = []
    if draft.named(Role.EXCLUDE):
        found.append(_("except %s") % names.items(draft.named(Role.EXCLUDE)))
    if draft.kind not in (Kind.BUY_GET, Kind.GIFT) and draft.named(Role.QUALIFY):
        found.append(_("with %s") % names.items(draft.named(Role.QUALIFY)))
    if any(draft.min_spend.values()):
        found.append(_("from %s on") % money(draft.min_spend))
    if draft.min_quantity > 1:
        found.append(
            ngettext("from %s piece on", "from %s pieces on", draft.min_quantity) % draft.min_quantity,
        )
    return found


def _who(draft: Draft, names: Names) -> list[str]:
    found = []
    if draft.groups:
        found.append(_("for %s") % names.groups(draft.groups))
    if draft.locations:
        found.append(_("at %s") % names.places(draft.locations))
    elif draft.channels:
        words = {"pos": _("in stores"), "web": _("on the web"), "phone": _("by phone")}
        found.append(enumerated([words.get(channel, channel) for channel in sorted(draft.channels)]))
    if draft.markets:
        found.append(_("in the market %s") % names.markets(draft.markets))
    if draft.needs_coupon:
        found.append(_("with a coupon"))
    return found


def _when(draft: Draft) -> list[str]:
    found = []
    if draft.weekdays:
        found.append(_("on %s") % weekdays_text(draft.weekdays))
    if draft.daily_from and draft.daily_until:
        told = {"begin": _hour(draft.daily_from), "end": _hour(draft.daily_until)}
        found.append(_("between %(begin)s and %(end)s") % told)
    elif draft.daily_from or draft.daily_until:
        text = _("from %s on") if draft.daily_from else _("until %s")
        found.append(text % _hour(draft.daily_from or draft.daily_until))
    if draft.starts_on and draft.ends_on:
        told = {"first": _day(draft.starts_on), "last": _day(draft.ends_on)}
        found.append(_("from %(first)s until %(last)s") % told)
    elif draft.starts_on:
        found.append(_("from %s on") % _day(draft.starts_on))
    elif draft.ends_on:
        found.append(_("until %s") % _day(draft.ends_on))
    return found


def weekdays_text(days: Sequence[int]) -> str:
    """ "Saturdays and Sundays", "weekdays"."""
    if sorted(days) == [0, 1, 2, 3, 4]:
        return _("weekdays")
    if sorted(days) == [5, 6]:
        return _("weekends")
    return enumerated([str(WEEKDAYS[day]) for day in sorted(days)])


def days_text(first: date | None, last: date | None) -> str:
    """ "Nov. 23 – Dec. 18, 2026", "from …", "until …", "always"."""
    if first and last:
        return f"{_day(first)} – {_day(last)}"
    if first:
        return _("from %s on") % _day(first)
    return _("until %s") % _day(last) if last else _("always")


def _hour(at: time | None) -> str:
    return time_format(at, "TIME_FORMAT") if at else ""


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _limits(draft: Draft) -> list[str]:
    found = []
    if draft.max_times:
        text = ngettext("At most %s time in one order.", "At most %s times in one order.", draft.max_times)
        found.append(text % draft.max_times)
    if any(draft.max_discount.values()):
        found.append(_("At most %s off in one order.") % money(draft.max_discount))
    if draft.is_exclusive:
        found.append(_("Not together with other offers."))
    if draft.best_of:
        found.append(_("Of the offers called “%s” only the best one is given.") % draft.best_of)
    return found
