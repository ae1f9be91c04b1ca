"""What is told of a gift card that was bought: which one it is and where it went, never its number."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commerce.kernel.money import Money
from orders.models import GiftCardDelivery, OrderLine


def delivery_of(line: OrderLine) -> GiftCardDelivery | None:
    """How a line's card is mailed; None for goods, and for a card that a till has sold."""
    return GiftCardDelivery.objects.filter(line=line).first() if line.gift_card_id else None


def fate(delivery: GiftCardDelivery) -> str:
    """ "sent to ada@example.com", "goes to ada@example.com on Dec 24, 2026"."""
    words = {"email": delivery.to_email}
    if delivery.line.returned:
        return _("given back, not valid any more")
    if delivery.due_at is None and delivery.sent_at:
        return _("sent to %(email)s") % words
    if delivery.due_at is not None and delivery.send_on and not delivery.sends and not delivery.tries:
        return _("goes to %(email)s on %(day)s") % {**words, "day": date_format(delivery.send_on)}
    return _("on its way to %(email)s") % words if delivery.due_at is not None else _("for %(email)s") % words


def sentence(line: OrderLine) -> str:
    """ "Gift card ···· 1234, $50.00, sent to ada@example.com"; "" for what is no gift card that is mailed."""
    delivery = delivery_of(line)
    if delivery is None or line.gift_card is None:
        return ""
    delivery.line = line
    amount = Money(line.total_minor - line.tax_minor, line.gift_card.currency).format()
    words = {"card": line.gift_card, "amount": amount, "fate": fate(delivery)}
    return _("Gift card %(card)s, %(amount)s, %(fate)s") % words
