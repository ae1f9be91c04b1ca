"""Lists and pages of returns, refunds and allowances: easily found, and one click from each other."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.ledger.models import JournalEntry
from inventory.models import StockMovement
from orders.actions.accept_return import accept_return
from orders.actions.refund_amount import refund_amount
from orders.models import Allowance, Order, Refund, Return
from orders.returns import ReturnWish
from tests.factories import trade
from tests.factories.company import UserFactory
from tests.office import pages
from tests.office.conftest import Company
from tests.office.test_control import corrupt
from tests.office.test_pages import LIST_BUDGET, ROW_BUDGET, statements

Staff = Callable[..., Client]


def take_back(order: Order, company: Company, **changes: str) -> Return:
    return accept_return(
        order.pk,
        [ReturnWish(order.lines.get().pk, 1, **changes)],
        uid=new_uid(),
        location=company.pearl,
        channel="pos",
        person=UserFactory(role="manager"),
        at=now(),
    )


@pytest.fixture
def back(company: Company) -> Return:
    """One of two mugs that were sold for cash, and a dollar of the price of the other."""
    record = take_back(company.sold, company, reason="faulty", disposition="damaged")
    facts = {"uid": new_uid(), "person": UserFactory(role="manager"), "at": now()}
    refund_amount(company.sold.pk, Money(100, "USD"), reason="A scratch", **facts)
    return record


@pytest.fixture
def office(as_staff: Staff) -> Client:
    return as_staff("admin")


def read(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def follow(browser: Client, source_type: str, key: object) -> str:
    return browser.get(reverse("admin:document", args=[source_type, key])).get("Location", "")


def test_a_return_is_one_click_from_all_it_belongs_to(company: Company, back: Return, office: Client) -> None:
    page = read(office, pages.row_of(back))
    refund = Refund.objects.get(return_record=back)
    level = StockMovement.objects.get(source_uid=back.uid).level
    entries = JournalEntry.objects.filter(source_uid__in=[back.uid, refund.uid])
    assert {entry.kind for entry in entries} >= {"return", "refund"}
    for row in (company.sold, refund, level, company.pearl, *entries):
        assert pages.row_of(row) in page, row
    for words in ("Faulty", "Damaged", "Enamel Mug", "Given back", "$25.00"):
        assert words in page, words
    for entry in entries:
        assert f"/admin/documents/{entry.source_type}/{entry.source_uid}/" in read(office, pages.row_of(entry))
    assert pages.row_of(back) in read(office, pages.row_of(refund))
    order = read(office, pages.row_of(company.sold))
    assert pages.row_of(back) in order
    assert pages.row_of(refund) in order
    movements = read(office, pages.lists()["inventory.stockmovement"])
    assert f"/admin/documents/return/{back.uid}/" in movements


def test_documents_lead_to_these_pages(company: Company, back: Return, office: Client) -> None:
    refund = Refund.objects.get(return_record=back)
    allowance = Allowance.objects.get()
    assert follow(office, "return", back.uid) == follow(office, "return", back.number) == pages.row_of(back)
    assert follow(office, "refund", refund.uid) == pages.row_of(refund)
    assert follow(office, "allowance", allowance.uid) == pages.row_of(company.sold)
    assert follow(office, "return", "R-none") == ""


@pytest.mark.parametrize("term", ["number", "order", "receipt", "email"])
def test_they_are_found_by_what_people_have_at_hand(term: str, company: Company, back: Return, office: Client) -> None:
    Order.objects.filter(pk=company.sold.pk).update(email="grace@example.com")
    words = {
        "number": back.number,
        "order": company.sold.number,
        "receipt": company.sold.sale.receipt_number,
        "email": "GRACE@example",
    }
    for label in ("orders.return", "orders.refund"):
        link = f'href="{pages.row_of(company.sold)}"'
        assert link in read(office, pages.lists()[label], q=words[term] or "")
        assert link not in read(office, pages.lists()[label], q="nobody")


def test_filters_narrow_the_lists(company: Company, back: Return, office: Client) -> None:
    link = f'href="{pages.row_of(company.sold)}"'
    shown = [
        ("orders.return", {"money": "done"}, {"money": "owed"}),
        ("orders.return", {"tender": "cash"}, {"tender": "card_online"}),
        ("orders.return", {"reason": "faulty"}, {"reason": "late"}),
        ("orders.return", {"location__id__exact": str(company.pearl.pk)}, {"channel__exact": "web"}),
        ("orders.return", {"business_date_from": "2020-01-01"}, {"business_date_from": "2199-01-01"}),
        ("orders.refund", {"tender": "cash"}, {"tender": "gift_card"}),
        ("orders.refund", {"place": "PDX-1"}, {"place": "SEA-1"}),
        ("orders.refund", {"state__exact": "succeeded"}, {"state__exact": "failed"}),
        ("orders.allowance", {"money": "done"}, {"money": "moving"}),
    ]
    for label, finds, misses in shown:
        assert link in read(office, pages.lists()[label], **finds), (label, finds)
        assert link not in read(office, pages.lists()[label], **misses), (label, misses)


def test_money_that_did_not_arrive_is_owed(company: Company, back: Return, office: Client) -> None:
    for state, money in (("failed", "owed"), ("sent", "moving")):
        at = now() if state == "failed" else None
        Refund.objects.filter(return_record=back).update(state=state, settled_at=at)
        listed = {
            word: back.number in read(office, pages.lists()["orders.return"], money=word)
            for word in ("owed", "moving", "done")
        }
        assert listed == {word: word == money for word in listed}
    assert "On its way" in read(office, pages.row_of(back))


def test_a_full_list_asks_no_more_often_than_a_short_one(company: Company, back: Return, office: Client) -> None:
    lists = [pages.lists()[label] for label in ("orders.return", "orders.refund", "orders.allowance")]
    before = [statements(office, address) for address in lists]
    for _again in range(4):
        cashier = company.shift.opened_by
        sold = trade.sell(company.shift, [(company.mug, 1)], 2500, cashier=cashier, at=now())
        take_back(sold, company)
    after = [statements(office, address) for address in lists]
    assert after == before
    assert max(after) <= LIST_BUDGET
    for row in (back, Refund.objects.get(return_record=back)):
        assert statements(office, pages.row_of(row)) <= ROW_BUDGET


def test_other_stores_and_other_desks_see_less(company: Company, back: Return, as_staff: Staff) -> None:
    elsewhere = as_staff("manager", company.ballard)
    assert elsewhere.get(pages.row_of(back)).status_code == 302
    assert follow(elsewhere, "return", back.uid) == ""
    lead = read(as_staff("lead", company.pearl), pages.row_of(back))
    assert "Enamel Mug" in lead
    assert "Postings" not in lead


def test_the_control_page_calls_documents_by_their_numbers(company: Company, back: Return, office: Client) -> None:
    refund = Refund.objects.get(return_record=back)
    corrupt(
        f"UPDATE orders_return SET total_minor = total_minor + 1, goods_minor = goods_minor + 1 WHERE id = {back.pk}"
    )
    corrupt(f"UPDATE orders_refund SET amount_minor = amount_minor + 1 WHERE id = {refund.pk}")
    page = read(office, reverse("admin:ledger-control-rows", args=["refunds-due"]))
    assert f">Return {back.number}</a>" in page
    assert f">Refund of {company.sold.number}</a>" in page
    assert f">{back.uid}<" not in page
    corrupt("UPDATE orders_order SET total_minor = total_minor + 100 WHERE channel = 'pos'")
    day = company.sold.business_date
    page = read(office, reverse("admin:ledger-control-rows", args=["orders"]), day=day.isoformat() if day else "")
    assert f">Order {company.sold.number}</a>" in page
