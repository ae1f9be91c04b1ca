import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0019_captures"),
    ]

    operations = [
        migrations.AddField(
            model_name="cart",
            name="gift_cards",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                db_default=[],
                default=list,
                help_text="Those that are to pay for it, in the order in which they were entered.",
                size=None,
                verbose_name="gift cards",
            ),
        ),
    ]
