"""What is charged at an address on a day, and why: a page for whoever maintains tax rates."""

from datetime import date, datetime
from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from commerce.kernel.clock import business_date
from commerce.kernel.db import rows
from commerce.office.columns import chip, list_address
from commerce.pricing import places
from commerce.pricing.admin.countries import check_country, check_state
from commerce.pricing.models import Market, TaxArea, TaxRate
from commerce.pricing.queries import market_for, tax_rows
from commerce.pricing.taxes import NEVER_STANDARD, STANDARD, TaxRow, Verdict, judge, midnight

MILLION = 1_000_000
WHY = {
    "charged": gettext_lazy("The class has a rate here."),
    "as_standard": gettext_lazy("The class has no rate here, so it is taxed as standard goods."),
    "more_local": gettext_lazy("A more local place has a rate of the same tax."),
    "class_of_its_own": gettext_lazy("Not for this class: it has a rate of its own here."),
}
_GAPS = """
SELECT c.country, k.tax_class FROM (SELECT DISTINCT unnest(countries) AS country FROM pricing_market) c
CROSS JOIN (SELECT DISTINCT tax_class FROM catalog_product) k
WHERE k.tax_class <> ALL(%s) AND NOT EXISTS (SELECT FROM pricing_taxrate r WHERE r.country = c.country
    AND r.tax_class IN (k.tax_class, 'standard') AND r.valid_from <= %s
    AND (r.valid_until IS NULL OR r.valid_until >= %s))
ORDER BY 1, 2
"""


class AddressForm(forms.Form):
    """An address as far as taxes ask for it, what is sold, and when."""

    country = forms.CharField(label=gettext_lazy("Country"), max_length=2)
    region = forms.CharField(label=gettext_lazy("State"), max_length=10, required=False)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), max_length=20, required=False)
    tax_class = forms.ChoiceField(label=gettext_lazy("Tax class"))
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tax_class"].choices = [(name, name) for name in classes()]  # type: ignore[attr-defined]

    def clean_country(self) -> str:
        return check_country(self.cleaned_data["country"])

    def clean_region(self) -> str:
        return check_state(self.cleaned_data.get("country", ""), self.cleaned_data["region"])


def classes() -> list[str]:
    """The classes that goods have or rates name, standard first."""
    found = rows("SELECT tax_class FROM catalog_product UNION SELECT tax_class FROM pricing_taxrate")
    return sorted({STANDARD, *(name for (name,) in found)}, key=lambda name: (name != STANDARD, name))


def gaps(on: date) -> list[str]:
    """Where goods are sold without any tax, because nobody has said a rate; a sentence each."""
    found: dict[str, list[str]] = {}
    for country, tax_class in rows(_GAPS, [list(NEVER_STANDARD), on, on]):
        found.setdefault(country, []).append(tax_class)
    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    text = _("%(country)s has no rate in force for the tax classes %(classes)s: such goods are sold there without tax.")
    one = _("%(country)s has no rate in force for the tax class %(classes)s: such goods are sold there without tax.")
    return [
        (text if len(named) > 1 else one) % {"country": names.get(country, country), "classes": ", ".join(named)}
        for country, named in found.items()
    ]


def days_of(first: date, last: date | None, today: date) -> str:
    """A period in a cell; on a chip where it is not now."""
    written = " – ".join([_day(first), _day(last) if last else ""]).strip()
    if last and last < today:
        return chip(written, "", "clock")
    return chip(written, "accent", "clock") if first > today else written


def page(admin: Any, request: HttpRequest, *, at: datetime) -> HttpResponse:
    """The form, and under it the answer for the address in it."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    market = market_for(None) if Market.objects.exists() else None
    today = business_date(market.time_zone if market else "UTC", at)
    first = {"country": (market.countries or [""])[0] if market else "", "tax_class": STANDARD, "day": today}
    form = AddressForm(request.GET if "country" in request.GET else None, initial=first)
    context: dict[str, Any] = {
        **admin.admin_site.each_context(request),
        "title": _("What is charged where"),
        "opts": admin.opts,
        "form": form,
        "gaps": gaps(today),
        "rates_url": list_address(TaxRate),
        "areas_url": list_address(TaxArea),
    }
    if form.is_bound and form.is_valid():
        context["answer"] = answer(form.cleaned_data)
    return TemplateResponse(request, "office/tax_charged.html", context, status=422 if form.errors else 200)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What the page says of an address (`AddressForm`): every rate that comes into question, and the sum of those that
    are charged."""
    place = places.of(asked["country"], asked["region"], asked["postal_code"])
    found = judge(tax_rows(place), place=place, tax_class=asked["tax_class"], at=midnight(asked["day"]))
    charged = [verdict for verdict in found if verdict.is_charged]
    market = market_for(asked["country"])
    return {
        "place": places.said(place[-1:])[0],
        "others": places.said(place[:-1][::-1]),
        "has_area": any(places.Jurisdiction.parse(text).locality for text in place),
        "postal_code": asked["postal_code"],
        "tax_class": asked["tax_class"],
        "day": _day(asked["day"]),
        "charged": [_shown(verdict) for verdict in charged],
        "left": [_shown(verdict) for verdict in found if not verdict.is_charged],
        "together": f"{together(charged) / 10_000:g} %",
        "market": market.name,
        "included": market.prices_include_tax,
        "never": asked["tax_class"] in NEVER_STANDARD,
    }


def together(charged: list[Verdict]) -> int:
    """The rates as one, in parts per million of the price without tax; compound ones are taken on those before, too."""
    total = 0
    for verdict in charged:
        rate = verdict.row["rate_ppm"]
        total += (rate * (MILLION + total) + MILLION // 2) // MILLION if verdict.row["compound"] else rate
    return total


def _shown(verdict: Verdict) -> dict[str, Any]:
    row = verdict.row
    return {
        "name": row["name"],
        "code": row["code"],
        "place": places.said([row["jurisdiction"]])[0],
        "rate": f"{row['rate_ppm'] / 10_000:g} %",
        "why": _why(verdict),
        "compound": row["compound"],
        "address": list_address(TaxRate, q=row["code"]),
    }


def _why(verdict: Verdict) -> str:
    row: TaxRow = verdict.row
    if verdict.why == "not_begun":
        return _("From %(day)s on.") % {"day": _day(date.fromisoformat(row["starts"][:10]))}
    if verdict.why == "ended":
        return _("Not since %(day)s.") % {"day": _day(date.fromisoformat(row["ends"][:10]))}
    return str(WHY[verdict.why])


def _day(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))
