"""A customer gets a link to the cards that they have saved."""

from datetime import datetime
from uuid import UUID

from commerce.company import permissions
from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel.db import action


@action
def send_cards_link(customer_uid: UUID, *, person: User | None, at: datetime) -> None:
    """To the address that we know, and to no other."""
    permissions.require(person, "card.remove")
    payload = {"customer": str(customer_uid), "at": at.isoformat()}
    outbox.record("cards.link_asked", str(customer_uid), payload, at=at)
