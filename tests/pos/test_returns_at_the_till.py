"""Bringing something back as people at the counter do it: on the real page, with keyboard, scanner and printer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from customers import gift_cards
from inventory.models import SerialUnit, StockLevel
from orders.models import Payment, Refund, Return
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import CashMovement, Sale
from tests.concurrency.conftest import audit
from tests.factories.catalog import VariantFactory
from tests.factories.company import UserFactory
from tests.factories.stock import receive
from tests.hardware.conftest import RunningBridge, SimulatedPrinter
from tests.pos.conftest import MUG_CODE, TENT_CODE, Counter
from tests.pos.till_page import TillPage
from tests.servers import Server, Site

pytestmark = pytest.mark.usefixtures("card_network")


@pytest.fixture
def bought(till: TillPage) -> str:
    """Two mugs and a tent, paid in cash; the number of the receipt."""
    for code in (TENT_CODE, MUG_CODE, MUG_CODE):
        till.scan(code)
    till.pay_exactly()
    number = till.receipt_number
    till.new_sale()
    till.expect_all_sent()
    return number


def bring(till: TillPage, number: str) -> None:
    """F4, and the receipt under the scanner."""
    till.press("F4")
    till.expect_screen("returns")
    till.scan(number)
    expect(till.page.locator("#return-lines > li")).to_have_count(2)


def test_cash_back_from_the_drawer(
    counter: Counter, site: Site, bridge: RunningBridge, printer: SimulatedPrinter, till: TillPage, bought: str
) -> None:
    page = till.page
    bring(till, bought)
    till.scan(MUG_CODE)
    expect(page.locator("#return-due")).to_have_text("$15.66")
    expect(page.locator("#return-parts")).to_contain_text("Cash")
    expect(page.locator("#return-take-label")).to_have_text("Give back $15.66")
    till.press("F9")
    expect(page.locator("#return-done-label")).to_have_text("Hand over")
    expect(page.locator("#return-amount")).to_have_text("$15.66")
    expect(page.locator("#return-print")).to_contain_text("Receipt printed", timeout=15_000)
    record = Return.objects.get()
    moved = CashMovement.objects.get(kind="refund")
    assert (moved.amount_minor, record.lines.get().quantity) == (-1_566, 1)
    assert StockLevel.objects.get(variant=counter.mug, location=counter.store).on_hand == 2
    papers = ["\n".join(paper["lines"]) for paper in printer.receipts]
    (text,) = (paper for paper in papers if "RETURN" in paper and "STORE COPY" not in paper)
    (to_sign,) = (paper for paper in papers if "STORE COPY" in paper)
    assert "signature" in to_sign
    for words in (record.number, f"Of receipt {bought}", "Given back", "$15.66", "Cash"):
        assert words in text, words
    till.press("Enter")
    till.expect_screen("sell")
    page.click("#status-shift")
    expect(page.locator("#shift-figures")).to_contain_text("Given back in cash$15.66")
    expect(page.locator("#shift-figures > div").last).to_have_text("Expected in the drawer$430.58")
    assert audit() == ""


def test_by_keyboard_alone_with_a_reason_and_onto_the_damaged_pile(
    counter: Counter, till: TillPage, bought: str
) -> None:
    page = till.page
    till.press("F4")
    till.expect_screen("returns")
    expect(page.locator("#return-text")).to_be_focused()
    page.keyboard.type(bought, delay=60)
    till.press("Enter")
    expect(page.locator("#return-lines .check__key").first).to_be_focused()
    till.press("Enter")
    line = page.locator("#return-lines > li", has_text="Trail mug")
    if not line.locator("[data-part=tools]").is_visible():
        till.press("Enter")
        till.press("ArrowDown")
        till.press("Enter")
    expect(line.locator("[data-part=count]")).to_have_text("2 of 2")
    line.locator("[data-do=less]").press("Enter")
    line.locator("select").select_option("faulty")
    expect(line.locator("[data-where=damaged]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#return-take")).to_be_enabled()
    till.press("F9")
    expect(page.locator("#return-done")).to_be_visible()
    came = Return.objects.get().lines.get()
    assert (came.quantity, came.reason, came.disposition) == (1, "faulty", "damaged")
    level = StockLevel.objects.get(variant=counter.mug, location=counter.store)
    assert (level.on_hand, level.damaged) == (1, 1)
    assert audit() == ""


def test_what_came_back_cannot_come_back_again(till: TillPage, bought: str) -> None:
    page = till.page
    bring(till, bought)
    till.scan(TENT_CODE)
    expect(page.locator("#return-take")).to_be_enabled()
    till.press("F9")
    expect(page.locator("#return-done")).to_be_visible()
    till.press("Enter")
    till.press("F6")
    sale = page.locator(f"#sales > [data-number='{bought}']")
    expect(sale.locator("[data-part=back]")).to_have_text("1 item came back")
    sale.get_by_role("button", name=f"Return something of {bought}").click()
    expect(page.locator("#return-lines > li")).to_have_count(2)
    tent = page.locator("#return-lines > li", has_text="Alder tent")
    expect(tent).to_contain_text("1 came back before")
    expect(tent.locator(".check__key")).to_be_disabled()
    till.scan(TENT_CODE)
    expect(page.locator(".toast__message")).to_have_text("1 came back before")
    expect(page.locator("#return-before")).to_contain_text("Return R")


def test_an_answer_that_is_lost_is_asked_for_and_a_killed_page_goes_on(
    context: BrowserContext, till: TillPage, bought: str
) -> None:
    page = till.page
    lost = [0]

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost[0]:
            lost[0] += 1
            route.fetch()  # the server has taken it back
        route.abort()

    bring(till, bought)
    till.scan(TENT_CODE)
    expect(page.locator("#return-take")).to_be_enabled()
    context.route("**/till/api/returns", lose)
    context.route("**/till/api/returns/*-*", lambda route: route.abort())
    till.press("F9")
    expect(page.locator("#return-unknown")).to_be_visible(timeout=40_000)
    assert Return.objects.count() == 1
    page.reload()
    till.expect_screen("returns")
    expect(page.locator("#return-unknown")).to_be_visible()
    context.unroute("**/till/api/returns/*-*")
    expect(page.locator("#return-done-label")).to_have_text("Hand over", timeout=20_000)
    assert (Return.objects.count(), CashMovement.objects.filter(kind="refund").count()) == (1, 1)
    assert audit() == ""


def test_another_way_asks_a_colleague_who_may(
    counter: Counter, reader: str, card_network: Server, site: Site, open_till: Callable[..., TillPage]
) -> None:
    UserFactory(username="lea", first_name="Lea", role="lead", locations=[counter.store], pin="2468")
    till = open_till(site.url)
    page = till.page
    till.open()
    till.pair()
    till.sign_in("mara", "123456")
    till.open_shift()
    till.expect_screen("sell")
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("m")
    till.press("Enter")
    till.expect_screen("done")
    number = till.receipt_number
    till.new_sale()
    till.expect_all_sent()
    till.press("F4")
    till.scan(number)
    till.scan(TENT_CODE)
    expect(page.locator("#return-parts")).to_contain_text("Card machine")
    expect(page.locator("#return-parts")).to_contain_text("on the card machine first")
    page.click("#return-tenders [data-tender=cash]")
    expect(page.locator("#return-parts")).to_contain_text("Out of the drawer")
    till.press("F9")
    expect(page.locator("#approval")).to_be_visible()
    assert not Return.objects.exists()
    till.press("Escape")
    expect(page.locator("#approval")).to_be_hidden()
    till.press("F9")
    page.click("#approvers [data-username=lea]")
    page.fill("#approval-pin", "2468")
    page.press("#approval-pin", "Enter")
    expect(page.locator("#return-done")).to_be_visible()
    refund = Refund.objects.get()
    assert refund.approved_by
    assert (refund.tender, refund.approved_by.username, refund.actor) == ("cash", "lea", counter.associate)
    assert audit() == ""


def test_with_no_line_the_till_says_so(
    counter: Counter, serve: Callable[..., Site], open_till: Callable[..., TillPage]
) -> None:
    site = serve()
    till = open_till(site.url)
    till.ready()
    site.stop()
    expect(till.page.locator("#status-connection")).to_contain_text("Offline", timeout=30_000)
    till.press("F4")
    till.expect_screen("returns")
    expect(till.page.locator("#returns-offline")).to_contain_text("Returns need the server")
    expect(till.page.locator("#return-ways")).to_be_hidden()
    site.start()
    expect(till.page.locator("#return-ways")).to_be_visible(timeout=30_000)


def test_a_receipt_of_another_till_opens_its_return(till: TillPage, bought: str) -> None:
    till.page.evaluate("indexedDB.databases()")
    Sale.objects.update(receipt_number="SEA-1-1-000777")
    till.scan("SEA-1-1-000777")
    till.expect_screen("returns")
    expect(till.page.locator("#return-facts")).to_contain_text("SEA-1-1-000777")


def no_such(page: Page) -> Any:
    return page.locator("#return-count")


def test_nothing_found_says_what_to_try(till: TillPage) -> None:
    till.press("F4")
    till.page.fill("#return-text", "nobody@example.com")
    till.page.press("#return-text", "Enter")
    expect(no_such(till.page)).to_contain_text("No order was found")


@pytest.fixture
def stoves(counter: Counter) -> Payment:
    """Two stoves with their numbers, paid by a card that has been canceled since."""
    stove = VariantFactory(sku="STOVE", price=5_000, tracks_serials=True)
    receive(stove, counter.store, 3, numbers=["A-1", "A-2", "A-3"])
    envelope = {
        "id": str(new_uid()),
        "register": counter.register.code,
        "cashier": "jo",
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": "STOVE", "quantity": 2, "serials": ["A-1", "A-3"]}],
        "tenders": [
            {"type": "external_terminal", "amount": {"amount": 10_800, "currency": "USD"}, "card": {"last4": "4242"}}
        ],
    }
    record_sale(parse_envelope(envelope), at=now())
    payment = Payment.objects.get()
    payment.details["cannot_refund"] = "expired_or_canceled_card"
    payment.save()
    return payment


def test_found_by_a_card_that_is_gone_and_given_back_on_a_gift_card_by_keys_alone(
    counter: Counter, till: TillPage, stoves: Payment, axe: Callable[..., list[Any]]
) -> None:
    page = till.page
    till.press("F4")
    expect(page.locator("#return-text")).to_be_focused()
    page.locator("#return-last4").focus()
    page.keyboard.type("4242", delay=60)
    till.press("Enter")
    line = page.locator("#return-lines > li")
    expect(line.locator(".check__key")).to_be_focused()
    till.press("Enter")
    line.locator("[data-do=less]").press("Enter")
    line.locator("[data-serial='A-1']").press("Enter")  # both were chosen, and the first stayed
    expect(page.locator("#return-take-label")).to_have_text("Choose the serial numbers")
    line.locator("[data-serial='A-3']").press("Enter")
    expect(line.locator("[data-part=numbers-label]")).to_contain_text("1 of 1 chosen")
    expect(page.locator("#return-problem")).to_contain_text("Card machine")
    page.locator("#return-tenders [data-tender=gift_card]").press("Enter")
    expect(page.locator("#return-parts")).to_contain_text("Gift card")
    expect(page.locator("#return-take-label")).to_have_text("Give back $54.00")
    assert axe(page) == []
    till.press("F9")
    expect(page.locator("#return-outcome")).to_contain_text("A new gift card: G-")
    shown = re.search(r"G(-\w{4}){4}", page.locator("#return-outcome").inner_text())
    assert shown
    card = gift_cards.by_code(shown[0])
    assert card is not None
    assert (card.balance_minor, card.origin) == (5_400, "refund")
    assert Return.objects.get().lines.get().serials == ["A-3"]
    assert SerialUnit.objects.get(serial="A-3").state == "in_stock"
    assert audit() == ""
