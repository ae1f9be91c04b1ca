from django.db import migrations


class Migration(migrations.Migration):
    """Pictures and the names of shelves are part of what tills keep, too."""

    dependencies = [("catalog", "0004_listing")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION catalog_stamp_of_media() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE catalog_variant SET change_seq = 0
                    WHERE product_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.product_id ELSE NEW.product_id END
                    AND change_seq <> pg_current_xact_id()::text::bigint;
                RETURN NULL;
            END $$;
            CREATE TRIGGER media_stamps_variants AFTER INSERT OR UPDATE OR DELETE ON catalog_media
                FOR EACH ROW EXECUTE FUNCTION catalog_stamp_of_media();

            CREATE FUNCTION catalog_stamp_of_category() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE catalog_variant v SET change_seq = 0 FROM catalog_product p
                    WHERE p.id = v.product_id AND p.category_id = NEW.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER category_stamps_variants AFTER UPDATE OF slug ON catalog_category
                FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION catalog_stamp_of_category();
            """,
            """
            DROP TRIGGER category_stamps_variants ON catalog_category;
            DROP FUNCTION catalog_stamp_of_category();
            DROP TRIGGER media_stamps_variants ON catalog_media;
            DROP FUNCTION catalog_stamp_of_media();
            """,
        )
    ]
