"""Counting with a PIN alone: an associate opens a count's screen from the till, scans, and sees and decides no more."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from commerce.company.models import User
from commerce.company.permissions import MATRIX
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.ids import new_uid
from commerce.office.access import ROLES_WITH_A_DESK
from inventory.actions.count_item import count_item
from inventory.actions.finish_count import finish_count
from inventory.actions.start_count import start_count
from inventory.models import CountScan, StockCount
from pos import counting
from pos.access import make_pass
from pos.actions.pair_register import pair_register
from tests.factories.company import LocationFactory, UserFactory
from tests.pos.conftest import MUG_CODE, PAIRING_CODE, TENT_CODE, Counter, invite, revoke
from tests.pos.till_page import TillPage
from tests.servers import Site

PHONE = {"width": 390, "height": 844}


def open_count(counter: Counter, **more: Any) -> StockCount:
    return start_count(counter.store, kind="full", person=counter.manager, at=now(), **more)


class Browser:
    """A browser that is paired with the register, and the person whose PIN was typed last."""

    def __init__(self, counter: Counter) -> None:
        register, token = pair_register(PAIRING_CODE, at=now())
        assert register.device
        self.device, self.client = register.device, Client()
        self.headers = {"Authorization": f"Bearer {token}"}

    def is_used_by(self, person: User) -> None:
        self.headers["X-Person"] = make_pass(person, self.device)

    def enter(self, count: StockCount) -> Any:
        address = reverse("pos:count-entry", args=[count.pk])
        return self.client.post(address, {}, content_type="application/json", headers=self.headers)

    def scan(self, count: StockCount, code: str, quantity: str = "") -> Any:
        sent = {"uid": new_uid(), "code": code, "quantity": quantity}
        return self.client.post(reverse("pos:count", args=[count.pk]), sent)


@pytest.fixture
def browser_of_mara(counter: Counter) -> Browser:
    made = Browser(counter)
    made.is_used_by(counter.associate)
    return made


def test_every_role_at_a_till_scans_and_only_a_desk_ends_a_count() -> None:
    assert all("stock.scan" in permissions for permissions in MATRIX.values())
    assert {role for role, permissions in MATRIX.items() if "stock.count" in permissions} == ROLES_WITH_A_DESK
    assert "associate" not in ROLES_WITH_A_DESK
    assert not {permission for permission in MATRIX["associate"] if permission.startswith("stock.")} - {"stock.scan"}


def test_an_associate_scans_into_an_open_count(counter: Counter, browser_of_mara: Browser) -> None:
    count = open_count(counter, is_blind=False)
    listed = browser_of_mara.client.get(reverse("pos:counts"), headers=browser_of_mara.headers).json()
    assert listed == {
        "counts": [{"id": count.pk, "number": count.number, "what": "Everything", "lines": 2, "counted": 0}]
    }
    entry = browser_of_mara.enter(count)
    assert entry.json() == {"address": f"/till/counts/{count.pk}/"}
    cookie = entry.cookies[counting.COOKIE]
    assert (cookie["path"], cookie["samesite"], cookie["httponly"]) == ("/till/counts/", "Strict", True)
    page = browser_of_mara.client.get(entry.json()["address"]).content.decode()
    assert "0 of 2 items counted" in page
    assert browser_of_mara.scan(count, TENT_CODE, "4").status_code == 200
    scan = CountScan.objects.get()
    assert (scan.quantity, scan.counted_by) == (4, counter.associate)
    assert "1 of 2 items" in browser_of_mara.client.get(f"/till/counts/{count.pk}/progress/").content.decode()
    refused = browser_of_mara.scan(count, "NOPE")
    assert (refused.status_code, "No item has the code “NOPE”" in refused.content.decode()) == (422, True)


def test_nobody_is_told_what_the_books_say_whatever_the_count_is(counter: Counter, browser_of_mara: Browser) -> None:
    count = open_count(counter, is_blind=False)
    browser_of_mara.enter(count)
    said = browser_of_mara.scan(count, TENT_CODE, "4").content.decode()
    page = browser_of_mara.client.get(f"/till/counts/{count.pk}/").content.decode()
    for text in (said, page):
        assert "the books say" not in text
        assert not re.search(r">\s*[53]\s*<", text)  # five tents and three mugs are there
        assert "/admin/" not in text
        assert "Finish" not in text


def test_the_cookie_opens_nothing_but_scanning(counter: Counter, browser_of_mara: Browser) -> None:
    count = open_count(counter)
    browser_of_mara.enter(count)
    for name in ("scan", "finish", "lines", "approval", "cancellation", "file", "change"):
        answer = browser_of_mara.client.post(
            reverse(f"admin:inventory_stockcount_{name}", args=[count.pk]), {"line": 1}
        )
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/admin/login/"), name
    count.refresh_from_db()
    assert count.state == "open"


def test_another_stores_count_does_not_exist(counter: Counter, browser_of_mara: Browser) -> None:
    theirs = start_count(LocationFactory(code="SEA-1"), kind="full", person=None, at=now())
    assert browser_of_mara.enter(theirs).status_code == 404
    browser_of_mara.enter(open_count(counter))
    assert browser_of_mara.client.get(f"/till/counts/{theirs.pk}/").status_code == 404
    assert browser_of_mara.scan(theirs, TENT_CODE).status_code == 404


def test_without_a_pin_nobody_enters(counter: Counter, browser_of_mara: Browser) -> None:
    count = open_count(counter)
    browser_of_mara.headers["X-Person"] = ""
    assert browser_of_mara.enter(count).json()["code"] == "pin_needed"
    assert browser_of_mara.client.get(f"/till/counts/{count.pk}/")["Location"] == "/till/"


def test_whoever_works_elsewhere_does_not_count_here(counter: Counter, browser_of_mara: Browser) -> None:
    count = open_count(counter)
    stranger = UserFactory(username="eve", role="associate", locations=[LocationFactory(code="SEA-1")], pin="9999")
    browser_of_mara.is_used_by(stranger)
    assert browser_of_mara.enter(count).status_code == 403


def give_new_pin(counter: Counter, browser: Browser) -> None:
    from commerce.company import pins

    action(pins.set_pin)(counter.associate, "654321")


def dismiss(counter: Counter, browser: Browser) -> None:
    User.objects.filter(pk=counter.associate.pk).update(is_active=False)


def move_away(counter: Counter, browser: Browser) -> None:
    counter.associate.locations.set([LocationFactory(code="SEA-1")])


def unpair(counter: Counter, browser: Browser) -> None:
    revoke(browser.device)


def leave(counter: Counter, browser: Browser) -> None:
    assert browser.client.get("/till/counts/leave/")["Location"] == "/till/"


def forge(counter: Counter, browser: Browser) -> None:
    """The pass of a till is signed, too, but is no such cookie."""
    browser.client.cookies[counting.COOKIE] = make_pass(counter.manager, browser.device)


def pair_anew(counter: Counter, browser: Browser) -> None:
    invite(counter.register, "QRSTUVWX")
    pair_register("QRSTUVWX", at=now())


@pytest.mark.parametrize("end", [give_new_pin, dismiss, move_away, unpair, pair_anew, leave, forge])
def test_a_count_is_over_for_whom_the_till_would_not_let_in(
    counter: Counter, browser_of_mara: Browser, end: Callable[[Counter, Browser], None]
) -> None:
    count = open_count(counter)
    browser_of_mara.enter(count)
    end(counter, browser_of_mara)
    answer = browser_of_mara.scan(count, TENT_CODE)
    assert (answer.status_code, answer["Location"]) == (302, "/till/")
    assert not CountScan.objects.exists()


def test_a_quarter_of_an_hour_without_a_scan_ends_it_and_a_scan_begins_it_anew(
    counter: Counter, browser_of_mara: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, began = open_count(counter), time.time()

    def after(minutes: int) -> None:
        monkeypatch.setattr("django.core.signing.time.time", lambda: began + 60 * minutes)

    browser_of_mara.enter(count)
    after(14)
    assert browser_of_mara.scan(count, TENT_CODE).status_code == 200
    after(28)
    assert browser_of_mara.client.get(f"/till/counts/{count.pk}/progress/").status_code == 200
    after(30)
    assert browser_of_mara.scan(count, TENT_CODE).status_code == 302


def test_a_count_that_is_over_takes_no_scan_and_is_not_listed(counter: Counter, browser_of_mara: Browser) -> None:
    count = open_count(counter)
    count_item(count.pk, uid=new_uid(), code="TENT-2P", quantity=5, person=None, at=now())
    browser_of_mara.enter(count)
    finish_count(count.pk, person=None, at=now())
    assert browser_of_mara.client.get(reverse("pos:counts"), headers=browser_of_mara.headers).json() == {"counts": []}
    assert "Counting is over" in browser_of_mara.client.get(f"/till/counts/{count.pk}/").content.decode()
    assert browser_of_mara.scan(count, TENT_CODE).status_code == 409


def test_an_associate_counts_a_shelf_from_the_till_and_goes_back_to_selling(
    counter: Counter, site: Site, open_till: Callable[..., TillPage], axe: Callable[..., list[Any]]
) -> None:
    count = open_count(counter)
    till = open_till(site.url)
    till.page.set_viewport_size(PHONE)
    till.open()
    till.pair()
    till.sign_in("mara", "123456")
    till.expect_screen("open")  # nobody has to open a shift to count
    till.page.click("#status-tasks")
    till.expect_screen("tasks")
    till.page.get_by_role("button", name=re.compile(count.number)).click()
    page = till.page
    expect(page).to_have_url(re.compile(rf"/till/counts/{count.pk}/$"))
    expect(page.locator("[data-count-main][data-ready]")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for n in (1, 2):
        till.scan(MUG_CODE)
        expect(page.locator(".count-card__total strong")).to_have_text(str(n))
    till.scan(TENT_CODE)
    expect(page.locator("#count-progress")).to_contain_text("2 of 2 items counted")
    assert "the books say" not in page.content()
    page.get_by_role("link", name="Back to the till").click()
    till.expect_screen("open")
    till.open_shift()
    till.expect_screen("sell")
    assert set(CountScan.objects.values_list("counted_by", "quantity")) == {(counter.associate.pk, 1)}
    assert CountScan.objects.count() == 3
