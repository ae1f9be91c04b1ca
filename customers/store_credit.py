"""Store credit: the only writer of `StoreCredit`. Steps; who may do what is asked by the actions."""

from datetime import datetime

from commerce.kernel.db import in_transaction
from commerce.kernel.ids import new_uid
from commerce.ledger import journal
from customers import wallet_books, wallets
from customers.errors import NothingToSpend
from customers.models import StoreCredit, WalletHold
from customers.wallets import Source


@in_transaction
def account(customer: int, currency: str, *, at: datetime) -> StoreCredit:
    """The account of a customer (primary key) in a currency, opened when new, and locked."""
    made, _is_new = StoreCredit.objects.get_or_create(
        customer_id=customer, currency=currency, defaults={"uid": new_uid(), "created_at": at}
    )
    return wallets.lock(made)


@in_transaction
def give(customer: int, currency: str, amount_minor: int, *, source: Source, at: datetime) -> StoreCredit:
    """Credit out of goodwill; its entry in the journal is written here."""
    credited = account(customer, currency, at=at)
    if wallets.change(credited, amount_minor, "goodwill", source=source, at=at):
        entry = wallet_books.goodwill("store_credit", credited.uid, amount_minor, currency, decision=source.uid, at=at)
        journal.post([entry], at=at)
    return credited


@in_transaction
def credit(customer: int, currency: str, amount_minor: int, *, source: Source, at: datetime) -> StoreCredit:
    """Give money back as credit; the refund has the journal's entry."""
    credited = account(customer, currency, at=at)
    wallets.change(credited, amount_minor, "refunded", source=source, at=at)
    return credited


@in_transaction
def hold(customer: int, currency: str, up_to: int, *, source: Source, until: datetime, at: datetime) -> WalletHold:
    """Hold of a customer's credit what a sale needs, or what there is. Raises `NothingToSpend`."""
    found = StoreCredit.objects.filter(customer_id=customer, currency=currency).first()
    made = wallets.hold(wallets.lock(found), up_to, source=source, until=until, at=at) if found else None
    if made is None:
        raise NothingToSpend()
    return made
