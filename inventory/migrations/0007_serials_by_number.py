from django.db import migrations, models

SWAP = """
    ALTER TABLE inventory_serialunit DROP CONSTRAINT serial_once,
        ADD CONSTRAINT serial_once UNIQUE USING INDEX {name}
"""


class Migration(migrations.Migration):
    """Built beside the trade: the table is locked only while the new index takes the place of the old one."""

    atomic = False
    dependencies = [("inventory", "0006_movements_by_kind")]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS serial_by_number"
            " ON inventory_serialunit (serial, variant_id)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            SWAP.format(name="serial_by_number"),
            SWAP.format(name="serial_by_variant"),
            state_operations=[
                migrations.RemoveConstraint(model_name="serialunit", name="serial_once"),
                migrations.AddConstraint(
                    model_name="serialunit",
                    constraint=models.UniqueConstraint(fields=["serial", "variant"], name="serial_once"),
                ),
            ],
        ),
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS serial_by_variant"
            " ON inventory_serialunit (variant_id, serial)",
        ),
    ]
