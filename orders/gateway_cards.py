"""The card network's side of saved cards. Never call these with a transaction open. No number ever comes here: cards
are typed into the network's own form."""

from datetime import datetime
from typing import Any

import stripe

from customers.models import Customer
from customers.saved_cards import CardFacts
from orders.errors import PaymentUnavailable
from orders.gateway import INTENTS, _call
from orders.models import Payment

CUSTOMERS, SETUPS, METHODS = "/v1/customers", "/v1/setup_intents", "/v1/payment_methods"
GONE = ("resource_missing",)


def create_customer(customer: Customer) -> str:
    """The network's id of a customer; asking again soon gives the same one. Raises `PaymentUnavailable`."""
    made = _asked(
        "post",
        CUSTOMERS,
        idempotency_key=f"customer-{customer.uid}",
        email=customer.email,
        metadata={"customer": str(customer.uid)},
    )
    return str(made["id"])


def keep_with(payment: Payment, network_customer: str) -> None:
    """The card that pays this is kept for the customer, when it pays. Raises `PaymentUnavailable`."""
    wish = {"customer": network_customer, "setup_future_usage": "off_session"}
    _asked("post", f"{INTENTS}/{payment.provider_id}", **wish)


def keep_not(payment: Payment) -> None:
    """The card that pays this is not kept. Raises `PaymentUnavailable`."""
    _asked("post", f"{INTENTS}/{payment.provider_id}", setup_future_usage="")


def belong_to(payment: Payment, network_customer: str) -> None:
    """A payment by a card that is kept has to be its customer's. Raises `PaymentUnavailable`."""
    _asked("post", f"{INTENTS}/{payment.provider_id}", customer=network_customer)


def card_that_paid(payment: Payment) -> CardFacts | None:
    """The payment method of a payment that went through. Raises `PaymentUnavailable`."""
    found = _asked("get", f"{INTENTS}/{payment.provider_id}")
    method = found.get("payment_method")
    return card(str(method)) if method else None


def begin_setup(customer: Customer, network_customer: str, *, key: str, at: datetime) -> tuple[str, str]:
    """Announce that a card is to be kept, without a payment: id and client secret. Raises `PaymentUnavailable`."""
    made = _asked(
        "post",
        SETUPS,
        idempotency_key=key,
        customer=network_customer,
        usage="off_session",
        allowed_payment_method_types=["card"],
        metadata={"customer": str(customer.uid), "agreed_at": at.isoformat()},
    )
    return str(made["id"]), str(made["client_secret"])


def setup(setup_id: str) -> dict[str, Any]:
    """A setup intent: {status, customer, payment_method, metadata}. Raises `PaymentUnavailable`."""
    found = _asked("get", f"{SETUPS}/{setup_id}")
    return {name: found.get(name) for name in ("status", "customer", "payment_method", "metadata")}


def card(payment_method: str) -> CardFacts | None:
    """A payment method; None for what is no card, or not there (any more). Raises `PaymentUnavailable`."""
    try:
        found = _call("get", f"{METHODS}/{payment_method}")
    except stripe.InvalidRequestError as error:
        if error.code in GONE:
            return None
        raise PaymentUnavailable() from error
    except stripe.StripeError as error:
        raise PaymentUnavailable() from error
    details = found.get("card")
    if not details:
        return None
    return CardFacts(
        id=str(found["id"]),
        customer=str(found.get("customer") or ""),
        brand=str(details["brand"]),
        last4=str(details["last4"]),
        exp_month=int(details["exp_month"]),
        exp_year=int(details["exp_year"]),
        fingerprint=str(details.get("fingerprint") or ""),
    )


def detach(payment_method: str) -> None:
    """The network forgets the card; one that it has forgotten is no matter. Raises `PaymentUnavailable`."""
    try:
        _call("post", f"{METHODS}/{payment_method}/detach")
    except stripe.InvalidRequestError as error:
        known = card(payment_method)
        if known and known.customer:
            raise PaymentUnavailable() from error
    except stripe.StripeError as error:
        raise PaymentUnavailable() from error


def _asked(method: str, path: str, **params: Any) -> dict[str, Any]:
    try:
        return _call(method, path, **params)
    except stripe.StripeError as error:
        raise PaymentUnavailable() from error
