"""The simulator: paste a cart, see what it costs, why, and what another offer would change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from commerce.catalog.admin.variants import variants_with_code
from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.catalog.units import NoAmount, smallest, text_of
from commerce.company import locations
from commerce.kernel.errors import DomainError
from commerce.pricing import given
from commerce.pricing.admin.simulator_words import promotion_rows, reasons_of_price
from commerce.pricing.models import Channel, CustomerGroup, Market, Promotion
from commerce.pricing.promotion_drafts import WITH_RELATED
from commerce.pricing.simulation import Situation, Tried, simulate

MOST_LINES = 200
Lines = list[tuple[Variant, int]]


class SimulatorForm(forms.Form):
    """A cart as text and the situation that it is bought in. Nothing is written, so it travels in the address."""

    cart = forms.CharField(
        label=lazy("Cart"),
        help_text=lazy("One item per line: SKU and how many, e.g. “BLU-01 2”."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "characters"}),
        required=False,
        max_length=20_000,
    )
    order = forms.CharField(label=lazy("Or the number of an order"), required=False, max_length=40)
    market = forms.ModelChoiceField(Market.objects.none(), label=lazy("Market"), to_field_name="code", empty_label=None)
    channel = forms.ChoiceField(label=lazy("Channel"), choices=Channel.choices, required=False)
    location = forms.ModelChoiceField(
        locations.places(), label=lazy("Store"), to_field_name="code", required=False, empty_label=lazy("None")
    )
    group = forms.ModelChoiceField(
        CustomerGroup.objects.all(),
        label=lazy("Customer group"),
        to_field_name="code",
        required=False,
        empty_label=lazy("None"),
    )
    coupons = forms.CharField(label=lazy("Coupons"), required=False, max_length=200)
    day = forms.DateField(
        label=lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = forms.TimeField(
        label=lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    state = forms.CharField(label=lazy("Ships to: state"), required=False, max_length=10)
    postal_code = forms.CharField(label=lazy("Postal code"), required=False, max_length=20)
    beside = forms.ModelChoiceField(
        Promotion.objects.none(), label=lazy("Also with"), required=False, empty_label=lazy("Only what runs")
    )

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        markets = Market.objects.select_related("price_list").order_by("-is_default", "name")
        self.fields["market"].queryset = markets  # type: ignore[attr-defined]
        promotions = Promotion.objects.prefetch_related(*WITH_RELATED).order_by("name")
        self.fields["beside"].queryset = promotions  # type: ignore[attr-defined]

    def lines(self) -> Lines:
        """The cart; what cannot be read becomes an error of the field that it stands in."""
        data = self.cleaned_data
        if data.get("order"):
            asked = given.cart_of(data["order"])
            if not asked:
                self.add_error("order", _("There is no order %s.") % data["order"])
            known = {row.sku: row for row in _variants().filter(sku__in=[sku for sku, _quantity in asked])}
            return [(known[sku], quantity) for sku, quantity in asked if sku in known]
        found: Lines = []
        texts = [text for text in data.get("cart", "").splitlines() if text.strip()]
        if len(texts) > MOST_LINES:
            self.add_error("cart", _("At most %s lines.") % MOST_LINES)
        for number, text in enumerate(texts[:MOST_LINES], 1):
            try:
                found.append(_line(text))
            except ValueError as error:
                self.add_error("cart", _("Line %(line)s: %(what)s") % {"line": number, "what": error})
        return _merged(found)


def _variants() -> Any:
    return Variant.objects.select_related("product")


def _merged(found: Lines) -> Lines:
    """One line for each variant, as in a cart."""
    sums: dict[int, tuple[Variant, int]] = {}
    for variant, quantity in found:
        sums[variant.pk] = (variant, sums.get(variant.pk, (variant, 0))[1] + quantity)
    return list(sums.values())


def _line(text: str) -> tuple[Variant, int]:
    """ "SKU 2", "SKU x 2" or "SKU". ValueError in words."""
    words = text.replace("×", " ").replace("\t", " ").replace(";", " ").split()
    amount = words.pop() if len(words) > 1 and words[-1].replace(".", "").replace(",", "").isdigit() else "1"
    if len(words) > 1 and words[-1].lower() == "x":
        words.pop()
    code = " ".join(words)
    key = normalize_sku(code).value
    variant = _variants().filter(Q(sku_key=key) & ~Q(sku_key="")).first() or (
        variants_with_code(code)
        .select_related("product")
        .filter(barcodes__isnull=False)
        .exclude(sku_key__startswith=key)
        .first()
    )
    if variant is None:
        raise ValueError(_("nothing has the SKU or barcode “%s”.") % code)
    try:
        quantity = smallest(amount, variant)
    except NoAmount as error:
        raise ValueError(str(error)) from error
    if quantity < 1:
        raise ValueError(_("how many of “%s”?") % code)
    return variant, quantity


def simulator_page(admin: Any, request: HttpRequest, *, at: datetime) -> HttpResponse:
    """The form, and below it the answer."""
    tried_first = request.GET.get("with", "")
    data = request.GET.copy()
    if tried_first.isdecimal():
        data.setdefault("beside", tried_first)
    market = Market.objects.filter(is_default=True).select_related("price_list").first()
    local = at.astimezone(ZoneInfo(market.time_zone if market else "UTC"))
    for name, value in (("market", market.code if market else ""), ("channel", "web")):
        data.setdefault(name, value)
    data.setdefault("day", local.date().isoformat())
    data.setdefault("hour", local.strftime("%H:%M"))
    form = SimulatorForm(data)
    context: dict[str, Any] = {"form": form, "title": _("Simulator")}
    if form.is_valid() and (form.cleaned_data.get("cart") or form.cleaned_data.get("order")):
        context.update(_answer(form, local))
    elif not (data.get("cart") or data.get("order")):
        form.errors.pop("cart", None)
    form.use_required_attribute = False
    for field in form.fields.values():
        field.required = True  # for the page only: none of them is worth the word "optional"
    context = {**admin.admin_site.each_context(request), "opts": admin.opts, **context}
    return TemplateResponse(request, "office/simulator.html", context, status=422 if form.errors else 200)


def _answer(form: SimulatorForm, local: datetime) -> dict[str, Any]:
    lines = form.lines()
    if form.errors or not lines:
        return {}
    data = form.cleaned_data
    hour = data["hour"] or local.time()
    store = data["location"]
    situation = Situation(
        lines=lines,
        market=data["market"],
        local=datetime.combine(data["day"] or local.date(), hour),
        channel=data["channel"] or "web",
        location=store,
        groups=[data["group"].code] if data["group"] else [],
        coupons=data["coupons"].replace(",", " ").split(),
        ships=data["channel"] != "pos",
        address=_address(data),
    )
    try:
        tried = simulate(situation, tried=data["beside"])
    except DomainError as error:
        form.add_error("cart", str(error))
        return {}
    return _shown(tried, situation, data["beside"])


def _address(data: dict[str, Any]) -> tuple[str, str, str]:
    """Where it goes, as far as that is said; where prices hold the tax, the market's own country."""
    market = data["market"]
    country = market.countries[0] if market.countries else ""
    if not market.prices_include_tax and not (data["state"] or data["postal_code"]):
        return ("", "", "")
    return (country, data["state"].upper(), data["postal_code"])


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the answer: before, after, and why it costs that much."""

    name: str
    sku: str
    quantity: str
    answer: dict[str, Any]
    after: dict[str, Any] | None
    reasons: list[dict[str, Any]]


def _shown(tried: Tried, situation: Situation, promotion: Promotion | None) -> dict[str, Any]:
    """What the page shows of an answer."""
    shown = tried.beside or tried.without
    lists = {row["id"]: row for row in shown["trace"]["prices"]}
    befores = {row["id"]: row for row in tried.without["lines"]}
    names = dict(Promotion.objects.values_list("code", "name"))
    rows = []
    for (variant, quantity), line in zip(situation.lines, _in_order(shown, situation), strict=True):
        reasons = reasons_of_price(lists[line["id"]], line, shown["currency"])
        before = befores[line["id"]]
        rows.append(
            Row(variant.name, variant.sku, text_of(quantity, variant), before, line if tried.beside else None, reasons)
        )
    return {
        "rows": rows,
        "without": tried.without,
        "beside": tried.beside,
        "shown": shown,
        "currency": shown["currency"],
        "promotions": promotion_rows(shown["trace"]["promotions"], names, shown["currency"]),
        "changed": shown["total"] - tried.without["total"],
        "tried": promotion,
        "refused_coupons": tried.refused_coupons,
        "tax_is_known": bool(shown["taxes"]) or situation.market.prices_include_tax,
    }


def _in_order(answer: dict[str, Any], situation: Situation) -> list[dict[str, Any]]:
    by_id = {line["id"]: line for line in answer["lines"]}
    return [by_id[str(variant.pk)] for variant, _quantity in situation.lines]
