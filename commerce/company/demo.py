"""The demo's shop, places and people."""

import base64
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from commerce.company import pins, shop
from commerce.company.models import Location, Shop, User
from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage, put_file

ROLES = {"back_office_manager": "office"}  # what the retailer calls a role, where it is not our word
_WITH_A_DESK = {"admin", "office", "manager"}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Demo(demo.Room):
    def stages(self, *, at: datetime) -> list[Stage]:
        return [
            Stage("Shop and places", 1 + len(self.retailer.locations()), self._places),
            Stage("Staff", len(self.retailer.staff()), self._staff),
        ]

    def _places(self, advance: Advance) -> None:
        with transaction.atomic():
            if not Shop.objects.exists():
                self._shop()
            for position, place in enumerate(self.retailer.locations()):
                Location.objects.get_or_create(code=place.code, defaults=_location(place, position))
        advance(1 + len(self.retailer.locations()))

    def _shop(self) -> None:
        company, drawings = self.retailer.company(), self.retailer.illustrations
        shop.describe(
            name=company.name,
            tagline=company.tagline,
            about=company.about,
            email=company.email,
            returns_policy=company.returns_policy,
            wordmark=put_file("brand/wordmark.svg", drawings.wordmark()),
            home_banner=put_file("banners/home.svg", drawings.banner("home")),
            home_banner_tall=put_file("banners/home-tall.svg", drawings.banner("home", True)),
            receipt_logo=base64.b64encode(drawings.receipt_logo()).decode(),
        )

    def _staff(self, advance: Advance) -> None:
        places = {place.code: place for place in Location.objects.all()}
        for person in self.retailer.staff():
            with transaction.atomic():
                if not User.objects.filter(username=person.username).exists():
                    _hire(person, places)
            advance(1)


def _location(place: Any, position: int) -> dict[str, Any]:
    copied = ("name", "kind", "line1", "line2", "city", "state", "postal_code", "country", "phone", "time_zone")
    return {
        **{name: getattr(place, name) for name in copied},
        "latitude": f"{place.latitude:.6f}",
        "longitude": f"{place.longitude:.6f}",
        "opening_hours": {
            day: [_clock(hours[0]), _clock(hours[1])]
            for day, hours in zip(_DAYS, place.opening_hours, strict=True)
            if hours
        },
        "offers_pickup": "pickup" in place.services,
        "offers_curbside": "curbside" in place.services,
        "safety_stock": place.safety_stock,
        "ships": bool({"ship", "ship_from_store"} & set(place.services)),
        "position": position,
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _hire(person: Any, places: dict[str, Location]) -> None:
    role = ROLES.get(person.role, person.role)
    is_admin = role == "admin"
    made = User.objects.create(
        username=person.username,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        role=role,
        is_superuser=is_admin,
        is_staff=is_admin,
        # Those without a desk have no password: they come in with their PIN, at the till.
        password=make_password(person.password if role in _WITH_A_DESK else None),
        date_joined=f"{person.hired_on.isoformat()}T09:00:00Z",
    )
    if person.location_code:
        made.locations.set([places[person.location_code]])
    pins.set_pin(made, person.pin)
