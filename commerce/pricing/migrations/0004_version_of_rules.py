from django.db import migrations

# Every table that a set of rules is read from. Coupons are not: a till is told of its codes one by one.
TABLES = (
    "pricelist", "pricelist_only_markets", "pricelist_only_locations", "pricelist_only_groups", "market",
    "market_excluded_products", "taxrate", "taxarea", "promotion", "promotion_only_markets", "promotion_only_locations",
    "promotion_only_groups", "promotionitem", "fee", "fee_variants", "fee_categories", "exchangerate", "customergroup",
)  # fmt: skip
CREATE = (
    "CREATE TRIGGER {0}_changes_rules AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON pricing_{0} FOR EACH STATEMENT"
)


class Migration(migrations.Migration):
    """One number grows with every change of a rule; whoever changes one waits for whoever did so before."""

    dependencies = [("pricing", "0003_rules_of_prices")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION pricing_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO pricing_rulechange AS c (id, version) VALUES (1, 1)
                    ON CONFLICT (id) DO UPDATE SET version = c.version + 1;
                RETURN NULL;
            END $$;
            """,
            "DROP FUNCTION pricing_count_change();",
        ),
        *[
            migrations.RunSQL(
                f"{CREATE.format(table)} EXECUTE FUNCTION pricing_count_change();",
                f"DROP TRIGGER {table}_changes_rules ON pricing_{table};",
            )
            for table in TABLES
        ],
    ]
