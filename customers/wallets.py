"""What gift cards and store credit have in common: the only writer of balances, entries and holds.

A balance changes by one guarded UPDATE with a CHECK behind it, and its entry is written with it. What is available is
the balance without what others hold; whoever counts holds has locked the wallet.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast
from uuid import UUID

from django.db.models import Sum

from commerce.company.models import User
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.failpoints import is_off
from commerce.kernel.ids import new_uid
from customers.errors import WalletHoldLost
from customers.models import GiftCard, GiftCardEntry, StoreCredit, StoreCreditEntry, WalletHold

AnyWallet = GiftCard | StoreCredit
W = TypeVar("W", bound=AnyWallet)
State = WalletHold.State


@dataclass(frozen=True, slots=True)
class Source:
    """What changes a wallet: a payment, a refund, an order's line, a person's decision."""

    type: str
    uid: UUID
    actor: User | None = None
    reason: str = ""


def column(wallet: AnyWallet) -> str:
    """The name under which a hold knows this wallet."""
    return "gift_card" if isinstance(wallet, GiftCard) else "store_credit"


@in_transaction
def lock(wallet: W) -> W:
    """The wallet as it is now; nobody else changes or holds any of it before this transaction ends."""
    found = type(wallet).objects.order_by("pk")
    if not is_off("customers.wallet_lock"):
        found = found.select_for_update(of=("self",), no_key=True)
    return cast(W, found.get(pk=wallet.pk))


def held(wallet: AnyWallet, *, at: datetime, besides: UUID | None = None) -> int:
    """What running holds keep of a wallet, in minor units; not counting those of the source `besides`."""
    running = WalletHold.objects.filter(**{column(wallet): wallet.pk}, state=State.HELD, expires_at__gt=at)
    if besides:
        running = running.exclude(source_uid=besides)
    return int(running.aggregate(sum=Sum("amount_minor"))["sum"] or 0)


@in_transaction
def hold(wallet: AnyWallet, up_to: int, *, source: Source, until: datetime, at: datetime) -> WalletHold | None:
    """Hold what a source needs of a wallet, or what there is of it; None when there is nothing. The caller has locked
    the wallet. A source that holds it already, holds the new amount instead."""
    amount = min(up_to, wallet.balance_minor - held(wallet, at=at, besides=source.uid))
    name = column(wallet)
    mine = WalletHold.objects.filter(
        **{name: wallet.pk}, source_type=source.type, source_uid=source.uid, state=State.HELD
    )
    if amount <= 0:
        mine.update(state=State.RELEASED, ended_at=at)
        return None
    if mine.update(amount_minor=amount, expires_at=until):
        return mine.get()
    return WalletHold.objects.create(
        uid=new_uid(),
        **{f"{name}_id": wallet.pk},
        source_type=source.type,
        source_uid=source.uid,
        currency=wallet.currency,
        amount_minor=amount,
        created_at=at,
        expires_at=until,
    )


@in_transaction
def prolong(source_uid: UUID, *, until: datetime) -> None:
    """Keep what a source holds, at least until then."""
    WalletHold.objects.filter(source_uid=source_uid, state=State.HELD, expires_at__lt=until).update(expires_at=until)


@in_transaction
def release(source_uid: UUID, *, at: datetime, hold_uid: UUID | None = None) -> int:
    """What a source holds is free again, or one hold of it; how many holds that were."""
    mine = WalletHold.objects.filter(source_uid=source_uid, state=State.HELD)
    if hold_uid:
        mine = mine.filter(uid=hold_uid)
    return mine.update(state=State.RELEASED, ended_at=at)


@in_transaction
def release_forgotten(*, before: datetime, at: datetime) -> int:
    """Tidy up holds that ran out before a moment; they count for nothing already."""
    return WalletHold.objects.filter(state=State.HELD, expires_at__lt=before).update(state=State.RELEASED, ended_at=at)


def holds_of(source_uid: UUID) -> list[WalletHold]:
    """All that was held for a source and not taken, given up or not, the oldest first."""
    found = WalletHold.objects.filter(source_uid=source_uid).exclude(state=State.TAKEN)
    return list(found.select_related("gift_card", "store_credit__customer").order_by("pk"))


@in_transaction
def lock_of(holds: Iterable[WalletHold]) -> dict[int, AnyWallet]:
    """The wallets of holds, by the hold's primary key, locked in the one order: cards, then credits, each by primary
    key (see `kernel.db`)."""
    ordered = sorted(holds, key=lambda one: (one.gift_card_id is None, one.gift_card_id or one.store_credit_id))
    locked: dict[int, AnyWallet] = {}
    for one in ordered:
        locked[one.pk] = lock(one.wallet)
    return locked


@in_transaction
def take(wanted: WalletHold, wallet: AnyWallet, *, source: Source, at: datetime) -> None:
    """Turn a hold into an entry; the caller has locked its wallet. One that has run out is taken while the money is
    there. Raises `WalletHoldLost`."""
    if isinstance(wallet, GiftCard) and wallet.state != GiftCard.State.ACTIVE:
        raise WalletHoldLost()
    ended = WalletHold.objects.filter(pk=wanted.pk).exclude(state=State.TAKEN).update(state=State.TAKEN, ended_at=at)
    if not ended:
        raise WalletHoldLost()
    others = held(wallet, at=at, besides=wanted.source_uid)
    if not _change(wallet, -wanted.amount_minor, "spent", source, at=at, keep=others):
        raise WalletHoldLost()


@in_transaction
def change(wallet: AnyWallet, amount_minor: int, kind: str, *, source: Source, at: datetime) -> bool:
    """Write an entry (signed, minor units) and the balance that follows from it; False when this source has done so
    before, then nothing changes. The caller has locked the wallet. Raises `WalletHoldLost` when less is there."""
    if wallet.entries.filter(kind=kind, source_type=source.type, source_uid=source.uid).exists():
        return False
    if not _change(wallet, amount_minor, kind, source, at=at):
        raise WalletHoldLost()
    return True


@in_transaction
def open_balances(
    cards: Sequence[GiftCard], amounts: Mapping[int, int], *, reason: str, actor: User | None, at: datetime
) -> None:
    """The first money (minor units, by primary key) on many cards that were just made, and nobody knows yet; two
    statements."""
    rows(
        "UPDATE customers_giftcard c SET balance_minor = w.minor"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS w(id, minor) WHERE c.id = w.id AND c.balance_minor = 0",
        [list(amounts), list(amounts.values())],
    )
    GiftCardEntry.objects.bulk_create(
        GiftCardEntry(
            wallet=card,
            kind="opening",
            amount_minor=amounts[card.pk],
            balance_after=amounts[card.pk],
            source_type="gift_card",
            source_uid=card.uid,
            reason=reason[:300],
            actor=actor,
            created_at=at,
        )
        for card in cards
    )


def _change(wallet: AnyWallet, amount_minor: int, kind: str, source: Source, *, at: datetime, keep: int = 0) -> bool:
    """One guarded UPDATE with its entry; `keep` is what must stay behind for others."""
    guard = "TRUE" if is_off("customers.wallet_guard") else "(%s > 0 OR balance_minor + %s >= %s)"
    params = [] if is_off("customers.wallet_guard") else [amount_minor, amount_minor, keep]
    changed = rows(
        f"UPDATE {wallet._meta.db_table} SET balance_minor = balance_minor + %s WHERE id = %s AND {guard}"
        " RETURNING balance_minor",
        [amount_minor, wallet.pk, *params],
    )
    if not changed:
        return False
    wallet.balance_minor = int(changed[0][0])
    entries = GiftCardEntry if isinstance(wallet, GiftCard) else StoreCreditEntry
    entries._default_manager.create(
        wallet_id=wallet.pk,
        kind=kind,
        amount_minor=amount_minor,
        balance_after=wallet.balance_minor,
        source_type=source.type,
        source_uid=source.uid,
        reason=source.reason[:300],
        actor=source.actor,
        created_at=at,
    )
    return True
