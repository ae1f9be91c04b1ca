"""Numbers of gift cards that were tried, so that nobody finds one by guessing (T14). The only writer of
`LookupAttempts`."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from commerce.kernel.db import in_transaction, rows
from customers.errors import TooManyLookups
from customers.models import LookupAttempts

WINDOW = timedelta(minutes=10)
PER_ADDRESS = 10
PER_PROGRAM = 50  # behind one program stand many shoppers
PER_TILL = 60  # people with cards in their hands stand in line there
ALTOGETHER = 600  # from everywhere: whoever guesses from many addresses at once
_EVERYWHERE = "everywhere"


@in_transaction
def count(origin: str, *, most: int = PER_ADDRESS, at: datetime) -> TooManyLookups | None:
    """One more try from an address or a till; the refusal when it is one too many. Tries wait for each other here: none
    goes uncounted. Tills count for themselves alone, so that nobody outside can close them."""
    limits = {_key(origin): most}
    if most != PER_TILL:
        limits[_EVERYWHERE] = ALTOGETHER
    LookupAttempts.objects.filter(since__lte=at - WINDOW).delete()
    counted = rows(
        "INSERT INTO customers_lookupattempts AS t (key, count, since) SELECT key, 1, %s FROM unnest(%s::text[]) AS key"
        " ORDER BY key ON CONFLICT (key) DO UPDATE SET count = t.count + 1 RETURNING key, count, since",
        [at, list(limits)],
    )
    waits = [since + WINDOW - at for key, tries, since in counted if tries > limits[key]]
    if not waits:
        return None
    seconds = max(1, round(max(waits).total_seconds()))
    return TooManyLookups(seconds=seconds, minutes=-(-seconds // 60))


def _key(origin: str) -> str:
    """The fingerprint of where a try comes from; addresses themselves are not kept."""
    return salted_hmac("customers.lookup", origin, algorithm="sha256").hexdigest()
