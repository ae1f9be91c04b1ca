from django.db import migrations


class Migration(migrations.Migration):
    """Order numbers come from a sequence (gaps are fine, waiting is not); lines stay as they were sold (I37)."""

    dependencies = [("orders", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE SEQUENCE orders_number START 1001;
            CREATE TRIGGER orderline_snapshot BEFORE UPDATE OF
                uid, order_id, position, variant_id, sku, name, quantity, unit_minor, gross_minor, discount_minor,
                tax_minor, total_minor, taxes, discounts
                ON orders_orderline FOR EACH ROW
                WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION kernel_refuse_change();
            CREATE TRIGGER timelineentry_append_only BEFORE UPDATE OR DELETE ON orders_timelineentry
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
            """,
            """
            DROP TRIGGER timelineentry_append_only ON orders_timelineentry;
            DROP TRIGGER orderline_snapshot ON orders_orderline;
            DROP SEQUENCE orders_number;
            """,
        )
    ]
