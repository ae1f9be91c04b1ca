"""Unpaid checkouts hold goods from everybody else, so nobody may hold many (T30). The only writer of `OpenHold`.

Counted per address on the net, of which only a fingerprint is kept, and only while the checkout is open: a cart costs a
bot nothing, an address does. Programs with a token are known by it and not counted.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

from commerce.catalog.models import Variant
from commerce.kernel.db import in_transaction, rows
from inventory import availability
from orders.models import Order
from storefront.errors import HoldsTooMuch, TooManyHolds

Lines = list[tuple[Variant, int]]

# Puts the order down for its address, forgets what is over, and finds what else the address holds: one statement.
_COUNT = """
    WITH gone AS (DELETE FROM storefront_openhold h USING orders_order o WHERE o.id = h.order_id AND o.id <> %(order)s
            AND (h.key = %(key)s OR h.since < %(day_ago)s) AND (o.state <> 'draft' OR o.expires_at <= %(at)s)),
        put AS (INSERT INTO storefront_openhold AS h (order_id, key, since) VALUES (%(order)s, %(key)s, %(at)s)
            ON CONFLICT (order_id) DO UPDATE SET key = EXCLUDED.key)
    SELECT o.id, o.expires_at, l.variant_id, l.quantity FROM storefront_openhold h
    JOIN orders_order o ON o.id = h.order_id JOIN orders_orderline l ON l.order_id = o.id
    WHERE h.key = %(key)s AND o.id <> %(order)s AND o.state = 'draft' AND o.expires_at > %(at)s
"""


def address_key(address: str) -> str:
    """The fingerprint of an address on the net."""
    return salted_hmac("storefront.holds.address", address, algorithm="sha256").hexdigest()


@in_transaction
def count(order: Order, address: str, lines: Lines, *, at: datetime) -> None:
    """This draft holds these lines for somebody at this address. Raises `TooManyHolds` or `HoldsTooMuch`: keep nothing
    of the checkout then.

    Checkouts of one address pass one after the other from here to the end of the transaction.
    """
    key = address_key(address)
    rows("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"storefront.holds {key}"])
    found = rows(_COUNT, {"order": order.pk, "key": key, "at": at, "day_ago": at - timedelta(days=1)})
    ends = {pk: expires_at for pk, expires_at, _variant, _quantity in found}
    if len(ends) >= settings.HOLDS_PER_ADDRESS:
        seconds = max(1, round((min(ends.values()) - at).total_seconds()))
        raise TooManyHolds(seconds=seconds, minutes=max(1, round(seconds / 60)))
    held: Counter[int] = Counter()
    for _pk, _expires_at, variant, quantity in found:
        held[variant] += quantity
    _check_share(held, lines, at=at)


def _check_share(held: "Counter[int]", lines: Lines, *, at: datetime) -> None:
    """`held` are the units that other checkouts of the address hold, by variant."""
    many = {
        variant.pk: (variant, held[variant.pk] + quantity)
        for variant, quantity in lines
        if held[variant.pk] + quantity > settings.HOLD_UNITS * variant.unit_scale
    }
    if not many:
        return
    there: Counter[int] = Counter()
    for level in availability.of_variants(list(many), at=at):
        there[level.variant] += max(level.on_hand, 0) + level.backorder
    for variant, wanted in many.values():
        if wanted > max(settings.HOLD_UNITS * variant.unit_scale, there[variant.pk] * settings.HOLD_PERCENT // 100):
            raise HoldsTooMuch(sku=variant.sku, name=variant.name, percent=settings.HOLD_PERCENT)
