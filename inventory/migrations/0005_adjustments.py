import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import commerce.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0005_pictures_and_shelves_change_seq"),
        ("inventory", "0004_append_only"),
        ("kernel", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StockAdjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=commerce.kernel.ids.new_uid, editable=False, unique=True)),
                ("reason", models.CharField(max_length=20, verbose_name="reason")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("created_at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "stock adjustment",
                "verbose_name_plural": "stock adjustments",
            },
        ),
        migrations.RemoveConstraint(
            model_name="countline",
            name="count_line_round",
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.CheckConstraint(condition=models.Q(("round__gte", 1)), name="count_line_round"),
        ),
        migrations.AddField(
            model_name="stockadjustment",
            name="level",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="inventory.stocklevel"
            ),
        ),
        migrations.AddField(
            model_name="stockadjustment",
            name="person",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddIndex(
            model_name="stockadjustment",
            index=models.Index(fields=["created_at"], name="stock_adjustment_at"),
        ),
        migrations.RunSQL(
            "CREATE TRIGGER stockadjustment_append_only BEFORE UPDATE OR DELETE ON inventory_stockadjustment"
            " FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();",
            "DROP TRIGGER stockadjustment_append_only ON inventory_stockadjustment;",
        ),
    ]
