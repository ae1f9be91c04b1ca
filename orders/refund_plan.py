"""By which tenders money goes back: the policy, and the sentence that explains it. Pure.

Each payment can take back what was captured of it, less what went back and what is on its way. What has the lowest rank
takes first (see `tenders.base`), among equals the older payment. Somebody who may can choose another tender: then it
takes its own payments first, and stands in for all others. Where the original is gone somebody has to choose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from commerce.kernel.money import Money
from orders.return_errors import CannotGiveBackBy, CurrencyDiffers, OriginalGone, RefundTooLarge


@dataclass(frozen=True, slots=True)
class Source:
    """A payment (primary key) that money can go back to. Minor units; `label` is for people ("Visa ending in 4242")."""

    payment: int
    tender: str
    label: str
    currency: str
    captured: int
    refunded: int
    pending: int
    rank: int = 50
    is_gone: bool = False

    @property
    def cap(self) -> int:
        return self.captured - self.refunded - self.pending


@dataclass(frozen=True, slots=True)
class Part:
    """What goes back of a payment, by a tender: the payment's own, or one that stands in for it. `details` are for the
    refund's row: the drawer that the cash comes from, the gift card that takes it."""

    payment: int
    tender: str
    amount_minor: int
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """`is_elsewhere`: some of it goes back by another tender than it came by, which not everybody may decide."""

    parts: tuple[Part, ...]
    explanation: str
    is_elsewhere: bool

    @property
    def total_minor(self) -> int:
        return sum(part.amount_minor for part in self.parts)


def plan(
    sources: Sequence[Source],
    amount: Money,
    *,
    tender: str = "",
    fallbacks: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Plan:
    """Share `amount` out over the payments of an order.

    `tender` is the one that somebody chose, one of the payments' own or of `fallbacks` (code to label); "" follows the
    policy. `details` go to the parts of a chosen tender.
    Raises `RefundTooLarge`, `CurrencyDiffers`, `OriginalGone`, `CannotGiveBackBy`.
    """
    known = dict(fallbacks or {})
    _check(sources, amount)
    own = {source.tender for source in sources if not source.is_gone}
    if tender and tender not in own and tender not in known:
        raise CannotGiveBackBy(tender=tender, others=_listed(known.values()))
    parts, left = [], amount.minor
    for source in sorted(sources, key=lambda one: (one.tender != tender, one.rank, one.payment)):
        minor = min(source.cap, left)
        if minor <= 0:
            continue
        left -= minor
        by = _tender_for(source, tender, known)
        parts.append((source, Part(source.payment, by, minor, dict(details or {}) if by == tender else {})))
    is_elsewhere = any(part.tender != source.tender for source, part in parts)
    return Plan(tuple(part for _source, part in parts), _explain(parts, amount.currency, known), is_elsewhere)


def _check(sources: Sequence[Source], amount: Money) -> None:
    foreign = [source.currency for source in sources if source.currency != amount.currency]
    if foreign:
        raise CurrencyDiffers(paid=foreign[0], wanted=amount.currency)
    cap = sum(source.cap for source in sources)
    if amount.minor > cap or amount.minor < 0:
        raise too_large(amount, sources)


def too_large(amount: Money, sources: Sequence[Source], *, left: Money | None = None) -> RefundTooLarge:
    """The refusal of more than is left, with the figures."""
    figures = {
        "left": left.minor if left else sum(source.cap for source in sources),
        "paid": sum(source.captured for source in sources),
        "refunded": sum(source.refunded for source in sources),
        "pending": sum(source.pending for source in sources),
    }
    words = {name: Money(minor, amount.currency).format() for name, minor in figures.items()}
    return RefundTooLarge(wanted=amount.format(), left_minor=figures["left"], **words)


def _tender_for(source: Source, chosen: str, fallbacks: Mapping[str, Any]) -> str:
    if not chosen or chosen == source.tender:
        if source.is_gone:
            raise OriginalGone(tender=source.label, others=_listed(fallbacks.values()))
        return source.tender
    if chosen not in fallbacks:
        raise CannotGiveBackBy(tender=chosen, others=_listed(fallbacks.values()))
    return chosen


def _listed(labels: Any) -> str:
    return ", ".join(str(label) for label in labels) or str(_("none"))


def _explain(parts: Sequence[tuple[Source, Part]], currency: str, fallbacks: Mapping[str, Any]) -> str:
    """One sentence for the associate: "Give back $20.00 by Cash and $14.56 by Visa ending in 4242."."""
    if not parts:
        return str(_("Nothing is to be given back."))
    said = []
    for source, part in parts:
        words = {"amount": Money(part.amount_minor, currency).format(), "original": source.label}
        if part.tender == source.tender:
            said.append(_("%(amount)s by %(original)s") % words)
        else:
            words["by"] = str(fallbacks[part.tender])
            said.append(_("%(amount)s by %(by)s instead of %(original)s") % words)
    listed = (
        said[0]
        if len(said) == 1
        else _("%(first)s and %(last)s")
        % {
            "first": ", ".join(said[:-1]),
            "last": said[-1],
        }
    )
    return str(_("Give back %(parts)s.") % {"parts": listed})
