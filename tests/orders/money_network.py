"""Rules of the money machine: what the card network does and tells, in any order, twice or not at all."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from orders import gateway
from orders.actions.ask_card_network import ask_card_network
from orders.actions.close_expired_checkouts import close_expired_checkouts
from orders.actions.keep_network_event import keep_network_event
from orders.actions.pull_settlements import pull_settlements
from orders.actions.send_captures import send_captures
from orders.actions.settle_dispute import settle_disputes
from orders.actions.settle_open_refunds import find_failed_refunds, settle_open_refunds
from orders.actions.take_payout_file import take_payout_file
from orders.actions.watch_authorizations import watch_authorizations
from orders.actions.work_network_events import work_network_events
from orders.models import Payment
from tests.orders.money_back import Back
from tests.orders.money_model import CARDS, Bought, Paid
from tests.orders.money_till import which

CALLS = ["/v1/refunds", "/v1/payment_intents/*/confirm", "/v1/payment_intents/*/capture"]
FILE = (
    "id,payout_id,created,available_on,payout_arrival_date,reporting_category,type,currency,amount,fee,net,source,"
    "payment_intent_id,charge_id"
)
HELD = ("needs_response", "under_review", "lost")


class Network(Back):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []
        self.disputes: dict[str, tuple[Bought, Paid]] = {}

    def listed(self, path: str, **wanted: Any) -> list[dict[str, Any]]:
        """All of a list of the card network's, the oldest first."""
        found: list[dict[str, Any]] = []
        while True:
            after = {"starting_after": found[-1]["id"]} if found else {}
            page = dict(gateway.client().raw_request("get", path, limit=100, **wanted, **after).data)
            found += page["data"]
            if not page["has_more"]:
                return found[::-1]

    def at_network(self, kind: str, key: str) -> Any:
        return dict(gateway.client().raw_request("get", f"/v1/{kind}/{key}").data)

    # Words

    @rule(picked=st.lists(which, min_size=1, max_size=6), newest_first=st.booleans())
    def deliver(self, picked: list[int], newest_first: bool) -> None:
        """Some of what was told arrives: some of it twice, in any order; the rest later or never."""
        self.events = self.listed("/v1/events")
        told = self.events[::-1] if newest_first else self.events
        for number in picked if told else ():
            keep_network_event(told[number % len(told)], at=self.at)
        work_network_events(at=self.at)

    @rule(kind=st.sampled_from(["error", "error_after", "drop", "drop_after"]), path=st.sampled_from(CALLS))
    def falter(self, kind: str, path: str) -> None:
        """The next call is refused, or its answer lost; the client's own second try, too."""
        self.network.control("faults", {"kind": kind, "path": path, "times": 2})

    @rule(hours=st.sampled_from([1, 7, 30, 80]))
    def wait(self, hours: int) -> None:
        """Time passes: money becomes available, payouts arrive, checkouts end."""
        self.pass_time(hours=hours)

    @rule()
    def poll(self) -> None:
        self.catch_up()

    def catch_up(self) -> None:
        """Every poller runs, at a healthy card network, until nothing is left to be asked."""
        self.network.control("faults", method="DELETE")
        for _turn in range(2):
            self.pass_time(minutes=2)
            watch_authorizations(at=self.at)
            ask_card_network(at=self.at)
            close_expired_checkouts(at=self.at)
            send_captures(at=self.at)
            settle_open_refunds(at=self.at)
            find_failed_refunds(at=self.at)
            settle_disputes(at=self.at)
            work_network_events(at=self.at)
        self.hear_of_failures()

    @rule()
    def pull(self) -> None:
        pull_settlements(at=self.at)

    # Disputes

    def contestable(self) -> list[tuple[Bought, Paid]]:
        known = {id(one) for _bought, one in self.disputes.values()}
        return [
            (bought, one)
            for bought in self.money.orders
            for one in bought.paid
            if one.tender in CARDS and one.taken and not bought.unpaid and id(one) not in known
        ]

    @rule(number=which, is_inquiry=st.booleans(), is_heard=st.booleans())
    def contest(self, number: int, is_inquiry: bool, is_heard: bool) -> None:
        """A cardholder contests a charge, refunded or not."""
        found = self.some(self.contestable(), number)
        if found is None:
            return
        bought, one = found
        intent = Payment.objects.get(uid=one.uid).provider_id
        made = self.network.control("disputes", {"payment_intent": intent, "inquiry": is_inquiry})
        self.disputes[made["id"]] = (bought, one)
        one.is_contested = one.was_contested = made["status"] in HELD
        if is_heard:
            settle_disputes(at=self.at)

    @rule(number=which, verdict=st.sampled_from(["won", "lost", "escalate"]), is_heard=st.booleans())
    def decide(self, number: int, verdict: str, is_heard: bool) -> None:
        """The bank decides, or goes from asking to taking."""
        key = self.some(list(self.disputes), number)
        if key is None:
            return
        before = self.at_network("disputes", key)["status"]
        if before in ("won", "lost", "warning_closed") or (verdict == "escalate") != before.startswith("warning"):
            self.is_idle = True
            return
        now = self.network.control(f"disputes/{key}", {"verdict": verdict})["status"]
        one = self.disputes[key][1]
        one.is_contested = now in HELD
        one.was_contested = one.was_contested or one.is_contested
        if is_heard:
            settle_disputes(at=self.at)

    # Payouts

    @rule(is_pulled=st.booleans())
    def pay_out(self, is_pulled: bool) -> None:
        """What is available leaves for the bank."""
        self.pass_time(days=3)
        self.network.control("payouts", {})
        if is_pulled:
            pull_settlements(at=self.at)

    @rule(number=which)
    def payout_comes_back(self, number: int) -> None:
        """The bank refuses a payout."""
        sent = [row for row in self.listed("/v1/payouts") if row["status"] != "failed"]
        row = self.some(sent, number)
        if row is not None:
            self.network.control(f"payouts/{row['id']}/fail", {})

    @rule(number=which)
    def bring_file(self, number: int) -> None:
        """The file of a payout is brought in by hand, before or after it was read from the card network."""
        self.catch_up()  # of money that nobody has heard of yet no file is taken
        sent = self.some([row for row in self.listed("/v1/payouts") if row["automatic"]], number)
        if sent is None:
            return
        moves = self.listed("/v1/balance_transactions", payout=sent["id"], expand=["data.source"])
        lines = [_line(sent, move) for move in moves if move["type"] != "payout"]
        content = "\n".join([FILE, *lines]).encode()
        taken = take_payout_file(content, name="payout.csv", takes_unmatched=True, person=self.boss, at=self.at)
        assert taken.state == "taken", taken.problems


def _line(sent: dict[str, Any], move: dict[str, Any]) -> str:
    source = move["source"]
    cells = [move["id"], sent["id"], _time(move["created"]), _time(move["available_on"]), _time(sent["arrival_date"])]
    cells += [move[name] for name in ("reporting_category", "type", "currency", "amount", "fee", "net")]
    return ",".join(map(str, [*cells, source["id"], source.get("payment_intent") or "", source.get("charge") or ""]))


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
