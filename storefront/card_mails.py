"""The mail with the link to a customer's saved cards."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.company import shop
from customers.models import Customer
from orders import codes


def send_cards_link(uid: UUID, *, asked: str) -> None:
    """Send it; `asked` is when it was asked for. Should a server die after that, the same message goes out again under
    the same Message-ID, which mail programs show once."""
    customer = Customer.objects.get(uid=uid)
    brand = shop.current()
    subject = _("Your saved cards at %(shop)s") % {"shop": brand.name}
    context = {
        "subject": subject,
        "brand_name": brand.name,
        "shop": brand,
        "days": codes.CARDS_SECONDS // 86_400,
        "link": f"{settings.SITE_URL}{reverse('shop-cards', args=[codes.cards_token(customer.uid)])}",
    }
    words, page = (render_to_string(f"emails/cards_link.{kind}", context) for kind in ("txt", "html"))
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    number = "".join(sign for sign in asked if sign.isdigit())
    headers = {"Message-ID": f"<cards.{number}.{customer.uid}@{host}>", "Auto-Submitted": "auto-generated"}
    reply_to = [brand.email] if brand.email else None
    mail = EmailMultiAlternatives(
        subject, words.strip() + "\n", to=[customer.email], reply_to=reply_to, headers=headers
    )
    mail.attach_alternative(page, "text/html")
    mail.send()
