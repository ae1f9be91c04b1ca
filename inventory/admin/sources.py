"""What stands behind stock: the documents that moved or hold it, and finding variants by what people type."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.office.columns import document

# What the words of a source mean to people; documents that have no page of their own stay words.
DOCUMENTS = {
    "order": _("Order"), "fulfillment": _("Order"), "sale": _("Till sale"), "stock_count": _("Count"),
    "adjustment": _("Adjustment"), "transfer": _("Transfer"), "purchase_order": _("Purchase order"),
}  # fmt: skip
WORDS = {
    "goods_receipt": _("Goods receipt"), "import": _("Import"), "opening": _("Opening stock"),
    "naming": _("Read off the shelf"), "serial_correction": _("Correction of an order"),
}  # fmt: skip


def document_of(source_type: str, source_uid: Any) -> str:
    """A link to the document, in the reader's words."""
    if source_type in DOCUMENTS:
        return document(source_type, source_uid, DOCUMENTS[source_type])
    return str(WORDS.get(source_type, source_type.replace("_", " ").capitalize()))


def variants_like(term: str) -> "QuerySet[Variant]":
    """Variants whose SKU begins with, or whose product's name holds, what was typed."""
    by_name = Q(product__title__icontains=term)
    key = normalize_sku(term).value
    return Variant.objects.filter(by_name | Q(sku_key__startswith=key) if key else by_name)
