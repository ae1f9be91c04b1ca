from orders.models.cart import Cart, CartLine
from orders.models.fulfillment import Fulfillment, FulfillmentLine
from orders.models.order import Adjustment, Order, OrderLine, TimelineEntry
from orders.models.payment import Payment
from orders.models.phone_order import PhoneOrder

__all__ = [
    "Adjustment",
    "Cart",
    "CartLine",
    "Fulfillment",
    "FulfillmentLine",
    "Order",
    "OrderLine",
    "Payment",
    "PhoneOrder",
    "TimelineEntry",
]
