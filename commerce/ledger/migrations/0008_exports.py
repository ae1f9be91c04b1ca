import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The journal is handed to the accountant in batches, by the accountant's own codes."""

    dependencies = [
        ("ledger", "0007_period_locks"),
        ("kernel", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="account",
            name="accountant_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="For exports.",
                max_length=40,
                verbose_name="the accountant's code",
            ),
        ),
        migrations.CreateModel(
            name="ExportBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=60, unique=True, verbose_name="batch")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(verbose_name="to")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("after", models.BigIntegerField()),
                ("through", models.BigIntegerField()),
                (
                    "codes",
                    models.JSONField(default=dict, help_text="The accountant's codes at that time, by account."),
                ),
                ("entries", models.PositiveIntegerField(verbose_name="entries")),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(verbose_name="made at")),
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
            options={
                "verbose_name": "journal export",
                "verbose_name_plural": "journal exports",
                "constraints": [
                    models.UniqueConstraint(fields=("since", "until", "number"), name="export_batch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("since__lte", models.F("until"))), name="export_batch_period"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER exportbatch_append_only BEFORE UPDATE OR DELETE ON ledger_exportbatch"
            " FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()",
            "DROP TRIGGER exportbatch_append_only ON ledger_exportbatch",
        ),
    ]
