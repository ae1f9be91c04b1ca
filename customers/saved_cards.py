"""Cards that the card network keeps for customers. Steps, and the only writer of saved cards and network customers.

What a card is, only the network knows: `CardFacts` are its words, read from it and never typed by anybody here.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from commerce.company.models import User
from commerce.kernel.db import in_transaction
from commerce.kernel.errors import NotFound
from customers.models import Customer, NetworkCustomer, SavedCard

PROVIDER = "stripe"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A payment method as the card network has it; `customer` is the network's id of whose it is, "" for nobody's."""

    id: str
    customer: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a customer agreed to, when, and where (`SavedCard.Source`)."""

    words: str
    at: datetime
    source: str


@in_transaction
def remember_customer(customer_id: int, provider_id: str, *, at: datetime) -> str:
    """Keep the network's id of a customer; the one that counts, should another have been kept in the meantime."""
    row, _created = NetworkCustomer.objects.get_or_create(
        customer_id=customer_id, defaults={"provider": PROVIDER, "provider_id": provider_id, "created_at": at}
    )
    return row.provider_id


def network_id(customer_id: int) -> str:
    """The network's id of a customer; "" while it knows nobody."""
    found = NetworkCustomer.objects.filter(customer=customer_id, provider=PROVIDER)
    return found.values_list("provider_id", flat=True).first() or ""


@in_transaction
def keep(customer: Customer, facts: CardFacts, consent: Consent, *, at: datetime) -> SavedCard:
    """Keep a card; the same payment method again is the same card, and one that was removed stays so. An older payment
    method of the same card goes: a customer sees a card once.
    """
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    known = SavedCard.objects.filter(provider=PROVIDER, provider_id=facts.id).first()
    if known is not None:
        return known
    if facts.fingerprint:
        older = SavedCard.objects.filter(customer=customer, fingerprint=facts.fingerprint, removed_at=None)
        older.update(removed_at=at, removed_why=SavedCard.Why.REPLACED)
    return SavedCard.objects.create(
        customer=customer,
        provider=PROVIDER,
        provider_id=facts.id,
        consent_at=consent.at,
        consent_words=consent.words[:300],
        source=consent.source,
        created_at=at,
        updated_at=at,
        **_of(facts),
    )


def _of(facts: CardFacts) -> dict[str, str | int]:
    return {
        "brand": facts.brand[:40],
        "last4": facts.last4,
        "exp_month": facts.exp_month,
        "exp_year": facts.exp_year,
        "fingerprint": facts.fingerprint[:80],
    }


@in_transaction
def update(facts: CardFacts, *, at: datetime) -> None:
    """The bank has sent another card, or the network knows more: as it is now. Where the customer has that very card
    already, the one that was here longer goes."""
    card = SavedCard.objects.select_for_update(of=("self",)).filter(provider=PROVIDER, provider_id=facts.id).first()
    if card is None or card.removed_at:
        return
    same = SavedCard.objects.filter(customer=card.customer_id, fingerprint=facts.fingerprint, removed_at=None)
    if facts.fingerprint:
        same.exclude(pk=card.pk).update(removed_at=at, removed_why=SavedCard.Why.REPLACED)
    SavedCard.objects.filter(pk=card.pk).update(updated_at=at, **_of(facts))


@in_transaction
def remove(uid: UUID, *, customer: Customer | None, why: str, by: User | None, at: datetime) -> SavedCard:
    """From now on nobody can charge this card. With `customer`, only a card of theirs. Raises `NotFound`."""
    found = SavedCard.objects.select_for_update(of=("self",)).filter(uid=uid)
    card = (found.filter(customer=customer) if customer else found).first()
    if card is None:
        raise NotFound(what="saved card", key=str(uid))
    if card.removed_at is None:
        card.removed_at, card.removed_why, card.removed_by = at, why, by
        card.save(update_fields=["removed_at", "removed_why", "removed_by"])
    return card


@in_transaction
def note_detached(provider_id: str, *, at: datetime) -> None:
    """The card network has forgotten it, whoever told it to."""
    rows = SavedCard.objects.filter(provider=PROVIDER, provider_id=provider_id)
    rows.filter(removed_at=None).update(removed_at=at, removed_why=SavedCard.Why.NETWORK)
    rows.filter(detached_at=None).update(detached_at=at)


def of_customer(customer: Customer | int) -> list[SavedCard]:
    """The cards that a customer has, the newest first, expired ones among them."""
    return list(SavedCard.objects.filter(customer=customer, removed_at=None))


def usable(customer: Customer | int, *, on: date) -> list[SavedCard]:
    """Those that can be charged on a day."""
    return [card for card in of_customer(customer) if not card.is_expired(on)]


def to_detach(most: int = 100) -> list[SavedCard]:
    """Removed cards of which the card network may not know it yet, the longest waiting first."""
    return list(SavedCard.objects.filter(removed_at__isnull=False, detached_at=None).order_by("removed_at")[:most])
