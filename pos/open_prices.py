"""What was sold at a price that somebody said: kept by employee, and held against limits and permissions.

The only writer of `OpenPriceSale`. A sale is a fact: a price beyond the limits is a case, and the customer keeps it.
"""

from collections.abc import Iterator, Sequence
from itertools import compress

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.models import User
from commerce.company.permissions import may
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from commerce.pricing.models import OpenPriceLimit
from orders.models import Order, OrderLine
from pos.envelope import Envelope
from pos.models import OpenPriceSale
from pos.oddities import Oddity
from pos.sales import Scene


@in_transaction
def keep(
    envelope: Envelope, scene: Scene, order: Order, lines: Sequence[OrderLine], variants: Sequence[Variant]
) -> list[Oddity]:
    """Write down the lines of a sale that have an open price, and what is odd about them. `lines` and `variants` are
    in the order of the envelope's lines. No statement where there are none."""
    opened = [variant.is_open_price for variant in variants]
    if not any(opened):
        return []
    found = list(compress(zip(envelope.lines, lines, variants, strict=True), opened))
    OpenPriceSale.objects.bulk_create(
        OpenPriceSale(
            order=order,
            order_line=line,
            cashier=scene.cashier,
            approved_by=said.open_price.get("approved_by", ""),
            note=said.open_price.get("note", ""),
            sold_at=scene.sold_at,
        )
        for said, line, _variant in found
    )
    limits = {
        limit.variant_id: limit
        for limit in OpenPriceLimit.objects.filter(
            variant__in=[variant.pk for _said, _line, variant in found], currency=envelope.currency
        )
    }
    people = _people(envelope, scene)
    problems: list[str] = []
    for said, line, variant in found:
        names = (said.open_price.get("approved_by", ""), "")
        problems += _beyond(line, variant, limits.get(variant.pk), envelope.currency)
        if not any(_may(people.get(name), variant, scene) for name in names):
            seller = envelope.cashier or "?"
            problems.append(_("%(sku)s: %(person)s may not say its price") % {"sku": variant.sku, "person": seller})
        if variant.needs_note and not said.open_price.get("note"):
            problems.append(_("%(sku)s: nobody said what it was for") % {"sku": variant.sku})
    if not problems:
        return []
    text = "\n".join([_("Sale %(number)s was made at an open price:") % {"number": order.number}, *problems])
    return [Oddity("open_price", "open_price", str(order.number), text, {"lines": problems})]


def _people(envelope: Envelope, scene: Scene) -> dict[str, User | None]:
    """Whoever approved, by user name; "" is the cashier."""
    names = {line.open_price.get("approved_by", "") for line in envelope.lines} - {""}
    found: dict[str, User | None] = {"": scene.cashier}
    if names:
        found |= {person.username: person for person in User.objects.with_places().filter(username__in=names)}
    return found


def _may(person: User | None, variant: Variant, scene: Scene) -> bool:
    permission = "price.open_simple" if variant.is_open_to_all else "price.open"
    return person is not None and may(person, permission, scene.location)


def _beyond(line: OrderLine, variant: Variant, limit: OpenPriceLimit | None, currency: str) -> Iterator[str]:
    unit = line.unit_minor
    if limit is None or (limit.least_minor <= unit and (limit.most_minor is None or unit <= limit.most_minor)):
        return
    low, high = (Money(minor or 0, currency).format() for minor in (limit.least_minor, limit.most_minor))
    said = {"sku": variant.sku, "price": Money(unit, currency).format(), "low": low, "high": high}
    if limit.most_minor is None:
        yield _("%(sku)s for %(price)s, which is less than %(low)s") % said
    else:
        yield _("%(sku)s for %(price)s, which is not between %(low)s and %(high)s") % said
