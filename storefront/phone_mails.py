"""The mail with the link by which a customer pays for what they ordered on the phone."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commerce.company import shop
from orders import codes, phone_orders


def send_payment_link(uid: UUID) -> None:
    """Send it. Should a server die after that, the same message goes out again under the same Message-ID, which mail
    programs show once; one that was sent anew has another."""
    order = phone_orders.by_uid(uid)
    if order.sent_at is None:
        return
    brand = shop.current()
    subject = _("Your order with %(shop)s") % {"shop": brand.name}
    context = {
        "subject": subject,
        "brand_name": brand.name,
        "shop": brand,
        "total": order.quoted_minor,
        "currency": order.cart.market.currency,
        "until": order.expires_at,
        "link": f"{settings.SITE_URL}{reverse('shop-phone-order', args=[codes.phone_token(order.uid)])}",
    }
    with timezone.override(ZoneInfo(order.cart.market.time_zone)):
        words = render_to_string("emails/payment_link.txt", context)
        page = render_to_string("emails/payment_link.html", context)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message_id = f"<payment-link.{int(order.sent_at.timestamp())}.{order.uid}@{host}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    reply_to = [brand.email] if brand.email else None
    mail = EmailMultiAlternatives(subject, words.strip() + "\n", to=[order.email], reply_to=reply_to, headers=headers)
    mail.attach_alternative(page, "text/html")
    mail.send()
