from orders.models.cart import Cart, CartLine
from orders.models.fulfillment import Fulfillment, FulfillmentLine
from orders.models.order import Adjustment, Order, OrderLine, TimelineEntry
from orders.models.payment import Payment

__all__ = [
    "Adjustment",
    "Cart",
    "CartLine",
    "Fulfillment",
    "FulfillmentLine",
    "Order",
    "OrderLine",
    "Payment",
    "TimelineEntry",
]
