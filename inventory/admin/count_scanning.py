"""The screen at the shelf, for whoever has a desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.office.base import person_of
from commerce.office.columns import address
from inventory import count_screen
from inventory.models import StockCount


def answer(admin: Any, request: HttpRequest, count: StockCount) -> HttpResponse:
    return count_screen.answer(request, count, _screen(request, count))


def progress(admin: Any, request: HttpRequest, count: StockCount) -> HttpResponse:
    return count_screen.progress(request, count, _screen(request, count))


def _screen(request: HttpRequest, count: StockCount) -> count_screen.Screen:
    part = "admin:inventory_stockcount_{}".format
    return count_screen.Screen(
        person=person_of(request),
        scan=reverse(part("scan"), args=[count.pk]),
        progress=reverse(part("progress"), args=[count.pk]),
        back=address(count),
        back_label=_("Back to the count"),
        finish=reverse(part("finish"), args=[count.pk]),
    )
