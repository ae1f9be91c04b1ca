"""Pairing codes that were tried, so that nobody finds one by guessing (T08). The only writer of `PairingAttempts`."""

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from commerce.kernel.db import in_transaction, rows
from pos.errors import TooManyPairings
from pos.models import PairingAttempts

WINDOW = timedelta(minutes=10)
PER_ADDRESS = 10
ALTOGETHER = 200  # from everywhere: whoever guesses from many addresses at once
_EVERYWHERE = "everywhere"


@in_transaction
def count(address: str, *, at: datetime) -> TooManyPairings | None:
    """One more try; the refusal when it is one too many. Tries wait for each other here: none goes uncounted."""
    most = {_EVERYWHERE: ALTOGETHER, address_key(address): PER_ADDRESS}
    PairingAttempts.objects.filter(since__lte=at - WINDOW).delete()
    counted = rows(
        "INSERT INTO pos_pairingattempts AS t (key, count, since) SELECT key, 1, %s FROM unnest(%s::text[]) AS key"
        " ORDER BY key ON CONFLICT (key) DO UPDATE SET count = t.count + 1 RETURNING key, count, since",
        [at, list(most)],
    )
    waits = [since + WINDOW - at for key, tries, since in counted if tries > most[key]]
    if not waits:
        return None
    seconds = max(1, round(max(waits).total_seconds()))
    return TooManyPairings(seconds=seconds, minutes=-(-seconds // 60))


@in_transaction
def forget(address: str) -> None:
    """A right code: whoever pairs from there means well."""
    PairingAttempts.objects.filter(key=address_key(address)).delete()


def address_key(address: str) -> str:
    """The fingerprint of an address on the net; addresses themselves are not kept."""
    return salted_hmac("pos.pairing.address", address, algorithm="sha256").hexdigest()
