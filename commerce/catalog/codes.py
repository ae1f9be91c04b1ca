"""Whose a SKU or barcode is: the variant's that had it first.

A variant that comes later, or has none, is given a SKU of its own, made from slug and options, so that the same draft
always finds the same variant again. A barcode that is taken is left out. Both are noted on the draft.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from commerce.catalog.barcodes import normalize_barcode
from commerce.catalog.drafts import Problem, ProductDraft, VariantDraft
from commerce.catalog.known import Known, KnownVariant
from commerce.catalog.skus import MAX_LENGTH, PROBLEMS, NormalizedSku, normalize_sku


@dataclass(slots=True)
class Claims:
    """SKU and barcode keys that earlier batches of a plan would have taken, had they been written."""

    skus: set[str] = field(default_factory=set)
    barcodes: set[str] = field(default_factory=set)


def make_sku(slug: str, option_values: Sequence[str]) -> str:
    """The SKU of a variant that has none: readable, at most 64 characters, always the same for the same variant."""
    text = "-".join([slug, *option_values])
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    plain = re.sub(r"[^A-Z0-9]+", "-", plain).strip("-")
    exact = re.fullmatch(r"[A-Za-z0-9 /_.-]*", text) is not None
    if exact and len(plain) <= MAX_LENGTH:
        return plain
    return f"{plain[: MAX_LENGTH - 9].rstrip('-')}-{hashlib.sha1(text.encode()).hexdigest()[:8].upper()}".lstrip("-")


def _bare(text: str) -> str:
    """A code as it was meant, without the guards that spreadsheets put around it."""
    text = text.strip()
    if len(text) > 3 and text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.lstrip("'’").strip()


class Codes:
    """The SKUs and barcodes of some drafts; who owns which grows while the drafts are gone through."""

    def __init__(self, drafts: Sequence[ProductDraft], claims: Claims) -> None:
        self.claims = claims
        variants = [(draft.slug, variant) for draft in drafts for variant in draft.variants]
        self._skus = {id(variant): normalize_sku(variant.sku) for _slug, variant in variants}
        self._barcodes = {id(v): [(code, normalize_barcode(code)) for code in v.barcodes] for _slug, v in variants}
        self._spare = {make_sku(slug, variant.option_values) for slug, variant in variants}
        self.sku_owners: dict[str, int] = {}
        self.barcode_owners: dict[str, int] = {}

    def sku_keys(self) -> set[str]:
        """All keys whose owner matters: those asked for, and those that would be given instead."""
        return self._spare | {sku.value for sku in self._skus.values() if sku.value}

    def barcode_keys(self) -> set[str]:
        return {code.value for found in self._barcodes.values() for _text, code in found if code.value}

    def owned_by(self, known: Known) -> None:
        self.sku_owners, self.barcode_owners = known.skus, known.barcodes

    def sku_key(self, draft: VariantDraft) -> str:
        return self._skus[id(draft)].value

    def sku(self, slug: str, draft: VariantDraft, known: KnownVariant | None) -> tuple[str, str]:
        """SKU and key that the variant gets: its own, else the one it has, else one made for it."""
        asked = self._skus[id(draft)]
        usable = bool(asked.value) and "formula_error" not in asked.problems
        if usable and self._free(asked.value, known):
            self._claim(asked.value, known)
            for problem in asked.problems:
                draft.problems.append(Problem(f"sku_{problem}", str(PROBLEMS[problem])))
            return _bare(draft.sku)[:120], asked.value
        if known:
            sku, key = known.values["sku"], known.values["sku_key"]
        else:
            sku = key = self._made(slug, draft.option_values)
            self._claim(key, None)
        draft.problems.append(self._no_sku(draft.sku, asked, usable, sku))
        return sku, key

    def _no_sku(self, written: str, asked: NormalizedSku, usable: bool, sku: str) -> Problem:
        names = {"written": _bare(written), "sku": sku}
        if usable:
            text = _("Another variant has the SKU %(written)s already; this one goes by %(sku)s.")
            return Problem("sku_taken", text % names)
        if asked.problems in ((), ("empty",)):
            return Problem("sku_missing", _("There is no SKU; this variant goes by %(sku)s.") % names)
        text = _("%(why)s This variant goes by %(sku)s.")
        return Problem("sku_unusable", text % {**names, "why": PROBLEMS[asked.problems[0]]})

    def _free(self, key: str, known: KnownVariant | None) -> bool:
        owner = self.sku_owners.get(key)
        return (owner is None and key not in self.claims.skus) or (known is not None and owner == known.id)

    def _claim(self, key: str, known: KnownVariant | None) -> None:
        self.sku_owners[key] = known.id if known else 0
        self.claims.skus.add(key)

    def _made(self, slug: str, option_values: Sequence[str]) -> str:
        sku = make_sku(slug, option_values)
        taken = 1
        while not self._free(sku, None):
            taken += 1
            sku = f"{make_sku(slug, option_values)[: MAX_LENGTH - 5]}-{taken}"
        return sku

    def barcodes(self, draft: VariantDraft, known: KnownVariant | None) -> list[tuple[str, str]]:
        """(code, key) of the barcodes to add."""
        new: list[tuple[str, str]] = []
        for written, code in self._barcodes[id(draft)]:
            shown = _bare(written)
            if not code.value:
                if code.problem not in ("empty", ""):
                    text = _("“%(code)s” cannot be a barcode and was left out.")
                    draft.problems.append(Problem("barcode_unusable", text % {"code": shown[:40]}))
                continue
            if code.kind != "gtin":
                text = _("“%(code)s” is no GTIN (EAN or UPC); it was kept as a code of your own.")
                draft.problems.append(Problem("barcode_not_gtin", text % {"code": shown}))
            owner = self.barcode_owners.get(code.value)
            if owner is None and code.value not in self.claims.barcodes:
                self.barcode_owners[code.value] = known.id if known else 0
                self.claims.barcodes.add(code.value)
                new.append((shown[:64], code.value))
            elif known is None or owner != known.id:
                text = _("Another variant has the barcode %(code)s already; it was left out here.")
                draft.problems.append(Problem("barcode_taken", text % {"code": shown}))
        return new
