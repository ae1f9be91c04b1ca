"""Short words for what tests of disputes and payouts ask again and again."""

from datetime import timedelta
from typing import Any

from commerce.kernel.clock import now
from commerce.ledger.models import JournalEntry, Posting
from orders import gateway
from orders.models import Order, Payment
from tests.sandbox.asking import until
from tests.sandbox.card_network_process import CardNetwork
from tests.world import World

LATER = timedelta(days=3)


def steered(url: str) -> CardNetwork:
    """The control API of the running card network."""
    return CardNetwork(url, None, None)  # type: ignore[arg-type]


def paid(world: World, quantity: int = 1) -> Payment:
    """The payment of an order of mugs, 17.28 each, captured, and on the network's balance."""
    order: Order = world.order(world.mug, quantity)
    payment = order.payments.get()
    reaches_balance(payment.provider_id)
    return payment


def reaches_balance(intent: str) -> None:
    """As at the real network, the money of a charge is on the balance a moment after the charge."""
    expand = {"expand": ["latest_charge"]}
    until(lambda: gateway.client().v1.payment_intents.retrieve(intent, expand).latest_charge.balance_transaction)


def refund(payment: Payment, amount: int) -> Any:
    """Money given back at the card network alone."""
    return gateway.client().v1.refunds.create(params={"payment_intent": payment.provider_id, "amount": amount})


def postings(*kinds: str) -> list[tuple[str, str, int, str]]:
    """(kind, account, minor, part) of the journal's entries of these kinds, in their order."""
    rows = Posting.objects.filter(entry__kind__in=kinds).order_by("entry", "-amount_minor")
    return [
        (row.entry.kind, row.account.code, row.amount_minor, row.sub) for row in rows.select_related("entry", "account")
    ]


def entries() -> int:
    return JournalEntry.objects.count()


def later() -> Any:
    return now() + LATER
