from commerce.kernel.audit import Invariant
from commerce.ledger.control import invariant
from orders import control

INVARIANTS = [
    Invariant(
        "I10",
        "No line is fulfilled, canceled or returned beyond what was ordered",
        "SELECT id AS line, quantity, fulfilled, canceled, returned FROM orders_orderline"
        " WHERE fulfilled + canceled > quantity OR returned > fulfilled",
    ),
    Invariant(
        "I11",
        "What a line counts as fulfilled is what its fulfillments handed out",
        "SELECT l.id AS line, l.fulfilled AS actual, coalesce(f.sum, 0) AS expected FROM orders_orderline l"
        " LEFT JOIN (SELECT fl.order_line_id, sum(fl.quantity) FROM orders_fulfillmentline fl"
        " JOIN orders_fulfillment f ON f.id = fl.fulfillment_id WHERE f.state = 'done' GROUP BY 1) f"
        " ON f.order_line_id = l.id WHERE l.fulfilled <> coalesce(f.sum, 0)",
    ),
    Invariant(
        "I12",
        "An order's total is the sum of its lines and charges",
        "SELECT o.number, o.uid, o.total_minor AS actual, l.sum + coalesce(a.sum, 0) AS expected FROM orders_order o"
        " JOIN (SELECT order_id, sum(total_minor), sum(tax_minor) AS tax FROM orders_orderline GROUP BY 1) l"
        " ON l.order_id = o.id"
        " LEFT JOIN (SELECT order_id, sum(total_minor), sum(tax_minor) AS tax FROM orders_adjustment GROUP BY 1) a"
        " ON a.order_id = o.id WHERE o.total_minor <> l.sum + coalesce(a.sum, 0)"
        " OR o.tax_minor <> l.tax + coalesce(a.tax, 0)",
    ),
    Invariant(
        "I12b",
        "An order's total is its goods and charges less its discounts, with the tax that prices do not hold",
        "SELECT o.number, o.uid, o.total_minor AS actual, s.expected FROM orders_order o CROSS JOIN LATERAL (SELECT"
        " o.subtotal_minor + o.shipping_minor + o.fee_minor - o.discount_minor"
        " + CASE WHEN o.prices_include_tax THEN 0 ELSE o.tax_minor END AS expected) s"
        " JOIN (SELECT order_id, sum(gross_minor) AS gross, sum(discount_minor) AS discount FROM orders_orderline"
        " GROUP BY 1) l ON l.order_id = o.id"
        " LEFT JOIN (SELECT order_id, sum(amount_minor) AS net FROM orders_adjustment GROUP BY 1) a"
        " ON a.order_id = o.id"
        " WHERE o.total_minor <> s.expected OR o.subtotal_minor <> l.gross"
        " OR o.discount_minor <> l.discount + o.shipping_minor + o.fee_minor - coalesce(a.net, 0)",
    ),
    Invariant(
        "I13",
        "What reduced an order as a whole is shared out on its lines to the minor unit",
        "SELECT o.number, o.uid, coalesce(d.id, s.id) AS discount, d.amount AS expected, s.amount AS actual"
        " FROM (SELECT o.id AS order_id, x->>'id' AS id, sum((x->>'amount')::bigint) AS amount FROM orders_order o"
        " CROSS JOIN jsonb_array_elements(o.discounts) x GROUP BY 1, 2) d"
        " FULL JOIN (SELECT l.order_id, x->>'id' AS id, sum((x->>'amount')::bigint) AS amount FROM orders_orderline l"
        " CROSS JOIN jsonb_array_elements(l.discounts) x WHERE x->>'scope' = 'order' GROUP BY 1, 2) s"
        " ON s.order_id = d.order_id AND s.id = d.id"
        " JOIN orders_order o ON o.id = coalesce(d.order_id, s.order_id)"
        " WHERE coalesce(d.amount, 0) <> coalesce(s.amount, 0)",
    ),
    Invariant(
        "I13b",
        "A line's discount is the sum of its reasons",
        "SELECT o.number, l.sku, l.discount_minor AS actual, d.sum AS expected FROM orders_orderline l"
        " JOIN orders_order o ON o.id = l.order_id"
        " CROSS JOIN LATERAL (SELECT coalesce(sum((x->>'amount')::bigint), 0) AS sum"
        " FROM jsonb_array_elements(l.discounts) x) d WHERE l.discount_minor <> d.sum",
    ),
    Invariant(
        "I14",
        "A placed order is paid in full or its money is held, or it says that it is not; and by no more than it costs",
        "SELECT o.number, o.payment_status, o.total_minor + o.rounding_minor AS expected, coalesce(p.sum, 0) AS actual,"
        " coalesce(p.covered, 0) AS covered FROM orders_order o LEFT JOIN (SELECT order_id, sum(captured_minor),"
        " sum(CASE state WHEN 'authorized' THEN authorized_minor ELSE captured_minor END) AS covered,"
        " bool_or(is_manual) AS is_manual FROM orders_payment GROUP BY 1) p ON p.order_id = o.id"
        " WHERE o.state IN ('open', 'closed') AND (coalesce(p.sum, 0) > o.total_minor + o.rounding_minor"
        " OR (coalesce(p.covered, 0) < o.total_minor + o.rounding_minor - o.canceled_minor"
        " AND (p.is_manual IS NOT TRUE OR o.payment_status IN ('paid', 'authorized'))))",
    ),
    Invariant(
        "I15e",
        "What was taken of an authorization, and what is on its way, is the sum of its captures",
        "SELECT p.uid AS payment, p.captured_minor, p.capture_pending_minor, c.taken, c.pending FROM orders_payment p"
        " LEFT JOIN (SELECT payment_id, coalesce(sum(amount_minor) FILTER (WHERE state = 'succeeded'), 0) AS taken,"
        " coalesce(sum(amount_minor) FILTER (WHERE state = 'pending'), 0) AS pending FROM orders_capture GROUP BY 1) c"
        " ON c.payment_id = p.id WHERE (p.state = 'authorized' OR c.payment_id IS NOT NULL)"
        " AND (p.captured_minor <> coalesce(c.taken, 0) OR p.capture_pending_minor <> coalesce(c.pending, 0))",
    ),
    Invariant(
        "I16",
        "No money is kept for an order that was never placed",
        "SELECT p.uid AS payment, o.uid AS order, p.captured_minor - p.refunded_minor AS kept FROM orders_payment p"
        " JOIN orders_order o ON o.id = p.order_id WHERE o.number IS NULL"
        " AND (p.state = 'captured' AND p.refunded_minor < p.captured_minor OR p.state = 'authorized')"
        " AND p.settled_at < now() - interval '10 minutes'",
    ),
    Invariant(
        "I17",
        "A card payment without an answer is asked about, again and again",
        "SELECT uid AS payment, state, created_at, check_at FROM orders_payment"
        " WHERE state IN ('processing', 'authorized') AND (check_at IS NULL OR check_at < now() - interval '1 hour')",
    ),
    Invariant(
        "I17b",
        "A payment is in progress while a try to charge it is open, and only then",
        "SELECT p.uid AS payment, p.state, a.number AS attempt, a.state AS attempt_state FROM orders_payment p"
        " FULL JOIN (SELECT * FROM orders_paymentattempt WHERE settled_at IS NULL) a ON a.payment_id = p.id"
        " WHERE (p.state = 'processing') <> (a.id IS NOT NULL) AND (p.attempt > 0 OR a.id IS NOT NULL)",
    ),
    Invariant(
        "I17c",
        "No word of the card network lies about unread",
        "SELECT event_id AS event, type, received_at, try_at FROM orders_networkevent"
        " WHERE state = 'received' AND try_at < now() - interval '1 hour'",
    ),
    Invariant(
        "I17d",
        "What is to be taken is sent, again and again",
        "SELECT uid AS capture, created_at, send_at FROM orders_capture"
        " WHERE state = 'pending' AND send_at < now() - interval '1 hour'",
    ),
    Invariant(
        "I18",
        "A payment is in its order's currency",
        "SELECT p.uid AS payment, p.currency AS actual, o.currency AS expected FROM orders_payment p"
        " JOIN orders_order o ON o.id = p.order_id WHERE p.currency <> o.currency",
    ),
    Invariant(
        "I21",
        "Every placed order and every captured payment is in the books, at its amount",
        "SELECT o.number, o.total_minor + o.rounding_minor AS expected, coalesce(e.sum, 0) AS actual"
        " FROM orders_order o"
        " LEFT JOIN (SELECT e.source_uid, sum(p.amount_minor) FROM ledger_journalentry e"
        " JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id"
        " WHERE e.kind = 'sale' AND a.code = 'receivable' GROUP BY 1) e ON e.source_uid = o.uid"
        " WHERE o.number IS NOT NULL AND o.total_minor + o.rounding_minor <> coalesce(e.sum, 0)"
        " UNION ALL SELECT p.uid::text, p.captured_minor, coalesce(e.sum, 0) FROM orders_payment p"
        " LEFT JOIN (SELECT coalesce(c.payment_id, q.id) AS payment_id, sum(p.amount_minor) FROM ledger_journalentry e"
        " JOIN ledger_posting p ON p.entry_id = e.id AND p.amount_minor > 0"
        " LEFT JOIN orders_capture c ON c.uid = e.source_uid LEFT JOIN orders_payment q ON q.uid = e.source_uid"
        " WHERE e.kind = 'payment' GROUP BY 1) e ON e.payment_id = p.id WHERE p.captured_minor <> coalesce(e.sum, 0)",
    ),
    invariant("I21b", control.PROMISES),
    invariant("I21c", control.TAXES),
    invariant("I21d", control.CARDS),
    invariant("I21e", control.DUE),
    Invariant(
        "I36",
        "The statuses of an order follow from its lines",
        "SELECT o.number, o.fulfillment_status AS actual FROM orders_order o JOIN (SELECT order_id,"
        " sum(quantity - canceled) AS wanted, sum(fulfilled) AS done FROM orders_orderline GROUP BY 1) l"
        " ON l.order_id = o.id"
        " WHERE o.state IN ('open', 'closed') AND o.fulfillment_status <>"
        " CASE WHEN done = 0 THEN 'unfulfilled' WHEN done >= wanted THEN 'fulfilled' ELSE 'partly_fulfilled' END",
    ),
    Invariant(
        "I67",
        "A line that is a gift card has put its money on one card, once",
        "SELECT l.uid AS line, l.total_minor - l.tax_minor AS expected, e.sum AS actual, e.cards"
        " FROM orders_orderline l JOIN (SELECT source_uid, sum(amount_minor), count(*) AS cards"
        " FROM customers_giftcardentry"
        " WHERE source_type = 'order_line' AND kind IN ('sold', 'top_up') GROUP BY 1) e ON e.source_uid = l.uid"
        " WHERE e.cards > 1 OR e.sum <> l.total_minor - l.tax_minor",
    ),
    Invariant(
        "I67b",
        "Every gift card that was paid for on the web exists",
        "SELECT o.number, l.sku FROM orders_giftcarddelivery d JOIN orders_orderline l ON l.id = d.line_id"
        " JOIN orders_order o ON o.id = l.order_id WHERE o.state IN ('open', 'closed') AND l.gift_card_id IS NULL",
    ),
    Invariant(
        "I46",
        "Every open promise has its reservation, every finished order has none",
        "SELECT f.uid AS fulfillment, f.state, r.state AS reservation FROM orders_fulfillment f"
        " JOIN orders_fulfillmentline l ON l.fulfillment_id = f.id"
        " LEFT JOIN inventory_reservation r ON r.id = l.reservation_id"
        " WHERE (f.state IN ('pending', 'ready') AND r.state IS DISTINCT FROM 'allocated')"
        " OR (f.state = 'done' AND r.state IS NOT NULL AND r.state <> 'consumed')"
        " OR (f.state = 'canceled' AND r.state IN ('held', 'allocated'))"
        " UNION ALL SELECT f.uid, f.state, o.state FROM orders_fulfillment f JOIN orders_order o ON o.id = f.order_id"
        " WHERE o.state = 'canceled' AND f.state IN ('pending', 'ready', 'done')",
    ),
    Invariant(
        "I07c",
        "The books know every serial number that an order left with",
        "SELECT o.number, l.sku, n.serial FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id"
        " CROSS JOIN LATERAL jsonb_array_elements_text(l.serials) n(serial) WHERE l.serials <> '[]' AND NOT EXISTS"
        " (SELECT FROM inventory_serialunit u WHERE (u.variant_id, u.serial) = (l.variant_id, n.serial))",
    ),
    Invariant(
        "I07d",
        "A serial number that is sold stands on the line of an order",
        "SELECT u.id AS serial, u.serial AS number FROM inventory_serialunit u WHERE u.state = 'sold' AND NOT EXISTS"
        " (SELECT FROM orders_orderline l WHERE l.variant_id = u.variant_id AND l.serials ? u.serial)",
    ),
]
