"""What orders and their money add to the daily control page."""

from django.utils.translation import gettext_lazy as _

from commerce.ledger.control import Check, booked
from orders.tenders import registry as tenders

_SOURCE = "e.source_uid::text"
# Where an order was booked when it was placed: its store, or the first place that it leaves from.
_PLACE = (
    "coalesce((SELECT c.code FROM orders_fulfillment f JOIN company_location c ON c.id = f.location_id"
    " WHERE f.order_id = o.id ORDER BY f.id LIMIT 1), '')"
)
_PLACED = "FROM orders_order o WHERE o.number IS NOT NULL {of_day}"
# Lines' shares of what has not left, without tax, and charges until the last goods have (`books.net_share`).
UNDELIVERED = (
    "SELECT o.uid::text AS key, '' AS location, o.currency, (SELECT coalesce(sum(l.total_minor - l.tax_minor"
    " - div((l.total_minor - l.tax_minor)::numeric * l.fulfilled, l.quantity)), 0)::bigint"
    " FROM orders_orderline l WHERE l.order_id = o.id)"
    " + (SELECT coalesce(sum(a.total_minor - a.tax_minor), 0)::bigint FROM orders_adjustment a"
    " WHERE a.order_id = o.id AND a.kind <> 'deposit') AS amount"
    " FROM orders_order o WHERE o.state IN ('open', 'closed') AND o.fulfillment_status <> 'fulfilled'"
)

ORDERS = Check(
    "orders",
    _("Orders"),
    _("What was ordered is what the journal says was sold"),
    f"SELECT o.uid::text AS key, {_PLACE} AS location, o.currency, o.total_minor + o.rounding_minor AS amount"
    f" {_PLACED}",
    booked("receivable", key=_SOURCE, kinds=["sale"]),
    documents_day="o.business_date",
    source_types=("order",),
)
TAXES = Check(
    "taxes",
    _("Sales tax"),
    _("The tax of orders is the tax that the journal owes for them"),
    f"SELECT o.uid::text AS key, {_PLACE} AS location, o.currency, o.tax_minor AS amount {_PLACED}",
    booked("sales_tax", key=_SOURCE, sign=-1, kinds=["sale"]),
    documents_day="o.business_date",
    source_types=("order",),
)
PROMISES = Check(
    "undelivered",
    _("Sold, not yet handed over"),
    _("What the books owe for goods that were sold is what has not left of each order"),
    UNDELIVERED,
    booked("undelivered", key="p.sub", sign=-1, location="''"),
    source_types=("order",),
)
# Money that was given back of a payment outside of its refunds: the goods were gone before it became a sale.
_UNSOLD = (
    "(p.refunded_minor + p.refund_pending_minor - coalesce((SELECT sum(r.amount_minor) FROM orders_refund r"
    " WHERE r.payment_id = p.id AND r.state <> 'failed'), 0))"
)
_REFUNDED = "FROM orders_refund r WHERE r.state IN ('sent', 'succeeded')"
DUE = Check(
    "refunds-due",
    _("Owed to customers"),
    _("What is owed to customers for returns is what was not given back yet"),
    "SELECT uid::text AS key, '' AS location, currency, total_minor AS amount FROM orders_return"
    " UNION ALL SELECT uid::text, '', currency, total_minor FROM orders_allowance"
    " UNION ALL SELECT uid::text, '', currency, refund_minor FROM orders_cancellation"
    f" UNION ALL SELECT p.uid::text, '', p.currency, p.captured_minor - {_UNSOLD} FROM orders_payment p"
    " WHERE p.details ? 'refund_due'"
    f" UNION ALL SELECT r.uid::text, '', r.currency, -r.amount_minor {_REFUNDED}"
    " UNION ALL SELECT uid::text, '', currency, gross_minor FROM orders_networktransaction"
    " WHERE state = 'booked' AND account = 'refunds_due'",
    booked("refunds_due", key=_SOURCE, sign=-1, location="''"),
    source_types=("return", "allowance", "cancellation", "refund", "payment", "network_transaction"),
)
_CARDS = ", ".join(f"'{tender.code}'" for tender in tenders().values() if tender.account == "card_clearing")
# What each transaction of the card network, and each payout, takes off what it owes us (see `settlement_books`).
_SETTLED = (
    "SELECT uid::text, '', currency, CASE WHEN state = 'booked' OR kind IN ('dispute', 'fee') THEN net_minor"
    " ELSE -fee_minor END FROM orders_networktransaction WHERE state <> 'open'"
    " UNION ALL SELECT uid::text, '', currency, -amount_minor FROM orders_payout"
    " WHERE state NOT IN ('failed', 'canceled')"
)
CARDS = Check(
    "card-payments",
    _("Card payments on their way"),
    _("What cards paid, less refunds, fees, disputes and payouts, is what the books say card networks owe"),
    f"SELECT p.uid::text AS key, '' AS location, p.currency, p.captured_minor - {_UNSOLD} AS amount"
    f" FROM orders_payment p WHERE p.captured_minor > 0 AND p.tender IN ({_CARDS})"
    " AND NOT EXISTS (SELECT FROM orders_capture c WHERE c.payment_id = p.id)"
    " UNION ALL SELECT uid::text, '', currency, amount_minor FROM orders_capture WHERE state = 'succeeded'"
    f" UNION ALL SELECT r.uid::text, '', r.currency, -r.amount_minor {_REFUNDED} AND r.tender IN ({_CARDS})"
    f" UNION ALL {_SETTLED}",
    booked("card_clearing", key=_SOURCE, location="''"),
    source_types=("payment", "capture", "refund", "network_transaction", "payout"),
)
CHECKS = [ORDERS, TAXES, PROMISES, CARDS, DUE]
