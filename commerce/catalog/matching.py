"""Drafts compared with what there is: what is new, what differs, and what cannot be as asked. Nothing is written here.

A product is known by its slug. Within it a variant is known by its SKU, where no other of its drafts has the same, else
by the values of its options. Whose a SKU or barcode is, `codes` decides.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog import contents
from commerce.catalog import known as shelf
from commerce.catalog.codes import Claims, Codes
from commerce.catalog.descriptions import sanitize
from commerce.catalog.drafts import MediaDraft, Problem, ProductDraft, VariantDraft
from commerce.catalog.known import Known, KnownProduct, KnownVariant
from commerce.kernel.exchange import CREATED, REFUSED, UPDATED

LENGTHS = {"title": 255, "brand": 120, "product_type": 255}
DEFAULTS: dict[str, Any] = {
    "description_html": "",
    "brand": "",
    "category_id": None,
    "product_type": "",
    "tags": [],
    "status": "draft",
    "on_web": True,
    "at_till": True,
    "tax_class": "standard",
    "popularity": 0,
}
VARIANT_DEFAULTS = {"swatch": "", "weight_grams": 0, "picture_id": None, "is_active": True}
VARIANT_DEFAULTS |= {"content_amount": None, "content_unit": ""}


@dataclass(slots=True)
class PlannedVariant:
    """`pk` is None for a new one; `picture` is the path of its picture where that is to change."""

    draft: VariantDraft
    pk: int | None
    values: dict[str, Any]
    picture: str | None
    barcodes: list[tuple[str, str]]
    changed: bool = False


@dataclass(slots=True)
class PlannedProduct:
    """`media` holds pictures to insert, `moved` primary key, alt and position of those to change."""

    draft: ProductDraft
    known: KnownProduct | None
    values: dict[str, Any]
    changed: bool
    options: list[str] | None
    media: list[MediaDraft] = field(default_factory=list)
    moved: list[tuple[int, str, int]] = field(default_factory=list)
    variants: list[PlannedVariant] = field(default_factory=list)

    @property
    def touched(self) -> bool:
        """Whether anything at all is to be written."""
        variants = any(v.changed or v.barcodes or v.picture for v in self.variants)
        return self.changed or self.options is not None or bool(self.media or self.moved) or variants


def plan(drafts: Sequence[ProductDraft], claims: Claims | None = None) -> list[PlannedProduct]:
    """Compare drafts with the catalog and note on each what becomes of it; refused ones are left out."""
    codes = Codes(drafts, claims or Claims())
    known = shelf.read({draft.slug for draft in drafts}, codes.sku_keys(), codes.barcode_keys())
    codes.owned_by(known)
    planner = _Planner(known, codes)
    planned = []
    seen: set[str] = set()
    for draft in drafts:
        product = None if draft.slug in seen else planner.product(draft)
        if draft.slug in seen:
            draft.refused = Problem("product_repeated", _("This product is in the list already."))
        seen.add(draft.slug)
        if product is not None:
            planned.append(product)
    return planned


class _Planner:
    """One comparison of drafts with what is known."""

    def __init__(self, known: Known, codes: Codes) -> None:
        self.known, self.codes = known, codes

    def product(self, draft: ProductDraft) -> PlannedProduct | None:
        known = self.known.products.get(draft.slug)
        draft.id = known.id if known else None
        if known is None and not draft.title:
            text = _("There is no product “%(slug)s” yet, and this one has no title to begin with.")
            draft.refused = Problem("title_missing", text % {"slug": draft.slug})
            return None
        values = self._values(draft, known)
        options = None
        if draft.options is not None and list(draft.options) != (known.options if known else []):
            options = list(draft.options)
        changed = known is None or values != known.values
        draft.outcome = CREATED if known is None else UPDATED if changed or options is not None else draft.outcome
        product = PlannedProduct(draft, known, values, changed, options)
        self._media(product)
        self._variants(product)
        return product

    def _values(self, draft: ProductDraft, known: KnownProduct | None) -> dict[str, Any]:
        values = dict(known.values) if known else {"title": "", **DEFAULTS}
        for name in shelf.PRODUCT_FIELDS:
            given = getattr(draft, name)
            if given is None or (name == "title" and not given):
                continue
            if name == "description_html":
                given = sanitize(given)
            elif name == "tags":
                given = list(dict.fromkeys(tag.strip()[:255] for tag in given if tag.strip()))
            elif name in LENGTHS:
                given = self._fitted(draft, name, given)
            values[name] = given
        return values

    def _fitted(self, draft: ProductDraft, name: str, text: str) -> str:
        text = " ".join(text.split())
        if len(text) > LENGTHS[name]:
            says = _("The %(field)s is longer than %(most)s characters and was cut.")
            problem = Problem("text_cut", says % {"field": name.replace("_", " "), "most": LENGTHS[name]})
            draft.problems.append(problem)
        return text[: LENGTHS[name]].strip()

    def _media(self, product: PlannedProduct) -> None:
        known = product.known.media if product.known else {}
        last = max((position for _pk, _alt, position in known.values()), default=0)
        new: dict[str, MediaDraft] = {}
        wanted = {media.path for media in product.draft.media}
        extra = [MediaDraft(v.picture) for v in product.draft.variants if v.picture and v.picture not in wanted]
        for media in [*product.draft.media, *extra]:
            if media.path in known:
                pk, alt, position = known[media.path]
                after = (media.alt or alt, media.position if media.position is not None else position)
                if after != (alt, position):
                    product.moved.append((pk, *after))
                    known[media.path] = (pk, *after)
                    media.outcome = UPDATED
            elif media.path not in new:
                last += 1
                media.position = media.position if media.position is not None else last
                media.outcome = CREATED
                new[media.path] = media
        product.media = list(new.values())

    def _variants(self, product: PlannedProduct) -> None:
        drafts = self._distinct(product.draft)
        often = Counter(self.codes.sku_key(draft) for draft in drafts)
        left = list(product.known.variants) if product.known else []
        found: dict[int, KnownVariant] = {}
        by_sku = {variant.values["sku_key"]: variant for variant in left}
        for draft in drafts:
            key = self.codes.sku_key(draft)
            if key and often[key] == 1 and key in by_sku:
                found[id(draft)] = by_sku[key]
        taken = {variant.id for variant in found.values()}
        by_options = {tuple(v.values["option_values"]): v for v in reversed(left) if v.id not in taken}
        for draft in drafts:
            if id(draft) not in found and draft.option_values in by_options:
                found[id(draft)] = by_options.pop(draft.option_values)
        position = max((variant.position for variant in left), default=0)
        for draft in drafts:
            planned = self._variant(product, draft, found.get(id(draft)))
            if planned.pk is None:
                position += 1
                planned.values["position"] = draft.position if draft.position is not None else position
            product.variants.append(planned)

    def _distinct(self, product: ProductDraft) -> list[VariantDraft]:
        """Of several drafts for one combination of options the first counts."""
        first: dict[tuple[str, ...], VariantDraft] = {}
        for draft in product.variants:
            if first.setdefault(draft.option_values, draft) is not draft:
                draft.outcome = REFUSED
                says = _("The variant “%(options)s” of this product is in the file already, further up.")
                options = " / ".join(draft.option_values) or product.title or product.slug
                draft.problems.append(Problem("variant_repeated", says % {"options": options}))
        return list(first.values())

    def _variant(self, product: PlannedProduct, draft: VariantDraft, known: KnownVariant | None) -> PlannedVariant:
        draft.id = known.id if known else None
        values = dict(known.values) if known else dict(VARIANT_DEFAULTS)
        values["sku"], values["sku_key"] = self.codes.sku(product.draft.slug, draft, known)
        chosen = [value[:255] for value in draft.option_values]
        values["option_values"], values["title"] = chosen, " / ".join(chosen)[:500]
        for name in ("swatch", "weight_grams", "is_active"):
            if getattr(draft, name) is not None:
                values[name] = getattr(draft, name)
        if draft.content is not None:
            _take_content(draft, values)
        picture = draft.picture
        pictures = product.known.media if product.known else {}
        if known and picture in pictures and pictures[picture][0] == known.values["picture_id"]:
            picture = None
        barcodes = self.codes.barcodes(draft, known)
        planned = PlannedVariant(draft, draft.id, values, picture or None, barcodes)
        planned.changed = known is None or values != known.values
        draft.outcome = CREATED if known is None else draft.outcome
        if known and (planned.changed or barcodes or planned.picture):
            draft.outcome = UPDATED
        return planned


def _take_content(draft: VariantDraft, values: dict[str, Any]) -> None:
    """What one piece holds; what cannot be read is left as it was, with a note."""
    try:
        values["content_amount"], values["content_unit"] = contents.read(*(draft.content or ("", "")))
    except contents.NoContent as error:
        draft.problems.append(Problem("content_unusable", str(error)))
