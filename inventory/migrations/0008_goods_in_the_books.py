from django.db import migrations


class Migration(migrations.Migration):
    """The stock that was there before its movements were booked opens the books, an entry for each location."""

    dependencies = [
        ("inventory", "0007_serials_by_number"),
        ("ledger", "0005_goods_in_the_books"),
        ("pricing", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            """
            WITH places AS (
                SELECT c.uid AS source_uid, c.code, gen_random_uuid() AS uid, sum(m.value_minor)::bigint AS value,
                    (now() AT TIME ZONE c.time_zone)::date AS business_date
                FROM inventory_stockmovement m JOIN inventory_stocklevel l ON l.id = m.level_id
                JOIN company_location c ON c.id = l.location_id GROUP BY c.id HAVING sum(m.value_minor) <> 0
            ), entry AS (
                INSERT INTO ledger_journalentry
                    (uid, kind, source_type, source_uid, location_code, business_date, currency, created_at)
                SELECT uid, 'stock_opening', 'location', source_uid, code, business_date,
                    coalesce((SELECT p.currency FROM pricing_market m JOIN pricing_pricelist p
                        ON p.id = m.price_list_id WHERE m.is_default), 'USD'), now()
                FROM places RETURNING id, uid
            )
            INSERT INTO ledger_posting (entry_id, account_id, amount_minor, sub)
            SELECT e.id, a.id, p.value, p.code FROM places p JOIN entry e USING (uid)
            JOIN ledger_account a ON a.code = 'inventory'
            UNION ALL SELECT e.id, a.id, -p.value, '' FROM places p JOIN entry e USING (uid)
            JOIN ledger_account a ON a.code = 'opening'
            """,
            migrations.RunSQL.noop,
        )
    ]
