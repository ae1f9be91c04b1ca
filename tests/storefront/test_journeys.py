"""A shopper's errands in a real browser, with the web server and the card network as processes of their own."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from commerce.kernel.clock import now
from orders import gateway
from orders.models import Order, Payment
from tests.concurrency.conftest import audit
from tests.factories.stock import receive
from tests.servers import Server, Site
from tests.storefront.conftest import Shop

pytestmark = [pytest.mark.timeout(240), pytest.mark.usefixtures("card_network", "audit_is_clean")]


@pytest.fixture
def audit_is_clean(transactional_db: None) -> Iterator[None]:
    yield
    assert audit() == ""


@pytest.fixture
def shop(transactional_db: None, site: Site) -> Shop:
    made = Shop()
    for variant in (made.moss, made.ochre, made.mug):
        receive(variant, made.warehouse, 20)
        receive(variant, made.alberta, 3)
    return made


def to_cart(page: Page, site: Site, slug: str = "enamel-mug") -> None:
    page.goto(f"{site.url}/products/{slug}/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("dialog", name="In your cart")).to_be_visible()


def to_payment(page: Page, site: Site, *, pickup: bool = False) -> FrameLocator:
    """From the open drawer to the card form."""
    page.get_by_role("dialog").get_by_role("link", name="Check out").click()
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Full name").fill("Ada Example")
    if pickup:
        page.get_by_role("radio", name="Pickup in a store").check()
        page.get_by_role("radio", name="Alberta Street").check()
    else:
        page.get_by_label("Street and number").fill("12 Alder Street")
        page.get_by_label("City").fill("Austin")
        page.get_by_label("State").select_option("TX")
        page.get_by_label("Postal code").fill("78704")
        expect(page.locator("#checkout-summary")).to_contain_text("Texas sales tax")
    page.get_by_role("button", name="Continue to payment").click()
    element = page.frame_locator("#payment-element iframe")
    expect(element.get_by_label("Card number")).to_be_visible(timeout=15_000)
    return element


def type_card(element: FrameLocator, number: str) -> None:
    element.get_by_label("Card number").fill(number)
    element.get_by_label("Expiration").fill("12/34")
    element.get_by_label("Security code").fill("123")
    element.get_by_label("ZIP").fill("78704")


def pay(page: Page) -> None:
    page.locator("#pay-button").click()


def thanked(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your order is placed", timeout=15_000)


def charges() -> int:
    """How often the card network has charged for the only payment."""
    found = gateway.client().v1.charges.list(params={"payment_intent": Payment.objects.get().provider_id})
    return len([charge for charge in found.data if charge.status == "succeeded"])


def test_buying_for_delivery(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    type_card(to_payment(page, site), "4242424242424242")
    pay(page)
    thanked(page)
    expect(page.get_by_text("Visa ending in 4242")).to_be_visible()
    expect(page.get_by_role("link", name="Cart, 0 items")).to_be_visible()
    assert charges() == 1


def test_the_keyboard_stays_where_it_was_in_the_cart(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    to_cart(page, site, "alder-tent")
    page.goto(f"{site.url}/cart/")
    more = page.get_by_role("button", name="One more: Enamel mug")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("spinbutton", name="Enamel mug")).to_have_value("2")
    expect(page.get_by_role("link", name="Cart, 3 items")).to_be_visible()
    expect(more).to_be_focused()
    remove = page.locator("li", has_text="Enamel mug").get_by_role("button", name="Remove")
    remove.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Enamel mug")).to_have_count(0)
    expect(page.locator("#cart")).to_be_focused()


def test_buying_for_pickup_until_it_is_ready(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    type_card(to_payment(page, site, pickup=True), "4242424242424242")
    pay(page)
    thanked(page)
    expect(page.get_by_role("heading", name="Pickup at Alberta Street")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^P-\w{5}-\w{5}$"))).to_be_visible()
    expect(page.get_by_role("img", name="Pickup code as QR code")).to_be_visible()
    prepare(Order.objects.get())
    expect(page.get_by_text("It is ready. Come by and show this code at the counter.")).to_be_visible(timeout=10_000)


def prepare(order: Order) -> None:
    from orders.actions.prepare_pickup import prepare_pickup
    from tests.factories.company import UserFactory

    manager = UserFactory(username="mina", role="manager")
    prepare_pickup(order.fulfillments.get().uid, person=manager, at=now())


def test_a_declined_card_and_then_another(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    element = to_payment(page, site)
    type_card(element, "4000000000000002")
    pay(page)
    expect(page.get_by_role("alert").first).to_contain_text("Your card was declined.")
    expect(page.get_by_role("alert").first).to_contain_text("The card was not charged.")
    expect(page.locator("#pay-button")).to_be_enabled()
    assert Payment.objects.get().state == "pending"
    type_card(element, "4242424242424242")
    pay(page)
    thanked(page)
    assert charges() == 1


@pytest.mark.parametrize("answer", ["Complete", "Fail"])
def test_the_bank_asks(page: Page, site: Site, shop: Shop, answer: str) -> None:
    to_cart(page, site)
    element = to_payment(page, site)
    type_card(element, "4000002500003155")
    pay(page)
    page.frame_locator("dialog iframe").get_by_role("button", name=answer).click()
    if answer == "Complete":
        thanked(page)
        return
    expect(page.get_by_role("alert").first).to_contain_text("The card was not charged.")
    type_card(element, "4242424242424242")
    pay(page)
    thanked(page)
    assert charges() == 1


def test_an_answer_that_is_lost_is_found_out(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    type_card(to_payment(page, site), "4000000000006975")
    pay(page)
    thanked(page)
    assert charges() == 1


def test_the_page_keeps_asking_while_the_card_network_is_silent(
    page: Page, site: Site, shop: Shop, card_network: Server
) -> None:
    to_cart(page, site)
    type_card(to_payment(page, site), "4000000000006975")
    fault(card_network, "error", "GET", "/v1/payment_intents/*", times=8)
    pay(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "We have not heard from the card network yet", timeout=20_000
    )
    thanked(page)
    assert charges() == 1


def fault(network: Server, kind: str, method: str, path: str, *, times: int) -> None:
    """Script failures of the card network."""
    import json
    from urllib.request import Request, urlopen

    body = json.dumps({"kind": kind, "method": method, "path": path, "times": times}).encode()
    headers = {"Content-Type": "application/json"}
    urlopen(Request(f"{network.url}/_control/faults", body, headers), timeout=10).close()


def test_a_double_click_on_pay_is_one_charge(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    type_card(to_payment(page, site), "4242424242424242")
    page.locator("#pay-button").dblclick()
    thanked(page)
    assert charges() == 1
    assert Order.objects.count() == 1


def test_going_back_after_paying_leads_to_the_order(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    type_card(to_payment(page, site), "4242424242424242")
    pay(page)
    thanked(page)
    page.goto(f"{site.url}/checkout/payment/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    assert charges() == 1


def test_a_hold_that_runs_out_while_the_page_is_open(page: Page, site: Site, shop: Shop) -> None:
    page.clock.install()
    to_cart(page, site)
    to_payment(page, site)
    page.clock.fast_forward("16:00")
    expect(page.get_by_text("The time is over")).to_be_visible()
    expect(page.get_by_text("Your things are no longer held. Nothing was charged.")).to_be_visible()
    expect(page.locator("#pay-button")).to_be_hidden()
    page.get_by_role("button", name="Check out again").click()
    expect(page.get_by_text("We hold your things for 15 more minutes.")).to_be_visible()


def test_two_tabs(page: Page, site: Site, shop: Shop) -> None:
    to_cart(page, site)
    element = to_payment(page, site)
    other = page.context.new_page()
    to_cart(other, site, "alder-tent")
    type_card(element, "4242424242424242")
    pay(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart has changed since this checkout")
    expect(page.get_by_text(re.compile(r"The total was \$24\.32, now it is \$"))).to_be_visible()
    page.get_by_role("button", name="Check out with the new total").click()
    element = page.frame_locator("#payment-element iframe")
    type_card(element, "4242424242424242")
    pay(page)
    thanked(page)
    assert Order.objects.filter(state="open").get().lines.count() == 2


def test_without_script_everything_works_up_to_the_card(browser: Browser, site: Site, shop: Shop) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/")
    page.get_by_role("link", name="Alder tent").click()
    page.get_by_role("link", name="Ochre").click()
    expect(page.get_by_text("SKU TENT-OCHRE")).to_be_visible()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your cart")
    page.locator(".cart").get_by_label("Alder tent – Ochre", exact=True).fill("2")
    page.get_by_role("button", name="Update").click()
    expect(page.locator(".cart__summary")).to_contain_text("$578.00")
    page.get_by_role("link", name="Check out").click()
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Full name").fill("Ada Example")
    page.get_by_role("radio", name="Pickup in a store").check()
    page.get_by_role("radio", name="Alberta Street").check()
    page.get_by_role("button", name="Continue to payment").click()
    told = page.locator("noscript .alert")
    expect(told).to_be_visible()
    expect(told).to_contain_text("Paying by card on the web needs JavaScript")
    page.context.close()


def test_filters_and_search_as_one_types(page: Page, site: Site, shop: Shop) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site.url}/categories/camp/")
    page.get_by_role("form", name="Filters").get_by_role("checkbox", name="Moss").check()
    expect(page.locator(".list-count")).to_have_text("1 product")
    assert "f=option%3Acolor%3DMoss" in page.url
    page.go_back()
    expect(page.locator(".list-count")).to_have_text("2 products")
    field = page.get_by_role("searchbox", name="Search")
    field.press_sequentially("ald")
    expect(page.locator("#suggestions").get_by_role("link", name=re.compile("Alder tent"))).to_be_visible()
    field.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alder tent")


def test_filters_on_a_phone(page: Page, site: Site, shop: Shop) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.url}/categories/camp/")
    page.get_by_role("button", name="Filter").click()
    drawer = page.get_by_role("dialog", name="Filter")
    expect(page.locator("[name=f][value='option:color=Moss']")).to_have_count(1)  # not a second time beside the list
    drawer.get_by_role("checkbox", name="Moss").check()
    expect(drawer.get_by_role("button", name="Show 1 product")).to_be_visible()
    drawer.get_by_role("button", name="Show 1 product").click()
    expect(drawer).to_be_hidden()
    expect(page.locator(".list-count")).to_have_text("1 product")
    page.get_by_role("button", name="Filter").click()
    expect(drawer.get_by_role("checkbox", name="Moss")).to_be_checked()
    drawer.get_by_role("checkbox", name="Moss").uncheck()
    expect(drawer.get_by_role("button", name="Show 2 products")).to_be_visible()
    expect(drawer.get_by_role("checkbox", name="Moss")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".list-layout__side .list-fields")).to_have_count(1)


def test_by_keyboard_alone(page: Page, site: Site, shop: Shop) -> None:
    page.goto(f"{site.url}/products/enamel-mug/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="Add to cart")
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="In your cart")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Check out"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("E-mail"))
    page.keyboard.type("ada@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type("Ada Example")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Pickup in a store")).to_be_checked()


def tab_to(page: Page, target: Any) -> None:
    for _press in range(60):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_is_accessible_and_fits(
    page: Page, site: Site, shop: Shop, axe_light_and_dark: Callable[..., list[Any]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    axe = axe_light_and_dark
    paths = ("/", "/categories/camp/", "/search/?q=tent", "/search/?q=xylophone", "/products/alder-tent/", "/stores/",
             "/stores/PDX-1/", "/cart/", "/country/", "/about/", "/returns/", "/contact/", "/nowhere/")  # fmt: skip
    for path in paths:
        page.goto(f"{site.url}{path}")
        fits(page, axe, path)
    to_cart(page, site)
    fits(page, axe, "drawer")
    page.get_by_role("dialog").get_by_role("link", name="Check out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Checkout")
    fits(page, axe, "checkout")
    page.get_by_role("button", name="Continue to payment").click()
    expect(page.get_by_text("Some of this needs another look")).to_be_visible()
    fits(page, axe, "checkout with mistakes")
    page.goto(f"{site.url}/products/enamel-mug/")
    to_cart(page, site)
    type_card(to_payment(page, site, pickup=True), "4242424242424242")
    fits(page, axe, "payment")
    pay(page)
    thanked(page)
    fits(page, axe, "order")


def fits(page: Page, axe: Callable[..., list[Any]], name: str) -> None:
    found = [violation for violation in axe(page) if "iframe" not in str(violation.elements)]
    assert found == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_a_name_of_one_long_word_stays_on_the_phone(page: Page, site: Site, shop: Shop) -> None:
    title = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftstasche"
    receive(shop.variant(shop.product(title, slug="bag", category=shop.camp), "BAG", 4_000, []), shop.alberta, 2)
    page.set_viewport_size({"width": 390, "height": 844})
    to_cart(page, site, "bag")
    for path in ("/products/bag/", "/categories/camp/", "/cart/", "/checkout/"):
        page.goto(f"{site.url}{path}")
        expect(page.get_by_role("main").get_by_text(title).locator("visible=true").first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_how_many_is_no_question_where_there_is_none(page: Page, site: Site, shop: Shop) -> None:
    lamp = shop.variant(shop.product("Old lamp", category=shop.camp), "LAMP", 4_000, [])
    page.goto(f"{site.url}/products/old-lamp/")
    expect(page.get_by_role("button", name="Sold out")).to_be_disabled()
    expect(page.get_by_role("spinbutton", name="Quantity")).to_be_hidden()
    receive(lamp, shop.alberta, 2)
    expect(page.get_by_role("button", name="Add to cart")).to_be_enabled()
    expect(page.get_by_role("spinbutton", name="Quantity")).to_be_visible()
