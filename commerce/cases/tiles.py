from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.cases.models import Case
from commerce.company.models import User
from commerce.office import access
from commerce.office.columns import list_address
from commerce.office.tiles import Part, Tile


def tiles(person: User, *, at: datetime) -> list[Part]:
    """Open cases, and how many of them are late."""
    if not access.may_view(person, Case):
        return []
    places = access.bound_to(person)
    rows = Case.objects.filter(status=Case.Status.OPEN, **({"location__in": places} if places else {}))
    counts = rows.aggregate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lte=at)))
    late = counts["overdue"]
    sentence = ngettext("%(n)s is overdue.", "%(n)s are overdue.", late) % {"n": late}
    return [
        Tile(
            label=_("Open cases"),
            figure=counts["open"],
            sentence=sentence if late else _("None is overdue."),
            change=_("%(n)s late") % {"n": late} if late else "",
            change_is="down" if late else "",
            href=list_address(Case, **({"due": "overdue"} if late else {"status__exact": "open"})),
        )
    ]
