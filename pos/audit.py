from commerce.kernel.audit import Invariant
from commerce.ledger.control import invariant
from pos import control

INVARIANTS = [
    Invariant(
        "I19",
        "Change is given for cash only, and never more than was handed over",
        "SELECT uid AS payment, tender, amount_minor, tendered_minor FROM orders_payment"
        " WHERE tendered_minor IS NOT NULL AND (tendered_minor < amount_minor OR tender <> 'cash')",
    ),
    Invariant(
        "I26",
        "A closed shift expected what its drawer's movements added up to at its close",
        "SELECT s.uid AS shift, s.expected_minor AS actual, coalesce(sum(m.amount_minor), 0) AS expected"
        " FROM pos_shift s"
        " LEFT JOIN pos_cashmovement m ON m.shift_id = s.id AND m.created_at <= s.closed_at"
        " WHERE s.closed_at IS NOT NULL GROUP BY s.id HAVING s.expected_minor <> coalesce(sum(m.amount_minor), 0)",
    ),
    Invariant(
        "I28",
        "The shifts of a register do not overlap",
        "SELECT a.uid AS shift, b.uid AS other FROM pos_shift a JOIN pos_shift b ON a.register_id = b.register_id"
        " AND a.id < b.id AND tstzrange(a.opened_at, a.closed_at) && tstzrange(b.opened_at, b.closed_at)",
    ),
    Invariant(
        "I30",
        "Every till sale has its order, and every order of a till its sale",
        "SELECT o.number FROM orders_order o LEFT JOIN pos_sale s ON s.order_id = o.id"
        " WHERE o.channel = 'pos' AND s.id IS NULL",
    ),
    Invariant(
        "I39",
        "Cash taken in a shift is in its drawer",
        "SELECT s.uid AS sale, p.amount_minor AS expected, m.amount_minor AS actual FROM pos_sale s"
        " JOIN orders_payment p ON p.order_id = s.order_id AND p.tender = 'cash'"
        " LEFT JOIN pos_cashmovement m ON m.payment_id = p.id"
        " WHERE s.shift_id IS NOT NULL AND m.amount_minor IS DISTINCT FROM p.amount_minor",
    ),
    invariant("I39b", control.DRAWERS),
    Invariant(
        "I39c",
        "Cash that a till gave back is out of the drawer of its shift, and nothing else went out as a refund",
        "SELECT coalesce(r.uid, x.uid) AS refund, -r.amount_minor AS expected, m.amount_minor AS actual"
        " FROM (SELECT f.id, f.uid, f.amount_minor, t.shift_id FROM orders_refund f"
        " JOIN orders_return k ON k.id = f.return_record_id JOIN pos_tillreturn t ON t.return_record_id = k.id"
        # what failed and was paid in cash days later came out of the drawer that somebody named then
        " WHERE f.tender = 'cash' AND f.created_at = k.created_at) r"
        " FULL JOIN pos_cashmovement m ON m.refund_id = r.id AND m.shift_id = r.shift_id AND m.kind = 'refund'"
        " LEFT JOIN orders_refund x ON x.id = m.refund_id"
        " WHERE (m.kind IS NULL OR m.kind = 'refund') AND m.amount_minor IS DISTINCT FROM -r.amount_minor",
    ),
    Invariant(
        "I30b",
        "A return at a till belongs to a shift of its register, and goods came back to that register's place",
        "SELECT r.number FROM pos_tillreturn t JOIN orders_return r ON r.id = t.return_record_id"
        " JOIN pos_shift s ON s.id = t.shift_id JOIN pos_register g ON g.id = t.register_id"
        " WHERE r.channel <> 'pos' OR s.register_id <> t.register_id OR g.location_id <> r.location_id",
    ),
    Invariant(
        "I47",
        "A card payment that was approved at a till is in a sale, or somebody looks for its sale",
        "SELECT a.uid AS attempt, a.amount_minor, a.currency, a.provider_id FROM pos_cardattempt a"
        " WHERE a.state = 'approved' AND a.settled_at < now() - interval '15 minutes' AND NOT EXISTS (SELECT FROM"
        " orders_payment p WHERE p.provider = 'stripe' AND p.provider_id = a.provider_id) AND NOT EXISTS (SELECT FROM"
        " cases_case c WHERE c.kind = 'card_without_sale' AND c.subject = a.uid::text)",
    ),
    Invariant(
        "I47b",
        "A card payment at a till is marked as taken when a sale has taken it, and only then",
        "SELECT a.uid AS attempt, a.taken_at, p.uid AS payment FROM pos_cardattempt a"
        " LEFT JOIN orders_payment p ON p.provider = 'stripe' AND p.provider_id = a.provider_id AND a.provider_id <> ''"
        " WHERE (a.taken_at IS NULL) <> (p.id IS NULL)",
    ),
    Invariant(
        "I47c",
        "What became of a card payment at a till is known within two hours",
        "SELECT uid AS attempt, amount_minor, currency, created_at FROM pos_cardattempt"
        " WHERE state = 'started' AND created_at < now() - interval '2 hours'",
    ),
]
