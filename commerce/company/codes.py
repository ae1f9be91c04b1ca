"""Codes that books, receipts and details of payments are kept by: they last as soon as anything points to the row."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import InvalidInput

LASTS = _("Documents and the books are kept by this code, so it cannot be changed any more.")


def is_referred_to(row: Model) -> bool:
    """Whether a row of any table points to this one."""
    if row.pk is None:
        return False
    for relation in row._meta.related_objects:
        if relation.related_model._base_manager.filter(**{relation.field.name: row.pk}).exists():
            return True
    return False


def demand_lasting(row: Any) -> None:
    """Raise `InvalidInput` where the `code` of a row that is about to be saved was changed although it has to last."""
    before = type(row)._base_manager.filter(pk=row.pk).values_list("code", flat=True).first()
    if before is not None and before != row.code and is_referred_to(row):
        raise InvalidInput({"code": [LASTS]})
