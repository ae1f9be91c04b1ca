"""What the card network tells of cards that it keeps: banks send new ones, holders have them taken away."""

from datetime import datetime
from typing import Any

from commerce.kernel.db import action
from customers import saved_cards
from customers.models import SavedCard
from customers.saved_cards import CardFacts
from orders import gateway_cards
from orders.actions.keep_card import finish_keeping
from orders.errors import CardNotKept


def payment_method(event: dict[str, Any], *, at: datetime) -> None:
    """A kept card has changed, or is not kept any more: the network is asked how it stands, since its words come in any
    order. Raises `PaymentUnavailable` when it is silent."""
    provider_id = str(event["data"]["object"]["id"])
    if not SavedCard.objects.filter(provider=saved_cards.PROVIDER, provider_id=provider_id).exists():
        return
    _settle(provider_id, gateway_cards.card(provider_id), at=at)


def setup_intent(event: dict[str, Any], *, at: datetime) -> None:
    """A card was to be kept without a payment. The browser says so, too, unless it was closed."""
    if event["type"] != "setup_intent.succeeded":
        return
    try:
        finish_keeping(str(event["data"]["object"]["id"]), at=at)
    except CardNotKept:
        return  # another program's, or taken away again


@action
def _settle(provider_id: str, facts: CardFacts | None, *, at: datetime) -> None:
    if facts is None or not facts.customer:
        saved_cards.note_detached(provider_id, at=at)
    else:
        saved_cards.update(facts, at=at)
