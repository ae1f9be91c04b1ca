"""A small world in which everything has happened once: web orders, a collected pickup, a till sale."""

from dataclasses import dataclass
from uuid import UUID

from commerce.catalog.models import Variant
from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.approve_count import approve_count
from inventory.actions.count_item import count_item
from inventory.actions.finish_count import finish_count
from inventory.actions.start_count import start_count
from inventory.models import StockLevel
from orders import gateway
from orders.actions.accept_return import accept_return
from orders.actions.hand_over import hand_over
from orders.actions.prepare_pickup import prepare_pickup
from orders.actions.refund_amount import refund_amount
from orders.actions.settle_payment import settle_payment
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.drafts import Contact
from orders.fulfillment_types.base import Wish
from orders.models import Order, Payment, Return
from orders.returns import ReturnWish
from pos.actions.close_shift import close_shift
from pos.actions.open_shift import open_shift
from pos.actions.record_sale import record_sale
from pos.actions.take_back import Wanted, take_back
from pos.envelope import parse_envelope
from pos.models import Register, Shift
from storefront.actions import check_out, fill_cart
from storefront.actions.buy_gift_card import buy_gift_card
from tests.client import ADDRESS
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.gift_cards import card_for_sale, wanted
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive


@dataclass
class World:
    store: Location
    warehouse: Location
    register: Register
    manager: User
    mug: Variant
    tent: Variant

    @classmethod
    def make(cls) -> "World":
        MarketFactory(tax=80_000)
        store = LocationFactory(code="PDX-1")
        world = cls(
            store=store,
            warehouse=LocationFactory(code="WH-1", warehouse=True),
            register=Register.objects.create(code="PDX-1-1", name="Front", location=store),
            manager=UserFactory(username="mina", role="manager", pin="4711"),
            mug=VariantFactory(sku="MUG", price=1_600),
            tent=VariantFactory(sku="TENT", price=19_900),
        )
        for place in (world.store, world.warehouse):
            receive(world.mug, place, 20)
            receive(world.tent, place, 5)
        return world

    def draft(self, variant: Variant, quantity: int = 1, *, pickup: bool = False) -> Payment:
        """A checkout in progress, held and announced."""
        market = MarketFactory()
        cart = fill_cart.add_to_cart(None, variant, quantity, market=market, at=now())
        wish = Wish("pickup", location=self.store) if pickup else Wish("ship", address=ADDRESS)
        contact = Contact("ada@example.com", "Ada Example")
        _order, payment = check_out.check_out(cart.uid, contact=contact, wish=wish, at=now())
        return payment

    def order(self, variant: Variant, quantity: int = 1, *, pickup: bool = False) -> Order:
        """An order of the web, paid."""
        payment = self.draft(variant, quantity, pickup=pickup)
        gateway.client().v1.payment_intents.confirm(
            payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
        )
        return settle_payment(payment.uid, at=now())

    def card_draft(self, *, amount: int = 5_000) -> Payment:
        """A checkout in progress that buys a gift card by mail."""
        variant = Variant.objects.filter(sku="GIFT-MAIL").first() or card_for_sale()
        cart = buy_gift_card(None, wanted(variant, amount), market=MarketFactory(), at=now())
        contact = Contact("ada@example.com", "Ada Example")
        _order, payment = check_out.check_out(cart.uid, contact=contact, wish=Wish("email"), at=now())
        return payment

    def gift_card_order(self, *, amount: int = 5_000) -> Order:
        """A gift card by mail, paid and not sent yet."""
        payment = self.card_draft(amount=amount)
        gateway.client().v1.payment_intents.confirm(
            payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
        )
        return settle_payment(payment.uid, at=now())

    def collect(self, order: Order) -> None:
        """A pickup, prepared and handed over."""
        fulfillment = order.fulfillments.get()
        prepare_pickup(fulfillment.uid, person=self.manager, at=now())
        hand_over(fulfillment.uid, person=self.manager, at=now())

    def open_shift(self, float_minor: int = 10_000) -> Shift:
        return open_shift(
            self.register, uid=new_uid(), float_minor=float_minor, currency="USD", person=self.manager, at=now()
        )

    def sell(
        self, variant: Variant, quantity: int = 1, *, shift: Shift | None = None, uid: UUID | None = None
    ) -> Order:
        """A cash sale at the till."""
        prices = {"MUG": 1_728, "TENT": 21_492}
        paid = prices[variant.sku] * quantity
        envelope = {
            "id": str(uid or new_uid()),
            "register": self.register.code,
            "shift": str(shift.uid) if shift else None,
            "cashier": self.manager.username,
            "sold_at": now().isoformat(),
            "currency": "USD",
            "lines": [{"sku": variant.sku, "quantity": quantity}],
            "tenders": [
                {
                    "type": "cash",
                    "amount": {"amount": paid, "currency": "USD"},
                    "tendered": {"amount": paid + 300, "currency": "USD"},
                }
            ],
        }
        return Order.objects.get(number=record_sale(parse_envelope(envelope), at=now())["number"])

    def bring_back(self, order: Order, shift: Shift, quantity: int = 1) -> Return:
        """Units of an order's first line come back at the till, for the money by which they were paid."""
        wanted = Wanted(order.uid, [ReturnWish(order.lines.order_by("pk")[0].pk, quantity)])
        return take_back(
            self.register, wanted, uid=new_uid(), shift_uid=shift.uid, person=self.manager, approver=None, at=now()
        )

    def close_shift(self, shift: Shift, counted_minor: int) -> Shift:
        return close_shift(
            self.register, shift_uid=shift.uid, counted_minor=counted_minor, note="", person=self.manager, at=now()
        )

    def take_back(self) -> None:
        """A web order is shipped; a unit of it comes back to the store, and a part of the price of another one goes."""
        order = self.order(self.mug, 2)
        ship_fulfillment(order.fulfillments.get().uid, carrier="", tracking="", person=self.manager, at=now())
        facts = {"uid": new_uid(), "person": self.manager, "at": now()}
        wishes = [ReturnWish(order.lines.get().pk, 1)]
        accept_return(order.pk, wishes, location=self.store, channel="pos", **facts)
        refund_amount(order.pk, Money(200, "USD"), reason="Scratched", **{**facts, "uid": new_uid()})

    def count(self) -> None:
        """The warehouse is counted, a mug short, which is found afterwards."""
        count = start_count(self.warehouse, kind="full", person=self.manager, at=now())
        for code, units in (("MUG", 19), ("TENT", 5)):
            count_item(count.pk, uid=new_uid(), code=code, quantity=units, person=self.manager, at=now())
        finish_count(count.pk, person=self.manager, at=now())
        approve_count(count.pk, person=self.manager, at=now())
        level = StockLevel.objects.get(variant=self.mug, location=self.warehouse)
        adjust_stock(level.pk, reason="found", change=1, person=self.manager, at=now())

    def live_a_day(self) -> None:
        """Every kind of document once."""
        shift = self.open_shift()
        self.bring_back(self.sell(self.mug, 2, shift=shift), shift)
        self.order(self.tent)
        self.collect(self.order(self.mug, 3, pickup=True))
        self.order(self.mug, pickup=True)
        self.draft(self.tent)
        self.close_shift(shift, 13_000)
        self.count()
