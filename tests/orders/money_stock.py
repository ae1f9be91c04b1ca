"""Rules of the money machine: drawers, closed periods, wallets out of goodwill, goods that move with their value."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commerce.kernel.ids import new_uid
from commerce.ledger import periods
from commerce.ledger.actions.close_period import close_period
from customers.actions.give_credit import give_credit
from customers.actions.issue_gift_card import issue_gift_card
from customers.actions.transfer_gift_card import transfer_gift_card
from customers.models import Customer
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.approve_transfer import approve_transfer
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.request_transfer import request_transfer
from inventory.actions.ship_transfer import ship_transfer
from inventory.models import StockLevel
from tests.orders.money_network import Network
from tests.orders.money_till import currencies, which
from tests.orders.money_world import BUYERS

skus = st.sampled_from(["MUG", "PIN", "TENT", "BREAD"])


class Stock(Network):
    @rule(number=which, difference=st.sampled_from([0, 0, -5, 3, -2_000]))
    def close_shift(self, number: int, difference: int) -> None:
        """A drawer is counted: as it should be, or not."""
        currency = self.some([currency for currency, shift in self.shifts.items() if shift], number)
        if currency is not None:
            self.end_shift(currency, difference)

    @rule(currency=currencies, minor=st.integers(100, 30_000), buyer=st.sampled_from(BUYERS), is_card=st.booleans())
    def give_away(self, currency: str, minor: int, buyer: str, is_card: bool) -> None:
        """A gift card, or credit, out of goodwill."""
        facts = {"decision": new_uid(), "reason": "A birthday", "person": self.boss, "at": self.at}
        if is_card:
            card, _code = issue_gift_card(currency, minor, **facts)
            self.money.move("gift_cards", str(card.uid), currency, -minor)
        else:
            customer = Customer.objects.filter(email=buyer).first()
            if customer is None:
                self.is_idle = True
                return
            account = give_credit(customer, currency, minor, **facts)
            self.money.move("store_credit", str(account.uid), currency, -minor)
        self.money.move("goodwill", "", currency, minor)

    @rule(currency=currencies, number=which)
    def replace_card(self, currency: str, number: int) -> None:
        """A gift card was lost: what is on it is moved to another one."""
        card = self.some(self.usable_cards(currency), number)
        if card is not None:
            minor = self.money.wallets[str(card.uid)]
            new, _code = transfer_gift_card(card, reason="Lost", person=self.boss, at=self.at)
            self.money.move("gift_cards", str(card.uid), currency, minor)
            self.money.move("gift_cards", str(new.uid), currency, -minor)

    @rule(is_back=st.sampled_from([False, False, False, True]))
    def close_books(self, is_back: bool) -> None:
        """The books are closed through the last day that is over everywhere, or opened again."""
        zones = [store.time_zone for store in self.stores.values()]
        latest = periods.latest_possible(zones, self.at)
        through = latest - timedelta(days=5) if is_back else latest
        close_period(through, note="Something came late", person=self.boss, at=self.at)

    @rule(sku=skus, units=st.integers(1, 40), cost=st.integers(0, 30_000))
    def deliver_goods(self, sku: str, units: int, cost: int) -> None:
        self.receive(self.variants[sku], self.warehouse, units, value=units * cost)

    @rule(sku=skus, number=which, reason=st.sampled_from(["damaged", "found", "lost"]))
    def adjust(self, sku: str, number: int, reason: str) -> None:
        levels = StockLevel.objects.filter(variant=self.variants[sku], on_hand__gt=50).order_by("pk")
        if levels:
            level = levels[number % len(levels)]
            adjust_stock(level.pk, reason=reason, change=1 if reason == "found" else -1, person=self.boss, at=self.at)

    @rule(sku=skus, units=st.integers(1, 9), currency=currencies, arrives=st.booleans())
    def transfer(self, sku: str, units: int, currency: str, arrives: bool) -> None:
        """From the warehouse to a store; some are on their way for good."""
        variant = self.variants[sku]
        wanted = {variant.pk: units}
        facts = {"person": self.boss, "at": self.at}
        if StockLevel.objects.get(variant=variant, location=self.warehouse).on_hand < 100:
            return
        sent = request_transfer(source=self.warehouse, destination=self.stores[currency], units=wanted, **facts)
        approve_transfer(sent.uid, **facts)
        ship_transfer(sent.uid, **facts)
        if arrives:
            receive_transfer(sent.uid, wanted, reception=new_uid(), **facts)
