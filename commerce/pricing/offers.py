"""What is for sale at which price: a product's page, and the catalog that a till keeps for itself."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from commerce.catalog.queries import Picture
from commerce.kernel.db import rows
from commerce.kernel.errors import NotFound
from commerce.pricing import lists, unit_prices
from commerce.pricing.engine import pick_price
from commerce.pricing.lists import AS_RULES, MARKET_LISTS, PRICE_ROW, PriceRow
from commerce.pricing.models import Market
from commerce.pricing.unit_prices import UnitPrice


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category on the way to the product: for the trail above it."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class OptionChoice:
    """One value of an option, in the order of the variants; `hex` is its color where somebody has said it."""

    value: str
    hex: str


@dataclass(frozen=True, slots=True)
class OptionChoices:
    name: str
    choices: tuple[OptionChoice, ...]


class Step(NamedTuple):
    """From so many smallest amounts on each costs less."""

    from_quantity: int
    unit_minor: int


@dataclass(frozen=True, slots=True)
class OfferedVariant:
    """A variant as its page needs it. `price_minor` is None where the market does not sell it; it and `steps` are what
    the engine picks for a shopper on the web whom nobody knows."""

    id: int
    uid: UUID
    sku: str
    title: str
    option_values: tuple[str, ...]
    swatch: str
    picture: int | None
    price_minor: int | None
    compare_at_minor: int | None
    unit: str
    unit_scale: int
    barcodes: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    content_amount: Decimal | None = None
    content_unit: str = ""

    @property
    def unit_price(self) -> UnitPrice | None:
        """What it costs per kilogram or the like, where it is said what one piece holds."""
        return unit_prices.of(self.price_minor, self)


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product with everything on its page but stock. `pictures` maps Media keys, in order, to our own pictures."""

    id: int
    uid: UUID
    slug: str
    title: str
    brand: str
    description_html: str
    tax_class: str
    status: str
    on_web: bool
    trail: tuple[Shelf, ...]
    pictures: dict[int, Picture]
    options: tuple[OptionChoices, ...]
    variants: tuple[OfferedVariant, ...]

    @property
    def from_minor(self) -> int | None:
        """The lowest price, None when nothing of it is sold in this market."""
        return min((v.price_minor for v in self.variants if v.price_minor is not None), default=None)

    @property
    def to_minor(self) -> int | None:
        return max((v.price_minor for v in self.variants if v.price_minor is not None), default=None)


_PAGE = f"""
WITH {MARKET_LISTS}
SELECT p.id, p.uid, p.slug, p.title, p.brand, p.description_html, p.tax_class, p.status, p.on_web,
    (WITH RECURSIVE up(slug, name, parent_id, level) AS (
        SELECT slug, name, parent_id, 0 FROM catalog_category WHERE id = p.category_id
        UNION ALL SELECT c.slug, c.name, c.parent_id, level + 1 FROM up JOIN catalog_category c ON c.id = up.parent_id
    ) SELECT json_agg(json_build_array(slug, name) ORDER BY level DESC) FROM up),
    (SELECT json_agg(json_build_array(id, path, alt) ORDER BY position, id) FROM catalog_media
        WHERE product_id = p.id AND strpos(path, '://') = 0),
    (SELECT json_agg(name ORDER BY position) FROM catalog_option WHERE product_id = p.id),
    (SELECT json_agg(json_build_array(v.id, v.uid, v.sku, v.title, v.option_values, v.swatch, v.picture_id,
            (SELECT coalesce(json_agg({PRICE_ROW}), '[]') FROM used u JOIN pricing_price p ON p.price_list_id = u.id
                AND p.variant_id = v.id AND NOT v.is_open_price
                AND p.withdrawn_at IS NULL AND p.during && daterange(%(from)s, %(until)s)),
            v.unit, v.unit_scale, v.content_amount::text, v.content_unit,
            (SELECT coalesce(json_agg(key ORDER BY id), '[]') FROM catalog_barcode WHERE variant_id = v.id)
        ) ORDER BY v.position, v.id)
        FROM catalog_variant v WHERE v.product_id = p.id AND v.is_active),
    EXISTS (SELECT FROM pricing_market_excluded_products WHERE market_id = %(market)s AND product_id = p.id), {AS_RULES}
FROM catalog_product p WHERE p.slug = %(slug)s AND p.status <> 'draft'
"""


def product_page(slug: str, market: Market, *, at: datetime) -> ProductPage:
    """The page of a product, in one statement. Raises `NotFound` for unknown products and drafts.

    Archived products and those not sold on the web are returned, for orders and links that still name them: look at
    `status` and `on_web`. Inactive variants are left out; those of a product that the market excludes have no price.
    """
    found = rows(_PAGE, {"slug": slug, **lists.of_market(market), **lists.days_around(at)})
    if not found:
        raise NotFound(what="product", key=slug)
    *head, trail, pictures, options, variants, is_excluded, text = found[0]
    context, rules = lists.standing(text, market, lists.shopper_on_web(market, at))
    offered = tuple(_variant(row, context, {} if is_excluded else rules) for row in variants or ())
    names = ("id", "uid", "slug", "title", "brand", "description_html", "tax_class", "status", "on_web")
    return ProductPage(
        **dict(zip(names, head, strict=True)),
        trail=tuple(Shelf(*row) for row in trail or ()),
        pictures={pk: Picture(path, alt) for pk, path, alt in pictures or ()},
        options=_choices(options or [], offered),
        variants=offered,
    )


def _variant(row: list[Any], context: dict[str, Any], rules: dict[str, Any]) -> OfferedVariant:
    pk, uid, sku, title, values, swatch, picture, priced, unit, scale, held, held_in, barcodes = row
    own = pick_price(priced, 1, context, rules) if rules else []
    price, before = own[1:] if own else (None, None)
    steps = _steps(priced, price, context, rules) if own else ()
    words = (tuple(values), swatch, picture, price, before, unit, scale, tuple(barcodes))
    content = Decimal(held) if held else None
    return OfferedVariant(pk, UUID(uid), sku, title, *words, steps, content, held_in)


def _steps(
    priced: list[PriceRow], single: int | None, context: dict[str, Any], rules: dict[str, Any]
) -> tuple[Step, ...]:
    """The quantities from which a piece costs less than before, and what it costs then."""
    found: list[Step] = []
    for quantity in sorted({row[3] for row in priced if row[3] > 1}):
        picked = pick_price(priced, quantity, context, rules)
        before = found[-1].unit_minor if found else single
        if picked and before is not None and picked[1] < before:
            found.append(Step(quantity, picked[1]))
    return tuple(found)


def _choices(names: list[str], variants: tuple[OfferedVariant, ...]) -> tuple[OptionChoices, ...]:
    """The options with the values that variants have. Shopify's "Title: Default Title" stands for no option at all."""
    options = []
    for place, name in enumerate(names):
        found: dict[str, str] = {}
        for variant in variants:
            value = variant.option_values[place] if place < len(variant.option_values) else ""
            if value:
                colored = variant.swatch if name.lower() in ("color", "colour") else ""
                found[value] = found.get(value) or colored
        if set(found) - {"Default Title"}:
            options.append(OptionChoices(name, tuple(OptionChoice(value, color) for value, color in found.items())))
    return tuple(options)
