"""Read everything that the card network reports of our balance, from where the last reading ended.

Transactions first: those since the newest one that we have, and once, at the very beginning, all that there ever were.
Then payouts, with the transactions that each is made of. Every page is one transaction together with the cursor, so a
reading that is killed goes on with the page that it was at, and no page counts twice.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.failpoints import failpoint
from orders import gateway_settlement as network
from orders import settlement_pulls as pulls
from orders import transactions
from orders.actions.settle_payment import settle_payment
from orders.actions.settle_payout import learn_disputes, settle_payout
from orders.gateway_settlement import PROVIDER, Movement
from orders.models import Payment, Payout, SettlementPull
from orders.transactions import Tally

FRESH = timedelta(days=14)  # so long the fate of a payout may change
MOST_PAGES = 1_000  # of one turn; the next one goes on


def pull_settlements(*, at: datetime, clock: Callable[[], datetime] | None = None) -> Tally | None:
    """What was new; None while another process reads. Raises `NetworkSilent`, and then the next one goes on there.

    `clock` says the time while it goes on, so that others see that it is alive.
    """
    tick = clock or (lambda: at)
    pull = _start(at=at)
    if pull is None:
        return None
    try:
        tally = _read_transactions(pull, tick)
        _read_payouts(pull, tick)
        _rematch(at=tick())
    except pulls.Stopped:
        return None
    except DomainError as error:
        _finish(pull, at=tick(), failure=str(error))
        raise
    _finish(pull, at=tick())
    return tally


def _read_transactions(pull: SettlementPull, tick: Callable[[], datetime]) -> Tally:
    tally = Tally()
    if not pull.newest_id:
        page = network.transactions()
        if not page.rows:
            return tally
        left = page.rows[-1].id if page.has_more else ""
        tally += _page(pull, page.rows, tick, newest_id=page.rows[0].id, backfill_id=left)
    for _turn in range(MOST_PAGES):
        if not pull.backfill_id:
            break
        page = network.transactions(after=pull.backfill_id)
        tally += _page(pull, page.rows, tick, backfill_id=page.rows[-1].id if page.has_more else "")
    for _turn in range(MOST_PAGES):
        page = network.transactions(before=pull.newest_id)
        if page.rows:
            tally += _page(pull, page.rows, tick, newest_id=page.rows[0].id)
        if not page.has_more:
            break
    return tally


def _page(pull: SettlementPull, moves: list[Movement], tick: Callable[[], datetime], **cursors: str) -> Tally:
    """One page: what it names is settled first (each in its own transaction), then it is written with the cursor."""
    at = tick()
    _settle_named(moves, at=at)
    learn_disputes(moves, at=at)
    failpoint("orders.before_page")
    return _write(pull, moves, at=at, **cursors)


def _settle_named(moves: list[Movement], *, at: datetime) -> None:
    """Payments of which the card network has the money already and we have not heard."""
    intents = {move.intent for move in moves if move.intent}
    behind = Payment.objects.filter(provider=PROVIDER, provider_id__in=intents, captured_minor=0)
    for uid in behind.values_list("uid", flat=True):
        settle_payment(uid, at=at)


def _read_payouts(pull: SettlementPull, tick: Callable[[], datetime]) -> None:
    """Payouts, newest first, until they are all known and too old to change. A reading that was cut off goes on."""
    for _turn in range(MOST_PAGES):
        page = network.payouts(after=pull.payouts_after)
        told = {sent.id: sent.status for sent in page.rows}
        final = {
            row.provider_id
            for row in Payout.objects.filter(provider=PROVIDER, provider_id__in=list(told))
            if row.state in ("paid", *Payout.BACK) and (row.is_complete or not row.is_automatic)
            and row.state == told[row.provider_id]  # a file calls paid what came back from the bank since
        }  # fmt: skip
        at = tick()
        stale = [sent.id for sent in page.rows if sent.id not in final or sent.created_at > at - FRESH]
        for provider_id in stale:
            settle_payout(provider_id, at=tick())
        goes_on = page.has_more and bool(stale)
        _advance(pull, at=tick(), payouts=len(stale), payouts_after=page.rows[-1].id if goes_on else "")
        if not goes_on:
            break


@action
def _start(*, at: datetime) -> SettlementPull | None:
    return pulls.start(PROVIDER, at=at)


@action
def _write(pull: SettlementPull, moves: list[Movement], *, at: datetime, **cursors: str) -> Tally:
    transactions.hold()
    tally = transactions.record(moves, provider=PROVIDER, reported_by="api", at=at)
    pulls.advance(pull, cursors, at=at, tally=tally)
    return tally


@action
def _advance(pull: SettlementPull, *, at: datetime, payouts: int, payouts_after: str) -> None:
    pulls.advance(pull, {"payouts_after": payouts_after}, at=at, payouts=payouts)


@action
def _rematch(*, at: datetime) -> None:
    transactions.hold()
    transactions.rematch(provider=PROVIDER, at=at)


@action
def _finish(pull: SettlementPull, *, at: datetime, failure: str = "") -> None:
    pulls.finish(pull.turn, at=at, failure=failure)
