"""Counting at the shelf by whoever sells here: a PIN at the till is enough, and opens the count's screen and no more.

That screen is a page of its own, which cannot send the till's headers. So the till, which knows the device and the
person, gets it a cookie: signed, for this page alone, of use as long as the device is paired and the PIN is the same,
and over when nobody has scanned for a while.
"""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from commerce.company.models import Device, Location, User
from commerce.company.permissions import may
from inventory import tallies
from inventory.models import StockCount
from pos.models import Register

COOKIE = "counting"
IDLE_SECONDS = 15 * 60
_SALT = "pos.counting"


def open_counts(register: Register) -> list[dict[str, Any]]:
    """What is being counted at the register's location, the oldest first."""
    found = StockCount.objects.filter(location=register.location, state="open").select_related("category")
    counts = list(found.order_by("pk"))
    done = tallies.progress_of([count.pk for count in counts])
    return [
        {
            "id": count.pk,
            "number": count.number,
            "what": str(count.category or count.get_kind_display()),
            "lines": done[count.pk].lines,
            "counted": done[count.pk].counted,
        }
        for count in counts
    ]


def let_in(response: HttpResponse, person: User, device: Device) -> None:
    """Give the browser the cookie, or a new one."""
    shown = {"person": person.pk, "pin": person.pin_hash[-12:], "device": device.pk, "token": device.token_hash[-12:]}
    response.set_cookie(
        COOKIE,
        signing.dumps(shown, salt=_SALT),
        max_age=IDLE_SECONDS,
        path=_path(),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
    )


def let_out(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=_path(), samesite="Strict")


def who_counts(request: HttpRequest) -> tuple[User, Device, Location] | None:
    """Who may scan in this browser, on which device, and where; None when it has to be said at the till (again)."""
    try:
        shown = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=IDLE_SECONDS)
    except signing.BadSignature:
        return None
    paired = Register.objects.select_related("location", "device").filter(device__revoked_at=None)
    register = paired.filter(device=shown["device"]).first()
    person = User.objects.with_places().filter(pk=shown["person"], is_active=True).first()
    if register is None or register.device is None or person is None:
        return None
    device, place = register.device, register.location
    if (shown["pin"], shown["token"]) != (person.pin_hash[-12:], device.token_hash[-12:]):
        return None
    return (person, device, place) if may(person, "stock.scan", place) else None


def _path() -> str:
    return reverse("pos:leave-counts").removesuffix("leave/")
