from django.db import migrations


class Migration(migrations.Migration):
    """What was sold before and has not left yet was booked as earned; from now on it is owed until it leaves."""

    dependencies = [("orders", "0012_attempts_refunds_returns"), ("ledger", "0004_parts_of_accounts")]
    operations = [
        migrations.RunSQL(
            """
            WITH waiting AS (
                SELECT o.id, o.uid, o.currency, o.business_date, coalesce((SELECT min(c.code)
                    FROM orders_fulfillment f JOIN company_location c ON c.id = f.location_id
                    WHERE f.order_id = o.id), '') AS location_code, gen_random_uuid() AS entry_uid
                FROM orders_order o WHERE o.state = 'open' AND o.fulfillment_status <> 'fulfilled'
            ), owed AS (
                SELECT w.entry_uid, 'sales' AS account, sum((l.total_minor - l.tax_minor) - floor(
                    (l.total_minor - l.tax_minor)::numeric * l.fulfilled / l.quantity))::bigint AS amount
                FROM waiting w JOIN orders_orderline l ON l.order_id = w.id GROUP BY 1
                UNION ALL
                SELECT w.entry_uid, CASE a.kind WHEN 'fee' THEN 'fees' ELSE 'shipping' END,
                    sum(a.total_minor - a.tax_minor)::bigint
                FROM waiting w JOIN orders_adjustment a ON a.order_id = w.id AND a.kind IN ('shipping', 'fee')
                GROUP BY 1, 2
            ), postings AS (
                SELECT entry_uid, account, amount, '' AS sub FROM owed WHERE amount <> 0
                UNION ALL
                SELECT o.entry_uid, 'undelivered', -sum(o.amount)::bigint, w.uid::text
                FROM owed o JOIN waiting w USING (entry_uid) WHERE o.amount <> 0 GROUP BY o.entry_uid, w.uid
            ), entry AS (
                INSERT INTO ledger_journalentry
                    (uid, kind, source_type, source_uid, location_code, business_date, currency, created_at)
                SELECT entry_uid, 'undelivered_opening', 'order', uid, location_code, business_date, currency, now()
                FROM waiting WHERE entry_uid IN (SELECT entry_uid FROM postings)
                RETURNING id, uid
            )
            INSERT INTO ledger_posting (entry_id, account_id, amount_minor, sub)
            SELECT e.id, a.id, p.amount, p.sub FROM postings p
            JOIN entry e ON e.uid = p.entry_uid JOIN ledger_account a ON a.code = p.account
            """,
            migrations.RunSQL.noop,
        )
    ]
