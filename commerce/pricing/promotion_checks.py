"""What is wrong with a promotion that was described: by field, in the words of the person who described it."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commerce.pricing.engine import MAX_MINOR
from commerce.pricing.models import Market, Promotion
from commerce.pricing.promotion_drafts import Amounts, Draft, Kind, Role, Scope, Tier

MILLION = 1_000_000
WITH_AMOUNTS = (Kind.AMOUNT, Kind.FIXED_PRICE, Kind.BUNDLE)
Problems = dict[str, list[str]]


def currencies_of(markets: tuple[int, ...]) -> list[str]:
    """The currencies of the chosen markets (of all, when none is chosen), the default market's first."""
    found = Market.objects.filter(pk__in=markets) if markets else Market.objects.all()
    ordered = found.select_related("price_list").order_by("-is_default", "code")
    return list(dict.fromkeys(market.currency for market in ordered))


def problems(draft: Draft, *, own: Promotion | None = None) -> Problems:
    """Texts by field, {} when it can be kept. Amounts are fields of their currency: `amount_USD`, `min_spend_USD`."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    currencies = currencies_of(draft.markets)
    _names(draft, own, found)
    _by_kind(draft, currencies, found)
    _limits(draft, currencies, found)
    _days(draft, found)
    _items(draft, found)
    return dict(found)


def problems_of_start(draft: Draft, *, own: Promotion, today: date) -> Problems:
    """What keeps a promotion from being let run, beside what is wrong with it anyway."""
    found = problems(draft, own=own)
    if draft.ends_on and draft.ends_on < today:
        found.setdefault("ends_on", []).append(_("This day is over. Choose a later one, or none."))
    if draft.needs_coupon and not own.coupons.filter(is_active=True).exists():
        text = _("It needs a coupon, and there is none yet: nobody could get it. Make coupons first.")
        found.setdefault("needs_coupon", []).append(text)
    return found


def _names(draft: Draft, own: Promotion | None, found: Any) -> None:
    if not draft.name.strip():
        found["name"].append(_("Give it a name, so that you find it again."))
    if not draft.label.strip():
        found["label"].append(_("Say what shoppers read on their receipt."))
    others = Promotion.objects.filter(code=draft.code)
    if draft.code and (others.exclude(pk=own.pk) if own else others).exists():
        found["code"].append(_("Another promotion has the code “%s” already.") % draft.code)


def _by_kind(draft: Draft, currencies: list[str], found: Any) -> None:
    kind = draft.kind
    if not 0 <= draft.percent_ppm <= MILLION:
        found["percent"].append(_("A percentage lies between 0 and 100."))
    elif kind == Kind.PERCENT and draft.percent_ppm == 0:
        found["percent"].append(_("Say how many percent, e.g. 20."))
    if kind in WITH_AMOUNTS:
        _amounts("amount", draft.amounts, currencies, found)
    if draft.scope == Scope.ORDER and kind not in (Kind.PERCENT, Kind.AMOUNT):
        found["scope"].append(_("Only a percentage or an amount is taken off a whole order."))
    if kind == Kind.BUY_GET:
        for name, quantity in (("buy_quantity", draft.buy_quantity), ("get_quantity", draft.get_quantity)):
            if quantity < 1:
                found[name].append(_("At least 1."))
    if kind == Kind.GIFT:
        if draft.get_quantity < 1:
            found["get_quantity"].append(_("At least 1."))
        if not draft.named(Role.SELECT):
            found["select"].append(_("Choose what is given away."))
    if kind == Kind.TIERS:
        _tiers(draft, currencies, found)
    if kind == Kind.BUNDLE:
        _bundle(draft, found)


def _amounts(field: str, amounts: Amounts, currencies: list[str], found: Any) -> None:
    """An amount for each currency in which the promotion may be given."""
    for currency in currencies:
        if amounts.get(currency, 0) <= 0:
            text = _("Say the amount in %s, too: a market that it is for sells in it.")
            found[f"{field}_{currency}"].append(text % currency)
    for currency, minor in amounts.items():
        if minor > MAX_MINOR:
            found[f"{field}_{currency}"].append(_("This is more than any price can be."))


def _tiers(draft: Draft, currencies: list[str], found: Any) -> None:
    if not draft.tiers:
        found["tiers"].append(_("Say from how many pieces on there is how much off."))
    before: Tier | None = None
    for number, tier in enumerate(draft.tiers, 1):
        if tier.from_quantity < 1:
            found["tiers"].append(_("Row %s: from how many pieces on?") % number)
        if before and tier.from_quantity <= before.from_quantity:
            text = _("Row %(row)s: %(count)s is not more than the %(before)s of the row above. Let the pieces ascend.")
            facts = {"row": number, "count": tier.from_quantity, "before": before.from_quantity}
            found["tiers"].append(text % facts)
        wrong = _tier(draft.tier_kind, tier, before, currencies)
        if wrong:
            found["tiers"].append(_("Row %(row)s: %(what)s") % {"row": number, "what": wrong})
        before = tier


def _tier(kind: str, tier: Tier, before: Tier | None, currencies: list[str]) -> str:
    """What is wrong with what a row of the tiers gives."""
    if kind == Kind.PERCENT:
        if not 0 < tier.percent_ppm <= MILLION:
            return _("a percentage lies between 0 and 100.")
        worse = before is not None and tier.percent_ppm <= before.percent_ppm
        return _("more pieces must give more off than fewer.") if worse else ""
    for currency in currencies:
        value = tier.amounts.get(currency, 0)
        if value <= 0:
            return _("the amount in %s is missing.") % currency
        least = before.amounts.get(currency, 0) if before else None
        if least is not None and (value >= least if kind == Kind.FIXED_PRICE else value <= least):
            return _("more pieces must be a better offer than fewer.")
    return ""


def _bundle(draft: Draft, found: Any) -> None:
    parts = draft.parts()
    if not parts:
        found["part_0"].append(_("Choose what belongs to the bundle."))
    elif sum(items[0].quantity for items in parts) < 2:
        found["part_0"].append(_("A bundle has at least two pieces. Add another part, or more pieces of this one."))


def _limits(draft: Draft, currencies: list[str], found: Any) -> None:
    if any(draft.min_spend.values()):
        _amounts("min_spend", draft.min_spend, currencies, found)
    if any(draft.max_discount.values()):
        _amounts("max_discount", draft.max_discount, currencies, found)
    if draft.max_times is not None and draft.max_times < 1:
        found["max_times"].append(_("At least once, or leave it empty."))


def _days(draft: Draft, found: Any) -> None:
    if draft.starts_on and draft.ends_on and draft.ends_on < draft.starts_on:
        found["ends_on"].append(_("The last day lies before the first one."))
    if draft.daily_from and draft.daily_from == draft.daily_until:
        found["daily_until"].append(_("From and until are the same: leave both empty for the whole day."))
    if any(not 0 <= day <= 6 for day in draft.weekdays):
        found["weekdays"].append(_("There are seven weekdays."))


def _items(draft: Draft, found: Any) -> None:
    left_out = {(item.thing, item.pk) for item in draft.named(Role.EXCLUDE)}
    if any((item.thing, item.pk) in left_out for item in draft.items if item.role != Role.EXCLUDE):
        found["exclude"].append(_("The same item is chosen and left out."))
