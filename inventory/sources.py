"""The documents of stock itself, as people call them: see `documents`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext as _

from commerce.sync.models import ImportRun
from inventory import adjustments
from inventory.documents import Called, Names
from inventory.models import PurchaseOrder, StockAdjustment, StockCount, Transfer


def _numbered(model: type[Model], title: str) -> Names:
    """Documents that have a number; `title` holds %(number)s and is translated when it is read."""

    def names(uids: Sequence[UUID]) -> dict[UUID, Called]:
        rows: Any = model._default_manager.filter(uid__in=uids).values_list("uid", "number")
        return {uid: Called(_(title) % {"number": number}, number) for uid, number in rows}

    return names


def _adjustments(uids: Sequence[UUID]) -> dict[UUID, Called]:
    rows = StockAdjustment.objects.filter(uid__in=uids).values_list("uid", "reason", "note")
    labels = {code: str(reason.label) for code, reason in adjustments.REASONS.items()}
    return {
        uid: Called(_("Adjustment"), note=": ".join(filter(None, [labels.get(reason, reason), note])))
        for uid, reason, note in rows
    }


def _imports(uids: Sequence[UUID]) -> dict[UUID, Called]:
    rows = ImportRun.objects.filter(uid__in=uids).values_list("uid", "file_name")
    return {uid: Called(_("Import"), note=file_name) for uid, file_name in rows}


def _plain(title: str) -> Names:
    """Documents that nothing more is kept of."""
    return lambda uids: {uid: Called(_(title)) for uid in uids}


NAMES: dict[str, Names] = {
    "transfer": _numbered(Transfer, "Transfer %(number)s"),
    "purchase_order": _numbered(PurchaseOrder, "Purchase order %(number)s"),
    "stock_count": _numbered(StockCount, "Stock count %(number)s"),
    "adjustment": _adjustments,
    "import": _imports,
    "opening": _plain("Opening stock"),
    "goods_receipt": _plain("Goods receipt"),
    "naming": _plain("Read off the shelf"),
    "serial_correction": _plain("Correction of an order"),
}
