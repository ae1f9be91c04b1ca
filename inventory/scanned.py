"""What a code at the shelf means: an item, and how many of its smallest amounts one scan of it stands for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commerce.catalog.barcodes import lookup_keys
from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.catalog.units import NoAmount, smallest
from commerce.kernel.db import rows

MOST = 100_000  # units, or packs, at once
WHOLE = re.compile("[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """`per` is 1, or what a pack holds in the variant's smallest amounts."""

    variant: Variant
    per: int = 1

    def amount(self, written: str) -> int:
        """What was written, in smallest amounts: "", "12", "-1", "0.35". Packs are counted whole, and what is measured
        has to be written. Raises `NoAmount` with a text for people."""
        text = written.strip().replace("\N{MINUS SIGN}", "-")
        sign = -1 if text.startswith("-") else 1
        text = text.removeprefix("-").strip()
        if self.per > 1:
            if not (text or "1").isdecimal() or len(text) > len(str(MOST)):
                raise NoAmount(_("“%(text)s” is not a number of packs.") % {"text": written[:40]})
            return sign * int(text or 1) * self.per
        if not text and self.variant.unit_scale > 1:
            says = _("%(name)s is measured: write how much of it there is, in %(unit)s.")
            raise NoAmount(says % {"name": self.variant.name, "unit": self.variant.get_unit_display()})
        whole = WHOLE.match(text)
        if whole and int(whole[0][:12]) > MOST:
            raise NoAmount(_("Count at most 100,000 at once."))
        return sign * smallest(text or "1", self.variant, least=0)


def of_codes(codes: Iterable[str]) -> dict[str, Found]:
    """The items of codes, as `catalog.queries.variants_by_code` finds them, many at once: by barcode, the best reading
    first, else by SKU. Codes that nobody knows are left out."""
    wanted = {code: (lookup_keys(code), normalize_sku(code).value) for code in set(codes) if code.strip()}
    keys = sorted({key for keys, _sku in wanted.values() for key in keys})
    skus = sorted({sku for _keys, sku in wanted.values() if sku})
    barcodes = rows("SELECT key, variant_id, units FROM catalog_barcode WHERE key = ANY(%s)", [keys])
    by_barcode = {key: (variant, units) for key, variant, units in barcodes}
    by_sku = dict(rows("SELECT sku_key, id FROM catalog_variant WHERE sku_key = ANY(%s)", [skus]))
    meant: dict[str, tuple[int, int]] = {}
    for code, (keys_of, sku) in wanted.items():
        known = next((by_barcode[key] for key in keys_of if key in by_barcode), None)
        if known or sku in by_sku:
            meant[code] = known or (by_sku[sku], 1)
    variants = Variant.objects.select_related("product").in_bulk({variant for variant, _units in meant.values()})
    return {code: Found(variants[variant], units) for code, (variant, units) in meant.items()}
