from django.db import migrations, models


class Migration(migrations.Migration):
    """Files that people upload: kept, checked, then imported by a worker that holds its turn."""

    dependencies = [("sync", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="importrun", name="import_run_state"),
        migrations.AddField("importrun", "path", models.CharField(blank=True, editable=False, max_length=500)),
        migrations.AddField("importrun", "faults", models.JSONField(default=list, verbose_name="faults")),
        migrations.AddField("importrun", "stop_asked", models.BooleanField(default=False, editable=False)),
        migrations.AddField("importrun", "turn", models.UUIDField(editable=False, null=True)),
        migrations.AddField("importrun", "beat_at", models.DateTimeField(editable=False, null=True)),
        migrations.AlterField("importrun", "rows_total", models.PositiveIntegerField(default=0, verbose_name="rows")),
        migrations.AlterField("importrun", "file_sha256", models.CharField(blank=True, db_index=True, max_length=64)),
        migrations.AlterField(
            "importrun", "layout", models.CharField(blank=True, max_length=40, verbose_name="layout")
        ),
        migrations.AlterField(
            "importrun",
            "state",
            models.CharField(
                choices=[
                    ("checking", "Being checked"),
                    ("checked", "Ready to import"),
                    ("refused", "Refused"),
                    ("running", "Running"),
                    ("finished", "Finished"),
                    ("interrupted", "Interrupted"),
                    ("failed", "Failed"),
                ],
                default="running",
                max_length=20,
                verbose_name="state",
            ),
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    state__in=["checking", "checked", "refused", "running", "finished", "interrupted", "failed"]
                ),
                name="import_run_state",
            ),
        ),
    ]
