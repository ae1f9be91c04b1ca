"""What imports may bring to the catalog. Words of a record's `data`, by its kind (what is missing is left as it is):

- product: slug, title, description_html, brand, product_type, tags, status, on_web, options; parts are
- variant: option_values, sku, barcodes, weight_grams, content (amount and unit), picture (a path), and what
  other apps read; and
- picture: path, alt, position.
- quantity: slug and option_values, or sku: only looked up.

Leaves the variant's primary key in `found["variant"]`.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog import matching, products
from commerce.catalog.codes import Claims
from commerce.catalog.drafts import MediaDraft, ProductDraft, VariantDraft
from commerce.catalog.skus import normalize_sku
from commerce.kernel.db import rows
from commerce.kernel.exchange import REFUSED, Record, Run

ABOUT = ("title", "description_html", "brand", "product_type", "status", "on_web")


class CatalogEntity:
    """Products with their variants, barcodes and pictures; and the variants that quantities are about."""

    def __init__(self) -> None:
        self._claims = Claims()
        self._shelves: dict[str, int] = {}

    def prepare(self, options: dict[str, Any]) -> None:
        for pk, slug, name in rows("SELECT id, slug, name FROM catalog_category"):
            self._shelves |= {slug.casefold(): pk, name.casefold(): pk}

    def apply(self, records: Sequence[Record], run: Run) -> None:
        asked = [record for record in records if record.kind == "product" and not record.is_refused]
        drafts = [self._draft(record) for record in asked]
        if run.dry_run:
            matching.plan(drafts, self._claims)
        elif drafts:
            products.put(drafts, at=run.at)
        for record, draft in zip(asked, drafts, strict=True):
            _report(record, draft, run)
        _find([record for record in records if record.kind == "quantity" and not record.is_refused])

    def _draft(self, record: Record) -> ProductDraft:
        data = record.data
        draft = ProductDraft(data["slug"], **{name: data[name] for name in ABOUT if name in data})
        draft.tags = tuple(data["tags"]) if "tags" in data else None
        draft.options = tuple(data["options"]) if "options" in data else None
        draft.category_id = self._shelves.get(data.get("product_type", "").casefold())
        if data.get("product_type") and draft.category_id is None:
            text = _("No category is called “%(type)s”; put the product on a shelf under Products.")
            record.note("no_category", text % {"type": data["product_type"]})
        for part in record.parts:
            if part.kind == "picture":
                draft.media.append(MediaDraft(part.data["path"][:1000], part.data["alt"], part.data.get("position")))
            elif part.kind == "variant":
                draft.variants.append(_variant(part.data))
        return draft


ENTITY = CatalogEntity


def _variant(data: dict[str, Any]) -> VariantDraft:
    return VariantDraft(
        sku=data.get("sku", ""),
        option_values=tuple(data["option_values"]),
        barcodes=tuple(data.get("barcodes", ())),
        weight_grams=data.get("weight_grams"),
        content=data.get("content"),
        picture=data.get("picture"),
    )


def _report(record: Record, draft: ProductDraft, run: Run) -> None:
    """Tell the records what became of their drafts."""
    if draft.refused:
        run.tally["products"][REFUSED] += 1
        record.refuse(draft.refused.code, draft.refused.text)
        return
    record.became(draft.outcome)
    run.tally["products"][draft.outcome] += 1
    for problem in draft.problems:
        record.note(problem.code, problem.text)
    drafts: dict[str, list[Any]] = {"picture": list(draft.media), "variant": list(draft.variants)}
    for part in record.parts:
        if part.kind not in drafts:
            continue
        made = drafts[part.kind].pop(0)
        run.tally[f"{part.kind}s"][made.outcome] += 1
        if part.kind == "picture":
            part.became(made.outcome)
            continue
        part.found["variant"] = made.id
        for problem in made.problems:
            (part.refuse if made.outcome == REFUSED else part.note)(problem.code, problem.text)
        part.became(made.outcome)


def _find(records: Sequence[Record]) -> None:
    """The variants that quantities are about: by product and options, else by SKU."""
    if not records:
        return
    skus = {id(record): normalize_sku(record.data.get("sku", "")).value for record in records}
    found = rows(
        "SELECT v.id, p.slug, v.option_values, v.sku_key FROM catalog_variant v"
        " JOIN catalog_product p ON p.id = v.product_id WHERE v.id IN ("
        " SELECT v.id FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id WHERE p.slug = ANY(%s)"
        " UNION SELECT id FROM catalog_variant WHERE sku_key = ANY(%s))",
        [[record.data["slug"] for record in records], [sku for sku in skus.values() if sku]],
    )
    by_options = {(slug, tuple(values)): pk for pk, slug, values, _sku in found}
    by_sku = {sku: pk for pk, _slug, _values, sku in found}
    for record in records:
        own = (record.data["slug"], tuple(record.data["option_values"]))
        pk = by_options.get(own) or by_sku.get(skus[id(record)])
        if pk is None:
            name = record.data.get("sku") or " / ".join([record.data["slug"], *record.data["option_values"]])
            text = _("There is no variant with the SKU or name “%(name)s”. Import the products first.")
            record.refuse("variant_unknown", text % {"name": name})
        record.found["variant"] = pk
