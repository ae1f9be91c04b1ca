from orders.models.allowance import Allowance
from orders.models.cart import Cart, CartLine
from orders.models.fulfillment import Fulfillment, FulfillmentLine
from orders.models.order import Adjustment, Order, OrderLine, TimelineEntry
from orders.models.payment import Payment, PaymentAttempt
from orders.models.phone_order import PhoneOrder
from orders.models.returning import Refund, Return, ReturnLine

__all__ = [
    "Adjustment",
    "Allowance",
    "Cart",
    "CartLine",
    "Fulfillment",
    "FulfillmentLine",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentAttempt",
    "PhoneOrder",
    "Refund",
    "Return",
    "ReturnLine",
    "TimelineEntry",
]
