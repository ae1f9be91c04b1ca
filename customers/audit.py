"""Invariants of wallets: a balance is its entries, and the books owe exactly that."""

from commerce.kernel.audit import Invariant


def _balance(wallet: str) -> str:
    return (
        "SELECT w.uid, w.balance_minor AS expected, coalesce(e.sum, 0) AS actual"
        f" FROM customers_{wallet} w LEFT JOIN (SELECT wallet_id, sum(amount_minor) FROM customers_{wallet}entry"
        " GROUP BY 1) e ON e.wallet_id = w.id"
        " WHERE w.balance_minor <> coalesce(e.sum, 0) OR w.balance_minor < 0"
    )


def _books(wallet: str, account: str) -> str:
    """Both ways: a wallet that the books do not have, and a debt without a wallet."""
    return (
        "SELECT coalesce(w.uid::text, b.sub) AS wallet, w.balance_minor AS expected, b.owed AS actual"
        f" FROM customers_{wallet} w FULL JOIN (SELECT p.sub, e.currency, -sum(p.amount_minor) AS owed"
        " FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id"
        f" JOIN ledger_journalentry e ON e.id = p.entry_id WHERE a.code = '{account}' GROUP BY 1, 2) b"
        " ON b.sub = w.uid::text AND b.currency = w.currency"
        " WHERE coalesce(w.balance_minor, 0) <> coalesce(b.owed, 0)"
    )


INVARIANTS = [
    Invariant(
        "I22", "The balance of a gift card is the sum of its entries, and never below zero", _balance("giftcard")
    ),
    Invariant("I22b", "The books owe on each gift card what is on it", _books("giftcard", "gift_cards")),
    Invariant(
        "I22c",
        "A hold that was taken has its entry, and none was taken beyond what it held",
        "SELECT h.uid, h.amount_minor AS expected FROM customers_wallethold h WHERE h.state = 'taken' AND NOT EXISTS"
        " (SELECT FROM customers_giftcardentry e WHERE e.wallet_id = h.gift_card_id AND e.kind = 'spent'"
        " AND e.amount_minor = -h.amount_minor) AND NOT EXISTS"
        " (SELECT FROM customers_storecreditentry e WHERE e.wallet_id = h.store_credit_id AND e.kind = 'spent'"
        " AND e.amount_minor = -h.amount_minor)",
    ),
    Invariant(
        "I66",
        "Who has a saved card is known to the card network that keeps it",
        "SELECT c.uid FROM customers_savedcard c WHERE NOT EXISTS (SELECT FROM customers_networkcustomer n"
        " WHERE n.customer_id = c.customer_id AND n.provider = c.provider)",
    ),
    Invariant(
        "I23", "The balance of store credit is the sum of its entries, and never below zero", _balance("storecredit")
    ),
    Invariant(
        "I23b", "The books owe on each account of store credit what is on it", _books("storecredit", "store_credit")
    ),
]
