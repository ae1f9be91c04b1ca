from django.db import migrations, models


class Migration(migrations.Migration):
    """Listings are by market and time; a migration of pricing writes them anew."""

    dependencies = [("catalog", "0007_collections")]
    operations = [
        migrations.RunSQL("DELETE FROM catalog_listing", migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="listing", name="listing_once"),
        migrations.RemoveIndex(model_name="listing", name="listing_by_price"),
        migrations.RemoveField(model_name="listing", name="price_list"),
        migrations.AddField(
            model_name="listing", name="market", field=models.BigIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(model_name="listing", name="starts_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="listing", name="ends_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="listing",
            constraint=models.UniqueConstraint(
                fields=("market", "product", "starts_at"), name="listing_once", nulls_distinct=False
            ),
        ),
        migrations.AddIndex(
            model_name="listing",
            index=models.Index(condition=models.Q(ends_at__isnull=False), fields=["ends_at"], name="listing_ends"),
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER collection_product_stamps_variants AFTER INSERT OR DELETE ON catalog_collection_products
                FOR EACH ROW EXECUTE FUNCTION catalog_stamp_of_media();

            CREATE FUNCTION catalog_stamp_of_collection() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE catalog_variant v SET change_seq = 0 FROM catalog_collection_products o
                    WHERE o.product_id = v.product_id AND o.collection_id = NEW.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER collection_stamps_variants AFTER UPDATE OF slug ON catalog_collection
                FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION catalog_stamp_of_collection();
            """,
            """
            DROP TRIGGER collection_stamps_variants ON catalog_collection;
            DROP FUNCTION catalog_stamp_of_collection();
            DROP TRIGGER collection_product_stamps_variants ON catalog_collection_products;
            """,
        ),
    ]
