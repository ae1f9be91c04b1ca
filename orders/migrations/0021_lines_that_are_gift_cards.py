import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_wallet_entries_append_only"),
        ("orders", "0020_carts_paid_by_gift_cards"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="gift_card",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.giftcard",
                verbose_name="gift card",
            ),
        ),
    ]
