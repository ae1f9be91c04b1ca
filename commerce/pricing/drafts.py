"""Changes of prices that somebody is about to make: judged row by row before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.kernel.money import InvalidAmount, Money, parse_money
from commerce.pricing import engine, prices, timeline
from commerce.pricing.errors import in_words, planned_already
from commerce.pricing.models import PriceList
from commerce.pricing.prices import MAX_MINOR, Key, Wanted
from commerce.pricing.timeline import ALWAYS, Amount, Days, Span


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the line of a file, or the SKU of a grid."""

    row: str
    text: str


@dataclass(slots=True)
class Draft:
    """`wanted` is what `prices.change` takes; `rows` names where each key was typed."""

    wanted: dict[Key, Wanted | None] = field(default_factory=dict)
    rows: dict[Key, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, row: str, key: Key, days: Days, amount: Amount) -> None:
        """Take a row, or note what is wrong with it beside the other rows of this variant and quantity."""
        if days.first and days.ends <= days.first:
            self.faults.append(Fault(row, _("The last day is before the first one.")))
            return
        for other, _amount in self.wanted.get(key) or ():
            if other == days:
                text = _("This SKU has a price for these days already, in row %(row)s.")
            elif ALWAYS not in (other, days) and other.meets(days):
                text = _("These days overlap with the price %(days)s in row %(row)s.")
            else:
                continue
            self.faults.append(Fault(row, text % {"days": in_words(other), "row": self.rows[key]}))
            return
        self.rows.setdefault(key, row)
        self.wanted[key] = [*(self.wanted.get(key) or ()), (days, amount)]


@dataclass(frozen=True, slots=True)
class Difference:
    """A price before and after (None: there is none), for some days."""

    variant: Variant
    from_quantity: int
    days: Days
    before: Amount | None
    after: Amount | None

    @property
    def percent(self) -> int | None:
        """How much more it is, in whole percent; None where there was nothing to compare with."""
        if not (self.before and self.before[0] and self.after):
            return None
        return engine.round_half_up(100 * (self.after[0] - self.before[0]), self.before[0])


def differences(price_list: PriceList, draft: Draft, *, at: datetime) -> list[Difference]:
    """What saving would change, by SKU; what stands in the way becomes a fault of its row."""
    before, after, refused = prices.preview(price_list.pk, draft.wanted, at=at)
    for key, span in refused.items():
        draft.faults.append(Fault(draft.rows[key], planned_already(span, price_list.currency)))
    known = Variant.objects.select_related("product").in_bulk({variant for variant, _quantity in after})
    found = []
    for (variant, quantity), spans in after.items():
        for days in _changed(before[variant, quantity], spans):
            old, new = (timeline.on(each, days.begins) for each in (before[variant, quantity], spans))
            found.append(
                Difference(known[variant], quantity, days, old.amount if old else None, new.amount if new else None)
            )
    return sorted(found, key=lambda one: (one.variant.sku_key, one.from_quantity, one.days.begins))


def _changed(before: Sequence[Span], after: Sequence[Span]) -> list[Days]:
    """The longest stretches of days in which a price is another one than before."""
    edges = sorted({edge for span in [*before, *after] for edge in (span.days.first, span.days.end) if edge})
    found: list[Days] = []
    shown: list[tuple[Amount | None, Amount | None]] = []
    for days in (Days(first, end) for first, end in zip([None, *edges], [*edges, None], strict=True)):
        old, new = timeline.on(before, days.begins), timeline.on(after, days.begins)
        pair = (old.amount if old else None, new.amount if new else None)
        if pair[0] == pair[1]:
            continue
        if found and found[-1].end == days.first and shown[-1] == pair:
            found[-1] = Days(found[-1].first, days.end)
        else:
            found.append(days)
            shown.append(pair)
    return found


def read_amounts(price: str, before: str, currency: str) -> Amount:
    """What was typed as price and compare-at price, in the words of the page's language. ValueError says what is
    wrong."""
    if not price.strip():
        raise ValueError(_("The price is missing."))
    amount = _read(price, currency)
    compare_at = _read(before, currency) if before.strip() else None
    if compare_at is not None and compare_at <= amount:
        raise ValueError(_("The compare-at price only makes sense above the price. Leave it empty otherwise."))
    return amount, compare_at


def _read(text: str, currency: str) -> int:
    try:
        minor = parse_money(text, currency).minor
    except InvalidAmount as error:
        raise ValueError(str(error)) from error
    if minor < 0:
        raise ValueError(_("A price cannot be negative."))
    if minor > MAX_MINOR:
        most = Money(MAX_MINOR, currency).format()
        raise ValueError(
            _("“%(text)s” is more than a price can be: %(most)s.") % {"text": text.strip()[:40], "most": most}
        )
    return minor


@dataclass(frozen=True, slots=True)
class Step:
    """How a price becomes another: times `factor_ppm`, plus `add_minor`, then to an ending (`engine.price_point`)."""

    factor_ppm: int = engine.MILLION
    add_minor: int = 0
    step_minor: int = 0
    ending_minor: int = 0

    def of(self, minor: int) -> int:
        moved = engine.percent_of(minor, self.factor_ppm) + self.add_minor
        return engine.price_point(moved, self.step_minor, self.ending_minor) if moved >= 0 else moved


def scheduled(price_list: PriceList, variants: Iterable[Variant], step: Step, days: Days, *, at: datetime) -> Draft:
    """A draft that moves today's standing prices of variants for some days, or from a day on; what has none is left
    out."""
    chosen = list(variants)
    keys = [variant.pk for variant in chosen]
    standing = offered(price_list, keys, at=at)
    planned = prices.known(price_list.pk, [(pk, 1) for pk in keys])
    draft = Draft()
    for variant in chosen:
        same = next((span for span in planned[variant.pk, 1] if span.days == days), None)
        if same:
            draft.faults.append(Fault(variant.sku, planned_already(same, price_list.currency)))
        elif variant.pk in standing:
            amount, before = standing[variant.pk]
            moved = step.of(amount)
            if not 0 <= moved <= MAX_MINOR:
                text = _("%(price)s would become less than nothing, or more than a price can be.")
                price = Money(amount, price_list.currency).format()
                draft.faults.append(Fault(variant.sku, text % {"price": price}))
                continue
            was = before if before is not None and before > moved else amount if moved < amount and days.end else None
            draft.add(variant.sku, (variant.pk, 1), days, (moved, was))
    return draft


def offered(price_list: PriceList, variant_ids: Sequence[int], *, at: datetime) -> Mapping[int, Amount]:
    """The standing price of one piece on a list by variant, its own or derived from the list below."""
    own = prices.standing(price_list.pk, variant_ids, at=at)
    if price_list.derived_from is None:
        return own
    step = Step(price_list.factor_ppm, 0, price_list.step_minor, price_list.ending_minor)
    below = offered(price_list.derived_from, [pk for pk in variant_ids if pk not in own], at=at)
    derived = {pk: (step.of(amount), None if was is None else step.of(was)) for pk, (amount, was) in below.items()}
    return {**derived, **own}
