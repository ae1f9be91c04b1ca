"""The sheet on which goods are approved, packed and unpacked: lines with a number each, filled by scanning or typing.

It works without a script, one code per POST; with one (static/js/office/goods.js) scans are taken at once. Nothing is
booked before its button is pressed, and whatever was entered stays when a booking is refused.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from commerce.catalog.models import Barcode, Variant
from commerce.catalog.units import PIECE, NoAmount, smallest, typed
from commerce.kernel.errors import DomainError
from commerce.kernel.ids import new_uid
from commerce.kernel.money import InvalidAmount, Money, parse_money
from commerce.office.base import person_of
from commerce.office.columns import address, grouped
from inventory.errors import NotOnDocument
from inventory.models import Supplier
from inventory.quantities import meaning
from inventory.serials import normalize

D = TypeVar("D", bound=Model)
UNITS, COST, NUMBERS = "units-", "cost-", "numbers-"
DIGITS = 9  # a number with more of them is no number of units


@dataclass(frozen=True, slots=True)
class Line:
    """A product on the sheet. `expected` is asked for, in smallest amounts; more than `most` is refused (None: any);
    `start` stands in the field at first; `note` says more, `cost_minor` is asked for where the sheet has costs.
    `here` are the serial numbers that may be meant, where those are asked for. `codes` scan as the product: each with
    a tab and what it stands for behind it where that is a pack."""

    variant: Variant
    expected: int
    most: int | None = None
    start: int = 0
    note: str = ""
    cost_minor: int | None = None
    codes: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    units_text: str = ""
    cost_text: str = ""
    numbers_text: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the person entered: units, costs (minor units) and serial numbers by variant, and the id of this booking."""

    uid: UUID
    units: dict[int, int]
    costs: dict[int, int]
    numbers: dict[int, list[str]]

    def come(self) -> tuple[dict[int, int], dict[int, list[str]]]:
        """Units and serial numbers of what has come: a delivery does not name the rest."""
        units = {variant: quantity for variant, quantity in self.units.items() if quantity}
        return units, {variant: self.numbers[variant] for variant in units if variant in self.numbers}


@dataclass(frozen=True, slots=True)
class Sheet:
    """`book` runs the action and answers. `stand` changes with every booking: what a browser kept from before is old
    then. With `takes_new` codes that are not on the sheet add a line; `currency` asks for costs, `asks_numbers` for the
    serial numbers of what has some."""

    title: str
    place: str
    number: str
    back: str
    button: Any
    book: Callable[[Filled], HttpResponse]
    lines: list[Line]
    stand: str
    hint: Any = ""
    takes_new: bool = False
    asks_numbers: bool = False
    currency: str = ""
    supplier: Supplier | None = None
    problems: list[str] = field(default_factory=list)
    said: str = ""


@dataclass(frozen=True, slots=True)
class Steps(Generic[D]):
    """The sheets of a kind of document by their names: the permission that each needs, the state that it belongs to,
    and what makes it. `demand_state` raises where the document is in another state."""

    demand_state: Callable[..., None]
    sheets: dict[str, tuple[str, str, Callable[[HttpRequest, D], Sheet]]]

    def answer(self, name: str, site: Any, request: HttpRequest, document: D) -> HttpResponse:
        """The sheet called `name`, or its booking; the document's page where its time has not come, or is over."""
        permission, state, make = self.sheets[name]
        if not person_of(request).has_perm(permission):
            raise PermissionDenied
        if request.method != "POST":
            try:
                self.demand_state(document, state)
            except DomainError as error:
                messages.warning(request, str(error))
                return HttpResponseRedirect(address(document))
        return answer(request, site, make(request, document))


def answer(request: HttpRequest, site: Any, sheet: Sheet) -> HttpResponse:
    """The page, what a code means to it (`?code=`, as JSON for its script), or the booking."""
    if request.method != "POST":
        if "code" in request.GET:
            return _meaning(request.GET["code"], sheet)
        lines = [_entered(line, _in_units(line, line.start), _cost_text(line, sheet)) for line in sheet.lines]
        return _page(request, site, replace(sheet, lines=lines), uid=str(new_uid()))
    sheet, filled = _read(request, sheet)
    do = request.POST.get("do", "add")
    if do == "all":
        lines = [replace(line, units_text=_in_units(line, line.expected)) for line in sheet.lines]
        sheet = replace(sheet, lines=lines, problems=[])
    elif do == "add":
        sheet = _add(request.POST.get("code", "").strip(), sheet)
    elif not sheet.problems:
        try:
            return sheet.book(filled)
        except DomainError as error:
            fields = getattr(error, "fields", None) or {}
            texts = [text for texts in fields.values() for text in texts] or [str(error)]
            sheet = replace(sheet, problems=texts)
    return _page(request, site, sheet, uid=str(filled.uid))


def with_codes(lines: Iterable[Line], supplier: Supplier | None = None) -> list[Line]:
    """The lines with everything that scans as their product."""
    found = list(lines)
    codes: dict[int, list[str]] = {line.variant.pk: [line.variant.sku_key] for line in found}
    scale = {line.variant.pk: line.variant.unit_scale for line in found}
    barcodes = Barcode.objects.filter(variant__in=list(codes)).values_list("variant_id", "key", "units")
    for variant, key, per in barcodes:
        codes[variant].append(f"{key}\t{typed(per, scale[variant])}" if per > 1 else key)
    if supplier:
        for variant, sku in supplier.items.filter(variant__in=list(codes)).values_list("variant_id", "supplier_sku"):
            codes[variant] += [sku.upper()] if sku else []
    return [replace(line, codes=tuple(codes[line.variant.pk])) for line in found]


def _entered(line: Line, units: str, cost: str) -> Line:
    return replace(line, units_text=units, cost_text=cost)


def _in_units(line: Line, quantity: int) -> str:
    return typed(quantity, line.variant.unit_scale) if quantity else ""


def _cost_text(line: Line, sheet: Sheet) -> str:
    return Money(line.cost_minor, sheet.currency).format() if sheet.currency and line.cost_minor else ""


def _read(request: HttpRequest, sheet: Sheet) -> tuple[Sheet, Filled]:
    """The sheet as it was sent, with what is wrong on it, and its numbers."""
    try:
        uid = UUID(request.POST.get("uid", ""))
    except ValueError:
        uid = new_uid()
    lines, problems = [], []
    units: dict[int, int] = {}
    costs: dict[int, int] = {}
    numbers: dict[int, list[str]] = {}
    for line in _lines_sent(request, sheet):
        pk, sku = line.variant.pk, line.variant.sku
        line = _entered(line, request.POST.get(f"{UNITS}{pk}", "").strip(), request.POST.get(f"{COST}{pk}", "").strip())
        if sheet.asks_numbers and line.variant.tracks_serials:
            line = replace(line, numbers_text=request.POST.get(f"{NUMBERS}{pk}", ""))
            numbers[pk] = line.numbers_text.splitlines()
        lines.append(line)
        try:
            units[pk] = _amount(line)
        except NoAmount as error:
            problems.append(f"{sku}: {error}")
        if sheet.currency and line.cost_text:
            try:
                costs[pk] = parse_money(line.cost_text, sheet.currency).minor
            except InvalidAmount as error:
                problems.append(f"{sku}: {error}")
    return replace(sheet, lines=lines, problems=problems), Filled(uid, units, costs, numbers)


def _amount(line: Line) -> int:
    """What was entered, in smallest amounts. Raises `NoAmount`."""
    text = line.units_text or "0"
    if line.variant.unit != PIECE:
        return smallest(text, line.variant, least=0)
    if text.isdecimal() and len(text) > DIGITS:
        most = 10**DIGITS - 1
        raise NoAmount(_("“%(text)s” is too much: at most %(most)s.") % {"text": text, "most": grouped(most)})
    if not text.isdecimal():
        raise NoAmount(_("“%(text)s” is not a whole number of units.") % {"text": text})
    return int(text)


def _lines_sent(request: HttpRequest, sheet: Sheet) -> list[Line]:
    """The sheet's lines, and those that were added in the browser."""
    known = {line.variant.pk for line in sheet.lines}
    sent = [int(name.removeprefix(UNITS)) for name in request.POST if name.removeprefix(UNITS).isdecimal()]
    new = [pk for pk in sent if pk not in known] if sheet.takes_new else []
    added = Variant.objects.select_related("product").filter(pk__in=new)
    return [*sheet.lines, *with_codes((Line(variant, 0) for variant in added), sheet.supplier)]


def _add(code: str, sheet: Sheet) -> Sheet:
    if not code:
        return sheet
    try:
        variant, number, per = _meant(code, sheet)
        lines = list(sheet.lines)
        if variant.pk not in {line.variant.pk for line in lines}:
            if not sheet.takes_new:
                raise NotOnDocument(sku=variant.sku, number=sheet.number)
            lines += with_codes([Line(variant, 0)], sheet.supplier)
    except DomainError as error:
        return replace(sheet, problems=[*sheet.problems, str(error)])
    turn = next(turn for turn, line in enumerate(lines) if line.variant.pk == variant.pk)
    lines[turn], said = _counted(lines[turn], number, per)
    return replace(sheet, lines=lines, said=said)


def _counted(line: Line, number: str, per: int) -> tuple[Line, str]:
    """The line with one scan more, and what is said of it: a piece, or what a pack holds. A piece that was counted
    before may get its number now. What is measured has to be written."""
    try:
        units = _amount(line)
    except NoAmount:
        units = 0
    if not number and per == 1 and line.variant.unit != PIECE:
        return line, _("%(sku)s: write how much of it there is.") % {"sku": line.variant.sku}
    if not number:
        more = _in_units(line, units + per)
        return replace(line, units_text=more), f"{line.variant.sku}: {more}"
    written = [each for each in map(normalize, line.numbers_text.splitlines()) if each]
    if number in written:
        return line, _("%(number)s is on the sheet already.") % {"number": number}
    written.append(number)
    units = max(units, len(written))
    return replace(line, units_text=str(units), numbers_text="\n".join(written)), f"{line.variant.sku}: {number}"


def _meant(code: str, sheet: Sheet) -> tuple[Variant, str, int]:
    """The variant that a code names, the serial number where it is one of those that may be meant here, and how many
    smallest amounts it stands for: 1, or what a pack holds."""
    number = normalize(code)
    of_number = [line.variant for line in sheet.lines if number in line.here]
    if len(of_number) == 1:
        return of_number[0], number, 1
    found = meaning(code, supplier=sheet.supplier)
    return found.variant, "", found.per


def _meaning(code: str, sheet: Sheet) -> JsonResponse:
    """What the script is told about a code that it does not find on the page."""
    try:
        variant, number, per = _meant(code, sheet)
        if variant.pk not in {line.variant.pk for line in sheet.lines} and not sheet.takes_new:
            raise NotOnDocument(sku=variant.sku, number=sheet.number)
    except DomainError as error:
        return JsonResponse({"variant": None, "text": str(error)})
    told = {"variant": variant.pk, "number": number, "per": typed(per, variant.unit_scale) if per > 1 else ""}
    return JsonResponse({**told, "text": f"{variant.sku} {variant.name}"})


def _page(request: HttpRequest, site: Any, sheet: Sheet, *, uid: str) -> HttpResponse:
    is_sent = request.method == "POST"
    context = {**site.each_context(request), "sheet": sheet, "uid": uid, "is_sent": is_sent}
    return TemplateResponse(request, "office/goods_sheet.html", context, status=422 if sheet.problems else 200)
