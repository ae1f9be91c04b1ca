"""The builder's form: what was typed becomes a `Draft`, a draft becomes what is shown. Items are no fields of it."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.formats import localize_input
from django.utils.translation import gettext_lazy as _

from commerce.company import locations
from commerce.kernel.money import InvalidAmount, Money, parse_money
from commerce.pricing.admin.promotion_offers import Offered
from commerce.pricing.models import Channel, CustomerGroup, Market
from commerce.pricing.promotion_drafts import Amounts, Draft, Kind, Tier

PERCENT = 10_000  # ppm
TIER_ROWS = 3
MONEY = {
    "amount": {
        Kind.AMOUNT: _("Amount off"),
        Kind.FIXED_PRICE: _("New price of each"),
        Kind.BUNDLE: _("Price of the set"),
    },
    "min_spend": _("Spend at least"),
    "max_discount": _("Give at most"),
}
TIER_KINDS = [("percent", _("Percent off")), ("amount", _("Amount off each")), ("fixed_price", _("Price of each"))]


def _day(label: Any, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=hint)


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _count(label: Any, hint: Any = "", most: int = 1_000_000) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=most, help_text=hint, widget=widget)


def _several(label: Any, choices: Any, coerce: Any = str) -> forms.TypedMultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.TypedMultipleChoiceField(label=label, choices=choices, required=False, coerce=coerce, widget=widget)


def _text(label: Any, most: int, hint: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=most, help_text=hint)


class PromotionForm(forms.Form):
    """Fields of one kind of offer, with its amounts once per currency."""

    name = _text(_("Name"), 120, _("For the back office."))
    label = _text(_("Printed as"), 80, _("What shoppers and receipts read."))
    percent = forms.DecimalField(
        label=_("Percent off"),
        required=False,
        localize=True,
        max_digits=9,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    buy_quantity = _count(_("Buy"))
    get_quantity = _count(_("Get"))
    tier_kind = forms.ChoiceField(label=_("The tiers give"), choices=TIER_KINDS, required=False)
    min_quantity = _count(_("Buy at least"), _("Pieces of what is reduced."))
    max_times = _count(_("At most so often in one order"))
    starts_on = _day(_("First day"), _("Empty: at once."))
    ends_on = _day(_("Last day"), _("Empty: no end."))
    daily_from = _hour(_("From"))
    daily_until = _hour(_("Until"))
    weekdays = _several(_("Weekdays"), [(str(day), name) for day, name in WEEKDAYS.items()], int)
    groups = _several(_("Customer groups"), [], int)
    channels = _several(_("Channels"), Channel.choices)
    locations = _several(_("Stores"), [], int)
    markets = _several(_("Markets"), [], int)
    needs_coupon = forms.BooleanField(label=_("Needs a coupon"), required=False)
    priority = _count(_("Priority"), _("The lower comes first; usually 100."), 30_000)
    is_exclusive = forms.BooleanField(label=_("Not together with other offers"), required=False)
    best_of = _text(
        _("Best of"), 40, _("Of the offers that share this word only the one that saves the shopper most is given.")
    )

    def __init__(self, offered: Offered, currencies: list[str], data: Any = None, draft: Draft | None = None) -> None:
        super().__init__(data)
        self.offered, self.currencies = offered, currencies
        lists: dict[str, Any] = {
            "groups": CustomerGroup.objects,
            "locations": locations.places(),
            "markets": Market.objects,
        }
        for name, rows in lists.items():
            self.fields[name].choices = list(rows.values_list("pk", "name"))  # type: ignore[attr-defined]
        for name, label in MONEY.items():
            for currency in currencies:
                words = label.get(offered.kind, "") if isinstance(label, dict) else label
                field = _text(_("%(what)s in %(currency)s") % {"what": words, "currency": currency}, 40)
                field.widget.attrs["inputmode"] = "decimal"
                self.fields[f"{name}_{currency}"] = field
        if offered.kind == Kind.BUY_GET:
            self.fields["percent"].help_text = _("Of what is free. Empty: all of it, 100%.")
        self.problems: dict[str, str] = {}  # of what is no field: items, tiers, parts
        self.tier_rows = self._tier_rows(data, draft)
        if draft is not None:
            self.initial = self._initial(draft)
        elif data is None:
            self.initial = {"priority": 100, **({"get_quantity": 1} if offered.kind == Kind.GIFT else {})}

    def _initial(self, draft: Draft) -> dict[str, Any]:
        found = {name: getattr(draft, name) for name in self.fields if hasattr(draft, name)}
        for name in ("weekdays", "groups", "locations", "markets"):
            found[name] = [str(key) for key in found[name]]
        for name in ("buy_quantity", "get_quantity", "min_quantity"):
            found[name] = found[name] or None
        found["percent"] = _typed(draft.percent_ppm) or None
        kept = {"amount": draft.amounts, "min_spend": draft.min_spend, "max_discount": draft.max_discount}
        for name, amounts in kept.items():
            for currency, minor in amounts.items():
                found[f"{name}_{currency}"] = Money(minor, currency).format()
        return found

    def _tier_rows(self, data: Any, draft: Draft | None) -> list[dict[str, Any]]:
        """Rows as they are typed: {count, percent, amounts: [(currency, text)]}; always one empty row more."""
        if data is not None:
            number = min(max(len(data.getlist("tier-count")), TIER_ROWS), 20)
            told = {name: data.getlist(f"tier-{name}") for name in ("count", "percent", *self.currencies)}
            rows = [
                {name: (texts[place : place + 1] or [""])[0] for name, texts in told.items()} for place in range(number)
            ]
        else:
            rows = [self._tier_texts(tier) for tier in (draft.tiers if draft else ())]
        rows += [{} for _place in range(max(1, TIER_ROWS - len(rows)))]
        return [
            {
                "count": row.get("count", ""),
                "percent": row.get("percent", ""),
                "amounts": [(currency, row.get(currency, "")) for currency in self.currencies],
            }
            for row in rows
        ]

    def _tier_texts(self, tier: Tier) -> dict[str, str]:
        percent = _typed(tier.percent_ppm)
        amounts = {currency: Money(minor, currency).format() for currency, minor in tier.amounts.items()}
        return {"count": str(tier.from_quantity), "percent": percent, **amounts}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in MONEY:
            for currency in self.currencies:
                self._read(data, f"{name}_{currency}", currency)
        data["tiers"] = self._tiers() if self.offered.kind == Kind.TIERS else ()
        return data

    def _read(self, data: dict[str, Any], name: str, currency: str) -> None:
        text = (data.get(name) or "").strip()
        data[name] = None
        if not text:
            return
        try:
            minor = parse_money(text, currency).minor
        except InvalidAmount as error:
            self.add_error(name, str(error))
            return
        if minor < 0:
            self.add_error(name, _("An amount here cannot be negative."))
        data[name] = max(minor, 0)

    def _tiers(self) -> tuple[Tier, ...]:
        found, kind = [], self.cleaned_data.get("tier_kind") or "percent"
        for number, row in enumerate(self.tier_rows, 1):
            texts = [row["percent"]] if kind == "percent" else [text for _currency, text in row["amounts"]]
            if not row["count"].strip() and not any(text.strip() for text in texts):
                continue
            try:
                found.append(self._tier(row, kind))
            except (ValueError, forms.ValidationError, InvalidAmount) as error:
                reason = str(error) if isinstance(error, InvalidAmount) else _("write numbers, e.g. 3 and 10.")
                self.problems["tiers"] = _("Row %(row)s: %(what)s") % {"row": number, "what": reason}
        return tuple(found)

    def _tier(self, row: dict[str, Any], kind: str) -> Tier:
        count = int(row["count"].strip() or 0)
        if kind == "percent":
            percent = forms.DecimalField(localize=True).to_python(row["percent"]) if row["percent"].strip() else 0
            return Tier(count, percent_ppm=int((percent or 0) * PERCENT))
        amounts = {currency: parse_money(text, currency).minor for currency, text in row["amounts"] if text.strip()}
        return Tier(count, amounts=amounts)

    def _amounts(self, name: str) -> Amounts:
        found = {currency: self.cleaned_data.get(f"{name}_{currency}") for currency in self.currencies}
        return {currency: minor for currency, minor in found.items() if minor}

    def draft(self, items: tuple[Any, ...], code: str = "") -> Draft:
        """What was typed, as far as it can be read; ask `is_valid` first whether all of it could."""
        data, offered = self.cleaned_data, self.offered
        wanted = {*offered.fields, *offered.more}
        texts: dict[str, Any] = {name: (data.get(name) or "").strip() for name in ("name", "label", "best_of")}
        counts: dict[str, Any] = {name: (data.get(name) or 0) if name in wanted else 0 for name in COUNTS}
        percent = data.get("percent") if "percent" in wanted else None
        priority = data.get("priority")
        lists = ("markets", "locations", "groups", "channels", "weekdays")
        chosen: dict[str, Any] = {name: tuple(data.get(name) or ()) for name in lists}
        chosen.update({name: data.get(name) for name in ("starts_on", "ends_on", "daily_from", "daily_until")})
        return Draft(
            kind=offered.kind,
            scope=offered.scope,
            code=code,
            **texts,
            **counts,
            percent_ppm=int((percent or 0) * PERCENT),
            amounts=self._amounts("amount") if "amount" in wanted else {},
            tier_kind=(data.get("tier_kind") or "percent") if offered.kind == Kind.TIERS else "",
            tiers=data.get("tiers", ()),
            min_spend=self._amounts("min_spend") if "min_spend" in wanted else {},
            max_discount=self._amounts("max_discount") if "max_discount" in wanted else {},
            max_times=data.get("max_times") if "max_times" in wanted else None,
            **chosen,
            needs_coupon=bool(data.get("needs_coupon")),
            is_exclusive=bool(data.get("is_exclusive")),
            priority=100 if priority is None else priority,
            items=items,
        )

    def take_problems(self, fields: dict[str, list[str]]) -> None:
        """Put refusals beside their fields; those of items, tiers and parts into `problems`."""
        for name, texts in fields.items():
            if name in self.fields:
                self.add_error(name, texts)
            else:
                self.problems[name] = " ".join(texts)

    @property
    def has_problems(self) -> bool:
        return bool(self.errors) or bool(self.problems)

    def mark_needed(self) -> None:
        """For the page: what an offer is nothing without, and what says itself what empty means, is not "optional"."""
        self.use_required_attribute = False
        for name in {"name", "label", "starts_on", "ends_on", "priority", *self.offered.fields} - {"min_spend"}:
            for _currency, bound in self.fields_of(name):
                bound.field.required = name != "percent" or self.offered.kind != Kind.BUY_GET

    def fields_of(self, name: str) -> list[tuple[str, Any]]:
        """(currency or "", bound field): an amount has one for each currency."""
        if name in MONEY:
            return [(currency, self[f"{name}_{currency}"]) for currency in self.currencies]
        return [("", self[name])]


def _typed(ppm: int) -> str:
    """A percentage as it is typed in the page's language; "" for none."""
    return str(localize_input(Decimal(ppm) / PERCENT)) if ppm else ""


COUNTS = ("buy_quantity", "get_quantity", "min_quantity")
