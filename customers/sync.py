"""What imports may bring to gift cards: records of kind "gift_card" (number, balance, currency, expires), all text.

A card is known by the fingerprint of its number, so the same file again changes nothing, and one that was stopped goes
on. No number is kept, and none is in a note.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from commerce.company.permissions import require
from commerce.kernel.errors import DomainError
from commerce.kernel.exchange import CREATED, REFUSED, UNCHANGED, Record, Run
from commerce.kernel.money import Money, parse_money
from commerce.pricing.models import Market
from customers import gift_card_codes as codes
from customers import gift_cards
from customers.gift_cards import OldCard
from customers.models import GiftCard

SHORTEST, LONGEST = 8, 40  # characters; whoever can guess a number has its money


class GiftCardEntity:
    """Old cards, with what was left on them."""

    def __init__(self) -> None:
        self._currencies: set[str] = set()
        self._lines: dict[str, int] = {}

    def prepare(self, options: dict[str, Any]) -> None:
        require(options.get("person"), "wallet.give")
        self._currencies = {market.currency for market in Market.objects.select_related("price_list")}

    def apply(self, records: Sequence[Record], run: Run) -> None:
        read = [(record, card) for record in records if (card := self._read(record, run)) is not None]
        known = {
            card.code_hash: card for card in GiftCard.objects.filter(code_hash__in=[c.code_hash for _r, c in read])
        }
        fresh = []
        for record, card in read:
            there = known.get(card.code_hash)
            if there is None:
                fresh.append(card)
                record.became(CREATED)
            elif there.origin == GiftCard.Origin.IMPORTED:
                record.became(UNCHANGED)
            else:
                record.refuse("number_taken", _("A card of ours has this number already (%(card)s).") % {"card": there})
            run.tally["gift cards"][record.outcome] += 1
        run.tally["gift cards"][REFUSED] += sum(record.is_refused for record in records) - sum(
            record.is_refused for record, _card in read
        )
        if fresh and not run.dry_run:
            gift_cards.take_over(fresh, reason=_("Import %(file)s") % {"file": run.uid}, actor=run.actor, at=run.at)

    def _read(self, record: Record, run: Run) -> OldCard | None:
        """The card of a row; None for one that was refused or has nothing on it."""
        number, shown = codes.plain(record.data["number"]), _shown(record.data["number"])
        if not SHORTEST <= len(number) <= LONGEST or not number.isalnum():
            record.refuse("number_unusable", _("A number has %(least)d to %(most)d letters and figures.") % _RANGE)
            return None
        code_hash = codes.fingerprint(record.data["number"])
        first = self._lines.setdefault(code_hash, record.line)
        if first != record.line:
            text = _("%(card)s stands on line %(line)s already.") % {"card": shown, "line": first}
            record.refuse("number_repeated", text)
            return None
        balance = self._balance(record)
        if balance is None:
            return None
        expires, is_day = _day(record.data["expires"])
        if not is_day:
            record.refuse(
                "day_unusable", _("“%(text)s” is no day. Write 2026-12-31.") % {"text": record.data["expires"][:40]}
            )
            return None
        if expires and expires < run.at.date():
            record.refuse("expired", _("%(card)s was good until %(day)s.") % {"card": shown, "day": expires})
            return None
        if not balance.minor:
            record.note("empty", _("Nothing is left on %(card)s: it is not taken over.") % {"card": shown})
            return None
        return OldCard(code_hash, number[-4:], balance.currency, balance.minor, expires)

    def _balance(self, record: Record) -> Money | None:
        currency = record.data["currency"].upper()
        if currency not in self._currencies:
            names = {"currency": currency[:10] or "?", "known": ", ".join(sorted(self._currencies))}
            record.refuse("currency_unknown", _("No market sells in %(currency)s; there are %(known)s.") % names)
            return None
        try:
            found = parse_money(record.data["balance"], currency)
        except DomainError as error:
            record.refuse("balance_unusable", str(error))
            return None
        if found.minor < 0:
            record.refuse("balance_unusable", _("Less than nothing cannot be on a card."))
            return None
        return found


_RANGE = {"least": SHORTEST, "most": LONGEST}
ENTITY = GiftCardEntity


def _shown(number: str) -> str:
    return f"···· {codes.plain(number)[-4:]}"


def _day(text: str) -> tuple[date | None, bool]:
    """The day, and whether the text is one; nothing is one, too."""
    if not text:
        return None, True
    try:
        return date.fromisoformat(text[:10]), True
    except ValueError:
        return None, False
