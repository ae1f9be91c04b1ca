"""The home page's number of orders by phone that wait to be paid."""

from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.company.permissions import may
from commerce.office.columns import grouped
from commerce.office.tiles import Part, Tile
from orders.models import Cart, PhoneOrder


def tiles(person: User, *, at: datetime) -> list[Part]:
    """One tile, for those who take orders by phone; down when a link ended before it was used."""
    if not may(person, "order.phone"):
        return []
    waiting = PhoneOrder.objects.filter(cart__state=Cart.State.OPEN)
    counts = waiting.aggregate(
        all=Count("pk"),
        begun=Count("pk", filter=Q(sent_at=None)),
        over=Count("pk", filter=Q(expires_at__lte=at)),
    )
    parts = {"begun": counts["begun"], "sent": counts["all"] - counts["begun"] - counts["over"], "over": counts["over"]}
    told = _("%(sent)s with a link that is good, %(over)s with one that is over, %(begun)s not sent yet.")
    return [
        Tile(
            label=_("Phone orders waiting"),
            figure=grouped(counts["all"]),
            sentence=told % parts if counts["all"] else _("Nobody who called has yet to pay."),
            change_is="down" if counts["over"] else "",
            href=reverse("admin:orders_phone"),
        )
    ]
