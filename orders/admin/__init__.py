from orders.admin.fulfillments import FulfillmentAdmin
from orders.admin.network_events import NetworkEventAdmin, RefusedWordAdmin
from orders.admin.orders import OrderAdmin
from orders.admin.payments import PaymentAdmin

__all__ = ["FulfillmentAdmin", "NetworkEventAdmin", "OrderAdmin", "PaymentAdmin", "RefusedWordAdmin"]
