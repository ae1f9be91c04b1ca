from django.db import migrations

# What the documents of a database say that is older than the parts of accounts, as the control page compares them:
# cash by drawer. What is not there yet of a drawer comes from the part without a name, and what the counts of shifts
# found over or short was in no books: it opens them.
DRAWERS = """
    WITH documents AS (
        SELECT g.code AS sub, s.currency, m.amount_minor AS amount FROM pos_cashmovement m
            JOIN pos_shift s ON s.id = m.shift_id JOIN pos_register g ON g.id = s.register_id WHERE m.kind <> 'float'
        UNION ALL SELECT g.code, s.currency, s.counted_minor - s.expected_minor FROM pos_shift s
            JOIN pos_register g ON g.id = s.register_id WHERE s.closed_at IS NOT NULL
        UNION ALL SELECT coalesce(p.details->>'drawer', ''), p.currency, p.captured_minor FROM orders_payment p
            WHERE p.tender = 'cash' AND NOT EXISTS (SELECT FROM pos_cashmovement m WHERE m.payment_id = p.id)
        UNION ALL SELECT coalesce(r.details->>'drawer', p.details->>'drawer', ''), r.currency, -r.amount_minor
            FROM orders_refund r JOIN orders_payment p ON p.id = r.payment_id
            WHERE r.tender = 'cash' AND r.state = 'succeeded'
            AND NOT EXISTS (SELECT FROM pos_cashmovement m WHERE m.refund_id = r.id)
    ), booked AS (
        SELECT p.sub, e.currency, -p.amount_minor FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
            JOIN ledger_account a ON a.id = p.account_id WHERE a.code = 'cash'
    )
"""
# The tax of orders, less that of what came back, by the tax's code.
TAXES = """
    WITH documents AS (
        SELECT t.code AS sub, d.currency, d.sign * t.amount AS amount FROM (
            SELECT currency, taxes, -1 AS sign FROM orders_order WHERE number IS NOT NULL
            UNION ALL SELECT currency, taxes, 1 FROM orders_return
            UNION ALL SELECT currency, taxes, 1 FROM orders_allowance
            UNION ALL SELECT currency, taxes, 1 FROM orders_cancellation
        ) d CROSS JOIN LATERAL jsonb_to_recordset(d.taxes) AS t(code text, amount bigint)
    ), booked AS (
        SELECT p.sub, e.currency, -p.amount_minor FROM ledger_posting p JOIN ledger_journalentry e ON e.id = p.entry_id
            JOIN ledger_account a ON a.id = p.account_id WHERE a.code = 'sales_tax'
    )
"""
# An entry for each currency of which the part without a name holds what belongs to others; no entry anywhere else, so
# that what is wrong with books that know their parts stays visible.
OPEN = """
    , missing AS (
        SELECT sub, currency, sum(amount)::bigint AS amount
        FROM (SELECT * FROM documents UNION ALL SELECT * FROM booked) x GROUP BY 1, 2 HAVING sum(amount) <> 0
    ), entries AS (
        SELECT currency, gen_random_uuid() AS uid FROM missing
        WHERE currency IN (SELECT currency FROM missing WHERE sub = '') GROUP BY 1
    ), entry AS (
        INSERT INTO ledger_journalentry
            (uid, kind, source_type, source_uid, location_code, business_date, currency, created_at)
        SELECT uid, %(kind)s, 'account', uid, '', coalesce((SELECT (now() AT TIME ZONE c.time_zone)::date
            FROM company_location c WHERE c.is_active ORDER BY c.position, c.id LIMIT 1), current_date), currency, now()
        FROM entries RETURNING id, currency
    ), postings AS (
        SELECT e.id, %(account)s AS account, m.sub, m.amount FROM missing m JOIN entry e USING (currency)
        UNION ALL SELECT e.id, 'opening', '', -sum(m.amount)::bigint FROM missing m JOIN entry e USING (currency)
        GROUP BY e.id HAVING sum(m.amount) <> 0
    )
    INSERT INTO ledger_posting (entry_id, account_id, amount_minor, sub)
    SELECT p.id, a.id, p.amount, p.sub FROM postings p JOIN ledger_account a ON a.code = p.account
"""


def open_parts(cursor):
    cursor.execute(DRAWERS + OPEN, {"kind": "drawers_opening", "account": "cash"})
    cursor.execute(TAXES + OPEN, {"kind": "taxes_opening", "account": "sales_tax"})


def migrate(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        open_parts(cursor)


class Migration(migrations.Migration):
    """Cash and taxes that were booked before accounts had parts find theirs: drawers, and codes of taxes."""

    dependencies = [
        ("pos", "0011_z_reports"),
        ("orders", "0024_cancellations"),
        ("ledger", "0008_exports"),
    ]
    operations = [migrations.RunPython(migrate, migrations.RunPython.noop)]
