"""Serial numbers: the list, what became of one, and naming the pieces on a shelf."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from commerce.kernel.clock import now
from commerce.office import access
from commerce.office.asking import ask
from commerce.office.base import HistoryAdmin, person_of
from commerce.office.columns import chip, link, when
from inventory import numbered
from inventory.actions.name_serials import name_serials
from inventory.admin.sources import name_sources, variants_like
from inventory.models import Receipt, SerialMove, SerialUnit, StockLevel
from inventory.serial_fields import NumbersField
from inventory.serials import normalize

TONES = {"in_stock": "positive", "in_transit": "accent", "sold": "", "damaged": "danger", "gone": "open"}
MOST_SHOWN = 200


class NamingForm(forms.Form):
    found = NumbersField(units=6, label=_("On the shelf"), help_text=_("Scan the label of each piece, one per line."))
    gone = NumbersField(label=_("Not there any more"), help_text=_("Numbers of the books that nobody finds."))


@admin.register(SerialUnit)
class SerialUnitAdmin(HistoryAdmin):
    when_empty = _("Say on the page of a variant that it has serial numbers, then receive it or name what is here.")
    list_display = ("serial", "sku", "product", "state_chip", "place", "since")
    list_select_related = ("variant__product", "location")
    list_filter = (("state", ChoicesDropdownFilter), ("location", RelatedDropdownFilter))
    views = (
        (_("In stock"), "state__exact=in_stock"),
        (_("In transit"), "state__exact=in_transit"),
        (_("Sold"), "state__exact=sold"),
        (_("Damaged"), "state__exact=damaged"),
    )
    search_fields = ("serial",)
    search_help_text = _("Serial number, SKU or product")
    ordering = ("-changed_at", "-pk")
    change_form_template = "office/serial_unit.html"

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.naming_page)
        return [path("naming/<int:level>/", page, name="serial-naming"), *super().get_urls()]

    def of_places(self, rows: "QuerySet[Any]", places: Sequence[int]) -> "QuerySet[Any]":
        """What stands at a person's locations, and what ever did: sold units are nowhere."""
        return rows.filter(Q(pk__in=SerialMove.objects.filter(location__in=places).values("unit")))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[SerialUnit]", search_term: str
    ) -> tuple["QuerySet[SerialUnit]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        by_item = Q(variant__in=variants_like(term).values("pk"))
        return queryset.filter(by_item | Q(serial__startswith=normalize(term))), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        unit = self.get_object(request, object_id)
        more = _context_of(unit, self.state_chip(unit)) if unit else {}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    @admin.display(description=_("SKU"), ordering="variant__sku_key")
    def sku(self, row: SerialUnit) -> str:
        return link(row.variant, row.variant.sku)

    @admin.display(description=_("product"), ordering="variant__product__title")
    def product(self, row: SerialUnit) -> str:
        return row.variant.name

    @admin.display(description=_("state"), ordering="state")
    def state_chip(self, row: SerialUnit) -> str:
        return chip(row.get_state_display(), TONES[row.state])

    @admin.display(description=_("location"), ordering="location__position")
    def place(self, row: SerialUnit) -> str:
        return row.location.name if row.location else "–"

    @admin.display(description=_("since"), ordering="changed_at")
    def since(self, row: SerialUnit) -> str:
        return when(row.changed_at)

    def naming_page(self, request: HttpRequest, level: int) -> HttpResponse:
        """Write down the numbers on a shelf, and strike off those that are not there any more."""
        person = person_of(request)
        if not (self.has_view_permission(request) and person.has_perm("stock.adjust")):
            raise PermissionDenied
        places = access.bound_to(person)
        seen = StockLevel.objects.select_related("variant", "location").filter(pk=level, variant__tracks_serials=True)
        row = (seen.filter(location__in=places) if places else seen).first()
        if row is None:
            raise Http404

        def run(data: dict[str, Any]) -> Any:
            name_serials(row.pk, **data, person=person, at=now())
            return _("The serial numbers of %(sku)s at %(place)s are written down.") % facts

        facts = {"sku": row.variant.sku, "place": row.location.name}
        standing = numbered.standing_of([row.pk])[row.pk]
        return ask(
            self,
            request,
            row,
            title=_("Serial numbers of %(sku)s at %(place)s") % facts,
            explain=_("%(on_hand)s are on hand, and the books know %(named)s numbers. What is on hand stays as it is.")
            % {"on_hand": standing.on_hand, "named": standing.named},
            form=NamingForm,
            button=_("Write down"),
            run=run,
        )


def panel_of(level: StockLevel) -> dict[str, Any] | None:
    """What the page of a stock level says of its serial numbers; None where its units have none."""
    if not level.variant.tracks_serials:
        return None
    units = SerialUnit.objects.filter(variant=level.variant_id, location=level.location_id).order_by("serial")
    return {
        "standing": numbered.standing_of([level.pk])[level.pk],
        "here": units.filter(state=SerialUnit.State.IN_STOCK)[:MOST_SHOWN],
        "damaged": units.filter(state=SerialUnit.State.DAMAGED)[:MOST_SHOWN],
        "naming": reverse("admin:serial-naming", args=[level.pk]),
    }


def with_numbers(form: type[forms.Form], level: StockLevel) -> type[forms.Form]:
    """The form, and a field `numbers` where the units of a level have some."""
    if not level.variant.tracks_serials:
        return form
    here = numbered.in_stock_at(level.location_id, level.variant_id)
    hint: Any = _("One per line, of each piece that comes, goes, breaks or is repaired.")
    if here:
        shown = ", ".join(here[:12]) + (" …" if len(here) > 12 else "")
        hint = f"{hint} {_('In stock here: %(numbers)s.') % {'numbers': shown}}"
    return type("NumberedForm", (form,), {"numbers": NumbersField(units=2, help_text=hint)})


def _context_of(unit: SerialUnit, state: str) -> dict[str, Any]:
    moves = list(unit.moves.select_related("location").order_by("-pk"))
    name_sources(moves)
    uids = [move.source_uid for move in moves if move.source_type == "receipt"]
    receipts = {row.uid: row.order for row in Receipt.objects.filter(uid__in=uids).select_related("order")}
    level = StockLevel.objects.filter(variant=unit.variant_id, location=unit.location_id).first()
    return {
        "unit": unit,
        "chips": state,
        "level": level,
        "heading": f"{unit.variant.sku} {unit.serial}",
        "moves": [
            {"row": move, "state": move.get_state_display(), "source": _source(move, receipts)} for move in moves
        ],
    }


def _source(move: SerialMove, receipts: dict[Any, Any]) -> str:
    order = receipts.get(move.source_uid)
    return link(order, order.number) if order else move.source_link  # type: ignore[attr-defined]
