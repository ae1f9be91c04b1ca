from django.db import migrations


class Migration(migrations.Migration):
    """The trigger function behind every append-only table."""

    dependencies = [("kernel", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only: % is not allowed', TG_TABLE_NAME, TG_OP
                    USING ERRCODE = 'integrity_constraint_violation';
            END $$;
            """,
            "DROP FUNCTION kernel_refuse_change();",
        )
    ]
