"""The back office takes goods back, gives amounts back, and pays what did not arrive in another way."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from commerce.cases.models import Case
from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from customers.models import GiftCard
from orders.actions.settle_refund import settle_refund
from orders.actions.ship_fulfillment import ship_fulfillment
from orders.models import Allowance, Order, Refund, Return
from storefront import tasks
from tests.factories.company import UserFactory
from tests.factories.wallets import code_of
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]
Staff = Callable[..., Client]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


@pytest.fixture
def order(world: World) -> Order:
    made = world.order(world.mug, 2)
    ship_fulfillment(made.fulfillments.get().uid, carrier="", tracking="", person=world.manager, at=now())
    return made


@pytest.fixture
def office(world: World) -> Client:
    browser = Client()
    browser.force_login(world.manager)
    return browser


def page(name: str, order: Order) -> str:
    return reverse(f"admin:orders_order_{name}", args=[order.pk])


def body(world: World, order: Order, **changes: str) -> dict[str, str]:
    return {
        f"units_{order.lines.get().pk}": "1",
        "reason": "faulty",
        "disposition": "damaged",
        "location": str(world.store.pk),
        "uid": str(new_uid()),
        **changes,
    }


def test_goods_are_taken_back_and_the_order_tells(world: World, order: Order, office: Client) -> None:
    shown = office.get(page("change", order)).content.decode()
    assert page("return", order) in shown
    asked = office.get(page("return", order)).content.decode()
    assert "Up to 2 of" in asked
    sent = body(world, order)
    for _double_click in range(2):
        assert office.post(page("return", order), sent).status_code == 302
    record = Return.objects.get()
    assert (record.total_minor, record.actor) == (1_728, world.manager)
    shown = office.get(page("change", order)).content.decode()
    for words in (f"Return {record.number}", "Faulty", "Damaged", "Visa ending in 4242", "Given back"):
        assert words in shown, words
    assert "Goods came back at" in shown


def test_a_new_gift_card_for_money_given_back_shows_its_number_once(world: World, order: Order, office: Client) -> None:
    told = office.post(page("return", order), body(world, order, tender="gift_card"), follow=True)
    card = GiftCard.objects.get()
    assert f"gift card ending in {card.last_four} on its page" in told.content.decode()
    refund = reverse("admin:orders_refund_change", args=[Refund.objects.get().pk])
    detail = reverse("admin:customers_giftcard_change", args=[card.pk])
    assert detail in office.get(refund).content.decode()
    show = f"{detail.removesuffix('change/')}show/"
    assert show in office.get(detail).content.decode()
    shown = office.post(show)
    assert code_of(card) in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "was shown before" in office.post(show).content.decode()
    assert show not in office.get(detail).content.decode()
    assert detail not in office.get(refund).content.decode()


def test_what_cannot_come_back_is_said_in_the_form(world: World, order: Order, office: Client) -> None:
    nothing = office.post(page("return", order), body(world, order, **{f"units_{order.lines.get().pk}": ""}))
    assert nothing.status_code == 422
    assert "Say what comes back" in nothing.content.decode()
    too_many = office.post(page("return", order), body(world, order, **{f"units_{order.lines.get().pk}": "3"}))
    assert too_many.status_code == 422
    assert not Return.objects.exists()


def test_an_amount_goes_back_once_with_its_reason(world: World, order: Order, office: Client) -> None:
    sent = {"amount": "5.40", "reason": "A scratch", "uid": str(new_uid())}
    for _double_click in range(2):
        assert office.post(page("refund", order), sent).status_code == 302
    assert (Allowance.objects.get().total_minor, Refund.objects.get().state) == (540, "succeeded")
    assert "Allowance: A scratch" in office.get(page("change", order)).content.decode()
    for amount, says in (("30.00", "$29.16 is left"), ("ten", "is not an amount"), ("5 EUR", "is not in USD")):
        answer = office.post(page("refund", order), {**sent, "amount": amount, "uid": str(new_uid())})
        assert (answer.status_code, says in answer.content.decode()) == (422, True), amount


def test_who_may_not_sees_no_button_and_no_page(world: World, order: Order) -> None:
    lead = Client()
    lead.force_login(UserFactory(role="lead", locations=[world.store], is_staff=True))
    shown = lead.get(page("change", order)).content.decode()
    assert page("refund", order) not in shown
    assert lead.get(page("refund", order)).status_code in (302, 403)


@pytest.fixture
def failed(world: World, order: Order, office: Client, card_network: Server) -> Refund:
    """A refund that the bank sent back."""
    office.post(page("return", order), body(world, order))
    refund = Refund.objects.get()
    network = CardNetwork(card_network.url, None, None)  # type: ignore[arg-type]
    network.control(f"refunds/{refund.provider_id}/fail", {"reason": "expired_or_canceled_card"})
    return settle_refund(refund.uid, at=now())


def solve(office: Client, code: str, **answers: str) -> str:
    case = Case.objects.get(kind="refund_failed", status="open")
    shown = office.get(reverse("admin:cases_case_change", args=[case.pk]))
    assert shown.status_code == 200
    address = reverse("admin:case-resolution", args=[case.pk, code])
    answer = office.post(address, answers, follow=True)
    return str(answer.content.decode())


def test_what_did_not_arrive_is_given_in_cash(world: World, order: Order, office: Client, failed: Refund) -> None:
    order.refresh_from_db()
    assert (order.state, order.payment_status) == ("open", "paid")
    solve(office, "cash", location=str(world.store.pk))
    assert Case.objects.get().status == "resolved"
    refund = Refund.objects.exclude(pk=failed.pk).get()
    assert (refund.tender, refund.state, refund.details) == ("cash", "succeeded", {"drawer": "PDX-1"})
    assert refund.return_record == failed.return_record
    order.refresh_from_db()
    assert (order.state, order.payment_status) == ("closed", "partly_refunded")


def test_what_did_not_arrive_is_tried_once_more(order: Order, office: Client, failed: Refund) -> None:
    solve(office, "try_again")
    refund = Refund.objects.exclude(pk=failed.pk).get()
    assert (refund.tender, refund.state, Case.objects.get().status) == ("card_online", "succeeded", "resolved")


def test_the_shopper_is_told_once(world: World, order: Order, office: Client) -> None:
    office.post(page("return", order), body(world, order))
    event = Event.objects.get(topic="order.returned")
    for _again in range(2):
        action(tasks.email_money_back)(event)
    (message,) = mail.outbox
    assert message.subject == "$17.28 are on their way back to you"
    assert message.to == ["ada@example.com"]
    assert "Visa ending in 4242: $17.28" in message.body
    office.post(page("refund", order), {"amount": "1.00", "reason": "Sorry for the wait", "uid": str(new_uid())})
    action(tasks.email_money_back)(Event.objects.get(topic="order.refunded"))
    assert "Sorry for the wait" in mail.outbox[1].body


def test_cash_comes_out_of_a_drawer_that_somebody_names(world: World, order: Order, office: Client) -> None:
    """An order of the web belongs to no store, and cash without a drawer would be nobody's."""
    sent = {"amount": "5.40", "reason": "A scratch", "uid": str(new_uid()), "tender": "cash"}
    answer = office.post(page("refund", order), sent)
    assert (answer.status_code, "which store&#x27;s drawer" in answer.content.decode()) == (422, True)
    assert not Refund.objects.exists()
    assert office.post(page("refund", order), {**sent, "location": str(world.store.pk)}).status_code == 302
    assert Refund.objects.get().details == {"drawer": world.store.code}
