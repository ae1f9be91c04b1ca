from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0010_open_prices"),
    ]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="is_gift_card",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Sold at an open price that a card then holds: without tax, never reduced.",
                verbose_name="gift card",
            ),
        ),
        migrations.AddConstraint(
            model_name="variant",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_gift_card", False), ("is_open_price", True), _connector="OR"),
                name="variant_gift_card_open",
            ),
        ),
    ]
