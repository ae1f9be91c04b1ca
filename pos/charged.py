"""What a sale was charged, which is a fact, and what the server would have charged for it, which is an opinion."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from commerce.catalog import units
from commerce.catalog.models import Variant
from commerce.kernel.errors import InvalidInput
from commerce.pricing import coupons, queries, rules
from commerce.pricing.engine import NoPrice, price, price_cart
from commerce.pricing.lists import wall_clock
from orders.errors import NotForSale
from pos.envelope import Envelope
from pos.rules import rules_of
from pos.sales import Scene

LATEST_PRICING = timedelta(hours=24)  # a sale may have been priced that long before it was paid


@dataclass(frozen=True, slots=True)
class Charged:
    """`priced`: the engine's answer for the sale as it was made; `own`: for what the server would have charged;
    `drift`: how they differ, in words."""

    priced: dict[str, Any]
    own: dict[str, Any]
    drift: list[str]


def price_again(envelope: Envelope, scene: Scene, variants: list[Variant]) -> Charged:
    """Price a sale as it was made, and as the server would have then. Raises `InvalidInput` and `NotForSale`."""
    amounts = _amounts(envelope, variants)
    known, here = rules_of(scene.location, scene.market, at=scene.sold_at)
    basket = {**here, "at": _priced_at(envelope, scene), "coupons": _coupons(envelope, scene)}
    basket["lines"] = _own_lines(envelope, scene, variants, amounts, shelves=known.asks_for_shelves)
    basket["order_discounts"] = [row for row in envelope.order_discounts if is_by_hand(row)]
    own = _own(basket, known.prepared, envelope, variants)
    cart = _as_charged(envelope, own["cart"], amounts)
    try:
        priced = price_cart(cart)
    except ValueError as error:
        raise InvalidInput({"lines": [str(error)]}) from error
    priced["rules"] = envelope.rules or own["rules"]
    drift = [*_differences(priced, own, variants, scene), *_rounding(envelope, scene)]
    return Charged(priced, own, drift)


def _priced_at(envelope: Envelope, scene: Scene) -> str:
    """The wall clock by which the till decided: a sale that is paid over midnight keeps its prices."""
    zone = scene.location.time_zone
    sold, earliest = wall_clock(zone, scene.sold_at), wall_clock(zone, scene.sold_at - LATEST_PRICING)
    return envelope.priced_at if earliest <= envelope.priced_at <= sold else sold


def _coupons(envelope: Envelope, scene: Scene) -> list[dict[str, str]]:
    day = scene.sold_at.astimezone(ZoneInfo(scene.location.time_zone)).date()
    return [found.as_asked() for found in coupons.look_up(envelope.coupons, today=day).usable]


def _own_lines(
    envelope: Envelope, scene: Scene, variants: list[Variant], amounts: list[int], *, shelves: bool
) -> list[dict[str, Any]]:
    prices = queries.candidates([variant.pk for variant in variants], market=scene.market, at=scene.sold_at)
    stands = rules.shelves_of([variant.product_id for variant in variants]) if shelves else {}
    made, ids = [], _ids(envelope)
    for n, (line, variant) in enumerate(zip(envelope.lines, variants, strict=True)):
        categories, collections = stands.get(variant.product_id, ([], []))
        made.append(
            {
                "id": ids[n],
                "sku": variant.sku,
                "quantity": amounts[n],
                "scale": variant.unit_scale,
                "categories": categories,
                "collections": collections,
                "tax_class": "exempt" if variant.is_gift_card else variant.product.tax_class,
                "discountable": not variant.is_gift_card,
                "prices": prices.get(variant.pk, []),
                "override_minor": line.unit_minor if line.override or variant.is_open_price else None,
                "discounts": [row for row in line.discounts or [] if is_by_hand(row)],
            }
        )
    return made


def is_by_hand(row: dict[str, Any]) -> bool:
    """Whether a discount was given by a person."""
    return row.get("source", "manual") == "manual"


def _ids(envelope: Envelope) -> list[str]:
    """The lines' own ids, which discounts and fees name; their places, where another program has none."""
    own = [line.id for line in envelope.lines]
    return own if all(own) and len(set(own)) == len(own) else [f"{n}" for n in range(len(own))]


def _own(
    basket: dict[str, Any], prepared: dict[str, Any], envelope: Envelope, variants: list[Variant]
) -> dict[str, Any]:
    """The server's decision. What has no price here was sold all the same: then at what the till says."""
    for _attempt in range(len(variants) + 1):
        try:
            return price(basket, prepared)
        except NoPrice as error:
            said = envelope.lines[error.line].unit_minor
            if said is None:
                variant = variants[error.line]
                raise NotForSale(sku=variant.sku, name=variant.name) from error
            basket["lines"][error.line]["override_minor"] = said
            basket["lines"][error.line]["prices"] = []
        except ValueError as error:
            raise InvalidInput({"lines": [str(error)]}) from error
    raise InvalidInput({"lines": ["No line of this sale has a price."]})


def _as_charged(envelope: Envelope, own: dict[str, Any], amounts: list[int]) -> dict[str, Any]:
    """The explicit cart of the envelope. What it does not say is the server's: another program need not know it."""
    cart = {**own, "lines": []}
    for n, line in enumerate(envelope.lines):
        ours = own["lines"][n]
        row = {**ours, "quantity": amounts[n]}
        if line.unit_minor is not None:
            row["unit_minor"], row["compare_at_minor"] = line.unit_minor, line.compare_at_minor
        if line.taxes is not None:
            row["taxes"] = line.taxes
        if line.discounts is not None:
            row["discounts"] = line.discounts
        cart["lines"].append(row)
    if envelope.is_decided:
        cart["order_discounts"] = envelope.order_discounts
        cart["charges"] = envelope.charges
    return cart


def _differences(priced: dict[str, Any], own: dict[str, Any], variants: list[Variant], scene: Scene) -> list[str]:
    found = []
    unpriced = {row["id"] for row in own["trace"]["prices"] if row["amount"] is None}
    for variant, ours, theirs in zip(variants, own["lines"], priced["lines"], strict=True):
        listed = None if theirs["id"] in unpriced else ours["unit"]
        if theirs["unit"] != listed and not variant.is_open_price:
            found.append(f"{variant.sku}: the till charged {theirs['unit']}, the price list says {listed}")
        taken, due = _own_reductions(theirs), _own_reductions(ours)
        if taken != due:
            found.append(f"{variant.sku}: the till took off {taken}, the rules say {due}")
        if _rates(theirs["taxes"]) != _rates(ours["taxes"]):
            found.append(f"{variant.sku}: the till's taxes are not those of {scene.location.code}")
    for what, key in (("took off the whole sale", "adjustments"), ("charged as fees", "charges")):
        field = "amount" if key == "adjustments" else "gross"
        said, due = (sum(row[field] for row in side[key]) for side in (priced, own))
        if said != due:
            found.append(f"the till {what}: {said}, the rules say {due}")
    return found


def _own_reductions(line: dict[str, Any]) -> int:
    return sum(row["amount"] for row in line["adjustments"] if row["scope"] == "line")


def _rounding(envelope: Envelope, scene: Scene) -> list[str]:
    if abs(envelope.rounding_minor) * 2 <= max(scene.market.cash_step_minor, 1):
        return []
    step = scene.market.cash_step_minor
    return [f"the till rounded by {envelope.rounding_minor}, the coins allow half of {step}"]


def _amounts(envelope: Envelope, variants: list[Variant]) -> list[int]:
    """The lines' quantities in smallest amounts. Raises `InvalidInput` for what is not sold so finely."""
    found: list[int] = []
    problems: dict[str, list[str]] = {}
    for n, (line, variant) in enumerate(zip(envelope.lines, variants, strict=True)):
        try:
            found.append(units.smallest(line.quantity, variant))
        except units.NoAmount as error:
            problems[f"lines.{n}.quantity"] = [str(error)]
    if problems:
        raise InvalidInput(problems)
    return found


def _rates(taxes: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    return sorted((tax.get("code"), tax.get("rate_ppm")) for tax in taxes)
