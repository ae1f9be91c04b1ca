"""Money, stock, orders and events are history: nothing that a form can send changes them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from commerce.office.access import ACCESS
from inventory.models import StockLevel, StockMovement
from orders.models import Order
from tests.factories.company import UserFactory
from tests.office import pages
from tests.office.conftest import Company

HISTORY = sorted(label for label, row in ACCESS.items() if not row.edit)
TABLES = ("ledger_posting", "ledger_journalentry", "ledger_account", "inventory_stocklevel", "inventory_stockmovement",
          "inventory_reservation", "orders_order", "orders_orderline", "orders_payment", "orders_fulfillment",
          "events_event", "pos_shift", "pos_sale", "cases_case", "customers_customer", "company_device")  # fmt: skip


def contents() -> dict[str, Any]:
    """Every row of the tables that must not change."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '' ORDER BY id), '')), count(*) FROM {table} t")
            found[table] = cursor.fetchone()
    return found


def columns_of(label: str) -> dict[str, str]:
    """A form that names every column of a table."""
    model = next(model for model in admin.site._registry if model._meta.label_lower == label)
    return {field.name: "1" for field in model._meta.fields} | {"_save": "Save"}


@pytest.mark.parametrize("owner", [False, True])
@pytest.mark.parametrize("label", HISTORY)
def test_no_form_changes_history(label: str, owner: bool, company: Company, as_staff: Callable[..., Client]) -> None:
    """Not even the installation's owner types over it."""
    if owner:
        browser = Client()
        browser.force_login(UserFactory(username="founder", is_superuser=True, role=""))
    else:
        browser = as_staff("admin")
    before = contents()
    row = pages.rows().get(label)
    for address in filter(None, (row, row and row.replace("change", "delete"), pages.forms()[label])):
        assert browser.post(address, columns_of(label) | {"post": "yes"}).status_code == 403, address
    answer = browser.post(
        pages.lists()[label], {"action": "delete_selected", "_selected_action": ["1", "2"], "post": "yes"}
    )
    assert answer.status_code in (200, 302)
    assert contents() == before


def test_rows_that_people_edit_cannot_be_deleted_where_documents_name_them(
    company: Company, as_staff: Callable[..., Client]
) -> None:
    browser = as_staff("admin")
    for row in (company.mug, company.mug.product, company.pearl, company.shift.register, company.market):
        assert browser.post(pages.row_of(row, "delete"), {"post": "yes"}).status_code == 403


def test_looking_at_an_action_does_nothing(company: Company, as_staff: Callable[..., Client]) -> None:
    """Every page of an action is opened; only its POST acts."""
    browser = as_staff("admin")
    before = contents()
    level = company.mug.stock_levels.get(location=company.pearl)
    fulfillment, pickup = company.shipped.fulfillments.get(), company.collected.fulfillments.get()
    opened = [
        reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk]),
        reverse("admin:inventory_stocklevel_safety_page", args=[level.pk]),
        reverse("admin:orders_fulfillment_ship_page", args=[fulfillment.pk]),
        reverse("admin:orders_fulfillment_ready_page", args=[pickup.pk]),
        reverse("admin:orders_fulfillment_hand_over_page", args=[pickup.pk]),
        reverse("admin:cases_case_resolve_page", args=[company.case.pk]),
        reverse("admin:pos_register_pair_page", args=[company.shift.register.pk]),
        reverse("admin:company_apitoken_issue_page"),
        reverse("admin:company_user_set_pin_page", args=[company.shift.opened_by.pk]),
    ]
    for address in opened:
        assert browser.get(address).status_code == 200, address
    assert contents() == before


def test_an_action_without_a_csrf_token_is_refused(company: Company, as_staff: Callable[..., Client]) -> None:
    level = company.mug.stock_levels.get(location=company.pearl)
    browser = as_staff("admin", enforce_csrf_checks=True)
    address = reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk])
    assert browser.post(address, {"counted": "1", "reason": "recount"}).status_code == 403
    assert StockLevel.objects.get(pk=level.pk).on_hand == level.on_hand


def test_drafts_are_hidden_until_asked_for(company: Company, as_staff: Callable[..., Client]) -> None:
    from commerce.kernel.clock import now
    from orders.fulfillment_types.base import Wish
    from tests.factories import trade

    wish = Wish("pickup", location=company.pearl)
    trade.check_out(company.market, [(company.mug, 1)], email="late@example.com", wish=wish, at=now())
    browser, address = as_staff("office"), pages.lists()["orders.order"]
    assert "late@example.com" not in browser.get(address).content.decode()
    assert "late@example.com" in browser.get(address, {"state": "draft"}).content.decode()
    assert Order.objects.filter(state="draft").count() == 1
    assert StockMovement.objects.filter(source_uid=Order.objects.get(state="draft").uid).count() == 0
