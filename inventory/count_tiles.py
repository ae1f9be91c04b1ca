"""The home page's words on stock counts: what waits for review, and how true the books are."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.company.models import User
from commerce.kernel.templatetags.ui import plain_money
from commerce.office import access
from commerce.office.columns import grouped, list_address
from commerce.office.tiles import Panel, Part, Tile
from inventory import accuracy
from inventory.costs import company_currency
from inventory.models import StockCount


def tiles(person: User, *, at: datetime) -> list[Part]:
    """Counts to review and open; the accuracy by store, once something was counted."""
    if not access.may_view(person, StockCount):
        return []
    places = access.bound_to(person)
    counts = StockCount.objects.filter(state__in=["open", "review"])
    counts = counts.filter(location__in=places) if places else counts
    found = counts.aggregate(review=Count("pk", filter=Q(state="review")), open=Count("pk", filter=Q(state="open")))
    review, still_open = found["review"], found["open"]
    waiting = Tile(
        label=_("Counts to review"),
        figure=grouped(review),
        sentence=ngettext("%(n)s count is being made now.", "%(n)s counts are being made now.", still_open)
        % {"n": still_open}
        if still_open
        else _("Nobody is counting now."),
        href=list_address(StockCount, state__exact="review"),
    )
    by_store = accuracy.by_location(places, at=at)
    if not by_store:
        return [waiting]
    currency = company_currency() or "USD"
    panel = Panel(
        title=_("Count accuracy"),
        sentence=_("Of the lines that were counted in %(days)s days, how many fitted.") % {"days": accuracy.DAYS},
        columns=[(_("Store"), ""), (_("Lines"), "figure"), (_("Fitted"), "figure"), (_("Off by"), "figure")],
        rows=[
            (
                list_address(StockCount, location__id__exact=row.location, state__exact="approved"),
                (row.name, grouped(row.lines), f"{row.percent:.1f} %", plain_money(row.value_minor, currency)),
            )
            for row in by_store
        ],
        empty="",
    )
    return [waiting, panel]
