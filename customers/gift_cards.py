"""Gift cards: the only writer of `GiftCard`. Steps; who may do what is asked by the actions.

A sale's money is posted by the order's books, and a refund's by the refund's; what happens to a card beside orders
(goodwill, expiry, a new number) posts itself here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings

from commerce.company.models import User
from commerce.kernel.db import in_transaction
from commerce.kernel.ids import new_uid
from commerce.ledger import journal
from customers import gift_card_codes as codes
from customers import wallet_books, wallets
from customers.errors import CardReplaced, CodeShown, GiftCardUnusable, NotForActivation
from customers.models import GiftCard, GiftCardEntry, WalletHold
from customers.wallets import Source

State, Origin = GiftCard.State, GiftCard.Origin
REVIVED_FOR = timedelta(days=366)  # money that goes back to an expired card must be of use to somebody
_LAST_ZONE = timedelta(hours=12)  # a day is over when it is over everywhere


@in_transaction
def mint(currency: str, origin: str, *, at: datetime, count: int = 1) -> list[GiftCard]:
    """New cards that are worth nothing until they are activated."""
    made = []
    for _number in range(count):
        uid = new_uid()
        number = codes.code(uid)
        made.append(
            GiftCard(
                uid=uid,
                code_hash=codes.fingerprint(number),
                last_four=number[-4:],
                currency=currency,
                origin=origin,
                created_at=at,
            )
        )
    return GiftCard.objects.bulk_create(made)


def by_code(typed: str) -> GiftCard | None:
    """The card of a code, whatever its state."""
    return GiftCard.objects.filter(code_hash=codes.fingerprint(typed)).first()


def is_expired(card: GiftCard, *, at: datetime) -> bool:
    """Whether its last day is over, wherever it is looked at."""
    return card.expires_on is not None and (at - _LAST_ZONE).date() > card.expires_on


def available(card: GiftCard, *, at: datetime, besides: UUID | None = None) -> int:
    """What can be paid with a card now, in minor units: nothing by one that is blocked, expired or not sold yet."""
    if card.state != State.ACTIVE or is_expired(card, at=at):
        return 0
    return max(0, card.balance_minor - wallets.held(card, at=at, besides=besides))


@in_transaction
def reveal(card: GiftCard, *, at: datetime) -> str:
    """The code of a card, once; of one that is worth nothing yet as often as a till has to ask. Raises `CodeShown`."""
    card = wallets.lock(card)
    if card.shown_at and card.state != State.INACTIVE:
        raise CodeShown()
    GiftCard.objects.filter(pk=card.pk).update(shown_at=at)
    return codes.code(card.uid)


@in_transaction
def reveal_refunded(card: GiftCard, amount_minor: int, *, at: datetime) -> str:
    """The code of a card that was made for a refund, as often as a till asks while nobody has used it; else ""."""
    card = wallets.lock(card)
    if card.origin != GiftCard.Origin.REFUND or not is_untouched(card, amount_minor):
        return ""
    GiftCard.objects.filter(pk=card.pk).update(shown_at=at)
    return codes.code(card.uid)


@in_transaction
def activate(card: GiftCard, amount_minor: int, *, kind: str = "sold", source: Source, at: datetime) -> GiftCard:
    """Put the first money on a card, in the transaction that records its payment. Raises `NotForActivation`; the same
    source again changes nothing."""
    card = wallets.lock(card)
    if card.state != State.INACTIVE:
        if card.entries.filter(kind=kind, source_type=source.type, source_uid=source.uid).exists():
            return card
        raise NotForActivation()
    card.state, card.activated_at, card.expires_on = State.ACTIVE, at, _last_day(at)
    card.save(update_fields=["state", "activated_at", "expires_on"])
    wallets.change(card, amount_minor, kind, source=source, at=at)
    return card


def _last_day(at: datetime) -> date | None:
    years = settings.GIFT_CARD_YEARS
    return (at + timedelta(days=round(365.25 * years))).date() if years else None


@in_transaction
def top_up(card: GiftCard, amount_minor: int, *, source: Source, at: datetime) -> GiftCard:
    """More money on a card that is in use. Raises `GiftCardUnusable`."""
    card = wallets.lock(card)
    if card.state != State.ACTIVE or is_expired(card, at=at):
        raise GiftCardUnusable()
    wallets.change(card, amount_minor, "top_up", source=source, at=at)
    return card


@in_transaction
def hold(card: GiftCard, up_to: int, *, source: Source, until: datetime, at: datetime) -> WalletHold:
    """Hold of a card what a sale or checkout needs, or what there is. Raises `GiftCardUnusable`."""
    card = wallets.lock(card)
    if card.state != State.ACTIVE or is_expired(card, at=at):
        raise GiftCardUnusable()
    made = wallets.hold(card, up_to, source=source, until=until, at=at)
    if made is None:
        raise GiftCardUnusable()
    return made


@in_transaction
def credit(card: GiftCard, amount_minor: int, *, source: Source, at: datetime) -> GiftCard:
    """Give money back to the card that paid, or to the one that has taken its place; returns the card that has it now.
    One that has expired can be used for another year; one that is blocked stays so."""
    card = wallets.lock(newest(card))
    if card.replaced_by_id:
        return credit(card, amount_minor, source=source, at=at)
    wallets.change(card, amount_minor, "refunded", source=source, at=at)
    if is_expired(card, at=at):
        card.expires_on = (at + REVIVED_FOR).date()
        card.save(update_fields=["expires_on"])
    return card


def newest(card: GiftCard) -> GiftCard:
    """The card that has taken the place of this one, or the card itself."""
    while True:
        following = GiftCard.objects.filter(replaces=card.pk).first()
        if following is None:
            return card
        card = following


@in_transaction
def issue(currency: str, amount_minor: int, *, origin: str, kind: str, source: Source, at: datetime) -> GiftCard:
    """A new card with money on it, for which the caller has the journal's entry."""
    return activate(mint(currency, origin, at=at)[0], amount_minor, kind=kind, source=source, at=at)


@in_transaction
def give(currency: str, amount_minor: int, *, source: Source, at: datetime) -> GiftCard:
    """A card out of goodwill; its entry in the journal is written here. Raises `CodeShown` when this decision has made
    its card before."""
    if GiftCardEntry.objects.filter(kind="goodwill", source_type=source.type, source_uid=source.uid).exists():
        raise CodeShown()
    card = issue(currency, amount_minor, origin=Origin.GOODWILL, kind="goodwill", source=source, at=at)
    entry = wallet_books.goodwill("gift_cards", card.uid, amount_minor, currency, decision=source.uid, at=at)
    journal.post([entry], at=at)
    return card


@in_transaction
def block(card: GiftCard, *, reason: str) -> None:
    """Nobody can pay with it any more; what is on it stays. Raises `NotForActivation` for one that was never sold."""
    card = wallets.lock(card)
    if card.state == State.INACTIVE:
        raise NotForActivation()
    card.state, card.blocked_reason = State.BLOCKED, reason[:300]
    card.save(update_fields=["state", "blocked_reason"])


@in_transaction
def unblock(card: GiftCard) -> None:
    """It can be used again. Raises `CardReplaced`."""
    card = wallets.lock(card)
    if card.replaced_by_id:
        raise CardReplaced()
    if card.state == State.BLOCKED:
        card.state, card.blocked_reason = State.ACTIVE, ""
        card.save(update_fields=["state", "blocked_reason"])


@in_transaction
def transfer(card: GiftCard, *, source: Source, at: datetime) -> GiftCard:
    """Move what is on a card to a new one with a new number; the old one is good for nothing any more, whoever holds
    some of it. Raises `CardReplaced` and `NotForActivation`."""
    card = wallets.lock(card)
    if card.replaced_by_id:
        raise CardReplaced()
    if card.state == State.INACTIVE:
        raise NotForActivation()
    amount = card.balance_minor
    new = mint(card.currency, Origin.TRANSFER, at=at)[0]
    new.state, new.activated_at, new.expires_on = State.ACTIVE, at, card.expires_on
    new.save(update_fields=["state", "activated_at", "expires_on"])
    if amount:
        by = Source("gift_card", new.uid, source.actor, source.reason)
        wallets.change(card, -amount, "moved", source=by, at=at)
        wallets.change(new, amount, "moved", source=by, at=at)
        journal.post([wallet_books.moved(card.uid, new.uid, amount, card.currency, at=at)], at=at)
    card.state, card.blocked_reason, card.replaced_by = State.BLOCKED, source.reason[:300], new
    card.save(update_fields=["state", "blocked_reason", "replaced_by"])
    return new


def is_untouched(card: GiftCard, amount_minor: int) -> bool:
    """Whether a card has exactly what it was sold or made with (minor units), and nobody ever paid with it."""
    if card.state != State.ACTIVE or card.balance_minor != amount_minor:
        return False
    chain = [card.pk, *_before(card)]
    return not GiftCardEntry.objects.filter(wallet__in=chain).exclude(kind__in=["sold", "refunded", "moved"]).exists()


def _before(card: GiftCard) -> list[int]:
    """The cards whose place it has taken, one after the other (primary keys)."""
    found: list[int] = []
    earlier = GiftCard.objects.filter(replaced_by=card.pk).first()
    while earlier is not None:
        found.append(earlier.pk)
        earlier = GiftCard.objects.filter(replaced_by=earlier.pk).first()
    return found


@in_transaction
def take_back(card: GiftCard, amount_minor: int, *, source: Source, at: datetime) -> bool:
    """End a card that its buyer brings back; False, and nothing is changed, when it is not `is_untouched`, or somebody
    holds some of it. The journal's entry is the return's."""
    card = wallets.lock(card)
    if not is_untouched(card, amount_minor) or wallets.held(card, at=at):
        return False
    wallets.change(card, -amount_minor, "returned", source=source, at=at)
    card.state, card.blocked_reason = State.BLOCKED, source.reason[:300]
    card.save(update_fields=["state", "blocked_reason"])
    return True


@dataclass(frozen=True, slots=True)
class OldCard:
    """A card that another system has sold: its number's fingerprint, and what was left on it (minor units)."""

    code_hash: str
    last_four: str
    currency: str
    balance_minor: int
    expires_on: date | None


@in_transaction
def take_over(old: Sequence[OldCard], *, reason: str, actor: User | None, at: datetime) -> None:
    """Cards whose numbers people have in their hands already: active, with what was left on them, and in the books."""
    made = GiftCard.objects.bulk_create(
        GiftCard(
            uid=new_uid(),
            code_hash=one.code_hash,
            last_four=one.last_four,
            currency=one.currency,
            state=State.ACTIVE,
            origin=Origin.IMPORTED,
            expires_on=one.expires_on,
            shown_at=at,
            created_at=at,
            activated_at=at,
        )
        for one in old
    )
    amounts = {card.pk: one.balance_minor for card, one in zip(made, old, strict=True)}
    wallets.open_balances(made, amounts, reason=reason, actor=actor, at=at)
    journal.post([wallet_books.opening(card.uid, amounts[card.pk], card.currency, at=at) for card in made], at=at)


def overdue(*, at: datetime) -> Sequence[GiftCard]:
    """Cards with money on them whose last day is over."""
    over = GiftCard.objects.filter(balance_minor__gt=0, expires_on__lt=(at - _LAST_ZONE).date())
    return list(over.order_by("pk")[:500])


@in_transaction
def expire(card: GiftCard, *, at: datetime) -> int:
    """What is left on a card whose time is over is income; how much it was. One that somebody holds right now waits."""
    card = wallets.lock(card)
    amount = card.balance_minor
    if not amount or not is_expired(card, at=at) or wallets.held(card, at=at):
        return 0
    source = Source("decision", new_uid(), reason="")
    wallets.change(card, -amount, "expired", source=source, at=at)
    journal.post([wallet_books.expired(card.uid, amount, card.currency, decision=source.uid, at=at)], at=at)
    return amount
