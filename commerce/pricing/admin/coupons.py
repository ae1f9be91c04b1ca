"""The coupons of a promotion: its batches, a search, who used what, a generator, and codes from a file."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from commerce.kernel.cells import safe
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.office.asking import ask, find, remember
from commerce.office.base import person_of, refuse
from commerce.office.columns import document, grouped
from commerce.pricing import coupon_batches
from commerce.pricing.actions.deactivate_coupons import deactivate_coupons
from commerce.pricing.actions.make_coupons import add_coupons, make_coupons
from commerce.pricing.coupon_batches import MOST, USUAL_LENGTH, Terms
from commerce.pricing.coupons import normalize
from commerce.pricing.models import Coupon, CouponUse, Promotion

SALT = "pricing.coupons"
SHOWN = 50
LARGEST_FILE = 5_000_000  # bytes
HEADINGS = ["code", "batch", "max_uses", "used", "first_day", "last_day", "active"]


def _number(label: Any, hint: Any = "", initial: int | None = None) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, required=False, initial=initial, max_value=10**6, help_text=hint, widget=widget
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TermsForm(forms.Form):
    """What codes may be used for."""

    batch = forms.CharField(label=lazy("Name of the batch"), max_length=80, required=False)
    max_uses = _number(lazy("Uses of each code"), lazy("Empty: no limit."), 1)
    max_uses_per_customer = _number(lazy("Uses per customer"), lazy("Empty: no limit."))
    starts_on = _day(lazy("First day"))
    ends_on = _day(lazy("Last day"))

    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            batch=(data.get("batch") or "").strip(),
            **{name: data.get(name) for name in ("max_uses", "max_uses_per_customer", "starts_on", "ends_on")},
        )


class GeneratorForm(TermsForm):
    count = _number(lazy("How many codes"), lazy("Up to %s.") % f"{MOST:,}", 100)
    prefix = forms.CharField(  # type: ignore[assignment]  # a field, not the form's own prefix
        label=lazy("Prefix"), max_length=12, required=False, help_text=lazy("E.g. FALL.")
    )
    length = _number(lazy("Random characters"), lazy("Without those that look alike: 0 O 1 I L."), USUAL_LENGTH)
    field_order = ("batch", "count", "prefix", "length", "max_uses", "max_uses_per_customer", "starts_on", "ends_on")


class OwnCodesForm(TermsForm):
    codes = forms.CharField(
        label=lazy("Codes"),
        required=False,
        help_text=lazy("One per line. Or choose a file below."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "characters"}),
    )
    file = forms.FileField(
        label=lazy("CSV file"), required=False, help_text=lazy("The first column holds the codes."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )  # fmt: skip
    field_order = ("codes", "file", "batch", "max_uses", "max_uses_per_customer", "starts_on", "ends_on")

    def text(self) -> str:
        """What was typed, or what is in the file. ValidationError for a file that is no text."""
        file = self.cleaned_data.get("file")
        if file is None:
            return str(self.cleaned_data.get("codes") or "")
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large for codes."))
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This is no text in UTF-8. Save it as CSV, UTF-8.")) from None


class CouponPages:
    """The pages below a promotion's address."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin

    def urls(self) -> list[Any]:
        view = self.admin.admin_site.admin_view
        pages = {
            "": self.overview,
            "generation/": self.generation,
            "own/": self.own,
            "deactivation/": self.deactivation,
        }
        names = {"": "coupons", "generation/": "coupon-generation", "own/": "coupon-own"}
        names["deactivation/"] = "coupon-deactivation"
        found = [path(f"<int:pk>/coupons/{end}", view(page), name=names[end]) for end, page in pages.items()]
        return [*found, path("<int:pk>/coupons/file/", view(self.file), name="coupon-file")]

    def _row(self, request: HttpRequest, pk: int, *, writes: bool = False) -> Promotion:
        may = self.admin.has_change_permission if writes else self.admin.has_view_permission
        if not may(request):
            raise PermissionDenied
        row: Promotion = find(self.admin, request, str(pk))
        return row

    def overview(
        self, request: HttpRequest, pk: int, forms_shown: dict[str, forms.Form] | None = None, status: int = 200
    ) -> HttpResponse:
        """Batches, a search by code, and the last uses."""
        row = self._row(request, pk)
        term = normalize(request.GET.get("q", ""))
        found = (
            Coupon.objects.filter(promotion=row, code_key__startswith=term).order_by("code_key")[:SHOWN] if term else []
        )
        uses = CouponUse.objects.filter(coupon__promotion=row).select_related("coupon").order_by("-used_at")
        if term:
            uses = uses.filter(coupon__code_key__startswith=term)
        shown = {"generator": GeneratorForm(None), "own": OwnCodesForm(None, prefix="own"), **(forms_shown or {})}
        for form in shown.values():
            _mark_needed(form)
        context = {
            **self.admin.admin_site.each_context(request),
            "opts": self.admin.opts,
            "title": _("Coupons of “%s”") % row.name,
            "row": row,
            "batches": coupon_batches.batches(row),
            "q": request.GET.get("q", ""),
            "found": found,
            "uses": [(use, document("order", use.source_uid, _("Order"))) for use in uses[:SHOWN]],
            "may_edit": self.admin.has_change_permission(request),
            **shown,
        }
        return TemplateResponse(request, "office/coupons.html", context, status=status)

    def generation(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a batch: what is large goes on, part by part, with a page that says how far it is."""
        row = self._row(request, pk, writes=True)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:coupons", args=[pk]))
        if "order" in request.POST:
            return self._go_on(request, row)
        form = GeneratorForm(request.POST)
        if not form.is_valid():
            return self.overview(request, pk, {"generator": form}, 422)
        data = form.cleaned_data
        asked: dict[str, Any] = {"count": data.get("count") or 0, "prefix": (data.get("prefix") or "").strip()}
        asked["length"] = data.get("length") or 0
        terms = form.terms()
        wrong = coupon_batches.problems(terms, **asked)
        if not wrong and Coupon.objects.filter(promotion=row, batch=terms.batch).exists():
            wrong = {"batch": [_("There is a batch of this name already. Choose another one.")]}
        if wrong:
            refuse(form, InvalidInput(wrong))
            return self.overview(request, pk, {"generator": form}, 422)
        days = {name: day.isoformat() if (day := getattr(terms, name)) else "" for name in ("starts_on", "ends_on")}
        limits = {name: getattr(terms, name) for name in ("batch", "max_uses", "max_uses_per_customer")}
        order = signing.dumps({**asked, **limits, **days, "promotion": pk}, salt=SALT)
        remember(request, row, _("Coupons made: %s") % terms.batch)
        return self._part(request, row, order)

    def _go_on(self, request: HttpRequest, row: Promotion) -> HttpResponse:
        return self._part(request, row, request.POST["order"])

    def _part(self, request: HttpRequest, row: Promotion, order: str) -> HttpResponse:
        """Make the next codes of an order; the page of the promotion's coupons when that was all."""
        try:
            asked = signing.loads(order, salt=SALT, max_age=86_400)
        except signing.BadSignature:
            raise Http404 from None
        if asked.pop("promotion") != row.pk:
            raise Http404
        making = {name: asked.pop(name) for name in ("count", "prefix", "length")}
        days = {name: forms.DateField(required=False).clean(asked.pop(name)) for name in ("starts_on", "ends_on")}
        terms = Terms(**asked, **days)
        made = make_coupons(row, terms, **making, person=person_of(request), at=now())
        back = reverse("admin:coupons", args=[row.pk])
        if made >= making["count"]:
            text = ngettext("%(n)s code is made: “%(batch)s”.", "%(n)s codes are made: “%(batch)s”.", made)
            messages.success(request, text % {"n": grouped(made), "batch": terms.batch})
            if request.headers.get("HX-Request"):
                answer = HttpResponse()
                answer["HX-Redirect"] = back
                return answer
            return HttpResponseRedirect(back)
        context = {"row": row, "order": order, "made": made, "count": making["count"], "batch": terms.batch}
        if request.headers.get("HX-Request"):
            return TemplateResponse(request, "office/_coupon_progress.html", context)
        frame = {**self.admin.admin_site.each_context(request), "opts": self.admin.opts, "title": _("Making coupons")}
        return TemplateResponse(request, "office/coupon_generation.html", {**frame, **context})

    def own(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take over codes that were typed or stand in a file."""
        row = self._row(request, pk, writes=True)
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:coupons", args=[pk]))
        form = OwnCodesForm(request.POST, request.FILES, prefix="own")
        if form.is_valid():
            try:
                codes = coupon_batches.codes_in(form.text())
                made = add_coupons(row, form.terms(), codes, person=person_of(request), at=now())
            except forms.ValidationError as error:
                form.add_error("file", error)
            except InvalidInput as error:
                refuse(form, InvalidInput({name: texts[:20] for name, texts in error.fields.items()}))
            else:
                remember(request, row, _("Own codes added"))
                messages.success(request, ngettext("%s code is added.", "%s codes are added.", made) % grouped(made))
                return HttpResponseRedirect(reverse("admin:coupons", args=[pk]))
        return self.overview(request, pk, {"own": form}, 422)

    def deactivation(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._row(request, pk, writes=True)
        batch = request.GET.get("batch", "")

        def run(data: dict[str, Any]) -> Any:
            stopped = deactivate_coupons(row, batch, person=person_of(request))
            return ngettext("%s code is called off.", "%s codes are called off.", stopped) % grouped(stopped)

        title = _("Call off “%s”") % (batch or _("codes without a batch"))
        explain = _("Nobody can use these codes any more. What was sold with them keeps its price.")
        back = reverse("admin:coupons", args=[pk])
        return ask(
            self.admin,
            request,
            row,
            title=title,
            button=_("Call off"),
            run=run,
            explain=explain,
            danger=True,
            back=back,
        )

    def file(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """The codes as a CSV file, of one batch or of all."""
        row = self._row(request, pk)
        found = coupon_batches.as_rows(row, request.GET.get("batch"))
        answer = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="coupons-{row.code}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


def _mark_needed(form: forms.Form) -> None:
    """For the page: only what may stay empty without a word about it is called optional."""
    form.use_required_attribute = False
    for name, field in form.fields.items():
        field.required = name not in ("prefix", "starts_on", "ends_on", "file") and not (
            name == "batch" and isinstance(form, OwnCodesForm)
        )


def _lines(found: Any) -> Iterator[str]:
    yield "\ufeff" + _line(list(HEADINGS))
    for row in found:
        yield _line([safe(cell) if isinstance(cell, str) else cell for cell in row])


def _line(values: list[Any]) -> str:
    out = StringIO()
    csv.writer(out).writerow(["" if value is None else value for value in values])
    return out.getvalue()
