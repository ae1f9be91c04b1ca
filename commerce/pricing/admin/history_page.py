"""What a variant costs and cost: its prices on every list over the days, and "why this price" at an instant."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from commerce.catalog import units
from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.office.base import person_of
from commerce.office.columns import amount, chip, name_of
from commerce.pricing import prices
from commerce.pricing.errors import in_words
from commerce.pricing.history import PriceThen, price_at
from commerce.pricing.models import Market, Price, PriceList
from commerce.pricing.queries import market_for
from commerce.pricing.timeline import Days

NEWEST = 200
WHY = {
    "won": _("This price counts"),
    "outranked": _("Another list has a higher rank"),
    "less_specific": _("Another list is more specific"),
    "quantity": _("Not from this quantity, or not on this day"),
    "not_started": _("The list has not begun"),
    "ended": _("The list is over"),
    "currency": _("In another currency"),
    "market": _("Not in this market"),
    "location": _("Not in this store"),
    "channel": _("Not in this channel"),
    "group": _("For a customer group"),
}


class InstantForm(forms.Form):
    place = forms.ChoiceField(label=_("Where"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Time there"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = forms.ChoiceField(label=_("Where"), choices=places)


def history_page(admin: Any, request: HttpRequest, variant_id: int, *, at: datetime) -> HttpResponse:
    """The page of a variant's prices; with `place`, `day` and `time` in the address it answers what it cost then."""
    variant = Variant.objects.select_related("product").filter(pk=variant_id).first()
    if variant is None:
        raise Http404
    markets = {f"m-{row.code}": row for row in Market.objects.select_related("price_list").order_by("-is_default")}
    stores = {f"l-{row.code}": row for row in Location.objects.filter(kind="store", is_active=True)}
    names = [(key, _t("Web: %(market)s") % {"market": row.name}) for key, row in markets.items()]
    places = [*names, *((key, row.name) for key, row in stores.items())]
    first: Any = next(iter(stores.values()), None) or next(iter(markets.values()), None)
    zone = first.time_zone if first else "UTC"
    there = at.astimezone(ZoneInfo(zone))
    start = {"place": next(iter(stores), next(iter(markets), "")), "day": there.date(), "time": there.time()}
    is_asked = "day" in request.GET
    form = InstantForm(request.GET if is_asked else start, places=places)
    then = _then(variant, form, markets, stores)
    context = {
        **admin.admin_site.each_context(request),
        "title": _t("Prices of %(sku)s") % {"sku": variant.sku},
        "opts": admin.opts,
        "variant": variant,
        "form": form,
        "then": then,
        "reasons": [_reason(row, then.currency) for row in then.considered] if then else [],
        "lists": _lists(variant, person_of(request).has_perm("price.edit"), at=at),
        "changes": _changes(variant),
    }
    return TemplateResponse(request, "office/price_history.html", context, status=422 if form.errors else 200)


def _then(
    variant: Variant, form: InstantForm, markets: dict[str, Market], stores: dict[str, Location]
) -> PriceThen | None:
    if not form.is_valid():
        return None
    data = form.cleaned_data
    store = stores.get(data["place"])
    market = market_for(store.country) if store else markets[data["place"]]
    zone = ZoneInfo(store.time_zone if store else market.time_zone)
    instant = datetime.combine(data["day"], data["time"], zone)
    return price_at(variant, market=market, location=store, at=instant)


def _reason(row: Any, currency: str) -> dict[str, Any]:
    return {
        "list": row.price_list,
        "amount": amount(row.amount_minor, currency),
        "why": chip(WHY[row.why], "positive" if row.why == "won" else "", "check" if row.why == "won" else ""),
    }


def _lists(variant: Variant, may_edit: bool, *, at: datetime) -> list[dict[str, Any]]:
    """Per list the prices over the days, those to come among them."""
    found: dict[int, dict[str, Any]] = {}
    known = Price.objects.filter(variant=variant).select_related("price_list")
    for row in known.order_by("price_list__name", "from_quantity", "during"):
        days = Days(row.during.lower, row.during.upper)
        price_list = row.price_list
        today = business_today(price_list, found, at)
        group = found.setdefault(price_list.pk, {"list": price_list, "today": today, "rows": []})
        state = "over" if days.ends <= today else "planned" if days.begins > today else "now"
        amount_of = (row.from_quantity, row.amount_minor, row.compare_at_minor)
        if state == "planned" and not row.is_limited and group.get("standing") == amount_of:
            state = "again"  # the standing price, after a limited one
        group["standing"] = group.get("standing") if row.is_limited else amount_of
        group["rows"].append(
            {
                "price": row,
                "days": in_words(days),
                "state": state,
                "least": units.text_of(row.from_quantity, variant) if row.from_quantity > 1 else "",
                "may_take_back": may_edit and (state == "planned" or (state == "now" and row.is_limited)),
            }
        )
    return list(found.values())


def business_today(price_list: PriceList, found: dict[int, dict[str, Any]], at: datetime) -> Any:
    if price_list.pk in found:
        return found[price_list.pk]["today"]
    return prices.day_of(price_list.pk, at)


def _changes(variant: Variant) -> list[dict[str, Any]]:
    """What was written, the newest first."""
    known = Price.history.filter(variant=variant).select_related("price_list", "recorded_by")
    return [
        {
            "price": row,
            "days": in_words(Days(row.during.lower, row.during.upper)),
            "by": name_of(row.recorded_by),
            "least": units.text_of(row.from_quantity, variant) if row.from_quantity > 1 else "",
        }
        for row in known.order_by("-recorded_at", "-pk")[:NEWEST]
    ]
