"""The shop in which the money machine lives: two stores in two currencies, a warehouse, and the card network.

Everything runs in one transaction that a test case would open, so that actions may open theirs, and is undone at the
end of a run. The clock is real and only ever set forward, here and at the card network together.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from orders import gateway
from pos.actions.close_shift import close_shift
from pos.actions.open_shift import open_shift
from pos.models import Register, Shift
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory, PriceFactory, TaxRateFactory
from tests.factories.stock import receive
from tests.orders.money_model import Good, Money
from tests.sandbox.card_network_process import CardNetwork

US_RATE, EU_RATE, SHIPPING, COIN = 87_500, 210_000, 595, 5
GOODS = [
    Good("MUG", {"USD": 1_633, "EUR": 1_499}),
    Good("PIN", {"USD": 333, "EUR": 307}),
    Good("TENT", {"USD": 19_900, "EUR": 18_750}),
    Good("BREAD", {"USD": 479, "EUR": 411}, is_taxed=False),
]
VOUCHER = "GIFT"
ADDRESSES = {
    "USD": {
        "name": "Ada",
        "line1": "1 Elm",
        "city": "Portland",
        "state": "OR",
        "postal_code": "97205",
        "country": "US",
    },
    "EUR": {"name": "Ada", "line1": "1 Iep", "city": "Delft", "state": "", "postal_code": "2611", "country": "NL"},
}
BUYERS = ("ada@example.com", "ben@example.com", "cyd@example.com")
FLOAT = 10_000
T = TypeVar("T")


class MoneyWorld(RuleBasedStateMachine):
    """No rules yet: the shop, its clock, and what the model knows of it."""

    network: CardNetwork
    happened = 0  # events of all runs

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo._from_testcase = True  # type: ignore[attr-defined]  # so that actions may open theirs
        self.undo.__enter__()
        self.network.reset()
        self.offset = timedelta()
        self.money = Money()
        self.heard = 0
        self.is_idle = False  # the last rule found nothing to do
        self.counted = dict.fromkeys(ADDRESSES, 0)  # what the books had in each drawer when it was last counted
        self._open_shop()

    def _open_shop(self) -> None:
        self.markets = {
            "USD": MarketFactory(shipping_minor=SHIPPING),
            "EUR": MarketFactory(eu=True, shipping_minor=SHIPPING, cash_step_minor=COIN),
        }
        TaxRateFactory(country="US", rate_ppm=US_RATE)
        TaxRateFactory(country="NL", rate_ppm=EU_RATE)
        for country in ("US", "NL"):
            TaxRateFactory(country=country, tax_class="zero", code=f"{country}-zero".lower(), rate_ppm=0)
        self.boss: User = UserFactory(username="mina", role="admin", pin="4711")
        place = {"line1": "1 Gracht", "city": "Delft", "state": "", "postal_code": "2611", "country": "NL"}
        self.stores: dict[str, Location] = {
            "USD": LocationFactory(code="PDX-1"),
            "EUR": LocationFactory(code="AMS-1", time_zone="Europe/Amsterdam", **place),
        }
        self.warehouse: Location = LocationFactory(code="WH-1", warehouse=True)
        self.registers: dict[str, Register] = {
            currency: Register.objects.create(code=f"{store.code}-1", name="Front", location=store)
            for currency, store in self.stores.items()
        }
        self.shifts: dict[str, Shift | None] = dict.fromkeys(self.registers)
        self.goods = {good.sku: good for good in GOODS}
        self.variants = {good.sku: self._variant(good) for good in GOODS}
        self.variants[VOUCHER] = VariantFactory(
            product=ProductFactory(title="Gift card"),
            sku=VOUCHER,
            price=False,
            is_open_price=True,
            is_open_to_all=True,
            is_gift_card=True,
        )

    def _variant(self, good: Good) -> Any:
        product = ProductFactory(title=good.sku.title(), tax_class="standard" if good.is_taxed else "zero")
        made = VariantFactory(product=product, sku=good.sku, price=good.prices["USD"])
        PriceFactory(price_list=self.markets["EUR"].price_list, variant=made, amount_minor=good.prices["EUR"])
        for location in (*self.stores.values(), self.warehouse):
            self.receive(made, location, 300, value=300 * good.prices["USD"] // 3)
        return made

    def receive(self, variant: Any, location: Location, quantity: int, *, value: int) -> None:
        receive(variant, location, quantity, value=value)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def some(self, found: Sequence[T], number: int) -> T | None:
        """One of several; with none of them there is nothing to do, and the rule was no event.

        What is drawn never depends on what there is, so that the same draws always make the same calls.
        """
        self.is_idle = not found
        return found[number % len(found)] if found else None

    # The clock

    @property
    def at(self) -> datetime:
        """Now, here and at the card network."""
        return now() + self.offset

    def ago(self, days: int) -> datetime:
        """So many days before now."""
        return self.at - timedelta(days=days)

    def reader_of(self, register: Register) -> None:
        """The register has a card reader, at which somebody holds a card at once."""
        if register.card_reader:
            return
        terminal = gateway.client().v1.terminal
        address: Any = {"line1": "1 Main", "city": "Portland", "state": "OR", "country": "US", "postal_code": "97201"}
        place = terminal.locations.create({"display_name": register.code, "address": address})
        code = "simulated-wpe"
        made = terminal.readers.create({"registration_code": code, "label": register.code, "location": place.id})
        self.network.control(f"readers/{made.id}", {"auto_present": 0, "outcome": "approve"})
        register.card_reader = made.id
        register.save(update_fields=["card_reader"])

    def pass_time(self, **span: float) -> None:
        """Set both clocks forward."""
        step = timedelta(**span)
        self.network.control("clock", {"advance": step.total_seconds()})
        self.offset += step

    # The drawer

    def shift_of(self, currency: str) -> Shift:
        """The open shift of the store's register."""
        running = self.shifts[currency]
        if running is None:
            register = self.registers[currency]
            running = open_shift(
                register, uid=new_uid(), float_minor=FLOAT, currency=currency, person=self.boss, at=self.at
            )
            self.shifts[currency] = running
        return running

    def end_shift(self, currency: str, difference: int) -> None:
        """Count the drawer, with so much more or less in it than there should be."""
        running, register = self.shifts[currency], self.registers[currency]
        assert running
        in_books = self.money.sums["cash", register.code, currency]
        expected = FLOAT + in_books - self.counted[currency]
        counted = max(expected + difference, 0)
        close_shift(register, shift_uid=running.uid, counted_minor=counted, note="", person=self.boss, at=self.at)
        self.money.move("cash", register.code, currency, counted - expected)
        self.money.move("cash_over_short", "", currency, expected - counted)
        self.counted[currency] = self.money.sums["cash", register.code, currency]
        self.shifts[currency] = None

    def is_taxed_within(self, currency: str) -> bool:
        return currency == "EUR"

    def rate(self, currency: str) -> int:
        return EU_RATE if currency == "EUR" else US_RATE


def commit_checks() -> None:
    """What a commit would check: the constraints that wait for it."""
    rows("SET CONSTRAINTS ALL IMMEDIATE")
    rows("SET CONSTRAINTS ALL DEFERRED")
