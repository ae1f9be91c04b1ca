"""A file of the provider's payouts: checked as a whole, then taken as a whole, or refused with every reason."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action, in_transaction
from commerce.kernel.money import Money
from orders import matching, payout_files, payouts, transactions
from orders.gateway_settlement import PROVIDER, Sent
from orders.models import NetworkTransaction, Payout, PayoutFile, ReportedBy
from orders.payout_files import Problem, Row
from orders.transactions import REASONS, Tally

KEPT = 500  # problems that are kept with a file; the count is of all


@action
def take_payout_file(
    content: bytes, *, name: str, takes_unmatched: bool, person: User | None, at: datetime
) -> PayoutFile:
    """Take the transactions and payouts of a file, or refuse all of it and say which line is wrong.

    Refused is: what cannot be read, a transaction twice, one that we know with other figures, another currency than
    its payment's or its payout's, and what matches no document of ours, unless `takes_unmatched` lets it become cases.
    What is known already is passed over. Either way the file is recorded. Raises `NotAllowed`.
    """
    require(person, "settlement.match")
    transactions.hold()
    reading = payout_files.read(content)
    problems = [*reading.problems, *_against_payouts(reading.rows), *_against_ours(reading.rows, takes_unmatched)]
    problems.sort(key=lambda problem: problem.line)
    tally = Tally()
    if not problems and not reading.rows:
        problems = [Problem(1, "empty", "The file has no transactions.")]
    if not problems:
        tally = _write(reading.rows, at=at)
    return PayoutFile.objects.create(
        name=name[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        provider=PROVIDER,
        state=PayoutFile.State.REFUSED if problems else PayoutFile.State.TAKEN,
        rows=len(reading.rows),
        added=tally.added,
        known=tally.known,
        unmatched=tally.unmatched,
        problem_count=len(problems),
        problems=[[problem.line, problem.code, problem.text] for problem in problems[:KEPT]],
        actor=person,
        created_at=at,
    )


def _by_payout(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.move.source != row.payout:  # the line of the payout itself
            found[row.payout].append(row)
    return found


def _against_payouts(rows: Sequence[Row]) -> list[Problem]:
    """One payout has one currency, and the amount that we know of it."""
    problems, groups = [], _by_payout(rows)
    known = {row.provider_id: row for row in Payout.objects.filter(provider=PROVIDER, provider_id__in=list(groups))}
    for key, group in groups.items():
        currency = known[key].currency if key in known else group[0].move.currency
        problems += [
            Problem(row.line, "currency", f"{row.move.currency}, but the payout {key} is in {currency}.")
            for row in group
            if row.move.currency != currency
        ]
        total = sum(row.move.net for row in group)
        if key in known and known[key].currency == group[0].move.currency and total != known[key].amount_minor:
            lines, told = Money(total, known[key].currency).format(), known[key].amount.format()
            text = f"The lines of the payout {key} add up to {lines}, but it was {told}."
            problems.append(Problem(group[0].line, "payout_total", text))
    return problems


def _against_ours(rows: Sequence[Row], takes_unmatched: bool) -> list[Problem]:
    """What we know already must be the same; what is new must match, by id and in its currency."""
    known = {
        row.provider_id: row
        for row in NetworkTransaction.objects.filter(provider=PROVIDER, provider_id__in=[row.move.id for row in rows])
    }
    fresh = [row for row in rows if row.move.id not in known and row.move.source != row.payout]
    documents = matching.known([row.move for row in fresh], PROVIDER)
    problems = []
    for row in rows:
        if row.move.id in known:
            problems += _changed(row, known[row.move.id])
        elif row.move.source != row.payout:
            reason = matching.match(row.move, documents).reason
            if reason and not (takes_unmatched and reason == "unknown"):
                about = row.move.source or row.move.id
                problems.append(Problem(row.line, reason, f"{about}: {REASONS.get(reason, reason)}."))
    return problems


def _changed(row: Row, ours: NetworkTransaction) -> list[Problem]:
    told = (row.move.currency, row.move.gross, row.move.fee)
    if told == (ours.currency, ours.gross_minor, ours.fee_minor):
        return []
    was = f"{ours.gross.format()} with a fee of {Money(ours.fee_minor, ours.currency).format()}"
    return [Problem(row.line, "changed", f"The transaction {row.move.id} is known with other figures: {was}.")]


@in_transaction
def _write(rows: Sequence[Row], *, at: datetime) -> Tally:
    tally = Tally()
    for key, group in _by_payout(rows).items():
        payout = Payout.objects.filter(provider=PROVIDER, provider_id=key).first()
        if payout is None:
            payout = payouts.record(_sent(key, group, at=at), provider=PROVIDER, reported_by=ReportedBy.FILE, at=at)
        moves = [row.move for row in group]
        tally += transactions.record(moves, provider=PROVIDER, reported_by=ReportedBy.FILE, at=at, part_of=payout)
        payouts.check(payout, at=at)
    return tally


def _sent(key: str, group: Sequence[Row], *, at: datetime) -> Sent:
    """A payout as far as the lines of a file tell it."""
    arrives = datetime.combine(max(row.arrives_on for row in group), time(), UTC)
    return Sent(
        id=key,
        status="paid" if arrives <= at else "in_transit",
        amount=sum(row.move.net for row in group),
        currency=group[0].move.currency,
        is_automatic=True,
        arrives_at=arrives,
        created_at=max(row.move.created_at for row in group),
    )
