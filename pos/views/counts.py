"""Counts, for the till: which are open here, the way to the screen at the shelf, and that screen."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from commerce.company.models import Device, User
from commerce.company.permissions import require
from commerce.company.tokens import Client
from commerce.kernel.api import scope
from inventory import count_screen
from inventory.models import StockCount
from pos import counting
from pos.access import person_of, register_of


@extend_schema(exclude=True)
@scope("till")
@api_view(["GET"])
def counts(request: Request) -> Response:
    """The counts that go on here; none for a person who may not scan."""
    return Response({"counts": counting.open_counts(register_of(request))})


@extend_schema(exclude=True)
@scope("till")
@api_view(["POST"])
def entry(request: Request, pk: int) -> Response:
    """The address of a count's screen, which lets this browser in."""
    register, person = register_of(request), person_of(request)
    require(person, "stock.scan", register.location)
    count = get_object_or_404(StockCount, pk=pk, location=register.location)
    response = Response({"address": reverse("pos:count", args=[count.pk])})
    counting.let_in(response, person, cast(Device, cast(Client, request.user).device))
    return response


def count(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen; a scan by POST."""
    known = counting.who_counts(request)
    if known is None:
        return _to_the_till()
    person, device, place = known
    with timezone.override(place.time_zone):
        found = get_object_or_404(StockCount.objects.select_related("location", "category"), pk=pk, location=place)
        response = count_screen.answer(request, found, _screen(found, person))
        response.render()  # type: ignore[attr-defined]
    counting.let_in(response, person, device)
    return response


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    known = counting.who_counts(request)
    if known is None:
        return _to_the_till()
    person, _device, place = known
    found = get_object_or_404(StockCount, pk=pk, location=place)
    return count_screen.progress(request, found, _screen(found, person))


def leave(request: HttpRequest) -> HttpResponse:
    """Back to the till; this browser has to come from there again."""
    response = _to_the_till()
    counting.let_out(response)
    return response


def _to_the_till() -> HttpResponse:
    return HttpResponseRedirect(reverse("pos:till"))


def _screen(count: StockCount, person: User) -> count_screen.Screen:
    return count_screen.Screen(
        person=person,
        scan=reverse("pos:count", args=[count.pk]),
        progress=reverse("pos:count-progress", args=[count.pk]),
        back=reverse("pos:leave-counts"),
        back_label=_("Back to the till"),
        is_blind=True,
    )
