"""How the model of the money machine learns what has become of things: from rows, which it then holds against its own
sums, and at the end of a run against the card network's lists."""

from typing import Any
from uuid import UUID

from orders.models import Allowance, Capture, Order, Payment, Refund
from tests.orders.money_model import CARDS, Bought, Line, Paid
from tests.orders.money_world import VOUCHER, MoneyWorld

GONE = ("expired_or_canceled_card", "lost_or_stolen_card")
Going = tuple[Bought, Paid, UUID]


class Known(MoneyWorld):
    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[UUID, int] = {}  # checkouts that may be paid: what each costs, by its payment
        self.asked: list[tuple[Bought, int]] = []  # what was asked of authorizations, and is not heard of
        self.going: list[Going] = []  # refunds by the card network that have not left
        self.sent: dict[str, Going] = {}  # those that have, by the card network's id
        self.failed: list[Going] = []  # those that came back, and are owed
        self.strangers: dict[str, tuple[Bought, Paid, int]] = {}  # refunds that were made in the dashboard
        self.orphans: list[str] = []  # card payments at a till whose sale never came

    def learn(self) -> None:
        self._learn_orders()
        self._learn_captures()
        self._learn_strangers()
        self._learn_refunds()

    # Sales

    def know(self, order: Order, total: int, tenders: list[tuple[str, int]] | None, *, is_web: bool = False) -> Bought:
        """The model hears of a sale; what the database says of its payments must be just that."""
        rows = [row for row in order.payments.order_by("pk") if row.state in ("captured", "authorized")]
        if tenders is not None:
            assert sorted((row.tender, row.amount_minor) for row in rows) == sorted(tenders)
        assert sum(row.amount_minor for row in rows) == total
        bought = Bought(order.uid, order.pk, order.currency, total, [], [], email=order.email, is_web=is_web)
        for row in rows:
            bought.paid.append(self._paid_by(row))
            bought.unpaid += row.amount_minor if row.state == "authorized" else 0
        for line in order.lines.order_by("pk"):
            out = 0 if is_web else line.quantity
            bought.cards_sold += line.total_minor if line.sku == VOUCHER else 0
            bought.lines.append(Line(line.pk, line.sku, line.quantity, out, is_goods=line.sku != VOUCHER))
        self.money.sell(bought)
        return bought

    def _paid_by(self, row: Payment) -> Paid:
        """Where the money of a payment is, by the model's own table."""
        register = self.registers[row.currency].code
        account, part = {
            "cash": ("cash", register),
            "external_terminal": ("card_clearing", f"terminal:{register}"),
            "card_present": ("card_clearing", "stripe"),
            "card_online": ("card_clearing", "stripe"),
            "gift_card": ("gift_cards", row.details.get("wallet", "")),
            "store_credit": ("store_credit", row.details.get("wallet", "")),
        }[row.tender]
        taken = row.amount_minor if row.state == "captured" else 0
        if row.tender in CARDS:
            self.money.taken_by_cards[row.provider_id] = taken
        return Paid(row.uid, row.tender, account, part, taken)

    def _learn_orders(self) -> None:
        """A checkout has become an order, or has come to nothing: then what was taken goes back."""
        for uid, total in list(self.waiting.items()):
            payment = Payment.objects.select_related("order").get(uid=uid)
            order = payment.order
            if order.state in ("open", "closed"):
                self.know(order, total, None, is_web=True)
            elif order.state == "canceled" and payment.captured_minor:
                self._goods_were_gone(order, payment)
            if order.state != "draft":
                del self.waiting[uid]

    def _goods_were_gone(self, order: Order, payment: Payment) -> None:
        one = self._paid_by(payment)
        bought = Bought(order.uid, order.pk, order.currency, 0, [], [], email=order.email, is_web=True)
        self.money.take(bought, one, one.taken)
        self.money.owe(bought, one.taken)
        bought.paid.append(one)
        self.money.orders.append(bought)
        for row in payment.refunds.all():
            self.count_refund(bought, one, row)

    def card_of(self, bought: Bought) -> Payment:
        (one,) = (one for one in bought.paid if one.tender == "card_online")
        return Payment.objects.get(uid=one.uid)

    def _learn_captures(self) -> None:
        for bought, minor in list(self.asked):
            (one,) = (one for one in bought.paid if one.tender == "card_online")
            payment = self.card_of(bought)
            if payment.captured_minor >= one.taken + minor:
                one.taken += minor
                bought.unpaid -= minor
                self.money.take(bought, one, minor)
                self.money.move("receivable", "", bought.currency, -minor)
                self.money.taken_by_cards[payment.provider_id] += minor
                self.asked.remove((bought, minor))
            elif payment.state == "canceled" or Capture.objects.filter(payment=payment, state="failed").exists():
                self.asked.remove((bought, minor))  # it was let go in the meantime: the customer still owes it

    # Refunds

    def count_refund(self, bought: Bought, one: Paid, row: Refund, *, at_till: bool = False) -> None:
        """A refund was promised: it counts against its payment at once, and leaves at once or when it was sent."""
        row.refresh_from_db()
        one.back += row.amount_minor
        if row.tender in CARDS:
            self.going.append((bought, one, row.uid))
            self._learn_refunds()
            return
        assert row.state == "succeeded"
        self.money.leave(bought, *self._leaves_from(bought, row, at_till=at_till), row.amount_minor)

    def _leaves_from(self, bought: Bought, row: Refund, *, at_till: bool) -> tuple[str, str]:
        register = self.registers[bought.currency].code
        return {
            "cash": ("cash", register if at_till else self.stores[bought.currency].code),
            "external_terminal": ("card_clearing", f"terminal:{register}"),
            "gift_card": ("gift_cards", row.details.get("wallet", "")),
            "store_credit": ("store_credit", row.details.get("wallet", "")),
        }[row.tender]

    def _learn_refunds(self) -> None:
        for entry in list(self.going):
            bought, one, uid = entry
            row = Refund.objects.get(uid=uid)
            if row.state == "pending":
                continue
            self.going.remove(entry)
            if row.state == "failed" and not row.provider_id:  # it was refused, and has never left
                one.back -= row.amount_minor
                self._remember_failed(entry, row)
                continue
            self.money.leave(bought, one.account, one.part, row.amount_minor)
            self.sent[row.provider_id] = entry
        for key, entry in list(self.sent.items()):
            bought, one, uid = entry
            row = Refund.objects.get(uid=uid)
            if row.state == "failed":
                assert self.at_network("refunds", key)["status"] == "failed"
                del self.sent[key]
                self.money.come_back(bought, one, row.amount_minor)
                self._remember_failed(entry, row)

    def _remember_failed(self, entry: Going, row: Refund) -> None:
        entry[1].is_gone = entry[1].is_gone or row.failure_code in GONE
        self.failed.append(entry)

    def hear_of_failures(self) -> None:
        """Once everybody was asked, what the card network says has failed is owed again."""
        self.learn()
        for key, (_bought, _one, uid) in self.sent.items():
            told = self.at_network("refunds", key)["status"]
            assert told != "failed", (
                f"{key} failed at the card network, and is {Refund.objects.get(uid=uid).state} here"
            )

    def _learn_strangers(self) -> None:
        """Money that somebody gave back in the dashboard is an allowance, once we have heard of it."""
        for key, (bought, one, minor) in list(self.strangers.items()):
            row = Refund.objects.filter(provider_id=key).first()
            if row is not None:
                assert Allowance.objects.get(pk=row.allowance_id).total_minor == minor
                bought.is_lowered = True
                self.money.owe(bought, minor)
                self.count_refund(bought, one, row)
                del self.strangers[key]

    def at_network(self, kind: str, key: str) -> Any:
        raise NotImplementedError
