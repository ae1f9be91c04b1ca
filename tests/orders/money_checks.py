"""What must hold after every event, after some of them, and at the end of a run of the money machine."""

from collections import defaultdict
from datetime import date

from django.utils.translation import override

from commerce.kernel import audit
from commerce.kernel.clock import business_date
from commerce.kernel.db import rows
from commerce.ledger import control
from orders.models import Dispute, NetworkTransaction, Payment, Refund
from tests.orders.money_model import Key
from tests.orders.money_stock import Stock
from tests.orders.money_world import commit_checks

# Sums that the model keeps; those of `card_clearing` without what the card network itself has moved since.
MODELED = (
    "cash", "cash_over_short", "receivable", "refunds_due", "gift_cards", "store_credit", "goodwill", "card_clearing",
)  # fmt: skip
_SUMS = """
    SELECT a.code, CASE WHEN a.code IN ('cash', 'card_clearing', 'gift_cards', 'store_credit') THEN p.sub ELSE '' END,
        e.currency, sum(p.amount_minor)::bigint FROM ledger_posting p
    JOIN ledger_account a ON a.id = p.account_id JOIN ledger_journalentry e ON e.id = p.entry_id
    WHERE a.code = ANY(%s) AND NOT (e.source_type = ANY(%s)) GROUP BY 1, 2, 3
"""
_BY_NETWORK = ["network_transaction", "payout", "dispute"]
Sums = dict[Key, int]


def sums(accounts: list[str], *, without: list[str] | None = None) -> Sums:
    """What the journal says, by account, part and currency; debits positive, nothing where it is zero."""
    found = rows(_SUMS, [accounts, without or []])
    return {(account, part, currency): minor for account, part, currency, minor in found if minor}


def differing(found: Sums, ought: Sums) -> dict[Key, tuple[int, int]]:
    """What was found beside what ought to be, where it is not the same."""
    pairs = {key: (found.get(key, 0), ought.get(key, 0)) for key in {*found, *ought}}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


class Checks(Stock):
    def after_every_event(self) -> None:
        commit_checks()
        offending = rows(
            "SELECT e.id, e.kind, e.currency, sum(p.amount_minor) FROM ledger_journalentry e LEFT JOIN ledger_posting p"
            " ON p.entry_id = e.id GROUP BY e.id HAVING coalesce(sum(p.amount_minor), 0) <> 0 OR count(p.id) < 2"
        )
        assert offending == [], "an entry does not balance"
        self.learn()
        self.sums_are_those_of_the_model()

    def sums_are_those_of_the_model(self) -> None:
        ought = {key: minor for key, minor in self.money.sums.items() if minor and key[0] in MODELED}
        found = sums(list(MODELED), without=_BY_NETWORK)
        assert found == ought, differing(found, ought)

    def everything_agrees(self) -> None:
        """The audit and the control page."""
        for finding in audit.run():
            assert not finding.count, (finding.invariant.code, finding.invariant.says, finding.offences)
        self.control_page_is_green(business_date("UTC", self.at))

    def control_page_is_green(self, day: date) -> None:
        with override("en"):
            for check in control.checks().values():
                wrong = [figure for figure in control.figures(check, day=day) if not figure.holds]
                assert not wrong, (check.code, wrong, control.offences(check, day=day))

    def payments_are_those_of_the_model(self) -> None:
        ought = {one.uid: (one.taken, one.back) for bought in self.money.orders for one in bought.paid}
        found = {
            row.uid: (row.captured_minor, row.refunded_minor + row.refund_pending_minor)
            for row in Payment.objects.filter(uid__in=list(ought))
        }
        assert found == ought
        for wallet in ("giftcard", "storecredit"):
            for uid, balance in rows(f"SELECT uid::text, balance_minor FROM customers_{wallet}"):
                assert balance == self.money.wallets[uid] >= 0, (wallet, uid)

    # At the end of a run, when everything was heard

    def card_network_agrees(self) -> None:
        """Charges there are payments here, and the books owe nothing that the card network does not."""
        taken = {intent["id"]: intent["amount_received"] for intent in self.listed("/v1/payment_intents")}
        there = {key: minor for key, minor in taken.items() if minor and key not in self.orphans}
        assert there == {key: minor for key, minor in self.money.taken_by_cards.items() if minor}
        here = Payment.objects.filter(provider="stripe", captured_minor__gt=0)
        assert {row.provider_id: row.captured_minor for row in here} == there
        self.balance_agrees()

    def balance_agrees(self) -> None:
        """The books' sums, against the card network's own lists alone; without what we can not have explained."""
        ought: Sums = defaultdict(int)
        unexplained = set(NetworkTransaction.objects.filter(state="open").values_list("provider_id", flat=True))
        for move in self.listed("/v1/balance_transactions"):
            currency = move["currency"].upper()
            if move["id"] in unexplained:
                assert move["source"] in self.strangers, move
                continue
            ought["card_clearing", "stripe", currency] += move["net"]
            ought["payment_fees", "", currency] += move["fee"]
        for sent in self.listed("/v1/payouts"):
            if sent["status"] not in ("failed", "canceled"):
                ought["bank", "", sent["currency"].upper()] += sent["amount"]
        for dispute in self.listed("/v1/disputes"):
            held = -sum(move["amount"] for move in dispute["balance_transactions"])
            account = "dispute_losses" if dispute["status"] == "lost" else "disputed"
            ought[account, "", dispute["currency"].upper()] += held
        accounts = ["card_clearing", "payment_fees", "bank", "disputed", "dispute_losses"]
        found = {key: minor for key, minor in sums(accounts).items() if not key[1].startswith("terminal:")}
        assert found == {key: minor for key, minor in ought.items() if minor}, differing(found, ought)

    def nothing_is_left_open(self) -> None:
        assert not Payment.objects.filter(state="processing").exists()
        assert not Refund.objects.filter(state="pending").exists()
        known = {row["id"]: row["status"] for row in self.listed("/v1/disputes")}
        assert dict(Dispute.objects.values_list("provider_id", "state")) == known
