from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pos", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER cashmovement_append_only BEFORE UPDATE OR DELETE ON pos_cashmovement
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
            """,
            "DROP TRIGGER cashmovement_append_only ON pos_cashmovement;",
        )
    ]
