from django.db import migrations


class Migration(migrations.Migration):
    """What lists show of the prices there were until now: those of each market's own list. What a market excludes is
    part of what its tills keep."""

    dependencies = [("pricing", "0007_promotion_started_at"), ("catalog", "0008_listings_of_markets")]
    operations = [
        migrations.RunSQL(
            """
            INSERT INTO catalog_listing (product_id, market, from_minor, to_minor, compare_at_minor)
            SELECT v.product_id, m.id, min(p.amount_minor), max(p.amount_minor),
                (array_agg(p.compare_at_minor ORDER BY p.amount_minor, p.compare_at_minor DESC NULLS LAST))[1]
            FROM pricing_market m JOIN pricing_price p ON p.price_list_id = m.price_list_id AND p.withdrawn_at IS NULL
                AND p.from_quantity = 1 AND p.during = '(,)'
            JOIN catalog_variant v ON v.id = p.variant_id AND v.is_active GROUP BY v.product_id, m.id;

            CREATE TRIGGER excluded_product_stamps_variants AFTER INSERT OR DELETE ON pricing_market_excluded_products
                FOR EACH ROW EXECUTE FUNCTION catalog_stamp_of_media();
            """,
            """
            DROP TRIGGER excluded_product_stamps_variants ON pricing_market_excluded_products;
            DELETE FROM catalog_listing;
            """,
        )
    ]
