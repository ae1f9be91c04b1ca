"""What offers sold below the smallest margin of their market. Reads only, and `report`.

The rule: a line of an order counts when a promotion or a coupon took something off it and what the customer paid for it
without tax is less than its cost and the market's margin. Pieces that an offer gives away on purpose (a gift, the free
piece of "buy two, get one", alone on its line) do not count. Costs are kept in the currency of the company: lines in
another one are not judged. An offer is one case, however often it sells, and who closes the case has decided for the
offer as it runs: it is opened again only when the promotion is started again.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from commerce.cases.models import Case
from commerce.cases.queue import open_case
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from commerce.pricing import costs
from commerce.pricing.engine import MILLION, price_of
from commerce.pricing.models import Promotion
from orders.models import Order, OrderLine

KIND = "offer_below_cost"
GIVES_AWAY = {"gift", "buy_get"}
OFFERED = {"promotion", "coupon"}


@dataclass(frozen=True, slots=True)
class Low:
    """A line below the floor: what it brought and cost, in minor units, and the codes of the promotions that took
    something off it."""

    sku: str
    net_minor: int
    cost_minor: int
    promotions: tuple[str, ...]


def low_lines(order: Order) -> list[Low]:
    """The lines of an order that offers brought below the floor; one statement where no line was reduced by an offer,
    and none for costs where nothing is left to judge."""
    given = {line: _offers(line) for line in order.lines.order_by("position")}
    kinds = dict(
        Promotion.objects.filter(code__in={code for codes in given.values() for code in codes}).values_list(
            "code", "kind"
        )
    )
    judged = {line: codes for line, codes in given.items() if codes and not _is_given_away(line, codes, kinds)}
    known = costs.of(sorted({line.variant_id for line in judged})) if judged else None
    if known is None or known.currency != order.currency:
        return []
    floor = order.market.margin_floor_ppm
    found = []
    for line, codes in judged.items():
        unit = known.by_variant.get(line.variant_id, 0)
        net, cost = line.total_minor - line.tax_minor, price_of(unit, line.quantity, line.unit_scale)
        if net * (MILLION - floor) < cost * MILLION:
            found.append(Low(line.sku, net, cost, codes))
    return found


def _offers(line: OrderLine) -> tuple[str, ...]:
    return tuple(
        sorted({str(row.get("id")) for row in line.discounts if row.get("source") in OFFERED and row.get("amount")})
    )


def _is_given_away(line: OrderLine, codes: tuple[str, ...], kinds: dict[str, str]) -> bool:
    return line.total_minor == line.tax_minor == 0 and any(kinds.get(code) in GIVES_AWAY for code in codes)


@in_transaction
def report(order: Order, lows: list[Low], *, at: datetime) -> None:
    """A case for each promotion, unless somebody has looked at it since it was started."""
    codes = {code for low in lows for code in low.promotions}
    named = {row.code: row for row in Promotion.objects.filter(code__in=codes)}
    for code, promotion in sorted(named.items()):
        begun = promotion.started_at or promotion.created_at
        if Case.objects.filter(kind=KIND, subject=code, created_at__gte=begun).exists():
            continue
        lines = [_told(low, order.currency) for low in lows if code in low.promotions]
        text = _("“%(name)s” sold below the smallest margin, first in order %(number)s:") % {
            "name": promotion.name,
            "number": order.number,
        }
        told = "\n".join([text, *lines])
        open_case(KIND, subject=code, text=told, context={"order": order.number, "lines": lines}, at=at)


def _told(low: Low, currency: str) -> str:
    brought, paid = (Money(minor, currency).format() for minor in (low.net_minor, low.cost_minor))
    return _("%(sku)s for %(net)s, which cost %(cost)s") % {"sku": low.sku, "net": brought, "cost": paid}
