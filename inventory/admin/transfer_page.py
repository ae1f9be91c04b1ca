"""What the page of a transfer shows, and the next steps that the person who reads it may take."""

from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commerce.cases.models import Case
from commerce.catalog.units import FINEST, number_text
from commerce.company.models import User
from commerce.company.permissions import may
from inventory.actions.settle_missing import OUTCOMES
from inventory.admin import happenings
from inventory.models import Transfer
from inventory.transfers import lines_of
from inventory.transit import CASE

Button = dict[str, Any]


def context_of(transfer: Transfer, person: User) -> dict[str, Any]:
    lines = lines_of(transfer)
    sums = {
        name: sum(getattr(line, name) * FINEST // line.variant.unit_scale for line in lines)
        for name in ("requested", "shipped", "received", "returned", "written_off", "on_the_way")
    }  # in thousandths of a unit: pieces and meters add up in these
    done = sums["shipped"] - sums["on_the_way"]
    texts = {name: number_text(thousandths, FINEST) for name, thousandths in {**sums, "done": done}.items()}
    case = Case.objects.filter(kind=CASE, subject=transfer.number, status=Case.Status.OPEN).first()
    return {
        "transfer": transfer,
        "heading": transfer.number,
        "lines": lines,
        "approved": {line.pk: line.reservation.quantity for line in lines if line.reservation},
        "sums": sums,
        "texts": texts,
        "done": done,
        "missing": -(-sums["on_the_way"] // FINEST),
        "was_shipped": transfer.state in ("shipped", "received"),
        "case": case,
        "buttons": buttons_of(transfer, person, is_short=case is not None),
        "outcomes": _outcomes(transfer, person) if case else [],
        "happened": happenings.of_document(transfer.uid),
    }


def buttons_of(transfer: Transfer, person: User, *, is_short: bool) -> list[Button]:
    """The next steps, the likeliest first."""
    at_source, at_destination = transfer.source, transfer.destination
    either = may(person, "transfer.request", at_source) or may(person, "transfer.request", at_destination)
    offered: dict[str, list[tuple[str, Any, str, bool]]] = {
        "requested": [
            ("approve", _("Approve"), "check", may(person, "transfer.approve", at_source)),
            ("lines", _("Change"), "pencil", either),
            ("cancellation", _("Cancel"), "x", either),
        ],
        "approved": [
            ("ship", _("Ship"), "truck", may(person, "transfer.ship", at_source)),
            ("cancellation", _("Cancel"), "x", either),
        ],
        "shipped": [
            ("receive", _("Receive"), "package-check", may(person, "transfer.receive", at_destination)),
            ("missing", _("Units are missing"), "triangle-alert",
             not is_short and may(person, "transfer.receive", at_destination)),
        ],
    }  # fmt: skip
    return [
        {"label": label, "icon": icon, "href": reverse(f"admin:inventory_transfer_{name}", args=[transfer.pk])}
        for name, label, icon, is_allowed in offered.get(transfer.state, [])
        if is_allowed
    ]


def _outcomes(transfer: Transfer, person: User) -> list[Button]:
    if not may(person, "transfer.settle", transfer.destination):
        return []
    return [
        {"label": label, "href": reverse("admin:inventory_transfer_settle", args=[transfer.pk, outcome])}
        for outcome, (label, _book) in OUTCOMES.items()
    ]


def free_at_source(transfer: Transfer) -> dict[int, int]:
    """What the sender could set aside now, by variant."""
    free = F("on_hand") - F("reserved") - F("safety")
    levels = transfer.source.stock_levels.filter(variant__in=transfer.lines.values("variant"))
    return dict(levels.annotate(free=free).values_list("variant_id", "free"))
