"""The pages that say what a kit is made of, and what may be promised before it is there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from inventory import kits
from inventory.models import KitComponent, StockLevel
from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive
from tests.office import pages
from tests.office.conftest import Company


@pytest.fixture
def office(company: Company, as_staff: Callable[..., Client]) -> Client:
    VariantFactory(sku="GIFT")
    return as_staff("office")


def said(answer: object) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def define(browser: Client, kit: str, items: str) -> object:
    return browser.post(reverse("admin:inventory_kitcomponent_define_page"), {"kit": kit, "items": items})


def made_of() -> dict[str, int]:
    return {row.component.sku: row.quantity for row in KitComponent.objects.filter(kit__sku="GIFT")}


def test_a_kit_from_its_definition_to_its_end(company: Company, office: Client) -> None:
    answer = define(office, "gift", "BLU-01 2\r\nTOT-02\r\nBLU-01")
    assert said(answer) == "GIFT is a kit now. There are as many as its components allow."
    assert made_of() == {"BLU-01": 3, "TOT-02": 1}
    listed = office.get(pages.lists()["inventory.kitcomponent"]).content.decode()
    assert all(text in listed for text in ("GIFT", "3 ×", "TOT-02"))
    row = KitComponent.objects.first()
    page = reverse("admin:inventory_kitcomponent_parts_page", args=[row.pk])
    assert "BLU-01 3\nTOT-02 1" in office.get(page).content.decode()
    assert office.post(page, {"items": "TOT-02 2"}).status_code == 302
    assert made_of() == {"TOT-02": 2}
    row = KitComponent.objects.get()
    answer = office.post(reverse("admin:inventory_kitcomponent_apart_page", args=[row.pk]))
    assert "GIFT is no kit any more. It can have stock of its own now." in said(answer)
    assert made_of() == {}


def test_a_kit_takes_what_is_sold_by_measure(company: Company, office: Client) -> None:
    ribbon = VariantFactory(sku="RIB", unit="m", unit_scale=100)
    receive(ribbon, company.pearl, 1000)
    define(office, "GIFT", "RIB 1.5\r\nBLU-01")
    assert made_of() == {"RIB": 150, "BLU-01": 1}
    assert "1.5 m ×" in office.get(pages.lists()["inventory.kitcomponent"]).content.decode()
    row = KitComponent.objects.get(component=ribbon)
    page = reverse("admin:inventory_kitcomponent_parts_page", args=[row.pk])
    asked = office.get(page).content.decode()
    assert "BLU-01 1\nRIB 1.5<" in asked
    office.post(page, {"items": "BLU-01 1\nRIB 1.5"})  # saved as it was shown
    assert made_of() == {"RIB": 150, "BLU-01": 1}
    gift = Variant.objects.get(sku="GIFT")
    why = office.get(reverse("admin:stock-explanation", args=[gift.pk, company.pearl.pk])).content.decode()
    assert "1.5 m per kit: enough for 6" in why


@pytest.mark.parametrize(
    ("kit", "items", "says"),
    [
        ("NOPE", "BLU-01", "Nothing has the code “NOPE”. Check the label, or type the SKU."),
        ("GIFT", "NOPE 2\nBLU-01", "Line 1: nothing has the code “NOPE 2”."),
        ("GIFT", "BLU-01 0.5", "has no whole number of units."),
        ("GIFT", "GIFT", "A kit cannot be made of itself."),
        ("CORD", "BLU-01", "CORD is sold by measure. A kit is sold in whole pieces."),
        ("GIFT", "", "This field is required."),
        ("BLU-01", "TOT-02", "BLU-01 has stock of its own at PDX-1, SEA-1."),
        ("GIFT", "SET 1", "SET is a kit itself. Put its components into GIFT instead."),
        ("MINT", "GIFT", "MINT is in the kit SET, and no kit can be part of another. Take it out of there first."),
    ],
)
def test_what_cannot_be_a_kit_keeps_what_was_typed(
    kit: str, items: str, says: str, company: Company, office: Client
) -> None:
    VariantFactory(sku="CORD", unit="m", unit_scale=100)
    mint, whole = VariantFactory(sku="MINT"), VariantFactory(sku="SET")
    KitComponent.objects.create(kit=whole, component=mint)
    answer = define(office, kit, items)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'value="{kit}"' in page
    assert all(line in page for line in items.splitlines())
    assert [each.variant for each in kits.components_of(whole)] == [mint]
    assert KitComponent.objects.count() == 1


def test_who_does_not_edit_the_catalog_defines_no_kits(company: Company, as_staff: Callable[..., Client]) -> None:
    manager = as_staff("manager", company.pearl)
    assert manager.get(pages.lists()["inventory.kitcomponent"]).status_code == 200
    assert define(manager, "BLU-01", "TOT-02").status_code == 403


class TestBackorders:
    def page(self, level: StockLevel) -> str:
        return reverse("admin:inventory_stocklevel_policy_page", args=[level.pk])

    def test_they_end_with_a_day_of_the_location(self, company: Company, as_staff: Callable[..., Client]) -> None:
        manager = as_staff("manager", company.pearl)
        level = company.mug.stock_levels.get(location=company.pearl)
        day = (now() + timedelta(days=5)).date().isoformat()
        form = {"policy": "backorder", "limit": "7", "last_day": day, "expected_on": day}
        assert said(manager.post(self.page(level), form)) == "Done. The web promises by this from now on."
        level.refresh_from_db()
        assert (level.policy, level.backorder_limit, str(level.expected_on)) == ("backorder", 7, day)
        shown = manager.get(self.page(level)).content.decode()
        assert shown.count(f'value="{day}"') == 2
        manager.post(self.page(level), {"policy": "deny", "limit": "", "last_day": "", "expected_on": ""})
        level.refresh_from_db()
        assert (level.policy, level.backorder_limit, level.policy_until) == ("deny", 0, None)

    def test_what_cannot_be_keeps_what_was_typed(self, company: Company, as_staff: Callable[..., Client]) -> None:
        manager = as_staff("manager", company.pearl)
        receive(company.mug, company.pearl, 1)
        level = company.mug.stock_levels.get(location=company.pearl)
        form = {"policy": "preorder", "limit": "7", "last_day": "2020-01-01", "expected_on": ""}
        answer = manager.post(self.page(level), form)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "Say from which day on it can be delivered: whoever orders ahead is told." in page
        assert 'value="7"' in page

    def test_not_at_other_peoples_locations(self, company: Company, as_staff: Callable[..., Client]) -> None:
        level = company.mug.stock_levels.get(location=company.pearl)
        assert as_staff("manager", company.ballard).get(self.page(level)).status_code == 404
