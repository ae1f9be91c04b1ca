"""The mail with a gift card. Its number is worked out as the mail is written and stands nowhere else: what cannot be
sent is written anew later, from the card's uid.

Should a server die between the mail and its record, the same message goes out again under the same Message-ID.
"""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.company import shop
from commerce.kernel.db import in_transaction
from commerce.kernel.money import Money
from customers.models import GiftCard
from orders import gift_card_deliveries as deliveries
from orders.models import GiftCardDelivery


@in_transaction
def send(delivery: GiftCardDelivery, *, at: datetime) -> bool:
    """Write the mail of a delivery that the caller has claimed; whether there was one to write. Keep nothing of this
    when it fails: a number that reached nobody counts as never shown."""
    found = deliveries.number_of(delivery, at=at)
    if found is None:
        deliveries.drop(delivery)
        return False
    _mail(delivery, *found).send()
    deliveries.mark_sent(delivery, at=at)
    return True


def _mail(delivery: GiftCardDelivery, card: GiftCard, number: str) -> EmailMultiAlternatives:
    brand = shop.current()
    amount = Money(card.balance_minor, card.currency).format()
    given_by = delivery.from_name or brand.name
    subject = _("%(name)s has a gift card for you: %(amount)s at %(shop)s") % {
        "name": given_by,
        "amount": amount,
        "shop": brand.name,
    }
    context = {
        "subject": subject,
        "brand_name": brand.name,
        "shop": brand,
        "delivery": delivery,
        "given_by": given_by,
        "amount": amount,
        "number": number,
        "card": card,
        "link": f"{settings.SITE_URL}/",
        "balance": f"{settings.SITE_URL}{reverse('shop-gift-card')}",
    }
    words, page = (render_to_string(f"emails/gift_card.{kind}", context) for kind in ("txt", "html"))
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message_id = f"<gift-card.{delivery.sends}.{delivery.uid}@{host}>"
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    reply_to = [brand.email] if brand.email else None
    subject = " ".join(subject.split())  # a name may hold anything, a header no line break
    mail = EmailMultiAlternatives(
        subject, words.strip() + "\n", to=[delivery.to_email], reply_to=reply_to, headers=headers
    )
    mail.attach_alternative(page, "text/html")
    return mail
