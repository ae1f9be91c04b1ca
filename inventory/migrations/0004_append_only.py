from django.db import migrations

TABLES = ("serialmove", "countscan", "receipt")


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_stock_that_explains"), ("kernel", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON inventory_{table}"
            " FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();",
            f"DROP TRIGGER {table}_append_only ON inventory_{table};",
        )
        for table in TABLES
    ]
