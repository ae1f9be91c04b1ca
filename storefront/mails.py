"""What shoppers are written: one message per occasion and order, in words and, for those who like it, in pictures.

A message that was sent stands in the order's history, which is how it is known that it was sent. Should a server die
between the two, the same message goes out again under the same Message-ID, which mail programs show once.
"""

import io
from datetime import datetime
from email.mime.image import MIMEImage
from typing import Any
from uuid import UUID

import qrcode
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce.company import shop
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from orders import bills, codes, gift_card_words, queries, returnable, timeline
from orders.models import Fulfillment, Order, Refund, ReturnLine
from orders.tenders import registry as tenders
from storefront import checkout, tracking


@in_transaction
def confirm_order(uid: UUID, *, at: datetime) -> bool:
    """Send the confirmation of a web order; whether it was sent now."""
    order = _order_to_write(uid, "order_confirmation")
    if order is None:
        return False
    subject = _("Your order %(number)s at %(shop)s") % {"number": order.number, "shop": shop.current().name}
    _send(order, "order_confirmation", subject, list(order.fulfillments.all()), at=at)
    return True


@in_transaction
def announce_ready(uid: UUID, *, at: datetime) -> int:
    """Tell the shopper of an order which of its pickups have become ready; how many messages went out."""
    order = queries.by_uid(uid)
    sent = 0
    for part in order.fulfillments.all() if order else ():
        if part.type == "pickup" and part.state == Fulfillment.State.READY:
            name = f"ready_for_pickup {part.uid}"
            to_write = _order_to_write(uid, name)
            if to_write is not None:
                subject = _("Ready for you at %(store)s") % {"store": part.location.name}
                _send(to_write, name, subject, [part], at=at)
                sent += 1
    return sent


@in_transaction
def announce_money_back(uid: UUID, document: UUID, *, at: datetime) -> bool:
    """Tell the shopper what goes back to them for a return or as an allowance (`document`), and by what; whether the
    message was sent now."""
    order = _order_to_write(uid, f"money_back {document}")
    if order is None:
        return False
    of_it = Q(return_record__uid=document) | Q(allowance__uid=document)
    back = list(Refund.objects.filter(of_it, order=order).select_related("payment").order_by("pk"))
    if not back:
        return False
    total = Money(sum(refund.amount_minor for refund in back), order.currency)
    subject = _("%(amount)s are on their way back to you") % {"amount": total.format()}
    more = {
        "total_back": total.format(),
        "back": [(refund.amount.format(), _way_back(refund)) for refund in back],
        "goods_back": ReturnLine.objects.filter(return_record__uid=document).select_related("order_line"),
        "reason": back[0].reason if back[0].allowance_id else "",
    }
    _send(order, f"money_back {document}", subject, [], at=at, more=more)
    return True


@in_transaction
def announce_cancellation(uid: UUID, *, at: datetime) -> bool:
    """Tell the shopper what of their order was canceled, and what becomes of its money; whether it was sent now."""
    order = _order_to_write(uid, "canceled")
    if order is None or not order.canceled_minor:
        return False
    made = order.cancellation
    lines = {line.pk: line for line in order.lines.all()}
    subject = _("Canceled: your order %(number)s at %(shop)s") % {"number": order.number, "shop": shop.current().name}
    more = {
        "canceled": made,
        "is_whole": order.state == Order.State.CANCELED,
        "goods_off": [(row["quantity"], lines[row["line"]]) for row in made.lines],
        "back": [
            (refund.amount.format(), _way_back(refund))
            for refund in made.refunds.exclude(state="failed").select_related("payment").order_by("pk")
        ],
    }
    _send(order, "canceled", subject, [], at=at, more=more)
    return True


@in_transaction
def announce_goods_gone(uid: UUID, *, at: datetime) -> bool:
    """Tell somebody who paid that the goods were sold meanwhile, and that nothing is kept of their money; whether it
    was sent now."""
    order = queries.by_uid(uid)
    if order is None or not order.email or _was_sent(order, "goods_gone"):
        return False
    paid = [row for row in order.payments.all() if row.details.get("refund_due")]
    more = {"is_taken": any(row.captured_minor for row in paid)}
    subject = _("Sold out while you paid: your order at %(shop)s") % {"shop": shop.current().name}
    _send(order, "goods_gone", subject, [], at=at, more=more)
    return True


def _was_sent(order: Order, name: str) -> bool:
    return order.timeline.filter(kind="emailed", data__name=name).exists()


def _way_back(refund: Refund) -> str:
    """Where money goes, as the shopper knows it: "Visa ending in 4242", "Store credit"."""
    if refund.tender == refund.payment.tender:
        return returnable.label_of(refund.payment)
    return str(tenders()[refund.tender].label)


def _order_to_write(uid: UUID, name: str) -> Order | None:
    """The order, unless it was sold at a till, has no address to write to, or was written to already."""
    order = queries.by_uid(uid)
    if order is None or order.channel == Order.Channel.POS or not order.email or not order.number:
        return None
    return None if _was_sent(order, name) else order


@in_transaction
def _send(
    order: Order, name: str, subject: str, parts: list[Fulfillment], *, at: datetime, more: dict[str, Any] | None = None
) -> None:
    template = name.partition(" ")[0]
    with timezone.override(checkout.zone_of(order)):
        context = {**_context(order, parts, at), **(more or {})}
        words = render_to_string(f"emails/{template}.txt", {**context, "subject": subject})
        page = render_to_string(f"emails/{template}.html", {**context, "subject": subject})
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    number = name.replace("_", "-").replace(" ", ".")
    headers = {"Message-ID": f"<{number}.{order.uid}@{host}>", "Auto-Submitted": "auto-generated"}
    reply_to = [shop.current().email] if shop.current().email else None
    mail = EmailMultiAlternatives(subject, words.strip() + "\n", to=[order.email], reply_to=reply_to, headers=headers)
    mail.attach_alternative(page, "text/html")
    for part in context["parts"]:
        if part["code"]:
            mail.attach(_picture(part["code"], f"qr-{part['fulfillment'].pk}"))
    mail.send()
    timeline.add(order, "emailed", at=at, email=order.email, mail=subject, name=name)


def _context(order: Order, parts: list[Fulfillment], at: datetime) -> dict[str, Any]:
    ships = any(part.type == "ship" for part in order.fulfillments.all())
    bill = bills.of_order(order, ships=ships)
    path = reverse("shop-order", args=[codes.link_token(order.uid)])
    return {
        "brand_name": shop.current().name,
        "shop": shop.current(),
        "order": order,
        "lines": [(line, gift_card_words.sentence(line)) for line in order.lines.all()],
        "payments": _paid_by(order),
        "parts": [tracking.part(part, at) for part in parts],
        "rows": [row[:2] for row in bill.rows()],
        "save": bill.save_minor,
        "note": checkout.tax_note(order.taxes, order.currency, included=order.prices_include_tax),
        "link": f"{settings.SITE_URL}{path}",
    }


def _paid_by(order: Order) -> list[tuple[str, str]]:
    """By what an order was paid, where that was more than a bank card: "Gift card ending in 7KQ2", the amount."""
    paid = [row for row in order.payments.all() if row.state in ("captured", "authorized")]
    if {row.tender for row in paid} <= {"card_online"}:
        return []
    return [(returnable.label_of(row), row.amount.format()) for row in paid]


def _picture(code: str, name: str) -> MIMEImage:
    """The pickup code as a picture inside the message."""
    out = io.BytesIO()
    qrcode.make(code, box_size=6, border=3).save(out)
    picture = MIMEImage(out.getvalue(), "png")
    picture.add_header("Content-ID", f"<{name}>")
    picture.add_header("Content-Disposition", "inline", filename="pickup-code.png")
    return picture
