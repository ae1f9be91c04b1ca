"""The screen at the shelf: one field that is always ready, what was scanned last, and what is left to count.

Leads reach it from the back office, everybody else from the till; what the two differ in is a `Screen`.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.catalog.units import text_of, typed
from commerce.company.models import User
from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from commerce.office.columns import name_of
from inventory import counts, tallies
from inventory.actions.count_item import Counted, count_item
from inventory.models import CountLine, CountScan, StockCount, StockLevel

LATEST = 12
LEFT = 30
NUMBER = 20  # characters of a typed quantity


@dataclass(frozen=True, slots=True)
class Screen:
    """Who counts, and the addresses of the screen they have. `finish` is empty for whoever may not end a count; with
    `is_blind` nobody is told what the books say, however the count was started."""

    person: User
    scan: str
    progress: str
    back: str
    back_label: Any
    finish: str = ""
    is_blind: bool = False


def answer(request: HttpRequest, count: StockCount, screen: Screen) -> HttpResponse:
    """The screen; on POST the scan first. A script asks for the part that changes alone."""
    told: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        told, status = _take(request, count, screen)
    context = {"count": count, "screen": screen, "told": told, "uid": new_uid(), **_standing(count)}
    if request.headers.get("HX-Request"):
        return TemplateResponse(request, "office/_count_scans.html", context, status=status)
    return TemplateResponse(request, "office/count_scan.html", context, status=status)


def progress(request: HttpRequest, count: StockCount, screen: Screen) -> HttpResponse:
    """How far everybody together is; asked for now and then."""
    context = {"screen": screen, "progress": tallies.progress_of([count.pk])[count.pk]}
    return TemplateResponse(request, "office/_count_progress.html", context)


def _take(request: HttpRequest, count: StockCount, screen: Screen) -> tuple[dict[str, Any], int]:
    """Count what was sent; what to tell whoever scanned, and the answer's status."""
    code = request.POST.get("code", "").strip()
    told: dict[str, Any] = {"code": code, "tone": "unknown"}
    uid, quantity = _uid(request.POST.get("uid", "")), request.POST.get("quantity", "")[:NUMBER]
    if uid is None:
        return {**told, "says": _("This scan came without its number. Open the page again.")}, 422
    try:
        counted = count_item(count.pk, uid=uid, code=code, quantity=quantity, person=screen.person, at=now())
    except DomainError as error:
        return {**told, "says": str(error)}, error.status
    return _said(count, counted, screen), 200


def _said(count: StockCount, counted: Counted, screen: Screen) -> dict[str, Any]:
    line = CountLine.objects.get(count=count, variant=counted.variant)
    total = line.scans.filter(round=line.round).aggregate(total=Sum("quantity"))["total"] or 0
    level = StockLevel.objects.filter(variant=counted.variant, location=count.location_id).first()
    says = not (count.is_blind or screen.is_blind)
    return {
        "tone": "added" if counted.is_new else "warning",
        "is_new": counted.is_new,
        "variant": counted.variant,
        "code": counted.variant.sku,
        "quantity": signed(counted.quantity, counted.variant),
        "total": text_of(total, counted.variant),
        "on_hand": text_of(level.on_hand, counted.variant) if level and says else None,
        "uid": new_uid(),
    }


def _standing(count: StockCount) -> dict[str, Any]:
    left = _left(count)
    scans = CountScan.objects.filter(line__count=count).select_related("line__variant__product", "counted_by")
    latest = list(scans.order_by("-pk")[:LATEST])
    undone = {uid_of_undo(scan): scan for scan in latest}
    taken_back = set(CountScan.objects.filter(uid__in=undone).values_list("uid", flat=True))
    done = tallies.progress_of([count.pk])[count.pk]
    return {
        "progress": done,
        "is_open": count.state == counts.State.OPEN,
        "is_recount": counts.latest_round(count) > 1,
        "left": left[:LEFT],
        "more_left": max(done.lines - done.counted - LEFT, 0),
        "latest": [
            {
                "scan": scan,
                "quantity": signed(scan.quantity, scan.line.variant),
                "back": "-" + typed(scan.quantity, scan.line.variant.unit_scale),
                "by": name_of(scan.counted_by),
                "undo": uid_of_undo(scan),
                "can_undo": scan.quantity > 0 and uid_of_undo(scan) not in taken_back,
                "is_undone": uid_of_undo(scan) in taken_back,
            }
            for scan in latest
        ],
    }


def signed(quantity: int, variant: Variant) -> str:
    """With its sign: "+12", "−1", "+0.35 m"."""
    return ("+" if quantity >= 0 else "\N{MINUS SIGN}") + text_of(abs(quantity), variant)


def uid_of_undo(scan: CountScan) -> UUID:
    """The scan that takes one back: always the same, so that it is taken back once, whoever presses."""
    return uuid5(scan.uid, "undo")


def _left(count: StockCount) -> "QuerySet[CountLine]":
    """The lines that nobody has counted in their round."""
    scanned = CountScan.objects.filter(line=OuterRef("pk"), round=OuterRef("round"))
    lines = CountLine.objects.filter(~Exists(scanned), count=count)
    return lines.select_related("variant__product").order_by("-round", "pk")


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
