"""Journal entries of wallets that no sale and no refund writes: goodwill, expiry, old cards, and moves. Pure."""

from datetime import datetime
from uuid import UUID

from commerce.kernel.clock import business_date
from commerce.ledger.journal import Entry, Part


def _entry(kind: str, source_type: str, uid: UUID, currency: str, parts: tuple[Part, ...], at: datetime) -> Entry:
    return Entry(kind, source_type, uid, currency, parts, business_date("UTC", at))


def goodwill(account: str, wallet: UUID, amount: int, currency: str, *, decision: UUID, at: datetime) -> Entry:
    """Given without being paid for: an expense, and owed to whoever holds the wallet."""
    parts = (Part("goodwill", amount), Part(account, -amount, str(wallet)))
    return _entry("goodwill", "decision", decision, currency, parts, at)


def opening(card: UUID, amount: int, currency: str, *, at: datetime) -> Entry:
    """A card of another system is ours to pay now."""
    parts = (Part("opening", amount), Part("gift_cards", -amount, str(card)))
    return _entry("gift_card_opening", "gift_card", card, currency, parts, at)


def expired(card: UUID, amount: int, currency: str, *, decision: UUID, at: datetime) -> Entry:
    """What was left on a card whose time is over is owed to nobody any more."""
    parts = (Part("gift_cards", amount, str(card)), Part("breakage", -amount))
    return _entry("gift_card_expired", "decision", decision, currency, parts, at)


def moved(old: UUID, new: UUID, amount: int, currency: str, *, at: datetime) -> Entry:
    """The same debt, by another number."""
    parts = (Part("gift_cards", amount, str(old)), Part("gift_cards", -amount, str(new)))
    return _entry("gift_card_moved", "gift_card", new, currency, parts, at)
