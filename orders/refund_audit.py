"""What must hold of returns and refunds."""

from commerce.kernel.audit import Invariant
from orders.tenders import registry as tenders
from orders.tenders.base import Back

# What the books say is owed to customers for a document, by the document's uid: credit positive.
_OWED = (
    "(SELECT e.source_uid, -sum(p.amount_minor) AS sum FROM ledger_journalentry e"
    " JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id"
    " WHERE e.kind IN ({kinds}) AND a.code = 'refunds_due' GROUP BY 1)"
)
# Tenders by which money goes back when somebody has ordered it at the bank.
_CODES = ",".join(one.code for one in tenders().values() if one.back == Back.TRANSFER)
_BY_BANK = f"ANY('{{{_CODES}}}')"

INVARIANTS = [
    Invariant(
        "I11b",
        "What a line counts as returned is what its returns took back",
        "SELECT l.id AS line, l.returned AS actual, coalesce(r.sum, 0) AS expected FROM orders_orderline l"
        " LEFT JOIN (SELECT order_line_id, sum(quantity) FROM orders_returnline GROUP BY 1) r"
        " ON r.order_line_id = l.id WHERE l.returned <> coalesce(r.sum, 0)",
    ),
    Invariant(
        "I15",
        "What a payment counts as given back, or on its way, is what its refunds say",
        "SELECT p.uid AS payment, p.refunded_minor AS actual, r.done AS expected, p.refund_pending_minor AS pending,"
        " r.open AS expected_pending FROM orders_payment p CROSS JOIN LATERAL ("
        " SELECT coalesce(sum(amount_minor) FILTER (WHERE state = 'succeeded'), 0) AS done,"
        " coalesce(sum(amount_minor) FILTER (WHERE state IN ('pending', 'sent')), 0) AS open"
        " FROM orders_refund WHERE payment_id = p.id) r"
        " WHERE (p.refunded_minor, p.refund_pending_minor) <> (r.done, r.open)",
    ),
    Invariant(
        "I15b",
        "Never is more of a payment given back than was captured, and never in another currency",
        "SELECT p.uid AS payment, p.captured_minor, r.sum AS given_back FROM orders_payment p JOIN ("
        " SELECT payment_id, sum(amount_minor) FILTER (WHERE state <> 'failed'), min(currency), max(currency) AS last,"
        " min(order_id) AS order_id FROM orders_refund GROUP BY 1) r ON r.payment_id = p.id"
        " WHERE r.sum > p.captured_minor OR (r.min, r.last, r.order_id) <> (p.currency, p.currency, p.order_id)",
    ),
    Invariant(
        "I15c",
        "Returns, allowances and cancellations of an order give back no more than was paid",
        "SELECT o.number, o.total_minor + o.rounding_minor AS paid, b.sum AS given_back FROM orders_order o"
        " JOIN (SELECT order_id, sum(total_minor) FROM (SELECT order_id, total_minor FROM orders_return"
        " UNION ALL SELECT order_id, total_minor FROM orders_allowance"
        " UNION ALL SELECT order_id, total_minor FROM orders_cancellation) x GROUP BY 1) b ON b.order_id = o.id"
        " WHERE b.sum > o.total_minor + o.rounding_minor",
    ),
    Invariant(
        "I15d",
        "A return is the sum of its lines, of charges and of rounding",
        "SELECT r.number, r.goods_minor AS actual, l.sum AS expected FROM orders_return r"
        " JOIN (SELECT return_record_id, sum(total_minor), sum(tax_minor) AS tax FROM orders_returnline GROUP BY 1) l"
        " ON l.return_record_id = r.id WHERE r.goods_minor <> l.sum OR r.tax_minor < l.tax",
    ),
    Invariant(
        "I52",
        "Every return, allowance and cancellation is in the books as owed, at its amount",
        "SELECT d.uid AS document, d.total_minor AS expected, coalesce(e.sum, 0) AS actual FROM"
        " (SELECT uid, total_minor FROM orders_return UNION ALL SELECT uid, total_minor FROM orders_allowance"
        " UNION ALL SELECT uid, refund_minor FROM orders_cancellation) d"
        " LEFT JOIN " + _OWED.format(kinds="'return', 'allowance', 'cancellation'") + " e ON e.source_uid = d.uid"
        " WHERE d.total_minor <> coalesce(e.sum, 0)",
    ),
    Invariant(
        "I10b",
        "What was canceled of lines, and of an order's total, is what its cancellation says, and nothing of it waits",
        "SELECT o.number, o.canceled_minor AS actual, coalesce(c.total_minor, 0) AS expected, l.canceled, l.kept FROM"
        " orders_order o LEFT JOIN orders_cancellation c ON c.order_id = o.id CROSS JOIN LATERAL (SELECT"
        " sum(x.canceled) AS canceled, bool_or(x.fulfilled > 0) AS kept,"
        " sum(x.quantity - x.fulfilled - x.canceled) AS open FROM orders_orderline x WHERE x.order_id = o.id) l"
        " WHERE o.canceled_minor <> coalesce(c.total_minor, 0)"
        " OR l.canceled <> (SELECT coalesce(sum((x->>'quantity')::bigint), 0) FROM jsonb_array_elements(c.lines) x)"
        " OR c.id IS NOT NULL AND (l.open > 0 OR (o.state = 'canceled') = l.kept)",
    ),
    Invariant(
        "I52b",
        "Every refund that has left is in the books, and one that came back is there in both directions",
        "SELECT r.uid AS refund, r.state, r.amount_minor, coalesce(e.sum, 0) AS booked FROM orders_refund r"
        " LEFT JOIN " + _OWED.format(kinds="'refund', 'refund_failed'") + " e ON e.source_uid = r.uid"
        " WHERE coalesce(e.sum, 0) <> CASE WHEN r.state IN ('sent', 'succeeded') THEN -r.amount_minor ELSE 0 END",
    ),
    Invariant(
        "I52c",
        "No refund waits for the card network's first answer for more than a day",
        "SELECT uid AS refund, created_at FROM orders_refund"
        f" WHERE state = 'pending' AND NOT tender = {_BY_BANK} AND created_at < now() - interval '1 day'",
    ),
    Invariant(
        "I52d",
        "Somebody is asked to order each bank transfer that is owed, and nobody to order another",
        "SELECT coalesce(r.uid::text, c.subject) AS refund FROM (SELECT uid FROM orders_refund WHERE state = 'pending'"
        f" AND tender = {_BY_BANK}) r FULL JOIN (SELECT subject FROM cases_case WHERE kind = 'bank_transfer_due'"
        " AND status = 'open') c ON c.subject = r.uid::text WHERE r.uid IS NULL OR c.subject IS NULL",
    ),
]
