import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built beside the trade: the table may hold millions of rows. The index that it replaces goes last."""

    atomic = False
    dependencies = [("inventory", "0005_adjustments")]

    operations = [
        AddIndexConcurrently(
            model_name="stockmovement",
            index=models.Index(
                fields=["level", "kind"], include=("quantity", "damaged"), name="stock_movement_by_kind"
            ),
        ),
        migrations.AlterField(
            model_name="stockmovement",
            name="level",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="movements",
                to="inventory.stocklevel",
            ),
        ),
    ]
