"""Promotions: the list with the rule in words, and the way to the builder, the simulator and the coupons."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import OfficeAdmin, page_action, person_of
from commerce.office.columns import amount, figure, stacked
from commerce.office.filters import ValuesFilter
from commerce.pricing.actions.discard_promotion import discard_promotion
from commerce.pricing.actions.pause_promotion import pause_promotion
from commerce.pricing.actions.start_promotion import start_promotion
from commerce.pricing.admin import promotion_items as items
from commerce.pricing.admin.coupons import CouponPages
from commerce.pricing.admin.promotion_builder import Builder, choose_kind, page
from commerce.pricing.admin.promotion_items import Picker
from commerce.pricing.admin.promotion_offers import BY_KEY, STATES, state_chip
from commerce.pricing.admin.simulator import simulator_page
from commerce.pricing.coupons import normalize
from commerce.pricing.given import given_by
from commerce.pricing.models import Coupon, Promotion
from commerce.pricing.promotion_conflicts import Offer, conflicts
from commerce.pricing.promotion_drafts import (
    DRAFT,
    ENDED,
    PAUSED,
    RUNNING,
    SCHEDULED,
    WITH_RELATED,
    draft_of,
    state_of,
)
from commerce.pricing.promotion_margins import below_cost
from commerce.pricing.promotion_words import Names, days_text, read_back


class StateFilter(ValuesFilter):
    title, parameter_name = _("state"), "state"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [(state, words[0]) for state, words in STATES.items()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        today = localdate(now())
        begun = Q(starts_on=None) | Q(starts_on__lte=today)
        over = Q(ends_on__lt=today)
        chosen = {
            DRAFT: Q(is_active=False, started_at=None),
            PAUSED: Q(is_active=False, started_at__isnull=False),
            ENDED: Q(is_active=True) & over,
            SCHEDULED: Q(is_active=True, starts_on__gt=today) & (Q(ends_on=None) | Q(ends_on__gte=today)),
            RUNNING: Q(is_active=True) & begun & (Q(ends_on=None) | Q(ends_on__gte=today)),
        }
        return queryset.filter(chosen[self.value()]) if self.value() in chosen else queryset


@admin.register(Promotion)
class PromotionAdmin(OfficeAdmin):
    list_display = ("rule", "state_chip", "days", "figure_priority", "figure_orders", "figure_given", "figure_coupons")
    list_filter = (StateFilter, "kind", "needs_coupon")
    search_fields = ("name", "label", "code")
    search_help_text = _("Name, label, code or coupon")
    ordering = (F("started_at").desc(nulls_first=True), "-pk")
    views = ((_("Running"), "state=running"), (_("Scheduled"), "state=scheduled"), (_("Drafts"), "state=draft"))
    list_before_template = "office/promotion_list.html"
    actions_list = ("simulator_page",)
    actions_detail = ("start_page", "pause_page", "discard_page")  # reached by `buttons`
    when_empty = _("Choose what kind of offer you want to make; the page reads the rule back while you type.")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        found = super().get_queryset(request).annotate(coupon_count=Count("coupons"))
        return found.prefetch_related(*WITH_RELATED)

    def gather(self, rows: Sequence[Any]) -> None:
        drafts = {row.pk: draft_of(row) for row in rows}
        names = Names(drafts.values())
        given = given_by([row.code for row in rows])
        for row in rows:
            row.sentence = read_back(drafts[row.pk], names)
            row.given = given.get(row.code)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        named = Q(name__icontains=term) | Q(label__icontains=term) | Q(code__icontains=term)
        coded = (
            Coupon.objects.filter(code_key__startswith=normalize(term)).values("promotion") if normalize(term) else []
        )
        return queryset.filter(named | Q(pk__in=coded)), False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("find/", view(self.find_items), name="promotion-find"),
            path("summary/", view(self.summary), name="promotion-summary"),
            path("simulator/", view(self.simulator), name="promotion-simulator"),
        ]
        return [*own, *CouponPages(self).urls(), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        running = Promotion.objects.filter(is_active=True).filter(Q(ends_on=None) | Q(ends_on__gte=localdate(now())))
        offers = [Offer(row.pk, draft_of(row)) for row in running.prefetch_related(*WITH_RELATED)]
        return super().changelist_view(
            request, {"conflicts": [*conflicts(offers), *below_cost(offers)], **(extra_context or {})}
        )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        offered = BY_KEY.get(request.GET.get("offer", ""))
        if offered is None:
            return choose_kind(self, request)
        return page(self, request, Builder(request, offered, None), at=now())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row: Promotion = find(self, request, object_id)
        if request.method == "POST" and not self.has_change_permission(request):
            raise PermissionDenied
        return page(self, request, Builder.of(request, row), at=now())

    def find_items(self, request: HttpRequest) -> HttpResponse:
        """What a search for items finds, beside what is ticked already."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = request.GET.get("key", "")
        query = request.GET.get(f"find-{key}", "")
        chosen = items.choices_of(items.values_of(request.GET, key))
        found = items.search(query, without=[choice.value for choice in chosen])
        picker = Picker(key, "", "", chosen, found, query)
        return TemplateResponse(request, "office/_promotion_picker.html", {"picker": picker})

    def summary(self, request: HttpRequest) -> HttpResponse:
        """The rule in words, as it is typed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        offered = BY_KEY.get(request.GET.get("offer", ""))
        if offered is None:
            raise Http404
        row = find(self, request, request.GET["row"]) if request.GET.get("row") else None
        if request.method != "POST":
            request.POST = QueryDict()
        builder = Builder(request, offered, row)
        return TemplateResponse(request, "office/_promotion_summary.html", builder.summary(today=localdate(now())))

    def simulator(self, request: HttpRequest) -> HttpResponse:
        """A cart tried out."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return simulator_page(self, request, at=now())

    @page_action(description=_("Simulator"), icon="calculate", permission="catalog.view", url_path="try")
    def simulator_page(self, request: HttpRequest) -> HttpResponse:
        """Price a cart with the rules of the shop."""
        return HttpResponseRedirect(reverse("admin:promotion-simulator"))

    @page_action(description=_("Start"), icon="play_arrow", permission="price.edit", url_path="start", primary=True)
    def start_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Promotion = find(self, request, object_id)
        at = now()

        def run(data: dict[str, Any]) -> Any:
            start_promotion(row, person=person_of(request), today=localdate(at), at=at)
            return _("It runs on its days.")

        explain = _("Shop and tills give it from its first day on.")
        return ask(self, request, row, title=_("Start “%s”") % row.name, button=_("Start"), run=run, explain=explain)

    @page_action(description=_("Pause"), icon="pause", permission="price.edit", url_path="pause")
    def pause_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Promotion = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            pause_promotion(row, person=person_of(request), at=now())
            return _("Nobody is given it any more.")

        explain = _("What was sold with it keeps its price. Tills without a line learn of it when they are back.")
        return ask(self, request, row, title=_("Pause “%s”") % row.name, button=_("Pause"), run=run, explain=explain)

    @page_action(description=_("Delete"), icon="delete", permission="price.edit", url_path="removal")
    def discard_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row: Promotion = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            discard_promotion(row, person=person_of(request), at=now())
            return HttpResponseRedirect(reverse("admin:pricing_promotion_changelist"))

        title, back = _("Delete “%s”") % row.name, reverse("admin:pricing_promotion_change", args=[row.pk])
        return ask(self, request, None, title=title, button=_("Delete"), run=run, danger=True, back=back)

    def buttons(self, request: HttpRequest, row: Promotion) -> list[dict[str, Any]]:
        """What can be done next with a promotion in its state."""
        state = state_of(row, today=localdate(now()))
        wanted = [(_("Start"), "play", "start_page")] if state in (DRAFT, PAUSED) else []
        wanted += [(_("Pause"), "pause", "pause_page")] if state in (RUNNING, SCHEDULED) else []
        wanted += [(_("Delete"), "trash-2", "discard_page")] if state == DRAFT else []
        found = [
            {"label": label, "icon": icon, "href": reverse(f"admin:pricing_promotion_{name}", args=[row.pk])}
            for label, icon, name in wanted
            if self.has_change_permission(request)
        ]
        coupons = reverse("admin:coupons", args=[row.pk])
        found.append({"label": _("Coupons"), "icon": "ticket-percent", "href": coupons})
        tried = f"{reverse('admin:promotion-simulator')}?with={row.pk}"
        return [*found, {"label": _("Try it"), "icon": "calculator", "href": tried}]

    @admin.display(description=_("promotion"), ordering="name")
    def rule(self, row: Any) -> str:
        return format_html(
            '<span class="stacked promotion-name">{}</span>'
            '<span class="stacked stacked--soft promotion-rule">{}</span>',
            row.name,
            row.sentence,
        )

    @admin.display(description=_("state"))
    def state_chip(self, row: Promotion) -> str:
        return state_chip(state_of(row, today=localdate(now())))

    @admin.display(description=_("days"), ordering="starts_on")
    def days(self, row: Promotion) -> str:
        return format_html('<span class="promotion-days">{}</span>', days_text(row.starts_on, row.ends_on))

    @admin.display(description=_("priority"), ordering="priority")
    def figure_priority(self, row: Promotion) -> str:
        return figure(row.priority)

    @admin.display(description=_("orders"))
    def figure_orders(self, row: Any) -> str:
        return figure(row.given.orders if row.given else 0)

    @admin.display(description=_("given"))
    def figure_given(self, row: Any) -> str:
        if not row.given:
            return "–"
        return stacked([amount(minor, currency) for currency, minor in row.given.discounts])

    @admin.display(description=_("coupons"), ordering="coupon_count")
    def figure_coupons(self, row: Any) -> str:
        if not (row.needs_coupon or row.coupon_count):
            return "–"
        address = reverse("admin:coupons", args=[row.pk])
        return format_html('<a class="office-link" href="{}">{}</a>', address, figure(row.coupon_count))
