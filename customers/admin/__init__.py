"""Customers and their wallets, in the back office."""

from customers.admin.customers import CustomerAdmin, CustomerGroupAdmin
from customers.admin.gift_cards import GiftCardAdmin
from customers.admin.store_credit import StoreCreditAdmin

__all__ = ["CustomerAdmin", "CustomerGroupAdmin", "GiftCardAdmin", "StoreCreditAdmin"]
