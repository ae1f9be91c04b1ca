from django.db import migrations


class Migration(migrations.Migration):
    """`change_seq` is the number of the transaction that changed what tills keep of a variant.

    A till asks for everything from the oldest transaction that was still running when it last asked: nothing can slip
    through by becoming visible late, at the price of a few rows sent twice.
    """

    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION catalog_stamp_variant() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                NEW.change_seq := pg_current_xact_id()::text::bigint;
                RETURN NEW;
            END $$;
            CREATE TRIGGER variant_stamp BEFORE INSERT OR UPDATE ON catalog_variant
                FOR EACH ROW EXECUTE FUNCTION catalog_stamp_variant();

            CREATE FUNCTION catalog_stamp_of_product() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE catalog_variant SET change_seq = 0 WHERE product_id = NEW.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER product_stamps_variants AFTER UPDATE OF
                title, status, at_till, tax_class, category_id, popularity, brand ON catalog_product
                FOR EACH ROW WHEN ((OLD.title, OLD.status, OLD.at_till, OLD.tax_class, OLD.category_id, OLD.popularity,
                OLD.brand) IS DISTINCT FROM (NEW.title, NEW.status, NEW.at_till, NEW.tax_class, NEW.category_id,
                NEW.popularity, NEW.brand)) EXECUTE FUNCTION catalog_stamp_of_product();

            CREATE FUNCTION catalog_stamp_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    UPDATE catalog_variant SET change_seq = 0 WHERE id = OLD.variant_id;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    UPDATE catalog_variant SET change_seq = 0 WHERE id = NEW.variant_id
                        AND change_seq <> pg_current_xact_id()::text::bigint;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER barcode_stamps_variant AFTER INSERT OR UPDATE OR DELETE ON catalog_barcode
                FOR EACH ROW EXECUTE FUNCTION catalog_stamp_of_part();
            """,
            """
            DROP TRIGGER barcode_stamps_variant ON catalog_barcode;
            DROP FUNCTION catalog_stamp_of_part();
            DROP TRIGGER product_stamps_variants ON catalog_product;
            DROP FUNCTION catalog_stamp_of_product();
            DROP TRIGGER variant_stamp ON catalog_variant;
            DROP FUNCTION catalog_stamp_variant();
            """,
        )
    ]
