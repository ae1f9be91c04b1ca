from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0016_payments_by_card"),
    ]

    operations = [
        migrations.CreateModel(
            name="NetworkEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.CharField(max_length=120, unique=True, verbose_name="id at the card network")),
                ("type", models.CharField(max_length=120, verbose_name="type")),
                ("object_id", models.CharField(blank=True, max_length=120, verbose_name="about")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Waiting"),
                            ("done", "Done"),
                            ("left_alone", "Means nothing to us"),
                            ("refused", "Refused"),
                            ("parked", "Parked"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="why")),
                ("payload", models.JSONField(verbose_name="what it says")),
                ("deliveries", models.PositiveIntegerField(db_default=1, default=1, verbose_name="times it came")),
                ("attempts", models.PositiveIntegerField(db_default=0, default=0, verbose_name="tries")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("try_at", models.DateTimeField(blank=True, null=True, verbose_name="next try")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
            ],
            options={
                "verbose_name": "event of the card network",
                "verbose_name_plural": "events of the card network",
            },
        ),
        migrations.CreateModel(
            name="RefusedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("signature", "Not signed by the card network"),
                            ("stale", "Signed too long ago"),
                            ("size", "Too large"),
                            ("shape", "Not an event"),
                        ],
                        max_length=20,
                        verbose_name="why",
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1, verbose_name="times")),
                ("last_at", models.DateTimeField(verbose_name="last")),
                ("last_from", models.CharField(blank=True, max_length=60, verbose_name="last from")),
            ],
            options={
                "verbose_name": "refused word",
                "verbose_name_plural": "refused words",
            },
        ),
        migrations.RemoveIndex(
            model_name="payment",
            name="payment_unsettled",
        ),
        migrations.AddField(
            model_name="payment",
            name="check_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When the card network is asked what became of it.",
                null=True,
                verbose_name="asked again at",
            ),
        ),
        migrations.AlterField(
            model_name="paymentattempt",
            name="provider_id",
            field=models.CharField(blank=True, max_length=120, verbose_name="charge at the card network"),
        ),
        migrations.RunSQL(
            "UPDATE orders_payment SET check_at = now() WHERE state = 'processing'",
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("check_at__isnull", False)), fields=["check_at"], name="payment_to_check"
            ),
        ),
        migrations.AddIndex(
            model_name="networkevent",
            index=models.Index(
                condition=models.Q(("state", "received")), fields=["try_at"], name="network_event_to_work"
            ),
        ),
        migrations.AddIndex(
            model_name="networkevent",
            index=models.Index(fields=["object_id"], name="network_event_about"),
        ),
        migrations.AddConstraint(
            model_name="networkevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "received"), ("try_at__isnull", False)),
                    models.Q(
                        ("settled_at__isnull", False),
                        ("state__in", ["done", "left_alone", "refused", "parked"]),
                        ("try_at", None),
                    ),
                    _connector="OR",
                ),
                name="network_event_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="refusedword",
            constraint=models.UniqueConstraint(fields=("day", "reason"), name="refused_word_once_a_day"),
        ),
    ]
