from customers.models.customer import Customer, TaxCertificate
from customers.models.saved_card import NetworkCustomer, SavedCard
from customers.models.wallet import (
    GiftCard,
    GiftCardEntry,
    LookupAttempts,
    StoreCredit,
    StoreCreditEntry,
    WalletHold,
)

__all__ = [
    "Customer",
    "GiftCard",
    "GiftCardEntry",
    "LookupAttempts",
    "NetworkCustomer",
    "SavedCard",
    "StoreCredit",
    "StoreCreditEntry",
    "TaxCertificate",
    "WalletHold",
]
