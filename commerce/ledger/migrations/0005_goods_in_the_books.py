from django.db import migrations, models


class Migration(migrations.Migration):
    """Entries of stock, of which a document may have several, and the account of what was there before."""

    dependencies = [("ledger", "0004_parts_of_accounts")]
    operations = [
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.CharField(
                choices=[
                    ("asset", "Asset"),
                    ("liability", "Liability"),
                    ("income", "Income"),
                    ("expense", "Expense"),
                    ("equity", "Equity"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint(model_name="journalentry", name="journal_entry_once_per_source"),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__startswith", "stock_"), _negated=True),
                fields=("kind", "source_type", "source_uid"),
                name="journal_entry_once_per_source",
            ),
        ),
        migrations.RunSQL(
            "INSERT INTO ledger_account (code, name, kind)"
            " VALUES ('opening', 'What was there when the books began', 'equity') ON CONFLICT (code) DO NOTHING",
            migrations.RunSQL.noop,
        ),
    ]
