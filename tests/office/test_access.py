"""Who gets in, who sees which list, and whose rows: one table, every page (T10, T12)."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from commerce.company.permissions import MATRIX
from commerce.office.access import ACCESS, ROLES_WITH_A_DESK
from tests.office import pages
from tests.office.conftest import Company

ROLES = [*MATRIX, ""]


def test_every_list_has_a_row_in_the_table() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} <= set(ACCESS)


def test_every_permission_in_the_table_is_given_to_somebody() -> None:
    given = set().union(*MATRIX.values())
    assert {name for row in ACCESS.values() for name in (row.view, row.edit, row.delete) if name} <= given


def test_associates_have_no_desk() -> None:
    assert {"lead", "manager", "office", "admin"} == ROLES_WITH_A_DESK


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_rows_open_by_role(role: str, company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff(role)
    for kind in (pages.lists(), pages.rows()):
        for label, address in kind.items():
            status = browser.get(address).status_code
            if role not in ROLES_WITH_A_DESK:
                assert status == 302, (role, label)
            else:
                opened = 302 if address == reverse("admin:company_shop_changelist") else 200  # one row needs no list
                assert status == (opened if ACCESS[label].view in MATRIX[role] else 403), (role, label)


NOT_ADDED = ("company.shop", "customers.customer")  # there is one; people become customers by what they order


@pytest.mark.parametrize("role", sorted(ROLES_WITH_A_DESK))
def test_forms_that_add_open_for_editors_alone(role: str, company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff(role)
    for label, address in pages.forms().items():
        edit = ACCESS[label].edit
        expected = 200 if edit and edit in MATRIX[role] and label not in NOT_ADDED else 403
        assert browser.get(address).status_code == expected, (role, label)


def test_a_log_in_without_a_desk_is_told_where_to_work(staff: Callable[..., object], company: Company) -> None:
    staff("associate")
    login = {"username": "associate", "password": "a long password"}
    answer = Client().post(reverse("admin:login"), login)
    assert "You can work at the till with your PIN." in answer.content.decode()
    assert Client().post(reverse("admin:login"), {**login, "username": "nobody"}).status_code == 200


def test_a_log_in_lands_on_the_home_page(staff: Callable[..., object], company: Company) -> None:
    staff("office")
    answer = Client().post(reverse("admin:login"), {"username": "office", "password": "a long password"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:index"))


def test_somebody_who_left_is_out_at_once(company: Company, staff: Callable[..., object]) -> None:
    person = staff("admin")
    browser = Client()
    browser.force_login(person)
    assert browser.get(reverse("admin:index")).status_code == 200
    person.is_active = False
    person.save()
    assert browser.get(reverse("admin:index")).status_code == 302


def test_other_stores_rows_do_not_exist(company: Company, as_staff: Callable[..., Client]) -> None:
    """A manager of Ballard tries every row that is Pearl's, by its address and by its document's."""
    browser = as_staff("manager", company.ballard)
    level = company.mug.stock_levels.get(location=company.pearl)
    fulfillment = company.shipped.fulfillments.get()
    theirs = [
        company.sold, company.shipped, company.case, company.shift, company.pearl, company.shift.register, level,
        fulfillment, company.sold.sale,
    ]  # fmt: skip
    for row in theirs:
        answer = browser.get(pages.row_of(row))
        assert answer.status_code == 302, row  # Django's "does not exist" message, on the home page
        assert answer["Location"] == reverse("admin:index"), row
    assert browser.get(reverse("admin:document", args=["order", company.sold.uid])).status_code == 404
    assert browser.get(reverse("admin:document", args=["order", company.sold.number])).status_code == 404
    assert browser.get(reverse("admin:orders_fulfillment_ship_page", args=[fulfillment.pk])).status_code == 404
    assert browser.get(reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk])).status_code == 404
    assert browser.get(reverse("admin:cases_case_resolve_page", args=[company.case.pk])).status_code == 404


def test_own_stores_rows_are_there(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("manager", company.ballard)
    assert browser.get(pages.row_of(company.collected)).status_code == 200
    listed = browser.get(pages.lists()["orders.order"]).content.decode()
    assert company.collected.number in listed
    assert company.sold.number not in listed
    assert company.shipped.number not in listed
    matrix = browser.get(reverse("admin:stock-overview")).content.decode()
    assert "Seattle Ballard" in matrix
    assert "Portland Pearl" not in matrix


def test_the_home_page_counts_own_stores_alone(company: Company, as_staff: Callable[..., Client]) -> None:
    everywhere = as_staff("office").get(reverse("admin:index")).content.decode()
    ballard = as_staff("manager", company.ballard).get(reverse("admin:index")).content.decode()
    assert "$50.00 in stores" in everywhere
    assert "$0.00 in stores" in ballard
    assert "Portland Pearl" not in ballard


def test_a_lead_sees_orders_and_nothing_of_money_or_people(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("lead", company.pearl)
    home = browser.get(reverse("admin:index")).content.decode()
    assert reverse("admin:orders_order_changelist") in home
    for label in ("ledger.account", "company.user", "catalog.product", "pos.shift"):
        assert pages.lists()[label] not in home
    order = browser.get(pages.row_of(company.sold)).content.decode()
    assert "Postings" not in order
    assert 'id="payments"' in order


def test_owners_are_nobody_elses_business(company: Company, as_staff: Callable[..., Client]) -> None:
    from tests.factories.company import UserFactory

    owner = UserFactory(username="founder", is_superuser=True, role="")
    browser = as_staff("admin")
    assert browser.get(pages.row_of(owner)).status_code == 302
    assert "founder" not in browser.get(pages.lists()["company.user"]).content.decode()
