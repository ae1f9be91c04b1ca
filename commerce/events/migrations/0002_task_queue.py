from django.db import migrations
from pgmq import get_embedded_install_sql


def install(apps, schema_editor):
    """Celery's queue in plain SQL (schema `pgmq`), for installations with no broker of their own."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace('pgmq') IS NULL")
        if cursor.fetchone()[0]:
            cursor.execute(get_embedded_install_sql())


def remove(apps, schema_editor):
    schema_editor.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
