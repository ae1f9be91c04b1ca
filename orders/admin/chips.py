"""How the states of orders, payments and fulfillments look, in every list and on every page."""

from commerce.office.columns import chip
from orders.models import Dispute, Fulfillment, NetworkTransaction, Order, Payment, Payout, Refund

_ORDER = {"draft": "open", "open": "accent", "closed": "", "canceled": "open"}
_PAID = {
    "unpaid": "warning",
    "authorized": "accent",
    "partly_paid": "warning",
    "paid": "positive",
    "partly_refunded": "",
    "refunded": "",
}
_FULFILLED = {"unfulfilled": "warning", "partly_fulfilled": "warning", "fulfilled": "positive"}
_PAYMENT = {
    "pending": "open",
    "processing": "warning",
    "authorized": "accent",
    "captured": "positive",
    "failed": "danger",
    "canceled": "open",
}
_REFUND = {"pending": "warning", "sent": "accent", "succeeded": "positive", "failed": "danger"}
_PAYOUT = {"pending": "open", "in_transit": "accent", "paid": "positive", "failed": "danger", "canceled": "open"}
_DISPUTE = {
    "warning_needs_response": "warning",
    "warning_under_review": "accent",
    "warning_closed": "",
    "needs_response": "danger",
    "under_review": "accent",
    "won": "positive",
    "lost": "danger",
    "prevented": "",
}
_TRANSACTION = {"matched": "positive", "booked": "", "offset": "", "open": "warning"}
_FULFILLMENT = {"planned": "open", "pending": "warning", "ready": "accent", "done": "positive", "canceled": "open"}


SYMBOLS = {"web": "globe", "pos": "store", "phone": "phone"}


def channel(order: Order) -> str:
    return chip(order.get_channel_display(), symbol=SYMBOLS.get(order.channel, "globe"))


def state(order: Order) -> str:
    return chip(order.get_state_display(), _ORDER[order.state])


def paid(order: Order) -> str:
    return chip(order.get_payment_status_display(), _PAID[order.payment_status])


def fulfilled(order: Order) -> str:
    return chip(order.get_fulfillment_status_display(), _FULFILLED[order.fulfillment_status])


def payment(row: Payment) -> str:
    return chip(row.get_state_display(), _PAYMENT[row.state])


def refund(row: Refund) -> str:
    return chip(row.get_state_display(), _REFUND[row.state])


def fulfillment(row: Fulfillment) -> str:
    return chip(row.get_state_display(), _FULFILLMENT[row.state])


def payout(row: Payout) -> str:
    return chip(row.get_state_display(), _PAYOUT[row.state])


def dispute(row: Dispute) -> str:
    return chip(row.get_state_display(), _DISPUTE[row.state], "gavel" if row.is_answerable else "")


def transaction(row: NetworkTransaction) -> str:
    return chip(row.get_state_display(), _TRANSACTION[row.state])
