"""Codes of coupons that were tried, so that nobody finds one by guessing. The only writer of `CouponAttempts`.

A try counts until it turns out right, and a right one is given back alone: whoever knows one code cannot wipe out their
guesses with it. While a limit is reached right and wrong codes get the same answer.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from commerce.company.models import ApiToken
from commerce.kernel.db import in_transaction, rows
from storefront.errors import TooManyCodes
from storefront.models import CouponAttempts

WINDOW = timedelta(minutes=10)
PER_CART = 10
PER_ADDRESS = 30
PER_PROGRAM = 300  # behind one program stand many shoppers
Limits = dict[str, int]


def limits_of(cart: UUID, address: str = "", client: ApiToken | None = None) -> Limits:
    """The keys that a try counts for, with the most that each may have. Addresses themselves are not kept."""
    found = {_key("cart", str(cart)): PER_CART}
    if client is not None:
        found[_key("program", str(client.pk))] = PER_PROGRAM
    elif address:
        found[_key("address", address)] = PER_ADDRESS
    return found


@in_transaction
def count(limits: Limits, *, at: datetime) -> TooManyCodes | None:
    """One more try; the refusal when it is one too many. Tries of one key wait for each other here: none goes
    uncounted."""
    CouponAttempts.objects.filter(since__lte=at - WINDOW).delete()
    counted = rows(
        "INSERT INTO storefront_couponattempts AS t (key, count, since) SELECT key, 1, %s"
        " FROM unnest(%s::text[]) AS key ORDER BY key"
        " ON CONFLICT (key) DO UPDATE SET count = t.count + 1 RETURNING key, count, since",
        [at, list(limits)],
    )
    waits = [since + WINDOW - at for key, tries, since in counted if tries > limits[key]]
    if not waits:
        return None
    seconds = max(1, round(max(waits).total_seconds()))
    return TooManyCodes(seconds=seconds, minutes=-(-seconds // 60))


@in_transaction
def give_back(limits: Limits) -> None:
    """It was a right code; the caller has counted it."""
    rows("UPDATE storefront_couponattempts SET count = count - 1 WHERE key = ANY(%s) AND count > 0", [list(limits)])


def _key(kind: str, value: str) -> str:
    return salted_hmac(f"storefront.coupons.{kind}", value, algorithm="sha256").hexdigest()
