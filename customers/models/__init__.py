from customers.models.customer import Customer, TaxCertificate
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
    "StoreCredit",
    "StoreCreditEntry",
    "TaxCertificate",
    "WalletHold",
]
