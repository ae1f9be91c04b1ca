"""Promotions that stand in each other's way. Pairs are compared by what they say, so that 200 of them are told apart in
a blink: only which shelves the named collections and variants lie on is read from the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from django.utils.translation import gettext as _

from commerce.pricing.promotion_drafts import Draft, Kind, Role, Scope
from commerce.pricing.promotion_overlaps import Overlaps, goods_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion that is compared: its primary key (0 for one that is not kept yet) and what it says."""

    pk: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class Conflict:
    """`kind` is exclusive, hidden, cost or label; `one` and `other` are the two promotions, `text` is for people."""

    kind: str
    one: int
    other: int
    text: str


def conflicts(offers: Sequence[Offer], *, of: int | None = None) -> list[Conflict]:
    """All conflicts among promotions that may run, or those of one of them; in the order of the promotions given."""
    if len(offers) < 2:
        return []
    overlaps = Overlaps([offer.draft for offer in offers])
    found = []
    for one, other in combinations(offers, 2):
        if (of is None or of in (one.pk, other.pk)) and at_once(one.draft, other.draft):
            found += _between(one, other, overlaps)
    return found


def _between(one: Offer, other: Offer, overlaps: Overlaps) -> list[Conflict]:
    found = []
    names = {"one": one.draft.name, "other": other.draft.name}
    if one.draft.label and one.draft.label.casefold() == other.draft.label.casefold():
        text = _("“%(one)s” and “%(other)s” print the same words on the receipt: nobody can tell which one was given.")
        found.append(Conflict("label", one.pk, other.pk, text % names))
    if Scope.SHIPPING in (one.draft.scope, other.draft.scope) or Kind.FREE_SHIPPING in (
        one.draft.kind,
        other.draft.kind,
    ):
        return found
    both_exclusive = one.draft.is_exclusive and other.draft.is_exclusive
    both_best = one.draft.best_of != "" and one.draft.best_of == other.draft.best_of
    if not (both_exclusive or both_best) or not overlaps.same_goods(one.draft, other.draft):
        return found
    if both_exclusive:
        found.append(_exclusive(one, other))
    hidden = _hidden(one, other, overlaps)
    if hidden:
        found.append(hidden)
    return found


def at_once(one: Draft, other: Draft) -> bool:
    """Whether there is a shopper, a place and an hour for both."""
    for mine, theirs in (
        (one.markets, other.markets),
        (one.locations, other.locations),
        (one.groups, other.groups),
        (one.channels, other.channels),
        (one.weekdays, other.weekdays),
    ):
        if mine and theirs and not set(mine) & set(theirs):
            return False
    first = max(one.starts_on or date.min, other.starts_on or date.min)
    last = min(one.ends_on or date.max, other.ends_on or date.max)
    return first <= last and _same_hours(one, other)


def _same_hours(one: Draft, other: Draft) -> bool:
    """Hours over midnight meet something of every other one's, near enough for a warning."""
    spans = []
    for draft in (one, other):
        begin = draft.daily_from.isoformat() if draft.daily_from else "00"
        end = draft.daily_until.isoformat() if draft.daily_until else "24"
        spans.append((begin, end))
    (begin, end), (other_begin, other_end) = spans
    if begin > end or other_begin > other_end:
        return True
    return max(begin, other_begin) < min(end, other_end)


def _exclusive(one: Offer, other: Offer) -> Conflict:
    first, second = sorted((one, other), key=lambda offer: (offer.draft.priority, offer.draft.code))
    text = _(
        "“%(one)s” and “%(other)s” are both exclusive and for the same items on the same days."
        " Items get only one of them: “%(first)s” where its priority comes first, else what saves more."
    )
    names = {"one": one.draft.name, "other": other.draft.name, "first": first.draft.name}
    if first.draft.priority == second.draft.priority:
        text = _(
            "“%(one)s” and “%(other)s” are both exclusive and for the same items on the same days."
            " Items get only the one that saves more."
        )
    return Conflict("exclusive", one.pk, other.pk, text % names)


def _hidden(one: Offer, other: Offer, overlaps: Overlaps) -> Conflict | None:
    """Of two with the same best_of one is never given, because the other is always there and always saves more."""
    if not one.draft.best_of or one.draft.best_of != other.draft.best_of:
        return None
    for better, worse in ((one, other), (other, one)):
        if _beats(better.draft, worse.draft, overlaps):
            text = _(
                "“%(worse)s” is never given: of “%(word)s” only the best one is, and “%(better)s” always saves more."
            )
            names = {"worse": worse.draft.name, "better": better.draft.name, "word": better.draft.best_of}
            return Conflict("hidden", one.pk, other.pk, text % names)
    return None


def _beats(better: Draft, worse: Draft, overlaps: Overlaps) -> bool:
    plain = better.kind == worse.kind == Kind.PERCENT and better.scope == worse.scope
    if not plain or better.percent_ppm <= worse.percent_ppm or better.needs_coupon:
        return False
    if any(better.min_spend.values()) or better.min_quantity or any(better.max_discount.values()):
        return False
    if better.named(Role.EXCLUDE) or better.named(Role.QUALIFY):
        return False
    wide = goods_of(better)
    if wide and not goods_of(worse):
        return False
    if wide and not all(any(overlaps.covers(item, small) for item in wide) for small in goods_of(worse)):
        return False
    return _always_there(better, worse)


def _always_there(better: Draft, worse: Draft) -> bool:
    """Whether `better` counts wherever and whenever `worse` does."""
    for wide, narrow in (
        (better.markets, worse.markets),
        (better.locations, worse.locations),
        (better.groups, worse.groups),
        (better.channels, worse.channels),
        (better.weekdays, worse.weekdays),
    ):
        if wide and not (narrow and set(narrow) <= set(wide)):
            return False
    if better.daily_from or better.daily_until:
        return False
    begins = (better.starts_on or date.min) <= (worse.starts_on or date.min)
    return begins and (better.ends_on or date.max) >= (worse.ends_on or date.max)
