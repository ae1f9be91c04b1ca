"""Answer a dispute: send evidence to the bank, or accept that it is lost."""

from datetime import datetime

from commerce.company.models import User
from commerce.company.permissions import require
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from orders import disputes, transactions
from orders import gateway_settlement as network
from orders.actions.settle_dispute import settle_dispute, settle_heard
from orders.errors import DisputeClosed, NetworkRefused
from orders.models import Dispute, Order

# What a bank reads, of what the card network takes as text.
TEXTS = (
    "product_description",
    "customer_name",
    "customer_email_address",
    "billing_address",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "service_date",
    "access_activity_log",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "duplicate_charge_id",
    "duplicate_charge_explanation",
    "uncategorized_text",
)


def submit_evidence(pk: int, evidence: dict[str, str], *, person: User | None, at: datetime) -> Dispute:
    """Send texts (by the names of `TEXTS`) to the bank, which takes them once. Raises `DisputeClosed`,
    `NetworkSilent`, `NetworkRefused`, `NotAllowed`."""
    texts = {name: evidence[name].strip() for name in TEXTS if evidence.get(name, "").strip()}
    row = _draft(pk, texts, person=person)
    try:
        contest = network.submit_evidence(row.provider_id, texts, key=f"{row.uid}-evidence-{at.timestamp():.0f}")
    except NetworkRefused as refused:
        raise _end(row, refused, at=at) from refused
    settled = settle_heard(contest, at=at)
    _note(pk, person=person, at=at)
    return settled


def accept_dispute(pk: int, *, person: User | None, at: datetime) -> Dispute:
    """Give in: the money is lost at once. Raises as `submit_evidence`."""
    row = _check(pk, person=person)
    try:
        contest = network.accept(row.provider_id, key=f"{row.uid}-accept-{at.timestamp():.0f}")
    except NetworkRefused as refused:
        raise _end(row, refused, at=at) from refused
    return settle_heard(contest, at=at)


def _end(row: Dispute, refused: NetworkRefused, *, at: datetime) -> DomainError:
    """Why the network would not have it: because the dispute has ended (then ours ends, too), or its own reason."""
    known = settle_dispute(row.provider_id, at=at)
    return refused if known.is_answerable else DisputeClosed(state=known.get_state_display())


@action
def _draft(pk: int, texts: dict[str, str], *, person: User | None) -> Dispute:
    """What is about to be sent is kept first: a network that does not answer costs nobody their words."""
    require(person, "dispute.answer")
    transactions.hold()
    row = _answerable(pk)
    disputes.keep_answer(row, texts)
    return row


@action
def _note(pk: int, *, person: User | None, at: datetime) -> None:
    transactions.hold()
    found = Dispute.objects.select_related("payment").get(pk=pk)
    if found.payment:
        Order.objects.locked().get(pk=found.payment.order_id)
    disputes.note_answer(Dispute.objects.locked().select_related("payment__order").get(pk=pk), by=person, at=at)


@action
def _check(pk: int, *, person: User | None) -> Dispute:
    require(person, "dispute.answer")
    return _answerable(pk)


def _answerable(pk: int) -> Dispute:
    found = Dispute.objects.select_related("payment").get(pk=pk)
    if found.payment:
        Order.objects.locked().get(pk=found.payment.order_id)
    row = Dispute.objects.locked().select_related("payment__order").get(pk=pk)
    if not row.is_answerable:
        raise DisputeClosed(state=row.get_state_display())
    return row
