from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER stockmovement_append_only BEFORE UPDATE OR DELETE ON inventory_stockmovement
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
            """,
            "DROP TRIGGER stockmovement_append_only ON inventory_stockmovement;",
        )
    ]
