"""Refused cards are counted, so that nobody can try out stolen ones here (T15). The only writer of `Declines`."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from commerce.kernel.db import in_transaction, rows
from storefront.errors import TooManyDeclines
from storefront.models import Declines

WINDOW = timedelta(hours=1)


def cart_key(cart: UUID) -> str:
    """The fingerprint under which a cart's refusals are counted."""
    return salted_hmac("storefront.declines.cart", str(cart), algorithm="sha256").hexdigest()


def address_key(address: str) -> str:
    """The fingerprint of an address on the net."""
    return salted_hmac("storefront.declines.address", address, algorithm="sha256").hexdigest()


def check(cart: UUID, address: str, *, at: datetime) -> None:
    """Raise `TooManyDeclines` when this cart, or this address, has to wait before another card is tried."""
    most = {cart_key(cart): settings.DECLINES_PER_CART, address_key(address): settings.DECLINES_PER_ADDRESS}
    found = Declines.objects.filter(key__in=most, since__gt=at - WINDOW)
    waiting = [row.since + WINDOW - at for row in found if row.count >= most[row.key]]
    if waiting:
        raise TooManyDeclines(minutes=max(1, round(max(waiting).total_seconds() / 60)))


@in_transaction
def count(cart: UUID, address: str, *, at: datetime) -> None:
    """A card was refused. An hour after the first refusal of a row, its count begins anew."""
    rows(
        "INSERT INTO storefront_declines AS d (key, count, since) SELECT key, 1, %s FROM unnest(%s::text[]) AS key"
        " ORDER BY key ON CONFLICT (key) DO UPDATE SET"
        " count = CASE WHEN d.since > %s THEN d.count + 1 ELSE 1 END,"
        " since = CASE WHEN d.since > %s THEN d.since ELSE EXCLUDED.since END",
        [at, [cart_key(cart), address_key(address)], at - WINDOW, at - WINDOW],
    )
