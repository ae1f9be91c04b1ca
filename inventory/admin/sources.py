"""What stands behind stock: the documents that moved or hold it, and finding variants by what people type."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.office.columns import document
from inventory import documents
from inventory.documents import Document


def name_sources(rows: Iterable[Any]) -> None:
    """Give each row that names a document (`source_type`, `source_uid`) its `source_link`."""
    rows = list(rows)
    found = documents.of((row.source_type, row.source_uid) for row in rows)
    for row in rows:
        row.source_link = linked(found[row.source_type, row.source_uid])


def linked(found: Document) -> Any:
    """The document's name, as a link where the back office has a page for its kind."""
    kinds = {kind for one in admin.site._registry.values() for kind in getattr(one, "source_types", ())}
    return document(found.type, found.uid, found.title) if found.type in kinds else found.title


def variants_like(term: str) -> "QuerySet[Variant]":
    """Variants whose SKU begins with, or whose product's name holds, what was typed."""
    by_name = Q(product__title__icontains=term)
    key = normalize_sku(term).value
    return Variant.objects.filter(by_name | Q(sku_key__startswith=key) if key else by_name)
