import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0002_cash_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeAttempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("failures", models.PositiveIntegerField(default=0)),
                ("blocked_until", models.DateTimeField(null=True)),
                (
                    "register",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="code_attempts", to="pos.register"
                    ),
                ),
            ],
        ),
    ]
