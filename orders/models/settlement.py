from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from orders.models.payment import Payment
from orders.models.returning import Refund


class ReportedBy(models.TextChoices):
    API = "api", _("The card network")
    FILE = "file", _("A file")


class Payout(models.Model):
    """Money that the card network sends to the bank. An automatic one is the sum of its parts, to the minor unit; of
    one that somebody asked for by hand nobody can say which transactions it is made of."""

    class State(models.TextChoices):
        PENDING = "pending", _("Announced")
        IN_TRANSIT = "in_transit", _("On its way")
        PAID = "paid", _("Arrived")
        FAILED = "failed", _("Came back")
        CANCELED = "canceled", _("Canceled")

    BACK = (State.FAILED, State.CANCELED)

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("id at the card network"), max_length=120)
    state = models.CharField(_("state"), max_length=20, choices=State)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    is_automatic = models.BooleanField(_("made by the card network itself"), default=True)
    arrives_on = models.DateField(_("arrives on"))
    created_at = models.DateTimeField(_("sent at"))
    reported_by = models.CharField(_("reported by"), max_length=10, choices=ReportedBy)
    is_complete = models.BooleanField(
        _("complete"), default=False, help_text=_("All of its parts are known, and their sum is its amount.")
    )
    failure_text = models.CharField(_("what went wrong"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="payout_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "in_transit", "paid", "failed", "canceled"]), name="payout_state"
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="payout_by_time")]

    def __str__(self) -> str:
        return self.provider_id

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def locked(self) -> Self:
        """Lock the rows, in the one order that `kernel.db` asks for."""
        return self.order_by("pk").select_for_update(of=("self",))

    def open(self) -> Self:
        """Those of which the last word was not spoken."""
        return self.filter(state__in=Dispute.OPEN)


class Dispute(models.Model):
    """A cardholder contests a charge. An inquiry (`warning_…`) moves no money; a formal dispute takes it at once, with
    a fee, and gives it back when it is won. `payment` is None while the charge is no payment that we know.

    `money_minor` is what the card network holds back at present, by the transactions that were recorded.
    """

    class State(models.TextChoices):
        WARNING_NEEDS_RESPONSE = "warning_needs_response", _("Inquiry: needs an answer")
        WARNING_UNDER_REVIEW = "warning_under_review", _("Inquiry: with the bank")
        WARNING_CLOSED = "warning_closed", _("Inquiry: closed")
        NEEDS_RESPONSE = "needs_response", _("Needs an answer")
        UNDER_REVIEW = "under_review", _("With the bank")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        PREVENTED = "prevented", _("Prevented")

    OPEN = (State.WARNING_NEEDS_RESPONSE, State.WARNING_UNDER_REVIEW, State.NEEDS_RESPONSE, State.UNDER_REVIEW)
    ANSWERABLE = (State.WARNING_NEEDS_RESPONSE, State.NEEDS_RESPONSE)

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="disputes", verbose_name=_("payment")
    )
    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("id at the card network"), max_length=120)
    charge_id = models.CharField(_("charge at the card network"), max_length=120)
    intent_id = models.CharField(_("payment at the card network"), max_length=120, blank=True)
    state = models.CharField(_("state"), max_length=30, choices=State)
    reason = models.CharField(_("reason"), max_length=60)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField(_("amount"))
    fee_minor = models.BigIntegerField(_("fee"), default=0)
    money_minor = models.BigIntegerField(_("held back"), default=0)
    is_refundable = models.BooleanField(_("the charge can be refunded"), default=False)
    evidence_due_at = models.DateTimeField(_("answer by"), null=True, blank=True)
    evidence = models.JSONField(_("what was answered"), default=dict, blank=True)
    submitted_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    created_at = models.DateTimeField(_("contested at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="dispute_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("warning_needs_response", "warning_under_review", "needs_response", "under_review"),
                    ],
                    closed_at=None,
                )
                | Q(state__in=["warning_closed", "won", "lost", "prevented"], closed_at__isnull=False),
                name="dispute_state",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dispute_positive"),
        ]
        indexes = [
            models.Index(
                fields=["evidence_due_at"],
                condition=Q(
                    state__in=["warning_needs_response", "warning_under_review", "needs_response", "under_review"]
                ),
                name="dispute_open",
            )
        ]

    def __str__(self) -> str:
        return self.provider_id

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def is_inquiry(self) -> bool:
        return self.state.startswith("warning")

    @property
    def is_answerable(self) -> bool:
        return self.state in self.ANSWERABLE


class NetworkTransaction(models.Model):
    """A movement of our balance at the card network, as it reports it. Never changed but for what it belongs to.

    `kind` is what it is to us; `type` and `category` are the card network's words. `matched` ones belong to one of our
    documents, `booked` ones somebody gave an account and a reason, `offset` ones took money and gave it back without a
    sale. An `open` one has a case. `part_of` is the payout that it was paid out with; of a transaction of kind payout,
    `payout` is the one that it moved.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", _("Charge")
        REFUND = "refund", _("Refund")
        DISPUTE = "dispute", _("Dispute")
        PAYOUT = "payout", _("Payout")
        FEE = "fee", _("Fee")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        MATCHED = "matched", _("Matched")
        BOOKED = "booked", _("Booked by hand")
        OFFSET = "offset", _("Taken and given back")
        OPEN = "open", _("Open")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    provider = models.CharField(_("provider"), max_length=20)
    provider_id = models.CharField(_("id at the card network"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State)
    type = models.CharField(_("type"), max_length=60)
    category = models.CharField(_("reporting category"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    gross_minor = models.BigIntegerField(_("gross"))
    fee_minor = models.BigIntegerField(_("fee"))
    net_minor = models.BigIntegerField(_("net"))
    source_id = models.CharField(_("because of"), max_length=120, blank=True)
    intent_id = models.CharField(_("payment at the card network"), max_length=120, blank=True)
    description = models.CharField(_("description"), max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True, help_text=_("The card, and what was sent along."))
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="transactions")
    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="transactions")
    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, null=True, blank=True, related_name="transactions")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="movements")
    part_of = models.ForeignKey(
        Payout, on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("paid out with")
    )
    account = models.CharField(_("booked on"), max_length=40, blank=True)
    note = models.CharField(_("reason"), max_length=300, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_by = models.CharField(_("reported by"), max_length=10, choices=ReportedBy)
    available_at = models.DateTimeField(_("available at"))
    created_at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        verbose_name = _("transaction of the card network")
        verbose_name_plural = _("transactions of the card network")
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="network_transaction_once"),
            models.CheckConstraint(
                condition=Q(net_minor=F("gross_minor") - F("fee_minor")), name="network_transaction_net"
            ),
            models.CheckConstraint(
                condition=Q(state="matched", kind="fee")
                | Q(state="matched", kind__in=["charge", "refund"], payment__isnull=False)
                | Q(state="matched", kind="dispute", dispute__isnull=False)
                | Q(state="matched", kind="payout", payout__isnull=False)
                | (Q(state="booked") & ~Q(account="") & ~Q(note=""))
                | Q(state="offset")
                | Q(state="open"),
                name="network_transaction_state",
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at"], name="network_transaction_by_time"),
            models.Index(fields=["source_id"], name="network_transaction_source"),
            models.Index(fields=["intent_id"], name="network_transaction_intent"),
            models.Index(fields=["recorded_at"], condition=Q(state="open"), name="network_transaction_open"),
            models.Index(fields=["available_at"], condition=Q(part_of=None), name="network_transaction_unpaid"),
        ]

    def __str__(self) -> str:
        return self.provider_id

    @property
    def gross(self) -> Money:
        return Money(self.gross_minor, self.currency)
