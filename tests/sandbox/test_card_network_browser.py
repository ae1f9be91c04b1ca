"""The payment element on a shop's page under a strict policy, the bank's check, and the pages for people."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.sandbox.asking import intent, until
from tests.sandbox.card_network_process import CardNetwork
from tests.sandbox.shop_page import shop_page

Axe = Callable[..., list[Any]]


@pytest.fixture
def shop(card_network: CardNetwork) -> Iterator[str]:
    """The origin of a shop whose checkout loads the network's library."""
    with shop_page(card_network.url) as origin:
        yield origin


@pytest.fixture
def quiet(page: Page) -> Iterator[Page]:
    """A page on which no script failed and no policy was violated when the test ends."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda line: troubles.append(line.text) if "Content Security Policy" in line.text else None)
    yield page
    assert troubles == []


def open_checkout(page: Page, shop: str, payment: Any, query: str = "") -> FrameLocator:
    """The element's frame, ready."""
    page.goto(f"{shop}/?secret={payment.client_secret}{query}")
    page.wait_for_selector("body[data-ready]")
    return page.frame_locator("#payment iframe")


def fill(element: FrameLocator, number: str) -> None:
    """Type a card as a shopper does: the focus moves on by itself."""
    element.get_by_label("Card number").press_sequentially(number)
    expect(element.get_by_label("Expiration date")).to_be_focused()
    element.get_by_label("Expiration date").press_sequentially("1234")
    expect(element.get_by_label("Security code")).to_be_focused()
    element.get_by_label("Security code").press_sequentially("123")
    element.get_by_label("ZIP code").fill("10001")


def pay(page: Page) -> None:
    page.get_by_role("button", name="Pay now").click()


def bank(page: Page) -> FrameLocator:
    """The bank's check in its dialog."""
    return page.get_by_role("dialog", name="Verify your payment").frame_locator("iframe")


def test_a_good_card_pays_and_its_number_never_touches_the_page(quiet: Page, shop: str, api: Any) -> None:
    payment = intent(api)
    requests: list[str] = []
    quiet.on("request", lambda one: requests.append(f"{one.frame.url} {one.url} {one.post_data or ''}"))
    element = open_checkout(quiet, shop, payment)
    fill(element, "4242424242424242")
    expect(element.get_by_label("Card number")).to_have_value("4242 4242 4242 4242")
    expect(element.get_by_label("Expiration date")).to_have_value("12 / 34")
    expect(element.get_by_role("img", name="visa")).to_be_visible()
    pay(quiet)
    expect(quiet.get_by_role("status")).to_have_text("succeeded")

    done = api.payment_intents.retrieve(payment.id, {"expand": ["latest_charge"]})
    assert done.status == "succeeded"
    billing = done.latest_charge.billing_details
    assert (billing.name, billing.email, billing.address.postal_code) == ("Ada Lovelace", "ada@example.com", "10001")
    assert billing.address.country == "US"
    with_number = [one for one in requests if "4242424242424242" in one]
    assert with_number
    assert all("/js/element" in one.split()[0] for one in with_number)
    assert quiet.evaluate("window.changes.at(-1)")["complete"] is True
    assert "metadata" not in quiet.evaluate("window.last.paymentIntent")


@pytest.mark.parametrize(
    ("number", "code", "words", "field"),
    [
        ("4000000000000002", "card_declined", "Your card was declined.", None),
        ("4000000000009995", "card_declined", "insufficient funds", None),
        ("4000000000000069", "expired_card", "expired", "Expiration date"),
        ("4000000000000127", "incorrect_cvc", "security code is incorrect", "Security code"),
        ("4000000000000119", "processing_error", "An error occurred", None),
    ],
)
def test_a_refused_card_is_told_and_another_can_be_tried(
    quiet: Page, shop: str, api: Any, number: str, code: str, words: str, field: str | None
) -> None:
    payment = intent(api)
    element = open_checkout(quiet, shop, payment)
    fill(element, number)
    pay(quiet)
    expect(quiet.get_by_role("status")).to_contain_text(f"card_error: {code}")
    expect(quiet.get_by_role("status")).to_contain_text(words)
    if field:
        expect(element.get_by_label(field)).to_have_attribute("aria-invalid", "true")
    assert api.payment_intents.retrieve(payment.id).status == "requires_payment_method"
    element.get_by_role("button", name="Fill in a test card").click()
    pay(quiet)
    expect(quiet.get_by_role("status")).to_have_text("succeeded")


def test_mistakes_are_told_beside_their_fields(quiet: Page, shop: str, api: Any) -> None:
    element = open_checkout(quiet, shop, intent(api))
    pay(quiet)
    expect(quiet.get_by_role("status")).to_contain_text("validation_error: incomplete_number")
    expect(element.get_by_label("Card number")).to_be_focused()
    expect(element.get_by_label("Card number")).to_have_accessible_description("Your card number is incomplete.")
    expect(element.get_by_label("Security code")).to_have_accessible_description(re.compile("incomplete"))
    element.get_by_label("Card number").press_sequentially("4242424242424241")
    expect(element.get_by_label("Card number")).to_have_accessible_description("Your card number is invalid.")
    element.get_by_label("Expiration date").fill("0120")
    expect(element.get_by_label("Expiration date")).to_have_accessible_description(re.compile("in the past"))
    element.get_by_label("Expiration date").fill("1334")
    expect(element.get_by_label("Expiration date")).to_have_accessible_description(re.compile("month is invalid"))
    element.get_by_label("Card number").fill("378282246310005")
    expect(element.get_by_label("Card number")).to_have_value("3782 822463 10005")
    expect(element.get_by_label("Security code")).to_have_attribute("maxlength", "4")
    element.get_by_label("Country").select_option("DE")
    expect(element.get_by_label("ZIP code")).to_be_hidden()
    assert api.charges.list().data == []


def test_three_d_secure_completed(quiet: Page, shop: str, api: Any) -> None:
    payment = intent(api)
    fill(open_checkout(quiet, shop, payment), "4000002500003155")
    pay(quiet)
    expect(bank(quiet).get_by_role("heading")).to_have_text("Verify your payment")
    expect(bank(quiet).get_by_text("$19.99")).to_be_visible()
    bank(quiet).get_by_role("button", name="Complete").click()
    expect(quiet.get_by_role("status")).to_have_text("succeeded")
    expect(quiet.get_by_role("dialog")).to_have_count(0)
    charge = api.payment_intents.retrieve(payment.id, {"expand": ["latest_charge"]}).latest_charge
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"


@pytest.mark.parametrize("way", ["button", "escape"])
def test_three_d_secure_failed(quiet: Page, shop: str, api: Any, way: str) -> None:
    payment = intent(api)
    fill(open_checkout(quiet, shop, payment), "4000000000003220")
    pay(quiet)
    complete = bank(quiet).get_by_role("button", name="Complete")
    expect(complete).to_be_focused()
    if way == "escape":
        complete.press("Escape")
    else:
        bank(quiet).get_by_role("button", name="Fail").click()
    expect(quiet.get_by_role("status")).to_contain_text("payment_intent_authentication_failure")
    after = api.payment_intents.retrieve(payment.id)
    assert (after.status, after.latest_charge) == ("requires_payment_method", None)


def test_three_d_secure_by_full_redirect(quiet: Page, shop: str, api: Any) -> None:
    for choice, status in (("Complete", "succeeded"), ("Fail", "failed")):
        payment = intent(api)
        fill(open_checkout(quiet, shop, payment, "&redirect=always"), "4000002500003155")
        pay(quiet)
        quiet.get_by_role("button", name=choice).click()
        quiet.wait_for_url("**/thanks?**")
        assert f"order=7&payment_intent={payment.id}" in quiet.url
        assert quiet.url.endswith(f"redirect_status={status}")


def test_a_plain_card_with_redirect_goes_to_the_return_url(quiet: Page, shop: str, api: Any) -> None:
    payment = intent(api)
    fill(open_checkout(quiet, shop, payment, "&redirect=always"), "4242424242424242")
    pay(quiet)
    quiet.wait_for_url("**/thanks?**")
    assert "redirect_status=succeeded" in quiet.url


def test_a_lost_answer_is_a_network_error_and_the_truth_can_be_asked_for(quiet: Page, shop: str, api: Any) -> None:
    payment = intent(api)
    fill(open_checkout(quiet, shop, payment), "4000000000006975")
    pay(quiet)
    expect(quiet.get_by_role("status")).to_contain_text("api_connection_error")
    assert api.payment_intents.retrieve(payment.id).status == "succeeded"
    quiet.evaluate("retrieve()")
    expect(quiet.get_by_role("status")).to_have_text("succeeded")


def test_a_method_for_the_server_and_the_next_action_in_the_page(quiet: Page, shop: str, api: Any) -> None:
    payment = intent(api)
    fill(open_checkout(quiet, shop, payment, "&step=method"), "4000002500003155")
    pay(quiet)
    expect(quiet.get_by_role("status")).to_have_text(re.compile("^pm_"))
    method = quiet.get_by_role("status").inner_text()
    asked = api.payment_intents.confirm(payment.id, {"payment_method": method})
    assert asked.status == "requires_action"
    quiet.evaluate("void next()")
    bank(quiet).get_by_role("button", name="Complete").click()
    expect(quiet.get_by_role("status")).to_have_text("succeeded")


def test_the_form_speaks_the_shops_language_and_wears_its_look(quiet: Page, shop: str, api: Any) -> None:
    element = open_checkout(quiet, shop, intent(api), "&locale=de")
    number = element.get_by_label("Kartennummer")
    expect(number).to_be_visible()
    expect(element.get_by_label("Land")).to_have_value("DE")
    expect(number).to_have_css("border-radius", "8px")
    expect(number).to_have_css("color", "rgb(28, 27, 24)")
    number.press_sequentially("4242")
    number.press("Enter")
    expect(quiet.get_by_role("status")).to_contain_text("Die Kartennummer ist unvollständig.")


def test_everything_is_accessible(
    page: Page, shop: str, card_network: CardNetwork, api: Any, axe_light_and_dark: Axe
) -> None:
    element = open_checkout(page, shop, intent(api))
    pay(page)
    expect(page.get_by_role("status")).to_contain_text("validation_error")
    assert axe_light_and_dark(page) == []
    fill(element, "4000002500003155")
    pay(page)
    expect(bank(page).get_by_role("button", name="Complete")).to_be_visible()
    assert axe_light_and_dark(page) == []
    reader = api.terminal.readers.create({"registration_code": "simulated-wpe", "label": "Front"})
    payment = intent(api, allowed_payment_method_types=["card_present"])
    api.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
    for path, ready in (("/", "table"), (f"/readers/{reader.id}", "button:enabled")):
        page.goto(card_network.url + path)
        page.locator(ready).first.wait_for()
        assert axe_light_and_dark(page) == []


def test_a_reader_shows_what_it_is_asked_and_takes_a_card(quiet: Page, card_network: CardNetwork, api: Any) -> None:
    reader = api.terminal.readers.create({"registration_code": "simulated-wpe", "label": "Front counter"})
    quiet.goto(card_network.url)
    quiet.get_by_role("link", name="Front counter").click()
    expect(quiet.get_by_role("heading", name="Ready")).to_be_visible()
    expect(quiet.get_by_role("button", name="Present card")).to_be_disabled()
    for button, heading, status in (
        ("Decline", "Not paid", "requires_payment_method"),
        ("Cancel", "Not paid", "requires_payment_method"),
        ("Present card", "Approved", "succeeded"),
    ):
        payment = intent(api, amount=9180, allowed_payment_method_types=["card_present"])
        api.terminal.readers.process_payment_intent(reader.id, {"payment_intent": payment.id})
        expect(quiet.get_by_text("$91.80")).to_be_visible()
        quiet.get_by_role("button", name=button).click()
        expect(quiet.get_by_role("heading", name=heading)).to_be_visible()
        until(lambda: api.payment_intents.retrieve(payment.id).status == status)  # noqa: B023


def test_the_dashboard_follows_what_happens(quiet: Page, card_network: CardNetwork, api: Any) -> None:
    quiet.goto(card_network.url)
    expect(quiet.get_by_text("No payments yet.")).to_be_visible()
    payment = intent(api, description="<b>Order</b> 7", confirm=True, payment_method="pm_card_visa")
    api.refunds.create({"payment_intent": payment.id, "amount": 500})
    row = quiet.get_by_role("row").filter(has_text=payment.id)
    expect(row).to_contain_text("$19.99")
    expect(row).to_contain_text("$5.00 refunded")
    expect(row).to_contain_text("<b>Order</b> 7")
