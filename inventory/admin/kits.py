"""What kits are made of: the list of all components, and the pages that define, change and take apart a kit."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.units import text_of, typed
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.office.asking import ask, find
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import figure, link, list_address
from inventory import kits
from inventory.actions.set_components import set_components
from inventory.admin.sources import variants_like
from inventory.errors import UnknownCode
from inventory.models import KitComponent
from inventory.quantities import parse_units, variant_by_code

_ITEMS: dict[str, Any] = {
    "label": _("Components of one kit"),
    "widget": forms.Textarea(attrs={"rows": 8}),
    "help_text": _("One a line: SKU or barcode, then how many, as in “MUG-1 2”. Scanning works, too."),
}


class ComponentsForm(forms.Form):
    items = forms.CharField(**_ITEMS)


class KitForm(forms.Form):
    kit = forms.CharField(label=_("Kit"), max_length=80, help_text=_("The SKU or barcode that is sold."))
    items = forms.CharField(**_ITEMS)


@admin.register(KitComponent)
class KitComponentAdmin(HistoryAdmin):
    list_display = ("sku", "product", "figure_quantity", "of")
    list_select_related = ("kit__product", "component__product")
    search_fields = ("kit__sku_key",)
    search_help_text = _("SKU or product of the kit or of a component")
    ordering = ("kit__sku_key", "component__sku_key")
    fields = ("kit", "component", "quantity")
    actions_list = ("define_page",)
    actions_detail = ("parts_page", "apart_page")
    when_empty = _("No kits yet. Define one: it is sold as one thing and taken from the stock of its components.")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[KitComponent]", search_term: str
    ) -> tuple["QuerySet[KitComponent]", bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        found = variants_like(term).values("pk")
        return queryset.filter(kit__in=found) | queryset.filter(component__in=found), False

    @admin.display(description=_("kit"), ordering="kit__sku_key")
    def sku(self, row: KitComponent) -> str:
        return row.kit.sku

    @admin.display(description=_("product"), ordering="kit__product__title")
    def product(self, row: KitComponent) -> str:
        return row.kit.name

    @admin.display(description=_("takes"), ordering="quantity")
    def figure_quantity(self, row: KitComponent) -> str:
        return figure(f"{text_of(row.quantity, row.component)} ×")

    @admin.display(description=_("of"), ordering="component__sku_key")
    def of(self, row: KitComponent) -> str:
        return link(row.component, f"{row.component.sku} · {row.component.name}")

    @page_action(
        description=_("Define a kit"), icon="package_2", permission="catalog.edit", url_path="define", primary=True
    )
    def define_page(self, request: HttpRequest) -> HttpResponse:
        def run(data: dict[str, Any]) -> Any:
            try:
                kit = variant_by_code(data["kit"])
            except UnknownCode as error:
                raise InvalidInput({"kit": [str(error)]}) from error
            set_components(kit.pk, parse_units(data["items"]), person=person_of(request), at=now())
            return _("%(sku)s is a kit now. There are as many as its components allow.") % {"sku": kit.sku}

        return ask(
            self,
            request,
            None,
            title=_("Define a kit"),
            explain=_(
                "It is sold as one thing, at the till and on the web, and taken from the stock of its components."
            ),
            form=KitForm,
            button=_("Define the kit"),
            run=run,
        )

    @page_action(
        description=_("Change components"), icon="edit", permission="catalog.edit", url_path="components", primary=True
    )
    def parts_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(data: dict[str, Any]) -> Any:
            set_components(row.kit_id, parse_units(data["items"]), person=person_of(request), at=now())
            return _("Changed. What was promised before is packed as it was then.")

        return ask(
            self,
            request,
            row,
            title=_("Components of %(sku)s") % {"sku": row.kit.sku},
            explain=_("Orders that are open already are packed as they were promised."),
            form=lambda data: ComponentsForm(data, initial={"items": _written(row.kit)}),
            button=_("Save"),
            run=run,
            back=list_address(KitComponent),
        )

    @page_action(description=_("Take apart"), icon="call_split", permission="catalog.edit", url_path="apart")
    def apart_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = find(self, request, object_id)

        def run(_data: dict[str, Any]) -> Any:
            set_components(row.kit_id, {}, person=person_of(request), at=now())
            return _("%(sku)s is no kit any more. It can have stock of its own now.") % {"sku": row.kit.sku}

        return ask(
            self,
            request,
            row,
            title=_("Take %(sku)s apart") % {"sku": row.kit.sku},
            explain=_("It becomes an ordinary variant with no stock, so nobody can buy it until some comes in."),
            button=_("Take apart"),
            run=run,
            back=list_address(KitComponent),
            danger=True,
        )


def _written(kit: Variant) -> str:
    return "\n".join(
        f"{each.variant.sku} {typed(each.quantity, each.variant.unit_scale)}" for each in kits.components_of(kit)
    )
