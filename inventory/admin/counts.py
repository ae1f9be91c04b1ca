"""Stock counts: the list, starting one, the review with its decisions, and the way to the screen at the shelf."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.templatetags.ui import plain_money
from commerce.office.asking import Confirmation, ask, find, remember
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import address, chip, figure, grouped, name_of, when
from inventory import tallies
from inventory.actions.approve_count import Approved, approve_count
from inventory.actions.cancel_count import cancel_count
from inventory.actions.count_as_none import count_as_none
from inventory.actions.finish_count import finish_count
from inventory.actions.recount_lines import recount_lines
from inventory.actions.start_count import start_count
from inventory.admin import count_rows, count_scanning, count_uploads
from inventory.admin.count_forms import ApproveForm, StartForm
from inventory.costs import company_currency
from inventory.models import CountLine, CountScan, StockCount

TONES = {"open": "warning", "review": "accent", "approved": "positive", "canceled": "open"}
PER_PAGE = 100


@admin.register(StockCount)
class StockCountAdmin(HistoryAdmin):
    location_path = "location"
    source_types = ("stock_count",)
    source_number = "number"
    list_display = ("number", "place", "scope", "progress", "state_chip", "since", "by")
    list_select_related = ("location", "category", "created_by")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("location", RelatedDropdownFilter),
    )
    views = ((_("Counting"), "state__exact=open"), (_("To review"), "state__exact=review"))
    search_fields = ("number",)
    search_help_text = _("Number")
    ordering = ("-pk",)
    change_form_template = "office/stock_count.html"
    actions_list = ("start_page",)

    def get_urls(self) -> list[Any]:
        pages: dict[str, Any] = {
            "scan": self._part(count_scanning.answer),
            "progress": self._part(count_scanning.progress),
            "file": self._part(count_uploads.answer),
            "finish": self.finish_page,
            "lines": self.lines,
            "approval": self.approval_page,
            "cancellation": self.cancellation_page,
        }
        own = [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(page), name=f"inventory_stockcount_{name}")
            for name, page in pages.items()
        ]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return with_progress(super().get_queryset(request).select_related("location", "category"))

    def _count(self, request: HttpRequest, object_id: str) -> StockCount:
        if not self.has_view_permission(request):
            raise PermissionDenied
        count: StockCount = find(self, request, object_id)
        return count

    def _part(self, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def show(request: HttpRequest, object_id: str) -> HttpResponse:
            return page(self, request, self._count(request, object_id))

        return show

    @page_action(
        description=_("Start a count"), icon="fact_check", permission="stock.count", url_path="start", primary=True
    )
    def start_page(self, request: HttpRequest) -> HttpResponse:
        person = person_of(request)

        def run(data: dict[str, Any]) -> HttpResponse:
            count = start_count(data.pop("location"), **data, person=person, at=now())
            return HttpResponseRedirect(address(count))

        return ask(
            self,
            request,
            None,
            title=_("Start a count"),
            explain=_("The store goes on selling: what is sold or received meanwhile is taken into account."),
            form=lambda data: StartForm(data, person=person),
            button=_("Start"),
            run=run,
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        count = self.get_object(request, object_id)
        more = self._review(request, count) if count else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def _review(self, request: HttpRequest, count: StockCount) -> dict[str, Any]:
        """Everything on a count's page. Who counts blind learns what is expected from no page."""
        found = count_rows.of_count(count)
        may_approve = person_of(request).has_perm("stock.approve_count")
        sees = may_approve if count.state == "review" else count.state == "approved" or not count.is_blind
        show = request.GET.get("show", "")
        show = show if show in count_rows.SHOWS else "differences" if count.state in ("review", "approved") else "all"
        kinds = count_rows.SHOWS[show][1]
        page = Paginator(count_rows.by_weight([row for row in found if row.verdict in kinds]), PER_PAGE).get_page(
            request.GET.get("p")
        )
        count_rows.fill(list(page.object_list))
        tabs = [
            {
                "label": label,
                "href": f"?show={name}",
                "count": sum(row.verdict in wanted for row in found),
                "is_current": name == show,
            }
            for name, (label, wanted) in count_rows.SHOWS.items()
        ]
        return {
            "count": count,
            "heading": count.number,
            "state": self.state_chip(count),
            "scope_text": self.scope(count),
            "totals": count_rows.totals_of(found),
            "progress": tallies.progress_of([count.pk])[count.pk],
            "page": page,
            "show": show,
            "tabs": tabs,
            "sees_figures": sees,
            "may_approve": may_approve,
            "decides": may_approve and count.state == "review",
            "currency": company_currency() or "USD",
            "has_lines": bool(found),
        }

    def finish_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        count = self._count(request, object_id)
        done = tallies.progress_of([count.pk])[count.pk]
        left = done.lines - done.counted

        def run(data: dict[str, Any]) -> Any:
            finish_count(count.pk, person=person_of(request), at=now())
            return _("Counting is finished. The count can be reviewed now.")

        return ask(
            self,
            request,
            count,
            title=_("Finish counting %(number)s") % {"number": count.number},
            explain=ngettext(
                "%(n)s item has not been scanned. It is listed in the review, and left as it is unless the reviewer"
                " says that there is none.",
                "%(n)s items have not been scanned. They are listed in the review, and left as they are unless the"
                " reviewer says that there are none.",
                left,
            )
            % {"n": left}
            if left
            else _("Everything has been scanned."),
            button=_("Finish counting"),
            run=run,
        )

    def approval_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        count = self._count(request, object_id)
        totals = count_rows.totals_of(count_rows.of_count(count))
        currency = company_currency() or "USD"

        def run(data: dict[str, Any]) -> str:
            done = approve_count(count.pk, person=person_of(request), at=now(), leave_out=data.get("leave_out", False))
            return _outcome(done, currency)

        return ask(
            self,
            request,
            count,
            title=_("Approve %(number)s") % {"number": count.number},
            explain=_("%(found)s units more and %(lost)s units less than the books say are booked, worth %(value)s.")
            % {"found": totals.found, "lost": totals.lost, "value": plain_money(totals.value_minor, currency)},
            form=ApproveForm if totals.to_recount or totals.waiting else Confirmation,
            button=_("Approve"),
            run=run,
        )

    def cancellation_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        count = self._count(request, object_id)

        def run(data: dict[str, Any]) -> Any:
            cancel_count(count.pk, person=person_of(request), at=now())
            return _("The count is canceled. Nothing of it is in the books.")

        return ask(
            self,
            request,
            count,
            title=_("Cancel %(number)s") % {"number": count.number},
            explain=_("What was scanned stays to be read, and is booked nowhere."),
            button=_("Cancel the count"),
            danger=True,
            run=run,
        )

    def lines(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the reviewer decides about ticked lines: count them again, or there is none of them."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        count, person = self._count(request, object_id), person_of(request)
        chosen = [int(text) for text in request.POST.getlist("line") if text.isdecimal() and len(text) < 19]
        back = HttpResponseRedirect(f"{address(count)}?show={request.POST.get('show', '')}")
        try:
            if request.POST.get("decision") == "none":
                n = count_as_none(count.pk, chosen, person=person, at=now())
                text = ngettext("%(n)s line is counted as none.", "%(n)s lines are counted as none.", n)
            else:
                n = recount_lines(count.pk, chosen, person=person)
                text = ngettext("%(n)s line is counted again.", "%(n)s lines are counted again.", n)
        except DomainError as error:
            messages.error(request, str(error))
            return back
        remember(request, count, text % {"n": n})
        messages.success(request, text % {"n": n})
        return back

    @admin.display(description=_("location"), ordering="location__position")
    def place(self, row: StockCount) -> str:
        return row.location.name

    @admin.display(description=_("what"), ordering="kind")
    def scope(self, row: StockCount) -> str:
        return str(row.category) if row.category else str(row.get_kind_display())

    @admin.display(description=_("counted"))
    def progress(self, row: StockCount) -> str:
        return figure(f"{grouped(row.counted_lines)} / {grouped(row.all_lines)}")  # type: ignore[attr-defined]

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: StockCount) -> str:
        return chip(row.get_state_display(), TONES[row.state])

    @admin.display(description=_("started"), ordering="created_at")
    def since(self, row: StockCount) -> str:
        return when(row.created_at)

    @admin.display(description=_("by"))
    def by(self, row: StockCount) -> str:
        return name_of(row.created_by)


def with_progress(counts: "QuerySet[StockCount]") -> "QuerySet[StockCount]":
    """With `all_lines` and `counted_lines`, in the statement of the list."""
    lines = CountLine.objects.filter(count=OuterRef("pk")).order_by().values("count").annotate(n=Count("pk"))
    scanned = CountScan.objects.filter(line=OuterRef("pk"), round=OuterRef("round"))
    return counts.annotate(
        all_lines=Coalesce(Subquery(lines.values("n")), 0),
        counted_lines=Coalesce(Subquery(lines.filter(Exists(scanned)).values("n")), 0),
    )


def _outcome(done: Approved, currency: str) -> str:
    told = _("%(lines)s lines are counted, %(differing)s of them corrected; the stock is worth %(value)s more.")
    if done.value_minor < 0:
        told = _("%(lines)s lines are counted, %(differing)s of them corrected; the stock is worth %(value)s less.")
    value = plain_money(abs(done.value_minor), currency)
    text = str(told) % {"lines": done.lines, "differing": done.differing, "value": value}
    if done.broken:
        text += " " + ngettext(
            "%(n)s promise is broken: see the cases.", "%(n)s promises are broken: see the cases.", done.broken
        ) % {"n": done.broken}
    return text
