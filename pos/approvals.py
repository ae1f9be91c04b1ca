"""What people at a till gave by hand, held against the limits of their roles when the sale comes in.

A sale is a fact: who gave too much is a case for a manager, and the customer keeps it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.models import User
from commerce.company.permissions import discount_limit, may
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from commerce.pricing import coupons
from commerce.pricing.engine import price_of
from commerce.pricing.errors import CouponUsedUp
from orders.models import Order
from pos.charged import Charged, is_by_hand
from pos.costs import unit_costs
from pos.envelope import Envelope
from pos.oddities import Oddity
from pos.sales import Scene

MILLION = 1_000_000
ALLOWED = 1000  # ppm: what halves of cents make of a percentage


@in_transaction
def use_coupons(order: Order, *, at: datetime) -> list[str]:
    """Count the coupons of a sale that has happened; the codes that were used up before."""
    spent = []
    for code in order.coupons:
        try:
            coupons.take([code], source_uid=order.uid, at=at)
        except CouponUsedUp:
            spent.append(code)
    return spent


def of_coupons(order: Order, spent: list[str]) -> Iterator[Oddity]:
    """Coupons that a till gave once more than they may be used."""
    if spent:
        text = _("Sale %(number)s used %(codes)s, which was used up.") % {
            "number": order.number,
            "codes": ", ".join(spent),
        }
        yield Oddity("coupon_overused", "coupon_overused", str(order.number), text, {"coupons": spent})


def of_reductions(
    envelope: Envelope, scene: Scene, order: Order, charged: Charged, variants: list[Variant]
) -> Iterator[Oddity]:
    """Discounts and prices by hand above the limit of whoever gave or approved them, and sales below cost that nobody
    approved who may."""
    given = [*_of_lines(envelope, charged), *_of_order(envelope, charged)]
    people = _people(scene, {name for _what, _share, name in given})
    over = [
        _("%(what)s: %(percent)s%% off by %(person)s")
        % {"what": what, "percent": f"{share / 10_000:.1f}", "person": name or (envelope.cashier or "?")}
        for what, share, name in given
        if share > discount_limit(people.get(name), scene.location) + ALLOWED
    ]
    if over:
        text = "\n".join([_("Sale %(number)s was reduced by hand beyond a limit:") % {"number": order.number}, *over])
        yield Oddity("discount_over_limit", "discount_over_limit", str(order.number), text, {"reductions": over})
    below = list(_below_cost(envelope, scene, charged, variants, people))
    if below:
        text = "\n".join([_("Sale %(number)s sold below cost:") % {"number": order.number}, *below])
        yield Oddity("sold_below_cost", "sold_below_cost", str(order.number), text, {"lines": below})


def _people(scene: Scene, names: set[str]) -> dict[str, User | None]:
    """Whoever approved, by user name; "" is the cashier."""
    asked = names - {""}
    found: dict[str, User | None] = {"": scene.cashier}
    if asked:
        found.update({person.username: person for person in User.objects.with_places().filter(username__in=asked)})
    return found


def _of_lines(envelope: Envelope, charged: Charged) -> Iterator[tuple[str, int, str]]:
    """(what, share of its price in ppm, who approved it)."""
    listed = {row["id"]: row["amount"] for row in charged.own["trace"]["prices"]}
    for line, priced in zip(envelope.lines, charged.priced["lines"], strict=True):
        by_hand = {str(row.get("id")): row for row in line.discounts or [] if is_by_hand(row)}
        for row in priced["adjustments"]:
            if row["scope"] == "line" and row["id"] in by_hand:
                name = str(by_hand[row["id"]].get("approved_by") or "")
                yield line.sku, _share(row["amount"], priced["gross"]), name
        if line.override:
            price = listed.get(priced["id"]) or line.override["original"]
            yield line.sku, _share(price - priced["unit"], price), line.override["approved_by"]


def _of_order(envelope: Envelope, charged: Charged) -> Iterator[tuple[str, int, str]]:
    by_hand = {str(row.get("id")): row for row in envelope.order_discounts if is_by_hand(row)}
    for row in charged.priced["adjustments"]:
        if row["id"] in by_hand:
            name = str(by_hand[row["id"]].get("approved_by") or "")
            yield _("the whole sale"), _share(row["amount"], charged.priced["subtotal"]), name


def _share(amount: int, whole: int) -> int:
    return amount * MILLION // whole if whole > 0 and amount > 0 else 0


def _below_cost(
    envelope: Envelope, scene: Scene, charged: Charged, variants: list[Variant], people: dict[str, User | None]
) -> Iterator[str]:
    reduced = [n for n, names in enumerate(_approvers(envelope)) if names and not _one_may(names, people, scene)]
    if not reduced:
        return
    costs = unit_costs([variants[n].pk for n in reduced], scene.location, scene.market)
    for n in reduced:
        line, cost = charged.priced["lines"][n], costs.get(variants[n].pk)
        whole = price_of(cost, line["quantity"], line.get("scale", 1)) if cost else 0
        if line["net"] * (MILLION - scene.market.margin_floor_ppm) < whole * MILLION:
            brought, paid = (Money(minor, envelope.currency).format() for minor in (line["net"], whole))
            yield _("%(sku)s for %(net)s, which cost %(cost)s") % {"sku": line["sku"], "net": brought, "cost": paid}


def _approvers(envelope: Envelope) -> Iterator[set[str]]:
    """Who allowed the reductions by hand that touch each line; empty where there are none."""
    on_all = {str(row.get("approved_by") or "") for row in envelope.order_discounts if is_by_hand(row)}
    for line in envelope.lines:
        own = {str(row.get("approved_by") or "") for row in line.discounts or [] if is_by_hand(row)}
        yield own | on_all | ({line.override["approved_by"]} if line.override else set())


def _one_may(names: set[str], people: dict[str, User | None], scene: Scene) -> bool:
    allowed: list[Any] = [people.get(name) for name in names]
    return any(person is not None and may(person, "price.override", scene.location) for person in allowed)
