"""The one end of every dispute: webhook, poller and the person in the office all come here, in any order, again."""

import logging
from datetime import datetime
from typing import Any

from commerce.kernel.db import action
from commerce.kernel.failpoints import failpoint
from orders import disputes, transactions
from orders import gateway_settlement as network
from orders.errors import NetworkRefused
from orders.gateway_settlement import PROVIDER, Contest
from orders.models import Dispute

log = logging.getLogger(__name__)
PAGES = 10  # of the list of disputes, the newest first, that a poll looks at


def settle_dispute(provider_id: str, *, at: datetime) -> Dispute:
    """Ask the card network about a dispute and make ours say the same. Raises `NetworkSilent`; safe to repeat."""
    contest = network.dispute(provider_id)
    failpoint("orders.before_dispute")
    return settle_heard(contest, at=at)


@action
def settle_heard(contest: Contest, *, at: datetime) -> Dispute:
    """As `settle_dispute`, of what the card network itself has just said."""
    transactions.hold()
    payment = disputes.hold(contest, provider=PROVIDER)
    return disputes.record(contest, payment, provider=PROVIDER, at=at)


def settle_disputes(*, at: datetime) -> int:
    """Look through the newest disputes, and at every open one: no webhook is relied upon. How many had news."""
    heard: set[str] = set()
    count, after = 0, ""
    for _page in range(PAGES):
        page = network.disputes(after=after)
        fresh = [contest for contest in page.rows if _differs(contest)]
        for contest in fresh:
            settle_heard(contest, at=at)
        heard |= {contest.id for contest in page.rows}
        count += len(fresh)
        if not page.has_more or not fresh:
            break
        after = page.rows[-1].id
    others = Dispute.objects.open().filter(provider=PROVIDER).exclude(provider_id__in=heard)
    for provider_id in others.values_list("provider_id", flat=True):
        try:
            settle_dispute(provider_id, at=at)
        except NetworkRefused as error:  # one that it does not know must not keep the others waiting
            log.warning("dispute %s: %s", provider_id, error)
        else:
            count += 1
    return count


def work(event: dict[str, Any], *, at: datetime) -> None:
    """An event of the card network about a dispute: it only says which one to ask about."""
    settle_dispute(str(event["data"]["object"]["id"]), at=at)


def _differs(contest: Contest) -> bool:
    row = Dispute.objects.filter(provider=PROVIDER, provider_id=contest.id).select_related("payment").first()
    if row is None or row.payment is None:
        return True
    told = (contest.status, contest.is_refundable, contest.due_at, contest.amount)
    if (row.state, row.is_refundable, row.evidence_due_at, row.amount_minor) != told:
        return True
    return row.transactions.count() < len(contest.movements)
