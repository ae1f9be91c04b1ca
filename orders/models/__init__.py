from orders.models.allowance import Allowance
from orders.models.cancellation import Cancellation
from orders.models.capture import Capture
from orders.models.cart import Cart, CartLine
from orders.models.fulfillment import Fulfillment, FulfillmentLine
from orders.models.gift_card_delivery import GiftCardDelivery
from orders.models.network import NetworkEvent, RefusedWord
from orders.models.order import Adjustment, Order, OrderLine, TimelineEntry
from orders.models.payment import Payment, PaymentAttempt
from orders.models.phone_order import PhoneOrder
from orders.models.returning import Refund, Return, ReturnLine
from orders.models.settlement import Dispute, NetworkTransaction, Payout, ReportedBy
from orders.models.settlement_intake import PayoutFile, SettlementPull

__all__ = [
    "Adjustment",
    "Allowance",
    "Cancellation",
    "Capture",
    "Cart",
    "CartLine",
    "Dispute",
    "Fulfillment",
    "FulfillmentLine",
    "GiftCardDelivery",
    "NetworkEvent",
    "NetworkTransaction",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentAttempt",
    "Payout",
    "PayoutFile",
    "PhoneOrder",
    "Refund",
    "RefusedWord",
    "ReportedBy",
    "Return",
    "ReturnLine",
    "SettlementPull",
    "TimelineEntry",
]
