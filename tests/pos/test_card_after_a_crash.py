"""F26: a till whose page dies in the middle of a card payment goes on exactly there when it is opened again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from orders.models import Order, Payment
from pos.models import CardAttempt
from tests.hardware.conftest import until
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.test_selling import at_reader
from tests.pos.till_page import TillPage
from tests.servers import Server, Site

pytestmark = pytest.mark.usefixtures("counter")

# A disk that takes a sale and never says that it has: what a computer does in the moment before its power goes.
_HANG = """() => {
    const open = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (names, mode, options) {
        if (mode !== "readwrite" || ![names].flat().includes("sales")) return open.call(this, names, mode, options);
        window.isHanging = true;
        return {objectStore: () => ({get: () => ({}), put() {}, delete() {}}), abort() {}};
    };
}"""


@pytest.fixture
def reopened(site: Site, open_till: Callable[..., TillPage], context: BrowserContext) -> Callable[[TillPage], TillPage]:
    """`reopened(till)`: its page is killed; the browser is opened again, and Jo says who she is."""

    def start(till: TillPage) -> TillPage:
        till.page.close(run_before_unload=False)
        again = open_till(site.url, context.new_page())
        again.open()
        again.sign_in()
        return again

    return start


def ask_for_card(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("2")
    till.press("Enter")
    expect(till.page.locator("#reader-title")).to_have_text("Waiting for the card")


def expect_one_sale(till: TillPage, minor: int = 21_492) -> None:
    """Once paid, once recorded, and nothing left of it on the screen."""
    till.expect_screen("done")
    expect(till.page.locator("#done-facts")).to_contain_text("··4242")
    till.expect_all_sent()
    payment = until(lambda: Payment.objects.filter(tender="card_present").first())
    assert (Order.objects.count(), Payment.objects.count(), payment.amount_minor) == (1, 1, minor)
    assert CardAttempt.objects.get(state="approved").taken_at is not None
    till.page.click("#new-sale")
    expect(till.page.locator("#lines-empty")).to_be_visible()


def test_killed_before_it_heard_that_the_card_was_approved(
    reader: str, card_network: Server, till: TillPage, reopened: Callable[[TillPage], TillPage]
) -> None:
    ask_for_card(till)
    heard: list[str] = []

    def swallow(route: Route) -> None:
        """The server says that it was approved, and the till is dead before it reads it."""
        answer = route.fetch()
        heard.append(answer.json()["state"])
        if heard[-1] != "approved":
            route.fulfill(response=answer)

    till.page.route("**/till/api/card-attempts/*", swallow)
    at_reader(card_network, reader, "present")
    for _second in range(30):
        till.page.wait_for_timeout(500)  # lets the handler above run
        if "approved" in heard:
            break
    assert CardAttempt.objects.get().state == "approved"
    assert not Order.objects.exists()
    expect_one_sale(reopened(till))


def test_killed_after_the_approval_and_before_the_sale_was_written_down(
    reader: str, card_network: Server, till: TillPage, reopened: Callable[[TillPage], TillPage]
) -> None:
    ask_for_card(till)
    till.page.evaluate(_HANG)
    at_reader(card_network, reader, "present")
    until(lambda: till.page.evaluate("window.isHanging"))
    assert not Order.objects.exists()
    expect_one_sale(reopened(till))


def test_killed_while_the_customer_looks_for_the_card(
    reader: str, card_network: Server, till: TillPage, reopened: Callable[[TillPage], TillPage]
) -> None:
    ask_for_card(till)
    again = reopened(till)
    expect(again.page.locator("#reader-title")).to_have_text("Waiting for the card")
    expect(again.page.locator("#reader-text")).to_contain_text("$214.92")
    again.scan(MUG_CODE)  # a sale that is being paid takes nothing more
    at_reader(card_network, reader, "present")
    expect_one_sale(again)


def test_declined_while_nobody_looked(
    reader: str, card_network: Server, till: TillPage, reopened: Callable[[TillPage], TillPage]
) -> None:
    ask_for_card(till)
    till.page.close()
    at_reader(card_network, reader, "decline")
    again = reopened(till)
    expect(again.page.locator("#reader-title")).to_have_text("The card was declined")
    expect(again.page.locator("#reader-text")).to_contain_text("The card was not charged")
    again.page.click("#reader-again")
    expect(again.page.locator("#reader-title")).to_have_text("Waiting for the card")
    at_reader(card_network, reader, "present")
    expect_one_sale(again)


def test_a_reload_keeps_the_person_and_says_unknown_until_the_server_answers(
    reader: str, card_network: Server, till: TillPage
) -> None:
    ask_for_card(till)
    till.page.route("**/till/api/card-attempts/*", lambda route: route.abort())
    till.page.reload()
    till.expect_screen("pay")
    expect(till.page.locator("#reader-title")).to_have_text("Not known yet whether the card was charged")
    at_reader(card_network, reader, "present")
    till.page.unroute("**/till/api/card-attempts/*")
    expect_one_sale(till)


def test_locked_between_the_question_and_the_answer(reader: str, card_network: Server, till: TillPage) -> None:
    ask_for_card(till)
    till.press("F12")
    till.expect_screen("pin")
    at_reader(card_network, reader, "present")
    till.sign_in()
    expect_one_sale(till)


def test_a_payment_that_never_got_to_the_card_network_can_be_given_up(
    counter: Counter, reader: str, till: TillPage
) -> None:
    """The server died between writing it down and announcing it; the till must not wait for ever."""
    ask_for_card(till)
    CardAttempt.objects.update(provider_id="")
    till.page.click("#reader-cancel")
    expect(till.page.locator("#reader-title")).to_have_text("The card payment was canceled")
    till.page.click("#reader-other")
    till.press("Enter")
    till.expect_screen("done")
    until(lambda: Payment.objects.filter(tender="cash").exists())
