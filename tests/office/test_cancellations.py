"""The back office cancels what has not left, and cannot rename what the books are kept by."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from commerce.company import locations
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from orders.models import Cancellation
from pos.models import Register
from tests.factories.company import LocationFactory, UserFactory
from tests.servers import Server
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]


@pytest.fixture
def world(card_network: Server) -> World:
    return World.make()


@pytest.fixture
def office(world: World) -> Callable[[str], Client]:
    def client(role: str) -> Client:
        browser = Client()
        browser.force_login(UserFactory(role=role))
        return browser

    return client


def test_an_order_is_canceled_on_a_page_that_says_what_becomes_of_the_money(
    world: World, office: Callable[[str], Client]
) -> None:
    order, browser = world.order(world.mug, 2), office("office")
    change = reverse("admin:orders_order_change", args=[order.pk])
    page = reverse("admin:orders_order_cancel", args=[order.pk])
    assert page in browser.get(change).content.decode()
    assert "$34.56, is canceled; $34.56 of that was charged" in browser.get(page).content.decode()
    form = {"reason": "Out of season", "tender": "", "uid": str(new_uid())}
    shown = browser.post(page, form, follow=True).content.decode()
    assert "$34.56 canceled. $34.56 given back" in shown
    assert "Canceled: Out of season" in shown
    assert page not in shown
    refused = browser.post(page, {**form, "uid": str(new_uid())})
    assert refused.status_code == 422
    assert "Nothing of order" in refused.content.decode()
    assert Cancellation.objects.count() == 1
    assert office("lead").get(page).status_code == 403


def field(browser: Client, name: str, row: Any) -> str:
    return browser.get(reverse(f"admin:{name}_change", args=[row.pk])).content.decode()


def test_codes_last_as_soon_as_anything_points_to_them(world: World, office: Callable[[str], Client]) -> None:
    browser = office("admin")
    unused, spare = (
        LocationFactory(code="NEW-1"),
        Register.objects.create(code="NEW-1-1", name="Spare", location=world.store),
    )
    world.open_shift()
    for name, used, free in (
        ("company_location", world.store, unused),
        ("pos_register", world.register, spare),
    ):
        assert 'name="code"' not in field(browser, name, used)
        assert 'name="code"' in field(browser, name, free)
    save = action(locations.save)
    unused.code = "NEW-2"
    save(unused, at=now())
    world.store.code = "PDX-9"
    with pytest.raises(InvalidInput, match="cannot be changed any more"):
        save(world.store, at=now())
    assert Location.objects.filter(code="PDX-1").exists()
