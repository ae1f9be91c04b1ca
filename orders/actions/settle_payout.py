"""The one end of every payout: what it is, what became of it, and which transactions it was made of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from commerce.kernel.db import action
from orders import gateway_settlement as network
from orders import payouts, transactions
from orders.actions.settle_dispute import settle_dispute
from orders.gateway_settlement import PROVIDER, Movement, Page, Sent
from orders.models import Dispute, Payout
from orders.transactions import Tally


def settle_payout(provider_id: str, *, at: datetime) -> Payout:
    """Ask the card network about a payout and make ours say the same. Raises `NetworkSilent`; safe to repeat."""
    sent = network.payout(provider_id)
    row = _record(sent, at=at)
    if row.is_automatic and not row.is_complete:
        after = ""
        while True:
            page = network.transactions(payout=provider_id, after=after)
            record_page(page, part_of=row, at=at)
            if not page.has_more:
                break
            after = page.rows[-1].id
        _check(row, at=at)
    return row


def record_page(page: Page[Movement], *, part_of: Payout | None, at: datetime) -> Tally:
    """A page of transactions, the disputes among them asked for first: their money belongs to them."""
    learn_disputes(page.rows, at=at)
    return _write(page.rows, part_of=part_of, at=at)


def learn_disputes(moves: Iterable[Movement], *, at: datetime) -> None:
    sources = {move.source for move in moves if move.source.startswith(("dp_", "du_"))}
    known = Dispute.objects.filter(provider=PROVIDER, provider_id__in=sources, payment__isnull=False)
    for provider_id in sorted(sources - set(known.values_list("provider_id", flat=True))):
        settle_dispute(provider_id, at=at)


def work(event: dict[str, Any], *, at: datetime) -> None:
    """An event of the card network about a payout: it only says which one to ask about."""
    settle_payout(str(event["data"]["object"]["id"]), at=at)


@action
def _record(sent: Sent, *, at: datetime) -> Payout:
    transactions.hold()
    row = payouts.record(sent, provider=PROVIDER, reported_by="api", at=at)
    transactions.record(sent.movements, provider=PROVIDER, reported_by="api", at=at)
    return row


@action
def _write(moves: list[Movement], *, part_of: Payout | None, at: datetime) -> Tally:
    transactions.hold()
    return transactions.record(moves, provider=PROVIDER, reported_by="api", at=at, part_of=part_of)


@action
def _check(row: Payout, *, at: datetime) -> None:
    transactions.hold()
    payouts.check(row, at=at)
