from orders.admin.fulfillments import FulfillmentAdmin
from orders.admin.orders import OrderAdmin
from orders.admin.payments import PaymentAdmin

__all__ = ["FulfillmentAdmin", "OrderAdmin", "PaymentAdmin"]
