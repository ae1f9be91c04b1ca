import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Days of the books can be closed; a trigger refuses what would be booked on one of them."""

    dependencies = [
        ("ledger", "0006_goodwill_and_breakage"),
        ("kernel", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="PeriodLock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("through", models.DateField(verbose_name="closed through")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("created_at", models.DateTimeField(verbose_name="at")),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"verbose_name": "period lock", "verbose_name_plural": "period locks"},
        ),
        migrations.AddField(
            model_name="journalentry",
            name="original_date",
            field=models.DateField(
                blank=True,
                help_text="The day it belongs to, when that was closed already.",
                null=True,
                verbose_name="original date",
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="postings",
                to="ledger.account",
            ),
        ),
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["account", "sub"], include=("entry", "amount_minor"), name="posting_of_account"),
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER periodlock_append_only BEFORE UPDATE OR DELETE ON ledger_periodlock
                FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
            CREATE FUNCTION ledger_period_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE closed date;
            BEGIN
                SELECT through INTO closed FROM ledger_periodlock ORDER BY id DESC LIMIT 1;
                IF NEW.business_date <= closed THEN
                    RAISE EXCEPTION 'the books are closed through %', closed
                        USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER journalentry_in_open_period BEFORE INSERT ON ledger_journalentry
                FOR EACH ROW EXECUTE FUNCTION ledger_period_is_open();
            """,
            """
            DROP TRIGGER journalentry_in_open_period ON ledger_journalentry;
            DROP FUNCTION ledger_period_is_open();
            DROP TRIGGER periodlock_append_only ON ledger_periodlock;
            """,
        ),
    ]
