"""A gift card or a customer's credit at the pay screen: held for this sale before anything is handed over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from customers.actions.look_up_gift_card import look_up_gift_card
from customers.errors import NothingToSpend
from customers.lookups import PER_TILL
from customers.models import GiftCard, WalletHold
from pos import wallets
from pos.models import Register


def hold_gift_card(
    register: Register,
    code: str,
    *,
    sale: UUID,
    up_to: int,
    currency: str,
    known: Sequence[UUID] = (),
    person: User,
    at: datetime,
) -> WalletHold:
    """Hold of the card with this number up to an amount in minor units; what is held is in the answer. Asking again for
    the same sale holds no more, unless the till names the hold that it has: then the amount comes on top of that.

    Raises `NotAllowed`, `TooManyLookups`, `GiftCardUnusable`."""
    require(person, "sale.record", register.location)
    card = look_up_gift_card(code, origin=f"till {register.pk}", most=PER_TILL, at=at)
    return _hold_card(card, up_to, currency, sale=sale, known=known, at=at)


@action
def _hold_card(
    card: GiftCard | None, up_to: int, currency: str, *, sale: UUID, known: Sequence[UUID], at: datetime
) -> WalletHold:
    return wallets.hold_card(card, up_to, currency, sale=sale, known=known, at=at)


@action
def hold_store_credit(
    register: Register,
    email: str,
    *,
    sale: UUID,
    up_to: int,
    currency: str,
    known: Sequence[UUID] = (),
    person: User,
    at: datetime,
) -> WalletHold:
    """The same of the credit of the customer with this address. Raises `NotAllowed`, `NothingToSpend`."""
    require(person, "sale.record", register.location)
    if not email.strip():
        raise NothingToSpend()
    return wallets.hold_credit(email, up_to, currency, sale=sale, known=known, at=at)


@action
def release_wallet(register: Register, hold: UUID, *, sale: UUID, person: User, at: datetime) -> None:
    """The associate took it off the sale. Raises `NotAllowed`."""
    require(person, "sale.record", register.location)
    wallets.release(sale, hold, at=at)
