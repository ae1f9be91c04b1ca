"""Promotions that stand in each other's way. Pairs are compared by what they say, so that 200 of them are told apart in
a blink: only which shelves the named collections and variants lie on is read from the database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from commerce.kernel.db import rows
from commerce.pricing.promotion_drafts import Draft, Item, Kind, Role, Scope
from commerce.pricing.selections import Shelves


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


class Overlaps:
    """Whether two items can be the same goods."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        items = [item for offer in offers for item in offer.draft.items]
        self._shelves = Shelves()
        self._above = {key: frozenset(self._shelves.with_those_above(key)) for key in self._shelves.parents}
        variants = sorted({item.pk for item in items if item.thing == "variant"})
        collections = sorted({item.pk for item in items if item.thing == "collection"})
        self._product, self._shelf, self._in, self._on, self._twins = _read(variants, collections)

    def meet(self, one: Item, other: Item) -> bool:
        """Whether any goods are meant by both."""
        first, second = sorted((one, other), key=lambda item: ("category", "collection", "variant").index(item.thing))
        kinds = (first.thing, second.thing)
        if first == second or (first.thing, first.pk) == (second.thing, second.pk):
            return True
        if kinds == ("category", "category"):
            return first.pk in self._above_of(second.pk) or second.pk in self._above_of(first.pk)
        if kinds == ("category", "collection"):
            return any(first.pk in self._above_of(shelf) for shelf in self._on.get(second.pk, ()))
        if kinds == ("category", "variant"):
            return first.pk in self._above_of(self._shelf.get(second.pk))
        if kinds == ("collection", "collection"):
            return (first.pk, second.pk) in self._twins or (second.pk, first.pk) in self._twins
        return kinds == ("collection", "variant") and first.pk in self._in.get(second.pk, ())

    def covers(self, wide: Item, narrow: Item) -> bool:
        """Whether everything that `narrow` means is meant by `wide`, too, as far as what they say tells."""
        if (wide.thing, wide.pk) == (narrow.thing, narrow.pk):
            return True
        if narrow.thing == "variant":
            return self.meet(wide, narrow)
        return wide.thing == "category" and narrow.thing == "category" and wide.pk in self._above_of(narrow.pk)

    def _above_of(self, shelf: int | None) -> frozenset[int]:
        return self._above.get(shelf, frozenset()) if shelf is not None else frozenset()


def _read(variants: list[int], collections: list[int]) -> tuple[Any, ...]:
    """Product and shelf of variants, the collections that they are in, the shelves of collections, and which of these
    have goods in common."""
    known = rows(
        "SELECT v.id, v.product_id, p.category_id,"
        " ARRAY(SELECT o.collection_id FROM catalog_collection_products o WHERE o.product_id = p.id)"
        " FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id WHERE v.id = ANY(%s)",
        [variants],
    )
    shelves = rows(
        "SELECT o.collection_id, array_agg(DISTINCT p.category_id) FROM catalog_collection_products o"
        " JOIN catalog_product p ON p.id = o.product_id WHERE o.collection_id = ANY(%s) GROUP BY 1",
        [collections],
    )
    twins = rows(
        "SELECT DISTINCT a.collection_id, b.collection_id FROM catalog_collection_products a"
        " JOIN catalog_collection_products b USING (product_id)"
        " WHERE a.collection_id = ANY(%s) AND b.collection_id = ANY(%s) AND a.collection_id < b.collection_id",
        [collections, collections],
    )
    return (
        {pk: product for pk, product, _shelf, _in in known},
        {pk: shelf for pk, _product, shelf, _in in known},
        {pk: tuple(named) for pk, _product, _shelf, named in known},
        {pk: tuple(found) for pk, found in shelves},
        {(one, other) for one, other in twins},
    )


def conflicts(offers: Sequence[Offer], *, of: int | None = None) -> list[Conflict]:
    """All conflicts among promotions that may run, or those of one of them; in the order of the promotions given."""
    overlaps = Overlaps(offers)
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
    if not same_goods(one.draft, other.draft, overlaps):
        return found
    if one.draft.is_exclusive and other.draft.is_exclusive:
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


def _goods(draft: Draft) -> list[Item]:
    return draft.named(Role.PART) if draft.kind == Kind.BUNDLE else draft.named(Role.SELECT)


def same_goods(one: Draft, other: Draft, overlaps: Overlaps) -> bool:
    """Whether something is meant by both and left out by neither."""
    mine, theirs = _goods(one), _goods(other)
    out = [*one.named(Role.EXCLUDE), *other.named(Role.EXCLUDE)]
    mine = [item for item in mine if not any(overlaps.covers(gone, item) for gone in out)] if mine else mine
    theirs = [item for item in theirs if not any(overlaps.covers(gone, item) for gone in out)] if theirs else theirs
    if not mine or not theirs:  # one of them is for everything, unless all it named is left out
        return (bool(mine) or not _goods(one)) and (bool(theirs) or not _goods(other))
    return any(overlaps.meet(item, their) for item in mine for their in theirs)


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
    wide = _goods(better)
    if wide and not _goods(worse):
        return False
    if wide and not all(any(overlaps.covers(item, small) for item in wide) for small in _goods(worse)):
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
