from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pos", "0003_code_attempts"),
    ]

    operations = [
        migrations.AddField(
            model_name="cardattempt",
            name="settled_at",
            field=models.DateTimeField(help_text="When its state became final here.", null=True),
        ),
        migrations.AddField(
            model_name="cardattempt",
            name="taken_at",
            field=models.DateTimeField(help_text="When a sale was recorded that it pays.", null=True),
        ),
        migrations.RunSQL(
            "UPDATE pos_cardattempt SET settled_at = created_at WHERE state <> 'started';"
            " UPDATE pos_cardattempt SET taken_at = created_at WHERE state = 'approved' AND EXISTS (SELECT FROM"
            " orders_payment p WHERE p.provider = 'stripe' AND p.provider_id = pos_cardattempt.provider_id);"
            " SET CONSTRAINTS ALL IMMEDIATE",  # rows with checks still due cannot get an index
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="cardattempt",
            index=models.Index(
                condition=models.Q(("state", "started")), fields=["created_at"], name="card_attempt_open"
            ),
        ),
        migrations.AddIndex(
            model_name="cardattempt",
            index=models.Index(
                condition=models.Q(("state", "approved"), ("taken_at", None)),
                fields=["settled_at"],
                name="card_attempt_without_sale",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "started")),
                    models.Q(models.Q(("state", "started"), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="card_attempt_final_is_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_at", None), ("state", "approved"), _connector="OR"),
                name="card_attempt_taken_is_approved",
            ),
        ),
    ]
