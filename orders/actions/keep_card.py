"""A card that its holder agreed to have kept: after it has paid, or without a payment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from customers import saved_cards
from customers.models import Customer, SavedCard
from customers.saved_cards import CardFacts, Consent
from orders import card_consent, gateway_cards
from orders.actions.know_customer import know_customer
from orders.errors import CardNotKept
from orders.models import Payment


def keep_card_that_paid(order_uid: UUID, *, at: datetime) -> SavedCard | None:
    """Keep the card of an order whose buyer agreed to it; safe to repeat. None where nobody did, or where the network
    keeps no card for them. Raises `PaymentUnavailable`: ask again later."""
    wanted = Payment.objects.filter(order__uid=order_uid, details__has_key=card_consent.KEY, captured_minor__gt=0)
    payment = wanted.select_related("order__customer").first()
    if payment is None or payment.order.customer is None:
        return None
    facts = gateway_cards.card_that_paid(payment)
    if facts is None or not facts.customer or facts.customer != saved_cards.network_id(payment.order.customer.pk):
        return None
    return _keep(payment.order.customer, facts, card_consent.of(payment), at=at)


def begin_keeping(customer: Customer, *, at: datetime) -> str:
    """A customer wants to save a card without buying anything; the client secret for the network's form.

    Raises `PaymentUnavailable`.
    """
    network_customer = know_customer(customer, at=at)
    _id, secret = gateway_cards.begin_setup(customer, network_customer, key=str(new_uid()), at=at)
    return secret


def finish_keeping(setup_id: str, *, customer: Customer | None = None, at: datetime) -> SavedCard:
    """Keep the card that a customer has typed into the network's form; safe to repeat, by browser and event alike.

    With `customer`, only a card of theirs. Raises `CardNotKept` when there is none (yet), `PaymentUnavailable`.
    """
    found = gateway_cards.setup(setup_id)
    owner = _owner(found)
    if found["status"] != "succeeded" or owner is None or (customer and customer != owner):
        raise CardNotKept()
    facts = gateway_cards.card(str(found["payment_method"]))
    if facts is None or facts.customer != found["customer"]:
        raise CardNotKept()
    agreed_at = datetime.fromisoformat(found["metadata"]["agreed_at"])
    consent = Consent(card_consent.words(), agreed_at, SavedCard.Source.PAGE)
    return _keep(owner, facts, consent, at=at)


def _owner(found: dict[str, Any]) -> Customer | None:
    """Whose setup it is: what we said then, and the network's own word for who that is."""
    uid = (found["metadata"] or {}).get("customer", "")
    known = Customer.objects.filter(network__provider_id=found["customer"] or "").first()
    return known if known and str(known.uid) == uid else None


@action
def _keep(customer: Customer, facts: CardFacts, consent: Consent, *, at: datetime) -> SavedCard:
    return saved_cards.keep(customer, facts, consent, at=at)
