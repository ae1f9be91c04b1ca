"""A promotion as a person describes it, before it is written and apart from any table."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from commerce.pricing.models import Promotion, PromotionItem

Kind, Scope, Role = Promotion.Kind, Promotion.Scope, PromotionItem.Role
Amounts = dict[str, int]  # minor units by currency

DRAFT, SCHEDULED, RUNNING, ENDED, PAUSED = "draft", "scheduled", "running", "ended", "paused"


@dataclass(frozen=True, slots=True)
class Item:
    """What a promotion names. `thing` is variant, category or collection, `pk` its primary key; `part` counts the parts
    of a bundle from 0, and `quantity` is how many pieces of the part belong to a set."""

    thing: str
    pk: int
    role: str = Role.SELECT
    part: int = 0
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Tier:
    """From so many pieces on: a percentage in ppm, or an amount or a price of one piece by currency."""

    from_quantity: int
    percent_ppm: int = 0
    amounts: Amounts = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """As the column `tiers` keeps it."""
        return {"from_quantity": self.from_quantity, "percent_ppm": self.percent_ppm, "amounts": self.amounts}


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that is said about a promotion. Fields are those of `Promotion`; places, groups and items are primary
    keys, amounts minor units by currency, percentages ppm."""

    kind: str
    name: str = ""
    label: str = ""
    code: str = ""
    scope: str = Scope.LINE
    percent_ppm: int = 0
    amounts: Amounts = field(default_factory=dict)
    buy_quantity: int = 0
    get_quantity: int = 0
    tier_kind: str = ""
    tiers: tuple[Tier, ...] = ()
    min_spend: Amounts = field(default_factory=dict)
    min_quantity: int = 0
    max_times: int | None = None
    max_discount: Amounts = field(default_factory=dict)
    markets: tuple[int, ...] = ()
    locations: tuple[int, ...] = ()
    groups: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    daily_from: time | None = None
    daily_until: time | None = None
    needs_coupon: bool = False
    priority: int = 100
    is_exclusive: bool = False
    best_of: str = ""
    items: tuple[Item, ...] = ()

    def named(self, role: str) -> list[Item]:
        """The items of one role, in their order."""
        return [item for item in self.items if item.role == role]

    def parts(self) -> list[list[Item]]:
        """The parts of a bundle: each a list of items that stand for one another."""
        found: dict[int, list[Item]] = {}
        for item in self.named(Role.PART):
            found.setdefault(item.part, []).append(item)
        return [found[number] for number in sorted(found)]


COLUMNS = (
    "kind", "name", "label", "code", "scope", "percent_ppm", "amounts", "buy_quantity", "get_quantity", "tier_kind",
    "min_spend", "min_quantity", "max_times", "max_discount", "starts_on", "ends_on", "daily_from", "daily_until",
    "needs_coupon", "priority", "is_exclusive", "best_of",
)  # fmt: skip


def draft_of(row: Promotion) -> Draft:
    """A promotion of the table as a draft. Its related rows should have been prefetched (`WITH_RELATED`)."""
    return Draft(
        **{name: getattr(row, name) for name in COLUMNS},
        tiers=tuple(
            Tier(each["from_quantity"], each.get("percent_ppm", 0), each.get("amounts", {})) for each in row.tiers
        ),
        markets=tuple(sorted(market.pk for market in row.only_markets.all())),
        locations=tuple(sorted(place.pk for place in row.only_locations.all())),
        groups=tuple(sorted(group.pk for group in row.only_groups.all())),
        channels=tuple(row.only_channels),
        weekdays=tuple(sorted(row.weekdays)),
        items=tuple(_item(each) for each in row.items.all()),
    )


WITH_RELATED = ("only_markets", "only_locations", "only_groups", "items")


def _item(row: PromotionItem) -> Item:
    for thing in ("variant", "category", "collection"):
        key = getattr(row, f"{thing}_id")
        if key is not None:
            return Item(thing, key, row.role, row.part, row.quantity)
    raise ValueError(f"item {row.pk} of a promotion names nothing")


def state_of(row: Promotion, *, today: date) -> str:
    """draft, scheduled, running, ended or paused."""
    if not row.is_active:
        return PAUSED if row.started_at else DRAFT
    if row.ends_on and row.ends_on < today:
        return ENDED
    return SCHEDULED if row.starts_on and row.starts_on > today else RUNNING


def has_run(row: Promotion, *, at: datetime) -> bool:
    """Whether anybody may have been given it already."""
    return row.started_at is not None and row.started_at <= at
