from django.db import migrations, models

# What rules call things by; a new name is a change of the rules.
NAMES = {"catalog_category": "slug", "catalog_collection": "slug", "catalog_variant": "sku", "company_location": "code"}


class Migration(migrations.Migration):
    """A change that was rolled back must not leave its number to another one."""

    dependencies = [
        ("pricing", "0005_limited_prices"),
        ("catalog", "0007_collections"),
        ("company", "0004_stock_that_explains"),
    ]
    operations = [
        migrations.AddField(
            model_name="rulechange",
            name="changed_by",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.RunSQL(
            """
            CREATE OR REPLACE FUNCTION pricing_count_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO pricing_rulechange AS c (id, version, changed_by)
                    VALUES (1, 1, pg_current_xact_id()::text::bigint)
                    ON CONFLICT (id) DO UPDATE SET version = c.version + 1, changed_by = EXCLUDED.changed_by;
                RETURN NULL;
            END $$;
            """,
            migrations.RunSQL.noop,
        ),
        *[
            migrations.RunSQL(
                f"CREATE TRIGGER {table}_renames_rules AFTER UPDATE OF {name} ON {table} FOR EACH ROW"
                f" WHEN (OLD.{name} IS DISTINCT FROM NEW.{name}) EXECUTE FUNCTION pricing_count_change();",
                f"DROP TRIGGER {table}_renames_rules ON {table};",
            )
            for table, name in NAMES.items()
        ],
    ]
