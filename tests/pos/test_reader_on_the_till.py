"""F35 on the screen: the till says what happened at the reader, and what to do now."""

import pytest
from playwright.sync_api import expect

from commerce.kernel.ids import new_uid
from orders.models import Payment
from pos.models import CardAttempt
from tests.hardware.conftest import until
from tests.pos.conftest import Counter
from tests.pos.test_card_after_a_crash import ask_for_card
from tests.pos.test_selling import at_reader
from tests.pos.till_page import TillPage
from tests.servers import Server

pytestmark = pytest.mark.usefixtures("counter")


def test_the_customer_cancels_and_the_next_try_pays(reader: str, card_network: Server, till: TillPage) -> None:
    ask_for_card(till)
    at_reader(card_network, reader, "cancel")
    expect(till.page.locator("#reader-title")).to_have_text("The customer canceled at the reader")
    expect(till.page.locator("#reader-text")).to_contain_text("The card was not charged. Ask, then try again")
    till.page.click("#reader-again")
    expect(till.page.locator("#reader-title")).to_have_text("Waiting for the card")
    at_reader(card_network, reader, "present")
    till.expect_screen("done")
    payment = until(lambda: Payment.objects.filter(tender="card_present").first())
    assert payment.amount_minor == 21_492


def test_a_payment_that_this_page_has_not_heard_of_is_taken_and_no_other_is_asked_for(
    counter: Counter, reader: str, card_network: Server, till: TillPage
) -> None:
    """Its answer was lost, and the till believed that it never got to the server."""
    ask_for_card(till)
    at_reader(card_network, reader, "cancel")
    expect(till.page.locator("#reader-title")).to_have_text("The customer canceled at the reader")
    ended = CardAttempt.objects.get()
    facts = {"currency": "USD", "amount_minor": ended.amount_minor, "created_at": ended.created_at}
    CardAttempt.objects.create(
        uid=new_uid(),
        sale_uid=ended.sale_uid,
        register=ended.register,
        state="approved",
        provider_id="pi_heard_late",
        details={"brand": "visa", "last4": "4242"},
        settled_at=ended.settled_at,
        **facts,
    )
    till.page.click("#reader-again")
    till.expect_screen("done")
    payment = until(lambda: Payment.objects.filter(tender="card_present").first())
    assert payment.provider_id == "pi_heard_late"
    assert CardAttempt.objects.count() == 2
