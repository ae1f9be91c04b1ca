"""The registry of means of payment."""

from functools import cache
from importlib import import_module

from django.conf import settings

from orders.tenders.base import Tender


@cache
def registry() -> dict[str, Tender]:
    """All tenders by their code, in the order of settings.TENDERS."""
    tenders: list[Tender] = [import_module(path).TENDER for path in settings.TENDERS]
    return {tender.code: tender for tender in tenders}
