from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial"), ("catalog", "0002_change_seq")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER price_stamps_variant AFTER INSERT OR UPDATE OR DELETE ON pricing_price
                FOR EACH ROW EXECUTE FUNCTION catalog_stamp_of_part();
            """,
            "DROP TRIGGER price_stamps_variant ON pricing_price;",
        )
    ]
