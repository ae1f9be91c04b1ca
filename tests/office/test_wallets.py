"""Gift cards and store credit in the back office: given with a reason, shown once, blocked, moved, and counted."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.kernel.ids import new_uid
from customers.models import GiftCard, StoreCredit
from tests.factories.company import UserFactory
from tests.factories.pricing import MarketFactory
from tests.factories.wallets import code_of, credit, gift_card
from tests.storefront.conftest import words

pytestmark = pytest.mark.django_db
GIFT = re.compile(r"G-(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}")


@pytest.fixture
def as_role(db: None) -> Callable[[str], Client]:
    MarketFactory()

    def sign_in(role: str) -> Client:
        client = Client()
        client.force_login(UserFactory(role=role))
        return client

    return sign_in


def page(name: str, *args: object) -> str:
    return reverse(f"admin:customers_{name}", args=args)


def test_a_card_is_given_with_a_reason_and_its_number_is_shown_once(as_role: Callable[[str], Client]) -> None:
    office = as_role("office")
    form = {"amount": "25", "currency": "USD", "reason": "Parcel came late", "decision": str(new_uid())}
    path = f"{page('giftcard_changelist')}issue/"
    answer = office.post(path, form)
    card = GiftCard.objects.get()
    assert GIFT.findall(answer.content.decode())[0] == code_of(card)
    assert "no-store" in answer["Cache-Control"]
    again = office.post(path, form)
    assert again.status_code == 422
    assert "was shown before" in words(again)
    assert GiftCard.objects.count() == 1
    shown = office.get(page("giftcard_change", card.pk))
    assert not GIFT.findall(shown.content.decode().replace("G-XXXX", ""))
    assert "Parcel came late" in words(shown)
    assert "Owed in USD $25.00" in words(office.get(page("giftcard_changelist")))


@pytest.mark.parametrize(
    "wrong", [{"amount": "0"}, {"amount": "-5"}, {"amount": "lots"}, {"amount": "100001"}, {"reason": ""}]
)
def test_what_cannot_be_given_is_said(as_role: Callable[[str], Client], wrong: dict[str, str]) -> None:
    form = {"amount": "25", "currency": "USD", "reason": "Late", "decision": str(new_uid()), **wrong}
    assert as_role("office").post(f"{page('giftcard_changelist')}issue/", form).status_code == 422
    assert not GiftCard.objects.exists()


def test_a_card_is_blocked_unblocked_and_moved_to_a_new_number(as_role: Callable[[str], Client]) -> None:
    manager, card = as_role("manager"), gift_card(3_000)
    detail = page("giftcard_change", card.pk).removesuffix("change/")
    assert manager.post(f"{detail}block/", {"reason": "Reported stolen"}).status_code == 302
    assert "Reported stolen" in words(manager.get(page("giftcard_change", card.pk)))
    assert manager.post(f"{detail}unblock/").status_code == 302
    moved = manager.post(f"{detail}transfer/", {"reason": "Number was read aloud"})
    new = GiftCard.objects.get(origin="transfer")
    assert code_of(new) in moved.content.decode()
    assert (new.balance_minor, GiftCard.objects.get(pk=card.pk).balance_minor) == (3_000, 0)
    assert "Its money is on" in words(manager.get(page("giftcard_change", card.pk)))


def test_the_number_of_a_card_that_somebody_else_tells_is_not_shown(as_role: Callable[[str], Client]) -> None:
    detail = page("giftcard_change", gift_card(3_000).pk).removesuffix("change/")
    refused = as_role("manager").post(f"{detail}show/")
    assert refused.status_code == 422
    assert not GIFT.findall(refused.content.decode().replace("G-XXXX", ""))


def test_numbers_for_the_printer_come_as_a_file_once(as_role: Callable[[str], Client]) -> None:
    answer = as_role("office").post(f"{page('giftcard_changelist')}print/", {"currency": "USD", "count": "3"})
    rows = answer.content.decode().splitlines()
    assert rows[0] == "number,currency,ends_with"
    assert len({row.split(",")[0] for row in rows[1:]}) == GiftCard.objects.filter(state="inactive").count() == 3


def test_credit_is_given_on_the_customers_page(as_role: Callable[[str], Client]) -> None:
    office, account = as_role("office"), credit(amount_minor=500)
    path = page("customer_change", account.customer_id).removesuffix("change/")
    form = {"amount": "7.50", "currency": "USD", "reason": "Wrong color sent", "decision": str(new_uid())}
    for _time in range(2):
        assert office.post(f"{path}credit/", form).status_code == 302
    assert StoreCredit.objects.get().balance_minor == 1_250
    assert "$12.50" in words(office.get(page("customer_change", account.customer_id)))
    shown = words(office.get(page("storecredit_change", account.pk)))
    assert "Wrong color sent" in shown
    assert "$12.50" in shown


def test_who_may_look_and_who_may_give(as_role: Callable[[str], Client]) -> None:
    card = gift_card()
    for role, seen in (("manager", 200), ("office", 200), ("lead", 403)):
        assert as_role(role).get(page("giftcard_changelist")).status_code == seen
    detail = page("giftcard_change", card.pk).removesuffix("change/")
    for path in (f"{page('giftcard_changelist')}issue/", f"{detail}transfer/", f"{detail}block/"):
        assert as_role("lead").post(path, {"reason": "x"}).status_code == 403


def test_a_whole_number_finds_its_card(as_role: Callable[[str], Client]) -> None:
    card, other = gift_card(100), gift_card(200)
    found = words(as_role("office").get(page("giftcard_changelist"), {"q": code_of(card)}))
    assert str(card) in found
    assert str(other) not in found
