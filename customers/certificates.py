"""What a customer's tax certificates spare them, as the price engine takes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from commerce.kernel.clock import business_date
from commerce.kernel.db import rows
from commerce.pricing.places import Jurisdiction


class Exempt(TypedDict):
    """`exempt` of a basket. No jurisdictions: nowhere any tax."""

    certificate: str
    jurisdictions: list[str]


def exempt(customer: int | None, *, at: datetime, time_zone: str = "UTC", place: Sequence[str] = ()) -> Exempt | None:
    """The certificates of a customer (primary key) that count at a moment, by the calendar of a place; None when the
    customer pays every tax. One statement, none for a stranger.

    With a `place` (see `pricing.places`) only those that count there, and what they say of other places is left out; so
    the number on the document is the one that was used.
    """
    if customer is None:
        return None
    on = business_date(time_zone, at)
    found = rows(
        "SELECT number, jurisdictions FROM customers_taxcertificate WHERE customer_id = %s AND valid_from <= %s"
        " AND (valid_until IS NULL OR valid_until >= %s) ORDER BY number",
        [customer, on, on],
    )
    counting = [(number, _there(jurisdictions, place)) for number, jurisdictions in found]
    counting = [(number, there) for number, there in counting if there is not None]
    everywhere = [number for number, there in counting if not there]
    if everywhere:
        return {"certificate": everywhere[0], "jurisdictions": []}
    if not counting:
        return None
    places = {text for _number, there in counting for text in there or ()}
    return {"certificate": ", ".join(number for number, _there in counting), "jurisdictions": sorted(places)}


def used_at(found: Mapping[str, Any] | None, place: Sequence[str]) -> str:
    """The numbers of the certificates (`exempt` of a basket) that count at a place; "" where none does."""
    if not found or not place:
        return ""
    return "" if _there(found["jurisdictions"], place) is None else str(found["certificate"])


def _there(jurisdictions: list[str], place: Sequence[str]) -> list[str] | None:
    """Those that say something of the place; None when a certificate says nothing of it."""
    if not jurisdictions or not place:
        return jurisdictions
    here = [Jurisdiction.parse(text) for text in place]
    told = [text for text in jurisdictions if any(Jurisdiction.parse(text).covers(one) for one in here)]
    return told or None
