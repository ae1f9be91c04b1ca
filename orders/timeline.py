"""What happened to an order: the only writer of its history, and the words for it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from orders.models import Order, TimelineEntry
from orders.tenders import registry as tenders

WORDS: dict[str, Any] = {
    "checkout_abandoned": _("Checkout given up; the items are free again."),
    "placed": _("Order placed as %(number)s."),
    "sold": _("Sold at the till, receipt %(receipt)s."),
    "authorized": _("%(amount)s authorized: %(tender)s. It is taken when the goods leave."),
    "released": _("The authorization was let go."),
    "paid": _("%(amount)s paid: %(tender)s."),
    "payment_failed": _("Payment failed: %(reason)s"),
    "refunded": _("%(amount)s refunded: %(reason)s"),
    "refund_started": _("%(amount)s is on its way back: %(reason)s"),
    "refund_failed": _("%(amount)s could not be given back: %(reason)s"),
    "returned": _("Goods came back at %(location)s, return %(number)s: %(amount)s."),
    "allowance": _("%(amount)s given back as an allowance: %(reason)s"),
    "canceled": _("Canceled: %(amount)s. %(reason)s"),
    "rest_canceled": _("What had not left was canceled: %(amount)s. %(reason)s"),
    "ready": _("Ready for pickup at %(location)s."),
    "handed_over": _("Handed over at %(location)s."),
    "shipped": _("Shipped from %(location)s: %(carrier)s %(tracking)s"),
    "emailed": _("Mail to %(email)s: %(mail)s."),
    "gift_card_sent": _("Gift card %(card)s, %(amount)s, sent to %(email)s."),
    "resourced": _("%(skus)s: sent from %(location)s instead of %(instead_of)s."),
    "serials_changed": _("Serial numbers of %(sku)s corrected: %(before)s → %(after)s."),
    "serial_settled": _("%(sku)s %(serial)s counts as sold with this order now: another one had it by mistake."),
    "goods_gone": _("Paid, but the goods were gone by then."),
    "dispute_opened": _("The cardholder disputes %(amount)s (%(reason)s); the card network holds the money back."),
    "inquiry_opened": _("The cardholder's bank asks about %(amount)s (%(reason)s). No money was taken."),
    "evidence_sent": _("Evidence sent to the bank about %(amount)s."),
    "dispute_answered": _("The bank looks at the answer to the dispute over %(amount)s."),
    "dispute_won": _("Dispute won: %(amount)s comes back."),
    "dispute_lost": _("Dispute lost: %(amount)s is gone."),
    "inquiry_closed": _("The bank has no more questions about %(amount)s."),
}


@in_transaction
def add(order: Order, kind: str, *, at: datetime, actor: User | None = None, **data: Any) -> None:
    """Append one entry; `data` fills the words of its kind."""
    add_many(order, [(kind, data)], at=at, actor=actor)


@in_transaction
def add_many(
    order: Order, entries: list[tuple[str, dict[str, Any]]], *, at: datetime, actor: User | None = None
) -> None:
    """Append entries (kind, data) in one statement."""
    TimelineEntry.objects.bulk_create(
        TimelineEntry(order=order, kind=kind, data=data, actor=actor, created_at=at) for kind, data in entries
    )


def words(entry: TimelineEntry) -> str:
    """The entry as a sentence."""
    data = dict(entry.data)
    if "amount" in data:
        data["amount"] = Money.from_json(data["amount"]).format()
    if "tender" in data:
        data["tender"] = tenders()[data["tender"]].label
    return str(WORDS.get(entry.kind, entry.kind)) % data
