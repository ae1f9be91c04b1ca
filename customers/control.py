"""What gift cards and store credit add to the daily control page."""

from django.utils.translation import gettext_lazy as _

from commerce.ledger.control import Check, booked


def _owed(account: str) -> str:
    return booked(account, key="p.sub", sign=-1, location="''")


def _on(wallet: str) -> str:
    return (
        "SELECT w.uid::text AS key, '' AS location, w.currency, e.amount_minor AS amount"
        f" FROM customers_{wallet}entry e JOIN customers_{wallet} w ON w.id = e.wallet_id"
    )


CHECKS = [
    Check(
        "gift-cards",
        _("Gift cards"),
        _("What is on gift cards is what the books owe to those who have them"),
        _on("giftcard"),
        _owed("gift_cards"),
        source_types=("gift_card",),
    ),
    Check(
        "store-credit",
        _("Store credit"),
        _("What customers have with us is what the books owe them"),
        _on("storecredit"),
        _owed("store_credit"),
        source_types=("store_credit",),
    ),
]
