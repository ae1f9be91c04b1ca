"""The only writer of locations: the stores and warehouses, and the virtual place of goods on their way."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commerce.company.codes import demand_lasting
from commerce.company.models import Location
from commerce.events import outbox
from commerce.kernel.clock import business_date
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import InvalidInput

CODE = "IN-TRANSIT"
NO_PLACE = _(
    "“%(name)s” only stands for goods between two locations. Choose a store or a warehouse; what is on the way is"
    " received, or settled, on the page of its transfer."
)


def places() -> QuerySet[Location]:
    """Where goods and people can be: every location but the one of goods on their way."""
    return Location.objects.exclude(kind=Location.Kind.TRANSIT)


def office_day(at: datetime) -> date:
    """The day that an office reads about first: what is today at the place where a day begins last, so that in the
    evening of Portland it is not tomorrow already; without any place UTC's."""
    zones = set(places().values_list("time_zone", flat=True)) or {"UTC"}
    return min(business_date(zone, at) for zone in zones)


def demand_place(location: Location, *, field: str = "location") -> None:
    """Raise `InvalidInput` (of `field`) where somebody has named the location of goods on their way."""
    if location.kind == Location.Kind.TRANSIT:
        raise InvalidInput({field: [NO_PLACE % {"name": location.name}]})


@in_transaction
def save(location: Location, *, at: datetime) -> None:
    """Save a location that was made or changed. `location.changed` tells the apps above, e.g. of its safety stock.

    Raises `InvalidInput` for another code of a location that anything points to.
    """
    demand_lasting(location)
    location.save()
    facts = {"location": location.code, "safety_stock": location.safety_stock, "is_active": location.is_active}
    outbox.record("location.changed", str(location.uid), facts, at=at)


@in_transaction
def in_transit() -> Location:
    """The location of goods on their way; made when there is none yet, whoever asks first.

    Never active, so that no list, no availability and no routing knows it.
    """
    found = _find()
    code = CODE
    while found is None:  # somebody may have called a store like this
        Location.objects.bulk_create([_virtual(code)], ignore_conflicts=True)
        found, code = _find(), f"{code}-1"
    return found


def _find() -> Location | None:
    return Location.objects.filter(kind=Location.Kind.TRANSIT).order_by("pk").first()


def _virtual(code: str) -> Location:
    return Location(
        code=code,
        name="In transit",
        kind=Location.Kind.TRANSIT,
        country="ZZ",  # ISO 3166: nowhere in particular
        latitude=0,
        longitude=0,
        time_zone="UTC",
        ships=False,
        accepts_returns=False,
        feeds_web=False,
        position=9999,
        is_active=False,
    )
