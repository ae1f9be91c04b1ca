"""What people write when they name goods: a scanned or typed code, a list of codes with quantities."""

import re
from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.queries import variants_by_code
from commerce.kernel.errors import InvalidInput
from inventory.errors import UnknownCode
from inventory.models import Supplier, SupplierItem

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
    """Units by variant from lines like "MUG-1 12" or "4006381333931; 3"; a code alone is one unit; a code that comes
    again adds up. Raises `InvalidInput` (field "items") with every line that cannot be used, and uses none then."""
    units: dict[int, int] = {}
    problems: list[str] = []
    for number, line in _lines(text):
        found, quantity = _read(line, supplier)
        if found is None:
            problems.append(_("Line %(n)s: nothing has the code “%(code)s”.") % {"n": number, "code": line[:60]})
        elif quantity is None:
            problems.append(
                _("Line %(n)s: “%(line)s” has no whole number of units.") % {"n": number, "line": line[:60]}
            )
        else:
            units[found.pk] = units.get(found.pk, 0) + quantity
    if problems:
        raise InvalidInput({"items": problems})
    if not units:
        raise InvalidInput({"items": [_("Name at least one product.")]})
    return units


def _lines(text: str) -> Iterable[tuple[int, str]]:
    return ((number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def _read(line: str, supplier: Supplier | None) -> tuple[Variant | None, int | None]:
    """The variant of a line (None: unknown) and its units (None: not a whole number from 1)."""
    parts = LINE.fullmatch(line)
    readings = [(parts["code"], parts["units"])] if parts and parts["units"] else []
    for code, units in [*readings, (line, "1")]:  # a code may have blanks and digits in it
        try:
            found = variant_by_code(code, supplier=supplier)
        except UnknownCode:
            continue
        whole = units.isdecimal() and 0 < int(units) <= MOST
        return found, int(units) if whole else None
    return None, None
