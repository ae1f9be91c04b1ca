"""What the page of one order shows: summary and next actions, lines, money, goods, history. A query per kind of row."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commerce.kernel.money import Money, minor_digits
from commerce.ledger.models import JournalEntry
from commerce.office import access
from commerce.office.base import person_of
from commerce.office.columns import name_of
from commerce.pricing import currencies
from orders import bills, fees, fulfillment_types, gift_card_words, tenders, timeline
from orders.admin import chips, gift_card_form, given_back_page
from orders.admin.ledger_entries import entries_of
from orders.models import (
    Dispute,
    Fulfillment,
    NetworkTransaction,
    Order,
    OrderLine,
    Payment,
    PaymentAttempt,
    TimelineEntry,
)

ICONS = {
    "checkout_started": "clock", "checkout_abandoned": "circle-x", "placed": "shopping-bag", "sold": "receipt",
    "authorized": "credit-card", "released": "undo-2", "paid": "credit-card", "payment_failed": "circle-alert",
    "refunded": "undo-2", "refund_started": "undo-2",
    "refund_failed": "circle-alert", "returned": "package-open", "allowance": "undo-2", "ready": "package-check",
    "canceled": "circle-x", "rest_canceled": "circle-x",
    "handed_over": "hand", "shipped": "truck", "goods_gone": "package-x",
    "gift_card_sent": "gift",
    "serials_changed": "pencil", "serial_settled": "pencil",
    "dispute_opened": "gavel", "inquiry_opened": "circle-help", "evidence_sent": "file-text",
    "dispute_answered": "landmark", "dispute_won": "circle-check", "dispute_lost": "circle-x",
    "inquiry_closed": "circle-check",
}  # fmt: skip
TONES = {
    "dispute_opened": "danger", "dispute_lost": "danger", "dispute_won": "positive",
    "paid": "positive", "handed_over": "positive", "shipped": "positive",
    "canceled": "danger", "rest_canceled": "danger",
    "payment_failed": "danger", "refund_failed": "danger", "goods_gone": "danger",
}  # fmt: skip


def context_of(order: Order, request: HttpRequest) -> dict[str, Any]:
    """The template's context, by the rights of the person who asks."""
    person = person_of(request)
    lines = list(order.lines.select_related("variant", "gift_card"))
    payments = list(order.payments.order_by("pk"))
    disputed = [(row, chips.dispute(row)) for row in Dispute.objects.filter(payment__order=order).order_by("pk")]
    found = order.fulfillments.select_related("location").prefetch_related("lines__order_line").order_by("pk")
    back = given_back_page.context_of(order, lines, person)
    return {
        "order": order,
        "chips": [chips.channel(order), chips.state(order), chips.paid(order), chips.fulfilled(order)],
        "lines": [(line, _correction(order, line, person), _card(order, line, person)) for line in lines],
        "totals": _totals(order, lines),
        "exchange": _exchange(order),
        "taxed_by": _taxed_by(order),
        "certificate": order.tax_certificate,
        "payments": [_payment(row) for row in payments],
        "disputes": disputed,
        "fulfillments": [_fulfillment(row, person) for row in found],
        "given_back": back,
        "entries": _postings(order, payments, back["documents"]) if access.may_view(person, JournalEntry) else None,
        "happened": [_happened(entry) for entry in order.timeline.select_related("actor").order_by("-id")],
        "log": LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(Order), object_id=str(order.pk)
        ).select_related("user"),
        "may_see_variants": access.may_view(person, type(lines[0].variant)) if lines else False,
        "sale": getattr(order, "sale", None),
    }


def _correction(order: Order, line: OrderLine, person: Any) -> str:
    """The address of the page that puts a line's serial numbers right; "" where none have left, or for others."""
    if not line.fulfilled or not (line.variant.tracks_serials or line.serials):
        return ""
    return reverse("admin:orders_order_serials", args=[order.pk, line.pk]) if person.has_perm("serial.override") else ""


def _card(order: Order, line: OrderLine, person: Any) -> dict[str, Any]:
    """Which gift card a line is, where it went, and the address of the page that sends it again; {} for goods."""
    delivery = gift_card_words.delivery_of(line)
    if line.gift_card is None:
        return {}
    again = gift_card_form.may_send(delivery, person)
    return {
        "row": line.gift_card,
        "fate": gift_card_words.fate(delivery) if delivery else "",
        "again": reverse("admin:orders_order_gift_card", args=[order.pk, line.pk]) if again else "",
    }


def _totals(order: Order, lines: list[OrderLine]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = [(_("Goods"), order.subtotal_minor)]
    bill = bills.of_order(order, ships=bool(order.shipping_minor), lines=lines)
    off: dict[str, int] = {}
    for taken in [one for line in lines for one in bills.of_line(bills.discounts_of(line))] + bill.reductions:
        off[taken.words] = off.get(taken.words, 0) + taken.amount_minor
    rows += [(words, -amount, "discount") for words, amount in off.items()]
    if bill.shipping_minor is not None:
        rows.append((_("Shipping"), bill.shipping_minor or _("Free")))
    if bill.exempt_minor:
        rows.append((_("Tax exemption"), -bill.exempt_minor, "discount"))
    rows += [(fee.words(order.currency), fee.amount_minor) for fee in fees.of_order(order)]
    for tax in order.taxes:
        included = _("of which %(name)s") if order.prices_include_tax else "%(name)s"
        rows.append((f"{included % tax} {tax['rate_ppm'] / 10_000:g} %", tax["amount"]))
    if order.rounding_minor:
        rows.append((_("Cash rounding"), order.rounding_minor))
    return rows


def _exchange(order: Order) -> str:
    """What the order is worth in the shop's own currency, at the rate of its day."""
    if order.exchange_rate is None:
        return ""
    own = currencies.own()
    total = (Decimal(order.total_minor).scaleb(-minor_digits(order.currency)) * order.exchange_rate).normalize()
    worth = Money.from_decimal(total.quantize(Decimal(1).scaleb(-minor_digits(own)), ROUND_HALF_UP), own)
    return _("Worth %(worth)s in %(own)s: 1 %(currency)s was %(rate)s %(own)s that day.") % {
        "worth": worth.format(),
        "own": own,
        "currency": order.currency,
        "rate": f"{order.exchange_rate.normalize():f}",
    }


def _taxed_by(order: Order) -> str:
    """A word on taxes that did not come from whom they should have come from."""
    if not order.tax_fallback:
        return ""
    return _("Taxed by the table: the tax provider did not answer when this was checked out. Look at the taxes.")


def _payment(row: Payment) -> dict[str, Any]:
    tender = tenders.registry().get(row.tender)
    card = " ".join(str(row.details[key]) for key in ("brand", "last4") if row.details.get(key))
    return {
        "row": row,
        "tender": tender.label if tender else row.tender,
        "card": card,
        "chip": chips.payment(row),
        "tries": _tries(row),
        "parts": _parts(row),
    }


def _tries(row: Payment) -> list[str]:
    """The tries to charge it, where there was more than the one that went well at once."""
    tries = list(row.attempts.all()) if row.attempt else []
    if len(tries) == 1 and tries[0].state == PaymentAttempt.State.SUCCEEDED:
        return []
    return [
        f"{tried.number}. {tried.get_state_display()}{f': {tried.failure_text}' if tried.failure_text else ''}"
        for tried in tries
    ]


def _parts(row: Payment) -> list[str]:
    """What was taken of an authorization, part by part, and until when the rest is held."""
    if not row.is_manual:
        return []
    parts = [f"{Money(part.amount_minor, part.currency)} {part.get_state_display()}" for part in row.captures.all()]
    if row.capturable_minor and row.capture_before:
        rest = Money(row.capturable_minor, row.currency)
        parts.append(_("%(rest)s held until %(day)s") % {"rest": rest, "day": date_format(row.capture_before)})
    return parts


def _fulfillment(row: Fulfillment, person: Any) -> dict[str, Any]:
    kind = fulfillment_types.registry().get(row.type)
    return {
        "row": row,
        "type": kind.label if kind else row.type,
        "chip": chips.fulfillment(row),
        "actions": next_actions(row, person),
    }


def next_actions(row: Fulfillment, person: Any) -> list[tuple[Any, str, str]]:
    """(label, icon, address) of what this person can do for a fulfillment now; the first is the one to take."""
    places = access.bound_to(person)
    if places and row.location_id not in places:
        return []
    offered = []
    if row.type == "ship" and row.state in ("pending", "ready"):
        offered = [(_("Ship"), "truck", "ship_page", "order.ship")]
    elif row.state == "pending":
        offered = [(_("Mark ready"), "package-check", "ready_page", "pickup.prepare")]
    if row.type != "ship" and row.state in ("pending", "ready"):
        offered.append((_("Hand over"), "hand", "hand_over_page", "pickup.hand_over"))
    return [
        (label, icon, reverse(f"admin:orders_fulfillment_{page}", args=[row.pk]))
        for label, icon, page, permission in offered
        if person.has_perm(permission)
    ]


def _postings(order: Order, payments: list[Payment], given_back: list[UUID]) -> list[tuple[Any, JournalEntry]]:
    taken = [part.uid for row in payments if row.is_manual for part in row.captures.all()]
    sources = [order.uid, *(row.uid for row in payments), *taken, *given_back]
    reported = NetworkTransaction.objects.filter(payment__in=payments).values_list("uid")
    contested = Dispute.objects.filter(payment__in=payments).values_list("uid")
    sources += [uid for (uid,) in reported.union(contested)]
    return entries_of(*sources)


def _happened(entry: TimelineEntry) -> dict[str, Any]:
    return {
        "title": timeline.words(entry),
        "at": entry.created_at,
        "by": name_of(entry.actor) if entry.actor else "",
        "icon": ICONS.get(entry.kind, "circle-dot"),
        "tone": TONES.get(entry.kind, ""),
    }
