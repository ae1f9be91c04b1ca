"""The store's own card machine, which is not connected: its amount is confirmed by hand, with no server, too."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from commerce.ledger.models import Posting
from orders.models import Payment
from orders.tenders import registry
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import CashMovement, Sale
from pos.queries import shift_body
from pos.receipts import document_of
from tests.hardware.conftest import until
from tests.pos.conftest import TENT_CODE, Counter
from tests.pos.till_page import TillPage
from tests.servers import Site
from tests.world import World

USD = "USD"


def sold(world: World, *, tender: dict[str, Any], **more: Any) -> dict[str, Any]:
    money = {"amount": 1_728, "currency": USD}
    return {
        "id": str(new_uid()),
        "register": "PDX-1-1",
        "sold_at": now().isoformat(),
        "currency": USD,
        "lines": [{"sku": "MUG", "quantity": 1}],
        "tenders": [{"type": "external_terminal", "amount": money, **tender}],
        **more,
    }


@pytest.mark.django_db
def test_the_payment_knows_its_machine_and_the_end_of_the_card() -> None:
    world = World.make()
    shift = world.open_shift()
    world.sell(world.mug, shift=shift)
    record_sale(parse_envelope(sold(world, tender={"card": {"last4": "4242"}}, shift=str(shift.uid))), at=now())
    payment = Payment.objects.get(tender="external_terminal")
    tender = registry()["external_terminal"]
    assert (payment.state, payment.captured_minor, payment.provider_id) == ("captured", 1_728, "")
    assert (tender.account, tender.part(payment)) == ("card_clearing", "terminal:PDX-1-1")
    assert payment.details["last4"] == "4242"
    assert not CashMovement.objects.filter(payment=payment).exists()
    posted = Posting.objects.filter(entry__source_uid=payment.uid, account__code="card_clearing")
    assert list(posted.values_list("amount_minor", "sub")) == [(1_728, "terminal:PDX-1-1")]
    labels = [block.get("label") for block in document_of(Sale.objects.latest("pk"))["blocks"]]
    assert "Card machine ··4242" in labels
    assert shift_body(shift)["means"] == [  # type: ignore[index]
        {"type": "cash", "label": "Cash", "taken_minor": 1_728, "given_back_minor": 0, "count": 1},
        {
            "type": "external_terminal",
            "label": "Card machine",
            "taken_minor": 1_728,
            "given_back_minor": 0,
            "count": 1,
        },
    ]


@pytest.mark.django_db
def test_without_a_register_the_machine_is_the_stores() -> None:
    world = World.make()
    envelope = sold(world, tender={"card": {"last4": ""}}, register="", location="PDX-1")
    record_sale(parse_envelope(envelope), at=now())
    assert Payment.objects.get().details == {"terminal": "PDX-1"}


@pytest.mark.parametrize(
    "card", [{"last4": "4242424242424242"}, {"last4": "42"}, {"last4": 4242}, "4242", {"last4": "٤٢٤٢"}]
)
def test_nothing_but_four_figures_of_a_card_comes_in(card: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_envelope(sold(None, tender={"card": card}))  # type: ignore[arg-type]
    assert refused.value.fields == {"tenders.0.card": ["Send the last four figures of the card, and never more of it."]}


def test_it_takes_the_place_of_the_reader_where_there_is_none(counter: Counter, till: TillPage) -> None:
    page = till.page
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    expect(page.locator("#tender-card")).to_be_hidden()
    till.press("m")
    expect(page.locator("#machine-text")).to_have_text(
        "Type $214.92 on the card machine. When it says approved, confirm it here."
    )
    page.fill("#machine-amount", "300")
    page.press("#machine-amount", "Enter")
    expect(page.locator("#machine-error")).to_contain_text("up to $214.92")
    page.fill("#machine-amount", "100")
    page.fill("#machine-last4", "42")
    page.press("#machine-last4", "Enter")
    expect(page.locator("#machine-error")).to_contain_text("last four figures")
    page.click("#machine-panel [data-key='1']")  # the keys type where one is
    page.click("#machine-panel [data-key='9']")
    page.click("#machine-take")
    expect(page.locator("#pay-remaining")).to_have_text("$114.92")
    expect(page.locator("#tenders")).to_contain_text("Card machine ··4219")
    till.press("1")
    page.fill("#cash-given", "120")
    till.press("Enter")
    till.expect_screen("done")
    expect(page.locator("#done-facts")).to_contain_text("Card machine ··4219 $100.00")
    until(lambda: Payment.objects.count() == 2)
    found = Payment.objects.get(tender="external_terminal")
    assert (found.amount_minor, found.details) == (10_000, {"terminal": "PDX-1-1", "last4": "4219"})
    till.new_sale()
    page.click("#status-shift")
    expect(page.locator("#shift-figures")).to_contain_text("Card machine")


def test_what_was_confirmed_by_mistake_is_taken_out_again(till: TillPage) -> None:
    till.scan(TENT_CODE)
    till.press("F9")
    till.press("m")
    till.page.fill("#machine-amount", "100")
    till.page.press("#machine-amount", "Enter")
    expect(till.page.locator("#pay-remaining")).to_have_text("$114.92")
    till.page.locator("#tenders [data-part=remove]").click()
    expect(till.page.locator("#pay-remaining")).to_have_text("$214.92")
    expect(till.page.locator("#tenders li")).to_have_count(0)


def test_it_works_with_no_server(
    counter: Counter, serve: Callable[..., Site], open_till: Callable[..., TillPage]
) -> None:
    site = serve()
    till = open_till(site.url)
    till.ready()
    site.stop()
    expect(till.page.locator("#status-connection")).to_contain_text("Offline", timeout=30_000)
    till.scan(TENT_CODE)
    till.press("F9")
    till.expect_screen("pay")
    till.press("m")
    till.press("Enter")
    till.expect_screen("done")
    site.start()
    till.expect_all_sent()
    until(lambda: Payment.objects.filter(tender="external_terminal", amount_minor=21_492).exists())
