from orders.admin.customers import CustomerWithCardsAdmin
from orders.admin.disputes import DisputeAdmin
from orders.admin.fulfillments import FulfillmentAdmin
from orders.admin.network_events import NetworkEventAdmin, RefusedWordAdmin
from orders.admin.network_transactions import NetworkTransactionAdmin
from orders.admin.orders import OrderAdmin
from orders.admin.payments import PaymentAdmin
from orders.admin.payout_files import PayoutFileAdmin
from orders.admin.payouts import PayoutAdmin
from orders.admin.refunds import AllowanceAdmin, RefundAdmin
from orders.admin.returns import ReturnAdmin

__all__ = [
    "AllowanceAdmin",
    "CustomerWithCardsAdmin",
    "DisputeAdmin",
    "FulfillmentAdmin",
    "NetworkEventAdmin",
    "NetworkTransactionAdmin",
    "OrderAdmin",
    "PaymentAdmin",
    "PayoutAdmin",
    "PayoutFileAdmin",
    "RefundAdmin",
    "RefusedWordAdmin",
    "ReturnAdmin",
]
