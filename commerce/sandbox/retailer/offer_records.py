"""The shapes in which the demo retailer's offers are described. Frozen, without Django, money in minor units."""

from __future__ import annotations

from dataclasses import dataclass

Amounts = tuple[tuple[str, int], ...]  # (currency, minor units)


@dataclass(frozen=True, slots=True)
class CustomerGroup:
    code: str
    name: str
    takes_members: bool


@dataclass(frozen=True, slots=True)
class GroupPrices:
    """A price list for a group in every market: the market's own prices by `factor_ppm`, ending alike."""

    group: str
    name: str
    factor_ppm: int
    step_minor: int
    ending_minor: int
    rank: int


@dataclass(frozen=True, slots=True)
class Collection:
    slug: str
    name: str
    products: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferItem:
    """`thing` is product, category or collection, `role` select, qualify, exclude or part (of a bundle)."""

    thing: str
    key: str
    role: str = "select"
    part: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    from_quantity: int
    percent: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A promotion. `begins` and `ends` are days from the making of the demo, None is open; `state` is running, draft or
    paused. `code` is one coupon for everybody, `codes` how many are made for one use each."""

    key: str
    name: str
    label: str
    kind: str
    scope: str = "line"
    percent: int = 0
    amounts: Amounts = ()
    min_spend: Amounts = ()
    buy: int = 0
    get: int = 0
    tiers: tuple[Tier, ...] = ()
    items: tuple[OfferItem, ...] = ()
    groups: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    hours: tuple[str, str] | None = None
    begins: int | None = None
    ends: int | None = None
    best_of: str = ""
    state: str = "running"
    needs_coupon: bool = False
    code: str = ""
    uses_per_customer: int | None = None
    batch: str = ""
    codes: int = 0
    prefix: str = ""
