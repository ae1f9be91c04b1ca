import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import commerce.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_tax_certificates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LookupAttempts",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
            ],
            options={
                "verbose_name": "tries of gift card codes",
                "verbose_name_plural": "tries of gift card codes",
            },
        ),
        migrations.CreateModel(
            name="GiftCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=commerce.kernel.ids.new_uid, editable=False, unique=True)),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "balance_minor",
                    models.BigIntegerField(db_default=0, default=0, editable=False, verbose_name="balance"),
                ),
                ("created_at", models.DateTimeField(verbose_name="since")),
                ("code_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("last_four", models.CharField(max_length=4, verbose_name="ends with")),
                (
                    "state",
                    models.CharField(
                        choices=[("inactive", "Not sold yet"), ("active", "Active"), ("blocked", "Blocked")],
                        default="inactive",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("sale", "Made for a sale"),
                            ("printed", "Printed ahead"),
                            ("goodwill", "Goodwill"),
                            ("refund", "For money given back"),
                            ("transfer", "In place of another card"),
                        ],
                        max_length=20,
                        verbose_name="origin",
                    ),
                ),
                (
                    "expires_on",
                    models.DateField(
                        blank=True, help_text="Empty: it never expires.", null=True, verbose_name="last day"
                    ),
                ),
                (
                    "blocked_reason",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=300, verbose_name="why it is blocked"
                    ),
                ),
                ("shown_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="code shown")),
                ("activated_at", models.DateTimeField(blank=True, null=True, verbose_name="active since")),
                (
                    "replaced_by",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="customers.giftcard",
                        verbose_name="replaced by",
                    ),
                ),
            ],
            options={
                "verbose_name": "gift card",
                "verbose_name_plural": "gift cards",
            },
        ),
        migrations.CreateModel(
            name="GiftCardEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sold", "Bought"),
                            ("top_up", "Topped up"),
                            ("goodwill", "Goodwill"),
                            ("spent", "Spent"),
                            ("refunded", "Given back"),
                            ("expired", "Expired"),
                            ("moved", "Moved to another card"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                ("balance_after", models.BigIntegerField(verbose_name="balance after")),
                ("source_type", models.CharField(max_length=40)),
                ("source_uid", models.UUIDField(db_index=True)),
                (
                    "reason",
                    models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="reason"),
                ),
                ("created_at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="customers.giftcard",
                        verbose_name="gift card",
                    ),
                ),
            ],
            options={
                "verbose_name": "gift card entry",
                "verbose_name_plural": "gift card entries",
                "ordering": ("id",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="StoreCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=commerce.kernel.ids.new_uid, editable=False, unique=True)),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "balance_minor",
                    models.BigIntegerField(db_default=0, default=0, editable=False, verbose_name="balance"),
                ),
                ("created_at", models.DateTimeField(verbose_name="since")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="store_credits",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "store credit",
                "verbose_name_plural": "store credits",
            },
        ),
        migrations.CreateModel(
            name="StoreCreditEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sold", "Bought"),
                            ("top_up", "Topped up"),
                            ("goodwill", "Goodwill"),
                            ("spent", "Spent"),
                            ("refunded", "Given back"),
                            ("expired", "Expired"),
                            ("moved", "Moved to another card"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                ("balance_after", models.BigIntegerField(verbose_name="balance after")),
                ("source_type", models.CharField(max_length=40)),
                ("source_uid", models.UUIDField(db_index=True)),
                (
                    "reason",
                    models.CharField(blank=True, db_default="", default="", max_length=300, verbose_name="reason"),
                ),
                ("created_at", models.DateTimeField(verbose_name="at")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wallet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="customers.storecredit",
                        verbose_name="store credit",
                    ),
                ),
            ],
            options={
                "verbose_name": "store credit entry",
                "verbose_name_plural": "store credit entries",
                "ordering": ("id",),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WalletHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=commerce.kernel.ids.new_uid, editable=False, unique=True)),
                ("source_type", models.CharField(max_length=40)),
                ("source_uid", models.UUIDField()),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                ("amount_minor", models.BigIntegerField(verbose_name="amount")),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "Held"), ("taken", "Taken"), ("released", "Released")],
                        default="held",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="at")),
                ("expires_at", models.DateTimeField(verbose_name="held until")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "gift_card",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="customers.giftcard",
                    ),
                ),
                (
                    "store_credit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="customers.storecredit",
                    ),
                ),
            ],
            options={
                "verbose_name": "hold on a wallet",
                "verbose_name_plural": "holds on wallets",
            },
        ),
        migrations.AddIndex(
            model_name="giftcard",
            index=models.Index(fields=["last_four"], name="gift_card_last_four"),
        ),
        migrations.AddIndex(
            model_name="giftcard",
            index=models.Index(
                condition=models.Q(("balance_minor__gt", 0), ("expires_on__isnull", False)),
                fields=["expires_on"],
                name="gift_card_expiry",
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("balance_minor__gte", 0)), name="gift_card_never_overdrawn"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["inactive", "active", "blocked"])), name="gift_card_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "inactive"), _negated=True), ("balance_minor", 0), _connector="OR"
                ),
                name="gift_card_inactive_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaced_by", None), models.Q(("balance_minor", 0), ("state", "blocked")), _connector="OR"
                ),
                name="gift_card_replaced_empty",
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcardentry",
            constraint=models.UniqueConstraint(
                fields=("wallet", "kind", "source_type", "source_uid"), name="gift_card_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="giftcardentry",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("amount_minor", 0), _negated=True), ("balance_after__gte", 0)),
                name="gift_card_entry_moves",
            ),
        ),
        migrations.AddConstraint(
            model_name="storecredit",
            constraint=models.UniqueConstraint(fields=("customer", "currency"), name="store_credit_once"),
        ),
        migrations.AddConstraint(
            model_name="storecredit",
            constraint=models.CheckConstraint(
                condition=models.Q(("balance_minor__gte", 0)), name="store_credit_never_overdrawn"
            ),
        ),
        migrations.AddConstraint(
            model_name="storecreditentry",
            constraint=models.UniqueConstraint(
                fields=("wallet", "kind", "source_type", "source_uid"), name="store_credit_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="storecreditentry",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("amount_minor", 0), _negated=True), ("balance_after__gte", 0)),
                name="store_credit_entry_moves",
            ),
        ),
        migrations.AddIndex(
            model_name="wallethold",
            index=models.Index(fields=["source_uid"], name="wallet_hold_source"),
        ),
        migrations.AddConstraint(
            model_name="wallethold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gift_card__isnull", False), ("store_credit", None)),
                    models.Q(("gift_card", None), ("store_credit__isnull", False)),
                    _connector="OR",
                ),
                name="wallet_hold_one_wallet",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallethold",
            constraint=models.CheckConstraint(condition=models.Q(("amount_minor__gt", 0)), name="wallet_hold_amount"),
        ),
        migrations.AddConstraint(
            model_name="wallethold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state", "held")),
                    models.Q(("ended_at__isnull", False), ("state__in", ["taken", "released"])),
                    _connector="OR",
                ),
                name="wallet_hold_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallethold",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("created_at"))), name="wallet_hold_expires"
            ),
        ),
        migrations.AddConstraint(
            model_name="wallethold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "held")),
                fields=("gift_card", "source_type", "source_uid"),
                name="wallet_hold_card_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="wallethold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "held")),
                fields=("store_credit", "source_type", "source_uid"),
                name="wallet_hold_credit_once",
            ),
        ),
    ]
