"""The only writer of prices, in bulk: thousands in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from commerce.catalog import changes
from commerce.company.models import User
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import NotFound
from commerce.pricing import listings, timeline
from commerce.pricing.errors import OverlappingPrices, StandingPrice
from commerce.pricing.timeline import Amount, Days, Overlap, Span

MAX_MINOR = 1_000_000_000_000  # the price engine's limit
WITHDRAWN = "withdrawn_at = greatest(%s, recorded_at)"  # servers' clocks differ by a little
Key = tuple[int, int]  # variant (primary key) and the quantity from which a price counts
Wanted = list[tuple[Days, Amount]]
Timelines = dict[Key, list[Span]]


@dataclass(frozen=True, slots=True)
class Written:
    """Variants (primary keys) whose price is new on the list, and those where it changed."""

    created: frozenset[int]
    updated: frozenset[int]


@in_transaction
def put(price_list_id: int, prices: Mapping[int, Amount], *, at: datetime, by: User | None = None) -> Written:
    """Set the standing prices of one piece by variant. What is the same already is not written; one `catalog.changed`
    tells of the rest.

    What is planned for some days, or from a later day on, stays planned. A compare-at price that is not above the price
    says nothing and is kept as none. ValueError for one out of range.
    """
    _check(prices.values())
    tidy = {variant: _tidy(amount) for variant, amount in prices.items()}
    _hold(price_list_id)
    planned = rows(
        "SELECT DISTINCT variant_id FROM pricing_price WHERE price_list_id = %s AND variant_id = ANY(%s)"
        " AND withdrawn_at IS NULL AND from_quantity = 1 AND during <> '(,)'",
        [price_list_id, list(tidy)],
    )
    written = _put_plain(price_list_id, tidy, at=at, by=by)
    if planned:
        wanted: dict[Key, Wanted | None] = {(pk, 1): [(timeline.ALWAYS, tidy[pk])] for (pk,) in planned}
        before = known(price_list_id, wanted)
        more = _rewrite(price_list_id, before, _after(before, wanted, day_of(price_list_id, at))[0], at=at, by=by)
        written = Written(written.created | more.created, written.updated | more.updated)
    _tell(written, at=at)
    return written


@in_transaction
def _put_plain(price_list_id: int, prices: Mapping[int, Amount], *, at: datetime, by: User | None) -> Written:
    """Of variants for which nothing is planned, or which have no price at all."""
    asked = [list(prices), [amount for amount, _ in prices.values()], [before for _, before in prices.values()]]
    changed = rows(
        f"UPDATE pricing_price p SET {WITHDRAWN} FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])"
        " AS n(variant_id, amount, compare_at) WHERE p.price_list_id = %s AND p.variant_id = n.variant_id"
        " AND p.withdrawn_at IS NULL AND p.from_quantity = 1 AND p.during = '(,)'"
        " AND (p.amount_minor, p.compare_at_minor) IS DISTINCT FROM (n.amount, n.compare_at) RETURNING p.variant_id",
        [at, *asked, price_list_id],
    )
    written = rows(
        "INSERT INTO pricing_price"
        " (price_list_id, variant_id, amount_minor, compare_at_minor, recorded_at, recorded_by_id)"
        " SELECT %s, n.*, %s, %s FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[])"
        " AS n(variant_id, amount, compare_at)"
        " WHERE NOT EXISTS (SELECT FROM pricing_price p WHERE p.price_list_id = %s AND p.variant_id = n.variant_id"
        " AND p.withdrawn_at IS NULL AND p.from_quantity = 1) RETURNING variant_id",
        [price_list_id, at, by.pk if by else None, *asked, price_list_id],
    )
    updated = frozenset(variant for (variant,) in changed)
    return Written(frozenset(variant for (variant,) in written) - updated, updated)


@in_transaction
def change(price_list_id: int, wanted: Mapping[Key, Wanted | None], *, at: datetime, by: User | None = None) -> Written:
    """Set prices for ever, from a day on or for some days: see `timeline.apply`. None takes a price off the list.

    Nothing is written when anything is refused. Raises `OverlappingPrices`; ValueError for an amount out of range.
    """
    _check(amount for asked in wanted.values() for _days, amount in asked or ())
    _hold(price_list_id)
    before = known(price_list_id, wanted)
    after, refused = _after(before, wanted, day_of(price_list_id, at))
    if refused:
        raise _overlapping(price_list_id, refused)
    written = _rewrite(price_list_id, before, after, at=at, by=by)
    _tell(written, at=at)
    return written


def preview(
    price_list_id: int, wanted: Mapping[Key, Wanted | None], *, at: datetime
) -> tuple[Timelines, Timelines, dict[Key, Span]]:
    """What `change` would do, and do nothing: the prices before, those after, and what stands in the way by key."""
    before = known(price_list_id, wanted)
    after, refused = _after(before, wanted, day_of(price_list_id, at))
    return before, after, refused


@in_transaction
def take_back(price_list_id: int, price: int, *, at: datetime, by: User | None = None) -> Span:
    """Take back a planned price (a primary key), or end a limited one today; what stood before it stands again.

    Raises `StandingPrice` for the price of today, `NotFound` for one that is not known any more.
    """
    _hold(price_list_id)
    found = rows(
        "SELECT variant_id, from_quantity FROM pricing_price WHERE id = %s AND price_list_id = %s"
        " AND withdrawn_at IS NULL",
        [price, price_list_id],
    )
    if not found:
        raise NotFound(what="price", key=str(price))
    key: Key = found[0]
    before = known(price_list_id, [key])
    try:
        after = timeline.drop(before[key], price, day_of(price_list_id, at))
    except ValueError as error:
        raise StandingPrice() from error
    _tell(_rewrite(price_list_id, before, {key: after}, at=at, by=by), at=at)
    return next(span for span in before[key] if span.key == price)


@in_transaction
def remove(price_list_id: int, variant_ids: Sequence[int], *, at: datetime) -> None:
    """Take variants off a price list: they are not sold in its markets any more."""
    _hold(price_list_id)
    gone = rows(
        f"UPDATE pricing_price SET {WITHDRAWN} WHERE price_list_id = %s AND variant_id = ANY(%s)"
        " AND withdrawn_at IS NULL RETURNING variant_id",
        [at, price_list_id, list(variant_ids)],
    )
    _tell(Written(frozenset(), frozenset(variant for (variant,) in gone)), at=at)


def known(price_list_id: int, keys: Iterable[Key]) -> Timelines:
    """The prices of a list by variant and quantity, those that are planned and those of the past that still stand."""
    wanted = list(keys)
    found: Timelines = {key: [] for key in wanted}
    for pk, variant, quantity, first, end, amount, compare_at, is_limited in rows(
        "SELECT id, variant_id, from_quantity, lower(during), upper(during), amount_minor, compare_at_minor, is_limited"
        " FROM pricing_price WHERE price_list_id = %s AND variant_id = ANY(%s) AND withdrawn_at IS NULL"
        " ORDER BY during",
        [price_list_id, sorted({variant for variant, _quantity in wanted})],
    ):
        if (variant, quantity) in found:
            found[variant, quantity].append(Span(Days(first, end), (amount, compare_at), is_limited, pk))
    return found


def standing(price_list_id: int, variant_ids: Sequence[int], *, at: datetime) -> dict[int, Amount]:
    """The standing price of one piece by variant, whatever is limited today; one without is left out."""
    found = rows(
        "SELECT DISTINCT ON (variant_id) variant_id, amount_minor, compare_at_minor FROM pricing_price"
        " WHERE price_list_id = %s AND variant_id = ANY(%s::bigint[]) AND withdrawn_at IS NULL AND from_quantity = 1"
        " AND NOT is_limited AND coalesce(lower(during) <= %s, TRUE)"
        " ORDER BY variant_id, during DESC",
        [price_list_id, list(variant_ids), day_of(price_list_id, at)],
    )
    return {variant: (amount, before) for variant, amount, before in found}


def day_of(price_list_id: int, at: datetime) -> date:
    """Today, where a list counts: in a market whose own it is, else in the default one."""
    found = rows(
        "SELECT m.time_zone FROM pricing_market m LEFT JOIN pricing_pricelist_only_markets o ON o.market_id = m.id"
        " AND o.pricelist_id = %s ORDER BY m.price_list_id <> %s, o.id IS NULL, m.is_default DESC, m.id LIMIT 1",
        [price_list_id, price_list_id],
    )
    return business_date(found[0][0] if found else "UTC", at)


def _after(before: Timelines, wanted: Mapping[Key, Wanted | None], today: date) -> tuple[Timelines, dict[Key, Span]]:
    after: Timelines = {}
    refused: dict[Key, Span] = {}
    for key, asked in wanted.items():
        try:
            tidy = [(days, _tidy(amount)) for days, amount in asked or ()]
            after[key] = [] if asked is None else timeline.apply(before[key], tidy, today)
        except Overlap as overlap:
            refused[key] = overlap.span
    return after, refused


def _overlapping(price_list_id: int, refused: Mapping[Key, Span]) -> OverlappingPrices:
    variant = next(iter(refused))[0]
    sku, currency = rows(
        "SELECT v.sku, l.currency FROM catalog_variant v, pricing_pricelist l WHERE v.id = %s AND l.id = %s",
        [variant, price_list_id],
    )[0]
    return OverlappingPrices(refused, sku=sku, currency=currency)


@in_transaction
def _rewrite(price_list_id: int, before: Timelines, after: Timelines, *, at: datetime, by: User | None) -> Written:
    """Withdraw the rows that are not among the prices any more, record those that are new."""
    kept = {span.key for spans in after.values() for span in spans}
    gone = [span.key for key in after for span in before[key] if span.key not in kept]
    new = [(key, span) for key, spans in after.items() for span in spans if not span.key]
    if gone:
        rows(f"UPDATE pricing_price SET {WITHDRAWN} WHERE id = ANY(%s)", [at, gone])
    if new:
        columns = [
            (variant, quantity, *span.amount, span.days.first, span.days.end, span.is_limited)
            for (variant, quantity), span in new
        ]
        rows(
            "INSERT INTO pricing_price (price_list_id, recorded_at, recorded_by_id, variant_id, from_quantity,"
            " amount_minor, compare_at_minor, during, is_limited) SELECT %s, %s, %s, n.variant_id, n.quantity,"
            " n.amount, n.compare_at, daterange(n.first_day, n.end_day), n.is_limited FROM unnest(%s::bigint[],"
            " %s::int[], %s::bigint[], %s::bigint[], %s::date[], %s::date[], %s::boolean[]) AS n(variant_id, quantity,"
            " amount, compare_at, first_day, end_day, is_limited)",
            [price_list_id, at, by.pk if by else None, *map(list, zip(*columns, strict=True))],
        )
    had = {variant for (variant, _quantity), spans in before.items() if spans}
    changed = {key[0] for key, _span in new} | {key[0] for key in after for span in before[key] if span.key not in kept}
    return Written(frozenset(changed - had), frozenset(changed & had))


def _tidy(amount: Amount) -> Amount:
    price, before = amount
    return price, before if before is not None and before > price else None


def _check(amounts: Iterable[Amount]) -> None:
    wrong = [price for price, _before in amounts if not 0 <= price <= MAX_MINOR]
    if wrong:
        raise ValueError(f"prices {wrong[:5]} are negative or above {MAX_MINOR}")


@in_transaction
def _tell(written: Written, *, at: datetime) -> None:
    variants = written.created | written.updated
    if variants:
        products = products_of(sorted(variants))
        listings.refresh(products, at=at)
        changes.announce(products, at=at)


def _hold(price_list_id: int) -> None:
    """Writers of one list pass one after the other: what one withdraws another does not write beside."""
    rows("SELECT id FROM pricing_pricelist WHERE id = %s FOR NO KEY UPDATE", [price_list_id])


def products_of(variant_ids: Sequence[int]) -> list[int]:
    """The products (primary keys) that variants belong to."""
    found = rows("SELECT DISTINCT product_id FROM catalog_variant WHERE id = ANY(%s) ORDER BY 1", [list(variant_ids)])
    return [product for (product,) in found]
