from django.db import migrations

TABLES = ("giftcardentry", "storecreditentry")


class Migration(migrations.Migration):
    dependencies = [("customers", "0004_wallets"), ("kernel", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON customers_{table}"
            " FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();",
            f"DROP TRIGGER {table}_append_only ON customers_{table};",
        )
        for table in TABLES
    ]
