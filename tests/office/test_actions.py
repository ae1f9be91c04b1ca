"""What the pages of actions do, and what they say when it cannot be done."""

import re
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commerce.company import devices, tokens
from commerce.company.actions.set_pin import set_pin
from commerce.company.models import ApiToken, Device, PinAttempts, User
from commerce.company.pins import WrongPin, check_pin
from commerce.events.models import Event, FailedDelivery
from commerce.kernel.clock import now
from commerce.kernel.errors import NotAllowed
from inventory.models import StockMovement
from orders.models import Fulfillment
from tests.office import pages
from tests.office.conftest import Company

CODE = re.compile(r">([A-Z2-9]{4}-[A-Z2-9]{4})</output>")


@pytest.fixture
def manager(company: Company, as_staff: Callable[..., Client]) -> Client:
    return as_staff("manager", company.pearl)


def said(answer: object) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_count_corrects_the_stock_by_a_movement(company: Company, manager: Client) -> None:
    level = company.mug.stock_levels.get(location=company.pearl)
    address = reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk])
    answer = manager.post(address, {"counted": "15", "change": "", "reason": "damaged", "note": "Dropped a crate"})
    assert answer["Location"] == pages.row_of(level)
    movement = StockMovement.objects.latest("pk")
    assert (movement.quantity, movement.kind, movement.balance_after) == (-3, "adjustment", 15)
    assert movement.actor is not None
    event = Event.objects.get(topic="stock.adjusted", key=str(movement.source_uid))
    assert (event.payload["reason"], event.payload["note"]) == ("damaged", "Dropped a crate")
    level.refresh_from_db()
    assert level.on_hand == 15


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"counted": "", "change": ""}, "Give either the change or what you counted"),
        ({"counted": "3", "change": "1"}, "Give either the change or what you counted"),
        ({"counted": "18", "change": ""}, "That is what the books say already."),
        ({"counted": "", "change": "0"}, "That is what the books say already."),
        ({"counted": "", "change": "-19"}, "18 on hand, 19 needed"),
        ({"counted": "", "change": "1000000000"}, "Change at most 1,000,000 units"),
        ({"counted": "abc", "change": ""}, "Enter a whole number."),
        ({"counted": "-1", "change": ""}, "greater than or equal to 0"),
    ],
)
def test_an_adjustment_that_cannot_be_loses_nothing(
    form: dict[str, str], says: str, company: Company, manager: Client
) -> None:
    level = company.mug.stock_levels.get(location=company.pearl)
    before = StockMovement.objects.count()
    address = reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk])
    answer = manager.post(address, {**form, "reason": "recount", "note": "Shelf 4"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert 'value="Shelf 4"' in page
    assert StockMovement.objects.count() == before


def test_safety_stock_is_kept_back(company: Company, manager: Client) -> None:
    level = company.mug.stock_levels.get(location=company.pearl)
    manager.post(reverse("admin:inventory_stocklevel_safety_page", args=[level.pk]), {"units": "4"})
    level.refresh_from_db()
    assert level.safety == 4
    assert Event.objects.filter(topic="stock.changed").latest("pk").payload["available"] == 18 - 1 - 4


def test_an_order_is_shipped(company: Company, manager: Client) -> None:
    fulfillment = company.shipped.fulfillments.get()
    address = reverse("admin:orders_fulfillment_ship_page", args=[fulfillment.pk])
    assert manager.post(address, {"carrier": "", "tracking": ""}).status_code == 422
    answer = manager.post(address, {"carrier": "UPS", "tracking": "1Z999"})
    assert answer["Location"] == pages.row_of(company.shipped)
    fulfillment.refresh_from_db()
    assert (fulfillment.state, fulfillment.carrier, fulfillment.tracking) == ("done", "UPS", "1Z999")
    again = manager.post(address, {"carrier": "UPS", "tracking": ""}).content.decode()
    assert "is done and cannot become done" in again


def test_a_pickup_is_made_ready_and_handed_over(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("manager", company.ballard)
    fulfillment = company.collected.fulfillments.get()
    for page, state in (("ready_page", "ready"), ("hand_over_page", "done")):
        browser.post(reverse(f"admin:orders_fulfillment_{page}", args=[fulfillment.pk]))
        assert Fulfillment.objects.get(pk=fulfillment.pk).state == state


def test_cases_are_resolved_one_by_one_or_together(company: Company, manager: Client) -> None:
    answer = manager.post(
        pages.lists()["cases.case"], {"action": "resolve_selected", "_selected_action": [company.case.pk]}
    )
    assert said(answer) == "1 case resolved."
    company.case.refresh_from_db()
    assert (company.case.status, company.case.resolved_by.role) == ("resolved", "manager")


def test_a_pairing_code_is_shown_once_and_pairs_its_register(company: Company, manager: Client) -> None:
    register = company.shift.register
    pairing = reverse("admin:pos_register_pair_page", args=[register.pk])
    answer = manager.post(pairing)
    assert "no-store" in answer["Cache-Control"]
    (code,) = CODE.findall(answer.content.decode())
    device = Device.objects.get()
    assert code not in manager.get(pages.row_of(device)).content.decode()
    (newer,) = CODE.findall(manager.post(pairing).content.decode())
    assert Device.objects.get() == device
    (newest,) = CODE.findall(
        manager.post(reverse("admin:company_device_renew_page", args=[device.pk])).content.decode()
    )
    assert len({code, newer, newest}) == 3
    with pytest.raises(devices.PairingRefused), transaction.atomic():
        devices.pair(code, at=now())
    with transaction.atomic():
        paired, token = devices.pair(newest.lower(), at=now())
    assert paired.register == register
    assert tokens.client_of(token) is not None
    manager.post(reverse("admin:company_device_revoke_page", args=[device.pk]))
    assert tokens.client_of(token) is None


def test_a_manager_pairs_at_own_stores_alone(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("manager", company.ballard)
    assert browser.post(reverse("admin:pos_register_pair_page", args=[company.shift.register.pk])).status_code == 404
    assert not Device.objects.exists()


def test_a_token_is_shown_once_and_can_be_revoked(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("admin")
    form = {"name": "Robot", "scopes": ["orders", "events"]}
    page = browser.post(reverse("admin:company_apitoken_issue_page"), form).content.decode()
    (token,) = re.findall(r">(cp_[\w-]+)</output>", page)
    row = ApiToken.objects.get()
    assert tokens.client_of(token).scopes == {"orders", "events"}
    assert token not in browser.get(pages.row_of(row)).content.decode()
    browser.post(reverse("admin:company_apitoken_revoke_page", args=[row.pk]))
    assert tokens.client_of(token) is None
    assert browser.post(reverse("admin:company_apitoken_issue_page"), {"name": "Robot"}).status_code == 422


def test_a_pin_is_set_and_ends_the_pauses(company: Company, manager: Client) -> None:
    cashier = company.shift.opened_by
    device = Device.objects.create(name="Till", location=company.pearl)
    PinAttempts.objects.create(user=cashier, device=device, failures=9, blocked_until=now())
    address = reverse("admin:company_user_set_pin_page", args=[cashier.pk])
    assert "A PIN has 4 to 8 digits." in manager.post(address, {"pin": "12a"}).content.decode()
    assert manager.post(address, {"pin": "2580"}).status_code == 302
    cashier.refresh_from_db()
    assert check_pin(cashier, device, "2580", at=now()) is None
    assert isinstance(check_pin(cashier, device, "2581", at=now()), WrongPin)
    assert PinAttempts.objects.get().failures == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_becomes_their_manager_by_a_pin() -> None:
    """Who may set whose PIN: lower rank, and at no other store."""
    from tests.factories.company import LocationFactory, UserFactory

    pearl, ballard = LocationFactory(code="PDX-1"), LocationFactory(code="SEA-1")
    mia = UserFactory(role="manager", locations=[pearl])
    allowed = [UserFactory(role="associate", locations=[pearl]), UserFactory(role="lead", locations=[pearl]), mia]
    refused = [
        UserFactory(role="manager", locations=[pearl]),
        UserFactory(role="admin", locations=[pearl]),
        UserFactory(role="associate", locations=[ballard]),
        UserFactory(role="associate", locations=[pearl, ballard]),
        UserFactory(role="associate"),
        UserFactory(role="", is_superuser=True, locations=[pearl]),
    ]
    for colleague in allowed:
        set_pin(colleague=colleague, pin="2580", person=mia)
        assert User.objects.get(pk=colleague.pk).pin_hash
    for colleague in refused:
        with pytest.raises(NotAllowed):
            set_pin(colleague=colleague, pin="2580", person=mia)
        assert not User.objects.get(pk=colleague.pk).pin_hash


def test_a_failed_delivery_is_due_again(company: Company, as_staff: Callable[..., Client]) -> None:
    event = Event.objects.filter(topic="order.placed").first()
    failed = FailedDelivery.objects.create(
        subscriber="storefront.tasks.email_confirmation", event=event, error="refused", retry_at=now(), gave_up=True
    )
    browser = as_staff("office")
    browser.post(reverse("admin:events_faileddelivery_retry_page", args=[failed.pk]))
    failed.refresh_from_db()
    assert (failed.gave_up, failed.attempts) == (False, 0)
    FailedDelivery.objects.update(gave_up=True)
    browser.post(pages.lists()["events.faileddelivery"], {"action": "retry_selected", "_selected_action": [failed.pk]})
    failed.refresh_from_db()
    assert not failed.gave_up


def test_staff_are_hired_and_moved(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("admin")
    secret = {"password1": "correct horse battery", "password2": "correct horse battery", "usable_password": "true"}
    form = {"username": "mia", "first_name": "Mia", "last_name": "Chen", "email": "", "role": "manager", **secret}
    assert browser.post(reverse("admin:company_user_add"), form).status_code == 302
    mia = User.objects.get(username="mia")
    assert mia.is_staff
    form = {"username": "mia", "first_name": "Mia", "last_name": "Chen", "email": "", "role": "associate",
            "locations": [company.pearl.pk], "is_active": "on", "is_superuser": "on"}  # fmt: skip
    assert browser.post(pages.row_of(mia), form).status_code == 302
    mia.refresh_from_db()
    assert (mia.role, mia.is_staff, mia.is_superuser) == ("associate", False, False)
    assert list(mia.locations.all()) == [company.pearl]


def test_a_locations_hours_are_typed_day_by_day(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, place = as_staff("admin"), company.pearl
    form = {
        "name": place.name, "code": place.code, "kind": "store", "is_active": "on", "line1": place.line1, "line2": "",
        "city": place.city, "state": "OR", "postal_code": "97204", "country": "US", "phone": "",
        "latitude": "45.5", "longitude": "-122.6", "time_zone": "America/Los_Angeles", "position": 1,
        "mon": "9:00-18:30", "tue": "10:00 – 19:00", "safety_stock": 2, "feeds_web": "on",
        "special_days": "2026-12-25 closed\n\n2026-12-24 10:00 - 14:00",
    }  # fmt: skip
    assert browser.post(pages.row_of(place), form).status_code == 302
    place.refresh_from_db()
    assert place.opening_hours == {"mon": ["09:00", "18:30"], "tue": ["10:00", "19:00"]}
    assert place.holidays == {"2026-12-24": ["10:00", "14:00"], "2026-12-25": None}
    assert "2026-12-24 10:00–14:00\n2026-12-25 closed" in browser.get(pages.row_of(place)).content.decode()
    assert Event.objects.filter(topic="location.changed", payload__safety_stock=2).count() == 1
    wrong = {**form, "special_days": "25.12.2026 closed\n2026-12-24 noon", "offers_curbside": "on"}
    page = browser.post(pages.row_of(place), wrong).content.decode()
    assert "Line 1: “25.12.2026” is no date. Write it like 2026-12-25." in page
    assert "Line 2: after the date write the hours like 10:00–14:00, or “closed”." in page
    assert "tick pickup" in page
    assert "09:00–18:30" in browser.get(pages.row_of(place)).content.decode()
    page = browser.post(pages.row_of(place), {**form, "wed": "late", "thu": "19:00-10:00"}).content.decode()
    assert "Write the hours like" in page
    assert "The day ends before it begins." in page
    page = browser.post(pages.row_of(place), {**form, "time_zone": "Middle/Earth"}).content.decode()
    assert "is no time zone" in page
