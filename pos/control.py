"""What drawers add to the daily control page."""

from django.utils.translation import gettext_lazy as _

from commerce.ledger.control import Check, booked

_PLACE = (
    "coalesce((SELECT c.code FROM pos_register own JOIN company_location c ON c.id = own.location_id"
    " WHERE own.code = {drawer}), {drawer})"
)


def _of(drawer: str) -> str:
    return f"{drawer} AS key, {_PLACE.format(drawer=drawer)} AS location"


_PAID_INTO = _of("coalesce(p.details->>'drawer', '')")
_PAID_FROM = _of("coalesce(r.details->>'drawer', p.details->>'drawer', '')")
# By drawer: the cash of its shifts, what their counts found over or short, and cash that no shift knows of.
DRAWERS = Check(
    "drawers",
    _("Cash in drawers"),
    _("What shifts took, and what their counts found, is what the books say is in each drawer"),
    f"SELECT {_of('g.code')}, s.currency, m.amount_minor AS amount FROM pos_cashmovement m JOIN pos_shift s"
    " ON s.id = m.shift_id JOIN pos_register g ON g.id = s.register_id WHERE m.kind <> 'float'"
    f" UNION ALL SELECT {_of('g.code')}, s.currency, s.counted_minor - s.expected_minor FROM pos_shift s"
    " JOIN pos_register g ON g.id = s.register_id WHERE s.closed_at IS NOT NULL"
    f" UNION ALL SELECT {_PAID_INTO}, p.currency, p.captured_minor FROM orders_payment p"
    " WHERE p.tender = 'cash' AND NOT EXISTS (SELECT FROM pos_cashmovement m WHERE m.payment_id = p.id)"
    f" UNION ALL SELECT {_PAID_FROM}, r.currency, -r.amount_minor FROM orders_refund r"
    " JOIN orders_payment p ON p.id = r.payment_id WHERE r.tender = 'cash' AND r.state = 'succeeded'"
    " AND NOT EXISTS (SELECT FROM pos_cashmovement m WHERE m.refund_id = r.id)",
    booked("cash", key="p.sub"),
)
CHECKS = [DRAWERS]
