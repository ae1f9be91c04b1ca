from django.db import migrations, models


class Migration(migrations.Migration):
    """A promotion that waits to be let run differs from one that was stopped."""

    dependencies = [("pricing", "0006_version_names_its_transaction")]
    operations = [
        migrations.AddField(
            model_name="promotion",
            name="started_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it was first let run; until then it is a draft.",
                null=True,
                verbose_name="started at",
            ),
        ),
    ]
