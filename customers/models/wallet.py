from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from customers.models.customer import Customer


class Wallet(models.Model):
    """Money of a shopper that we keep. The balance is the sum of its entries, and never below zero (I22, I23)."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    currency = models.CharField(_("currency"), max_length=3)
    balance_minor = models.BigIntegerField(_("balance"), default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(_("since"))

    class Meta:
        abstract = True

    @property
    def balance(self) -> Money:
        return Money(self.balance_minor, self.currency)


class GiftCard(Wallet):
    """A card that pays like money. Its code is known by its fingerprint alone; who has the code, has the money.

    The code follows from `uid` and the server's secret, so that it can be shown once (`shown_at`) without being kept.
    That of an imported card does not: its holder has it, and it counts as shown.
    A card that was replaced by another one is blocked and empty, and what is given back to it goes to its successor.
    """

    class State(models.TextChoices):
        INACTIVE = "inactive", _("Not sold yet")
        ACTIVE = "active", _("Active")
        BLOCKED = "blocked", _("Blocked")

    class Origin(models.TextChoices):
        SALE = "sale", _("Made for a sale")
        PRINTED = "printed", _("Printed ahead")
        GOODWILL = "goodwill", _("Goodwill")
        REFUND = "refund", _("For money given back")
        TRANSFER = "transfer", _("In place of another card")
        IMPORTED = "imported", _("From another system")

    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    last_four = models.CharField(_("ends with"), max_length=4)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.INACTIVE)
    origin = models.CharField(_("origin"), max_length=20, choices=Origin)
    expires_on = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty: it never expires."))
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )
    blocked_reason = models.CharField(_("why it is blocked"), max_length=300, blank=True, default="", db_default="")
    shown_at = models.DateTimeField(_("code shown"), null=True, blank=True, editable=False)
    activated_at = models.DateTimeField(_("active since"), null=True, blank=True)

    class Meta:
        verbose_name = _("gift card")
        verbose_name_plural = _("gift cards")
        constraints = [
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="gift_card_never_overdrawn"),
            models.CheckConstraint(condition=Q(state__in=["inactive", "active", "blocked"]), name="gift_card_state"),
            models.CheckConstraint(
                condition=~Q(state="inactive") | Q(balance_minor=0), name="gift_card_inactive_empty"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(state="blocked", balance_minor=0), name="gift_card_replaced_empty"
            ),
        ]
        indexes = [
            models.Index(fields=["last_four"], name="gift_card_last_four"),
            models.Index(
                fields=["expires_on"],
                condition=Q(balance_minor__gt=0, expires_on__isnull=False),
                name="gift_card_expiry",
            ),
        ]

    def __str__(self) -> str:
        return f"···· {self.last_four}"


class StoreCredit(Wallet):
    """What a customer has with us in one currency, to spend in any channel."""

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="store_credits", verbose_name=_("customer")
    )

    class Meta:
        verbose_name = _("store credit")
        verbose_name_plural = _("store credits")
        constraints = [
            models.UniqueConstraint(fields=["customer", "currency"], name="store_credit_once"),
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="store_credit_never_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.customer} {self.balance.format()}"


class WalletEntry(models.Model):
    """One change of a wallet, signed; never changed, never deleted. What did it is (`source_type`, `source_uid`)."""

    class Kind(models.TextChoices):
        SOLD = "sold", _("Bought")
        TOP_UP = "top_up", _("Topped up")
        OPENING = "opening", _("Left on it in another system")
        GOODWILL = "goodwill", _("Goodwill")
        SPENT = "spent", _("Spent")
        REFUNDED = "refunded", _("Given back")
        RETURNED = "returned", _("Card taken back")
        EXPIRED = "expired", _("Expired")
        MOVED = "moved", _("Moved to another card")

    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    amount_minor = models.BigIntegerField(_("amount"))
    balance_after = models.BigIntegerField(_("balance after"))
    source_type = models.CharField(max_length=40)
    source_uid = models.UUIDField(db_index=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="", db_default="")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("at"))

    class Meta:
        abstract = True
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"


class GiftCardEntry(WalletEntry):
    wallet = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="entries", verbose_name=_("gift card"))

    class Meta(WalletEntry.Meta):
        verbose_name = _("gift card entry")
        verbose_name_plural = _("gift card entries")
        constraints = [
            models.UniqueConstraint(
                fields=["wallet", "kind", "source_type", "source_uid"], name="gift_card_entry_once"
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0) & Q(balance_after__gte=0), name="gift_card_entry_moves"
            ),
        ]


class StoreCreditEntry(WalletEntry):
    wallet = models.ForeignKey(
        StoreCredit, on_delete=models.PROTECT, related_name="entries", verbose_name=_("store credit")
    )

    class Meta(WalletEntry.Meta):
        verbose_name = _("store credit entry")
        verbose_name_plural = _("store credit entries")
        constraints = [
            models.UniqueConstraint(
                fields=["wallet", "kind", "source_type", "source_uid"], name="store_credit_entry_once"
            ),
            models.CheckConstraint(
                condition=~Q(amount_minor=0) & Q(balance_after__gte=0), name="store_credit_entry_moves"
            ),
        ]


class WalletHold(models.Model):
    """Money of a wallet that a sale or a checkout is about to take. It counts until it ends or `expires_at` passes.

    A hold that has expired may still be taken while the money is there; `source` holds one wallet once.
    """

    class State(models.TextChoices):
        HELD = "held", _("Held")
        TAKEN = "taken", _("Taken")
        RELEASED = "released", _("Released")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    gift_card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, null=True, related_name="holds")
    store_credit = models.ForeignKey(StoreCredit, on_delete=models.PROTECT, null=True, related_name="holds")
    source_type = models.CharField(max_length=40)
    source_uid = models.UUIDField()
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.HELD)
    created_at = models.DateTimeField(_("at"))
    expires_at = models.DateTimeField(_("held until"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("hold on a wallet")
        verbose_name_plural = _("holds on wallets")
        constraints = [
            models.CheckConstraint(
                condition=Q(gift_card__isnull=False, store_credit=None) | Q(gift_card=None, store_credit__isnull=False),
                name="wallet_hold_one_wallet",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="wallet_hold_amount"),
            models.CheckConstraint(
                condition=Q(state="held", ended_at=None) | Q(state__in=["taken", "released"], ended_at__isnull=False),
                name="wallet_hold_state",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="wallet_hold_expires"),
            models.UniqueConstraint(
                fields=["gift_card", "source_type", "source_uid"],
                condition=Q(state="held"),
                name="wallet_hold_card_once",
            ),
            models.UniqueConstraint(
                fields=["store_credit", "source_type", "source_uid"],
                condition=Q(state="held"),
                name="wallet_hold_credit_once",
            ),
        ]
        indexes = [models.Index(fields=["source_uid"], name="wallet_hold_source")]

    def __str__(self) -> str:
        return f"{self.wallet} {self.amount_minor}"

    @property
    def wallet(self) -> GiftCard | StoreCredit:
        found = self.gift_card or self.store_credit
        assert found is not None
        return found


class LookupAttempts(models.Model):
    """How often balances were asked for lately, by the fingerprint of where from; only to slow down guessing (T14)."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("tries of gift card codes")
        verbose_name_plural = _("tries of gift card codes")

    def __str__(self) -> str:
        return f"{self.count} since {self.since:%H:%M}"
