from django.db import migrations


class Migration(migrations.Migration):
    """Where fees are earned, and what is owed to those who bring bottles back."""

    dependencies = [("ledger", "0002_balanced_and_append_only")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO ledger_account (code, name, kind) VALUES ('fees', 'Fees charged', 'income'),"
            " ('deposits', 'Deposits to give back', 'liability') ON CONFLICT (code) DO NOTHING",
            "DELETE FROM ledger_account WHERE code IN ('fees', 'deposits')",
        )
    ]
