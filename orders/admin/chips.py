"""How the states of orders, payments and fulfillments look, in every list and on every page."""

from commerce.office.columns import chip
from orders.models import Fulfillment, Order, Payment, Refund

_ORDER = {"draft": "open", "open": "accent", "closed": "", "canceled": "open"}
_PAID = {"unpaid": "warning", "partly_paid": "warning", "paid": "positive", "partly_refunded": "", "refunded": ""}
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
