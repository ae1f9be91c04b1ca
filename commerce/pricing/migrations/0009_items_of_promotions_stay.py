import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A promotion that lost what it names would be for everything: nobody deletes what one names."""

    dependencies = [
        ("catalog", "0008_listings_of_markets"),
        ("pricing", "0008_listings_of_markets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="promotionitem",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.category",
                verbose_name="category",
            ),
        ),
        migrations.AlterField(
            model_name="promotionitem",
            name="collection",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.collection",
                verbose_name="collection",
            ),
        ),
        migrations.AlterField(
            model_name="promotionitem",
            name="variant",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.variant",
                verbose_name="variant",
            ),
        ),
    ]
