"""What people write when they name goods: a scanned or typed code, a list of codes with quantities."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.queries import variants_by_code
from commerce.catalog.units import PIECE, NoAmount, smallest
from commerce.kernel.errors import InvalidInput
from inventory import scanned
from inventory.errors import UnknownCode
from inventory.models import Supplier, SupplierItem
from inventory.scanned import Found

MOST = 1_000_000
LINE = re.compile(r"(?P<code>\S.*?)(?:[\s,;:×x*]+(?P<units>[-+]?\d[\d.,]*))?\s*", re.IGNORECASE)


def demand_units(units: Mapping[int, int]) -> None:
    """Raise `InvalidInput` unless these are whole numbers of units from 0 to `MOST`."""
    for variant, quantity in units.items():
        if not 0 <= quantity <= MOST:
            sku = Variant.objects.values_list("sku", flat=True).get(pk=variant)
            raise InvalidInput({"units": [_("%(sku)s: enter between 0 and 1,000,000.") % {"sku": sku}]})


def variant_by_code(code: str, *, supplier: Supplier | None = None) -> Variant:
    """The variant that a code means: barcode, SKU, or what the supplier calls it. Raises `UnknownCode`."""
    wanted = code.strip()
    found = variants_by_code(wanted) if wanted else []
    if not found and wanted:
        items = SupplierItem.objects.filter(Q(supplier=supplier) if supplier else Q(), supplier_sku__iexact=wanted)
        found = list(Variant.objects.select_related("product").filter(supplier_items__in=items).distinct()[:2])
    if len(found) != 1:
        raise UnknownCode(code=wanted[:60])
    return found[0]


def parse_units(text: str, *, supplier: Supplier | None = None) -> dict[int, int]:
    """Smallest amounts by variant from lines like "MUG-1 12", "4006381333931; 3" or "RIBBON 2.5". A code alone is one
    piece, a pack's code what is in it; a code that comes again adds up. Raises `InvalidInput` (field "items") with each
    line that cannot be used, and uses none then."""
    units: dict[int, int] = {}
    problems: list[str] = []
    for number, line in _lines(text):
        try:
            found, quantity = _read(line, supplier)
        except UnknownCode:
            problems.append(_("Line %(n)s: nothing has the code “%(code)s”.") % {"n": number, "code": line[:60]})
        except NoAmount as error:
            says = _("Line %(n)s: “%(line)s” has no whole number of units.")
            says = _("Line %(n)s: “%(line)s”: %(why)s") if str(error) else says
            problems.append(says % {"n": number, "line": line[:60], "why": error})
        else:
            units[found.pk] = units.get(found.pk, 0) + quantity
    if problems:
        raise InvalidInput({"items": problems})
    if not units:
        raise InvalidInput({"items": [_("Name at least one product.")]})
    return units


def _lines(text: str) -> Iterable[tuple[int, str]]:
    return ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def _read(line: str, supplier: Supplier | None) -> tuple[Variant, int]:
    """The variant of a line, and how many smallest amounts of it. Raises `UnknownCode`, and `NoAmount` (without a text
    where it is no whole number of pieces)."""
    parts = LINE.fullmatch(line)
    readings = [(parts["code"], parts["units"])] if parts and parts["units"] else []
    for code, units in [*readings, (line, "")]:  # a code may have blanks and digits in it
        with suppress(UnknownCode):
            found = meaning(code, supplier=supplier)
            return found.variant, _amount(found, units)
    raise UnknownCode(code=line[:60])


def meaning(code: str, *, supplier: Supplier | None = None) -> Found:
    """`variant_by_code`, and what it stands for: 1, or what a pack holds. Raises `UnknownCode`."""
    packed = scanned.of_codes([code]).get(code)
    return packed if packed and packed.per > 1 else Found(variant_by_code(code, supplier=supplier))


def _amount(found: Found, written: str) -> int:
    if found.variant.unit != PIECE and found.per == 1:
        if not written:
            raise NoAmount(_("Write how much of it there is."))
        return smallest(written, found.variant)
    text = written or "1"
    if not (text.isdecimal() and 0 < int(text) <= MOST):
        raise NoAmount()
    return int(text) * found.per
