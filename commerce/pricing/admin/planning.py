"""Changes of many prices at once, from a percentage, an amount or a file: shown first, then saved as a whole."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from commerce.kernel.money import InvalidAmount, parse_money
from commerce.office.base import refuse
from commerce.office.columns import grouped
from commerce.pricing import price_files, prices
from commerce.pricing.admin.grid import Asked, save
from commerce.pricing.admin.scope import ENDINGS, derivation_of, ending_of, scope_of
from commerce.pricing.drafts import Difference, Draft, Step, differences, scheduled
from commerce.pricing.engine import MILLION
from commerce.pricing.models import PriceList
from commerce.pricing.timeline import Days

SHOWN = 200  # rows of a preview; the rest are counted
LARGEST_MB = 20
KEPT_SECONDS = 6 * 3600
SALT = "pricing.file"
FOLDER = "prices"


class DaysForm(forms.Form):
    """From which day, and until which."""

    first = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Then today's price comes back. Empty: for good."),
    )

    def __init__(self, *args: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and first < self._today:
            self.add_error("first", _("This day is over."))
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first one."))
        return data

    @property
    def days(self) -> Days | None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        return Days.through(first or (self._today if last else None), last) if first or last else None


class ScheduleForm(DaysForm):
    how = forms.ChoiceField(label=_("Change by"), choices=[("percent", _("percent")), ("amount", _("an amount"))])
    by = forms.CharField(
        label=_("How much"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "text"}),
        help_text=_("With a minus to reduce: -20, or -5.00."),
    )
    ending = forms.ChoiceField(label=_("New prices are"), choices=ENDINGS, required=False)
    field_order = ("how", "by", "ending", "first", "last")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = currency
        self.initial.setdefault("first", self._today + timedelta(days=1))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        try:
            self.step = self._step(data)
        except ValueError as error:
            self.add_error("by" if "by" in data else None, str(error))
        return data

    def _step(self, data: dict[str, Any]) -> Step:
        step, ending = ending_of(data.get("ending") or "", self._currency)
        text = (data.get("by") or "").replace("\N{MINUS SIGN}", "-")
        if data.get("how") == "amount":
            try:
                return Step(MILLION, parse_money(text, self._currency).minor, step, ending)
            except InvalidAmount as error:
                raise ValueError(str(error)) from error
        percent = forms.DecimalField(localize=True, max_digits=7, decimal_places=2)
        try:
            number = percent.to_python(text.strip().removesuffix("%").strip())
            percent.run_validators(number)
        except forms.ValidationError as error:
            raise ValueError(_t("Write a percentage with at most two decimals, such as -20.")) from error
        if number is None or not -100 <= number <= 900:
            raise ValueError(_t("A percentage is between -100 and 900."))
        return Step(MILLION + int(Decimal(number) * 10_000), 0, step, ending)


class FileForm(DaysForm):
    first = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Of rows that name no days. Empty: at once."),
    )  # fmt: skip
    file = forms.FileField(label=_("CSV file"), help_text=_("sku, price, compare_at, from_quantity, from, until"))
    field_order = ("file", "first", "last")


def schedule_page(admin: Any, request: HttpRequest, price_list: PriceList, *, at: datetime) -> HttpResponse:
    """A change of all prices that the address asks for."""
    asked = Asked.of(request.GET)
    chosen = asked.variants(price_list)
    today = prices.day_of(price_list.pk, at)
    sent = request.POST if request.method == "POST" else None
    form = ScheduleForm(sent, today=today, currency=price_list.currency)
    draft: Draft | None = None
    if sent is not None and form.is_valid():
        draft = scheduled(price_list, chosen.iterator(chunk_size=2000), form.step, form.days or Days(today), at=at)
    words = {"title": _t("Schedule a change"), "asked": asked, "count": chosen.count(), "kept": _hidden(form)}
    return _answer(admin, request, price_list, form, draft, {**words, "template": "office/price_schedule.html"}, at=at)


def import_page(admin: Any, request: HttpRequest, price_list: PriceList, *, at: datetime) -> HttpResponse:
    """Prices from a file: judged, shown, and taken as a whole."""
    sent = request.POST if request.method == "POST" else None
    kept = _kept(sent.get("kept", "")) if sent is not None else ""
    form = FileForm(sent, request.FILES if sent is not None else None, today=prices.day_of(price_list.pk, at))
    form.fields["file"].required = not kept
    draft: Draft | None = None
    if sent is not None and form.is_valid():
        try:
            content = _content(kept, form)
            draft = price_files.read(content, price_list, days=form.days)
            kept = kept or _keep(content, at)
        except DomainError as error:
            refuse(form, error)
    hidden = {**_hidden(form), "kept": signing.dumps(kept, salt=SALT)} if kept else {}
    words = {"title": _t("Import prices"), "kept": hidden, "template": "office/price_import.html"}
    return _answer(admin, request, price_list, form, draft, words, at=at)


def _answer(
    admin: Any,
    request: HttpRequest,
    price_list: PriceList,
    form: forms.Form,
    draft: Draft | None,
    words: dict[str, Any],
    *,
    at: datetime,
) -> HttpResponse:
    changed: list[Difference] = differences(price_list, draft, at=at) if draft else []
    is_good = draft is not None and not draft.faults and not form.errors
    if draft is not None and is_good and "save" in request.POST:
        try:
            messages.success(request, save(request, price_list, draft, at=at))
            return HttpResponseRedirect(f"../grid/?{words['asked'].query()}" if "asked" in words else "../grid/")
        except DomainError as error:
            refuse(form, error)
    context = {
        **admin.admin_site.each_context(request),
        **words,
        "opts": admin.opts,
        "form": form,
        "price_list": price_list,
        "currency": price_list.currency,
        "scope": scope_of(price_list),
        "derivation": derivation_of(price_list),
        "is_judged": draft is not None,
        "is_good": is_good,
        "changed": changed[:SHOWN],
        "more": max(0, len(changed) - SHOWN),
        "counted": ngettext("%(n)s price would change.", "%(n)s prices would change.", len(changed))
        % {"n": len(changed)},
        "faults": draft.faults[:SHOWN] if draft else [],
        "more_faults": max(0, len(draft.faults) - SHOWN) if draft else 0,
    }
    status = 422 if form.errors or (draft and draft.faults) else 200
    return TemplateResponse(request, words["template"], context, status=status)


def _counted(count: int) -> str:
    return ngettext("%(n)s price would change.", "%(n)s prices would change.", count) % {"n": grouped(count)}


def _hidden(form: forms.Form) -> dict[str, str]:
    """What was typed, to be sent again with the button that saves."""
    return {name: form.data.get(name, "") for name in form.fields if name != "file"} if form.is_bound else {}


def _content(kept: str, form: FileForm) -> bytes:
    if kept:
        with storages["private"].open(kept) as file:
            return bytes(file.read())
    file = form.cleaned_data["file"]
    if file.size > LARGEST_MB << 20:
        form.add_error("file", _t("This file is larger than %(most)s MB.") % {"most": LARGEST_MB})
        return b""
    return bytes(file.read())


def _keep(content: bytes, at: datetime) -> str:
    """Keep a file until it is saved, where no address leads to it; those that nobody came back for are removed."""
    store = storages["private"]
    if store.exists(FOLDER):
        for name in store.listdir(FOLDER)[1]:
            if at - store.get_modified_time(f"{FOLDER}/{name}") > timedelta(seconds=KEPT_SECONDS):
                store.delete(f"{FOLDER}/{name}")
    return store.save(f"{FOLDER}/{new_uid()}.csv", ContentFile(content))


def _kept(token: str) -> str:
    """The path of a kept file; nothing for a token that is not ours, is old, or whose file is gone."""
    try:
        path: str = signing.loads(token, salt=SALT, max_age=KEPT_SECONDS) if token else ""
    except signing.BadSignature:
        return ""
    return path if path and storages["private"].exists(path) else ""
