"""The daily control page: every check green after a day, and red with its rows when the books were touched."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from commerce.company.locations import office_day
from commerce.kernel.clock import now
from commerce.ledger import control
from pos.models import Register
from tests.factories.company import UserFactory
from tests.factories.stock import receive
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(card_network: Server) -> World:
    world = World.make()
    Register.objects.create(code="PDX-1-2", name="Back", location=world.store)
    world.live_a_day()
    return world


@pytest.fixture
def office(world: World) -> Client:
    client = Client()
    client.force_login(UserFactory(username="maren", role="office"))
    return client


def corrupt(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def lines(office: Client, query: str = "") -> dict[str, bool]:
    answer = office.get(f"/admin/ledger/journalentry/control/{query}")
    assert answer.status_code == 200
    return {line["check"].code: line["holds"] for line in answer.context["lines"]}


def test_everything_agrees_after_a_day(office: Client) -> None:
    found = lines(office)
    assert set(found) == set(control.checks())
    assert all(found.values()), found
    page = office.get("/admin/ledger/journalentry/control/").content.decode()
    assert "checks agree to the cent" in page
    assert "Differs" not in page


def test_both_figures_stand_side_by_side_and_by_place(world: World) -> None:
    today = office_day(now())
    orders = control.figures(control.checks()["orders"], day=today)
    assert sum(figure.expected for figure in orders) == sum(figure.actual for figure in orders) > 0
    assert {figure.location for figure in orders} == {"PDX-1"}
    assert control.figures(control.checks()["orders"], day=today, locations=["PDX-1"]) == orders
    assert control.figures(control.checks()["orders"], day=today, locations=["WH-1"]) == []
    assert control.figures(control.checks()["orders"], day=today - timedelta(days=1)) == []


BREAK = {
    "orders": "UPDATE orders_order SET total_minor = total_minor + 100 WHERE channel = 'pos'",
    "taxes": "UPDATE orders_order SET tax_minor = tax_minor + 100 WHERE channel = 'pos'",
    "undelivered": "UPDATE orders_orderline SET fulfilled = quantity WHERE fulfilled = 0",
    "card-payments": "UPDATE orders_payment SET captured_minor = 0 WHERE tender = 'card_online'",
    "refunds-due": "UPDATE ledger_posting SET account_id = (SELECT id FROM ledger_account WHERE code = 'refunds_due')"
    " WHERE account_id = (SELECT id FROM ledger_account WHERE code = 'sales')",
    "drawers": "UPDATE pos_cashmovement SET amount_minor = amount_minor + 100 WHERE kind = 'sale'",
    "stock-value": "UPDATE inventory_stocklevel SET value_minor = 100 WHERE id = (SELECT min(id) FROM"
    " inventory_stocklevel)",
    "gift-cards": "UPDATE ledger_posting SET account_id = (SELECT id FROM ledger_account WHERE code = 'gift_cards')"
    " WHERE account_id = (SELECT id FROM ledger_account WHERE code = 'sales')",
    "store-credit": "UPDATE ledger_posting SET account_id = (SELECT id FROM ledger_account WHERE code ="
    " 'store_credit') WHERE account_id = (SELECT id FROM ledger_account WHERE code = 'sales')",
}


@pytest.mark.parametrize("code", BREAK)
def test_each_check_can_be_red_and_leads_to_its_rows(office: Client, code: str) -> None:
    corrupt(BREAK[code])
    assert lines(office)[code] is False
    answer = office.get("/admin/ledger/journalentry/control/")
    assert "Differs" in answer.content.decode()
    assert f"/control/{code}/" in answer.content.decode()
    page = office.get(f"/admin/ledger/journalentry/control/{code}/")
    assert page.status_code == 200
    assert page.context["rows"]
    assert all(row["offence"].difference for row in page.context["rows"])


def test_every_check_has_what_breaks_it() -> None:
    assert set(control.checks()) == set(BREAK)


def test_a_difference_leads_to_its_document(office: Client, world: World) -> None:
    corrupt(BREAK["orders"])
    page = office.get("/admin/ledger/journalentry/control/orders/").content.decode()
    assert "/admin/documents/order/" in page
    assert "$1.00" in page


def test_a_statement_for_each_check(office: Client, django_assert_max_num_queries) -> None:
    lines(office)
    with django_assert_max_num_queries(len(control.checks()) + 14):
        lines(office)


def test_only_who_sees_the_books_sees_the_page(world: World) -> None:
    client = Client()
    client.force_login(UserFactory(username="lee", role="manager"))
    assert client.get("/admin/ledger/journalentry/control/").status_code == 403
    assert client.get("/admin/ledger/journalentry/control/orders/").status_code == 403


def test_who_is_bound_to_a_place_sees_that_place(world: World) -> None:
    receive(world.mug, world.warehouse, 1, value=500)
    receive(world.mug, world.store, 1, value=700)
    bound = UserFactory(username="bo", role="office", locations=[world.warehouse])
    client = Client()
    client.force_login(bound)
    answer = client.get("/admin/ledger/journalentry/control/")
    shown = {line["check"].code: [part["only"] for part in line["sums"]] for line in answer.context["lines"]}
    assert shown["orders"] == shown["drawers"] == shown["undelivered"] == []
    assert shown["stock-value"] == [world.warehouse.name]


def test_a_day_that_is_none_and_a_check_that_is_none(office: Client) -> None:
    assert lines(office, "?day=nonsense") == {}
    assert office.get("/admin/ledger/journalentry/control/nothing/").status_code == 404
