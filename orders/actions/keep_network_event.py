"""An event of the card network has come, or what pretends to be one."""

from datetime import datetime
from typing import Any

from django.conf import settings

from commerce.kernel.db import action
from orders import network_events


@action
def keep_network_event(event: dict[str, Any], *, at: datetime) -> bool:
    """Keep an event whose signature was verified, to be worked later; whether it is new.

    One of the other mode (test or live) or of somebody else's account is kept as refused, with the reason.
    """
    return network_events.keep(event, refused=_reason(event), at=at)


@action
def count_refused_word(reason: str, *, address: str, at: datetime) -> None:
    """Something without a good signature was turned away."""
    network_events.count_refused(reason, address=address, at=at)


def _reason(event: dict[str, Any]) -> str:
    is_live = bool(event.get("livemode"))
    if is_live != ("_live_" in settings.STRIPE_SECRET_KEY):
        told = "live" if is_live else "test"
        return f"An event of the {told} mode, which is not this shop's. Is an endpoint of the wrong mode pointed here?"
    account = str(event.get("account") or "")
    if account and account != settings.STRIPE_ACCOUNT:
        return f"An event of the account {account[:60]}, which is not this shop's."
    return ""
