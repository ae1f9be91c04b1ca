"""Figures that do not follow from their history are found, become a case, and are put right with one click."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commerce.cases import resolutions
from commerce.cases.models import Case
from commerce.cases.queue import CaseClosed
from commerce.events.models import Event
from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.errors import NotAllowed, NotFound
from commerce.kernel.ids import new_uid
from inventory import drift, reservations, stock
from inventory.actions.check_stock import check_stock
from inventory.actions.repair_level import repair_level
from inventory.levels import Demand, Source
from inventory.models import StockLevel, StockMovement
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.stock import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def level() -> StockLevel:
    """Ten received at 5.00, two damaged, three allocated."""
    mug, store = VariantFactory(sku="MUG"), LocationFactory(code="PDX-1", name="Pearl")
    pair = (mug.pk, store.pk)
    with transaction.atomic():
        kind = StockMovement.Kind
        stock.move({pair: 12}, kind=kind.RECEIPT, source=Source("receipt", new_uid()), at=now(), values={pair: 6_000})
        stock.change(
            {pair: stock.Change(-2, damaged=2)}, kind=kind.ADJUSTMENT, source=Source("adjustment", new_uid()), at=now()
        )
        reservations.reserve([Demand(*pair, 3)], until=None, source=Source("order", new_uid()), at=now())
    return StockLevel.objects.get(variant=mug)


def corrupt(level: StockLevel, change: str) -> None:
    with transaction.atomic():
        rows(f"UPDATE inventory_stocklevel SET {change} WHERE id = %s", [level.pk])


WRONG = "on_hand = 7, damaged = 1, reserved = 4, value_minor = 1, oversold = TRUE"
RIGHT = {"on_hand": 10, "damaged": 2, "reserved": 3, "value_minor": 5_000, "oversold": False}


def test_what_is_right_is_no_drift(level: StockLevel) -> None:
    assert drift.find() == []
    assert check_stock(at=now()) == 0
    assert not Case.objects.exists()


def test_every_wrong_figure_is_found_and_becomes_one_case(level: StockLevel) -> None:
    corrupt(level, WRONG)
    for _again in range(2):
        assert check_stock(at=now(), since=now() - timedelta(minutes=5)) == 1
    case = Case.objects.get()
    assert (case.kind, case.subject, case.owner_role) == ("stock_drift", "MUG at PDX-1", "manager")
    assert case.due_at == case.created_at + timedelta(hours=8)
    assert case.location == level.location
    assert {name: case.context[name]["should_be"] for name in RIGHT} == RIGHT
    assert case.context["on_hand"] == {"is": 7, "should_be": 10}
    assert "On hand is 7; the movements add up to 10." in case.text


def test_a_repair_puts_all_figures_right_and_is_remembered(level: StockLevel) -> None:
    corrupt(level, WRONG)
    check_stock(at=now())
    manager = UserFactory(username="mina", role="manager")
    done = repair_level(level.pk, person=manager, at=now())
    assert done["before"] == {"on_hand": 7, "damaged": 1, "reserved": 4, "value_minor": 1, "oversold": True}
    assert done["after"] == RIGHT
    level.refresh_from_db()
    assert {name: getattr(level, name) for name in RIGHT} == RIGHT
    assert level.unit_cost == 500
    case = Case.objects.get()
    assert (case.status, case.resolved_by, case.context["resolution"]) == ("resolved", manager, "repair_level")
    assert case.context["before"]["on_hand"] == 7
    assert case.context["after"]["on_hand"] == 10
    event = Event.objects.get(topic="stock.repaired")
    assert (event.payload["person"], event.payload["after"]) == ("mina", RIGHT)
    assert {finding.invariant.code for finding in audit.run() if finding.count} == set()


def test_a_second_repair_does_nothing(level: StockLevel) -> None:
    corrupt(level, "on_hand = 7")
    first, second = (repair_level(level.pk, person=None, at=now()) for _again in range(2))
    assert first["after"] == {"on_hand": 10}
    assert second == {"before": {}, "after": {}}
    assert Event.objects.filter(topic="stock.repaired").count() == 1


def test_a_repair_that_shows_broken_promises_opens_their_case(level: StockLevel) -> None:
    with transaction.atomic():
        pair = (level.variant_id, level.location_id)
        stock.move({pair: -8}, kind=StockMovement.Kind.ADJUSTMENT, source=Source("adjustment", new_uid()), at=now())
    corrupt(level, "on_hand = 10, oversold = FALSE")
    check_stock(at=now())
    repair_level(level.pk, person=None, at=now())
    case = Case.objects.get(kind="oversell")
    assert case.text == "MUG: orders were promised 3, 2 are on hand at PDX-1."
    assert Case.objects.filter(kind="stock_drift", status="resolved").exists()


def test_only_who_may_repairs(level: StockLevel) -> None:
    corrupt(level, "on_hand = 7")
    elsewhere = UserFactory(username="far", role="manager", locations=[LocationFactory()])
    for person in (UserFactory(username="new", role="associate"), elsewhere):
        with pytest.raises(NotAllowed):
            repair_level(level.pk, person=person, at=now())
    level.refresh_from_db()
    assert level.on_hand == 7
    with pytest.raises(NotFound):
        repair_level(0, person=None, at=now())


def test_a_broken_balance_is_a_case_until_somebody_has_looked(level: StockLevel) -> None:
    with transaction.atomic():
        rows("SET LOCAL session_replication_role = replica")
        rows("UPDATE inventory_stockmovement SET balance_after = 99 WHERE damaged > 0")
        rows("SET LOCAL session_replication_role = DEFAULT")
    assert check_stock(at=now()) == 1
    case = Case.objects.get()
    assert "says a balance of 99 where 10 follows" in case.text
    assert resolutions.of(case, UserFactory(role="manager")) == []
    Case.objects.update(status="resolved", resolved_at=now())
    assert check_stock(at=now()) == 1
    assert Case.objects.count() == 1


def test_the_audit_opens_the_case_unless_told_not_to(level: StockLevel) -> None:
    corrupt(level, "on_hand = 7")
    for options, cases in ((["--no-cases"], 0), ([], 1)):
        with pytest.raises(SystemExit):
            call_command("audit", *options, stdout=io.StringIO())
        assert Case.objects.filter(kind="stock_drift").count() == cases


def test_books_below_zero_become_a_case(level: StockLevel) -> None:
    tent = VariantFactory(sku="TENT")
    receive(tent, level.location, 1)
    with transaction.atomic():
        shortages = stock.sell([Demand(tent.pk, level.location_id, 3)], source=Source("order", new_uid()), at=now())
    assert shortages == []
    case = Case.objects.get()
    assert (case.kind, case.subject) == ("negative_stock", "TENT at PDX-1")
    assert case.text == "The books say -2 of TENT at PDX-1. Count the shelf, then adjust."
    assert {finding.invariant.code for finding in audit.run() if finding.count} == set()


@pytest.fixture
def manager() -> Client:
    browser = Client()
    browser.force_login(UserFactory(username="mina", role="manager"))
    return browser


def press(browser: Client, case: Case) -> Any:
    return browser.post(reverse("admin:case-resolution", args=[case.pk, "repair_level"]), follow=True)


def test_one_click_on_the_cases_page(level: StockLevel, manager: Client) -> None:
    corrupt(level, "on_hand = 7")
    check_stock(at=now())
    case = Case.objects.get()
    page = manager.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()
    assert reverse("admin:case-resolution", args=[case.pk, "repair_level"]) in page
    assert "7, should be 10" in page
    answer = press(manager, case)
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "Repaired from the movements and reservations. on_hand: 7 → 10"
    ]
    assert "Repair the level" in answer.content.decode()  # the history names what was done and by whom
    again = press(manager, case)
    assert again.status_code == 422
    assert "This case is closed already. Nothing was changed." in again.content.decode()
    level.refresh_from_db()
    assert level.on_hand == 10


def test_the_button_is_not_for_everybody(level: StockLevel, manager: Client) -> None:
    corrupt(level, "on_hand = 7")
    check_stock(at=now())
    case = Case.objects.get()
    browser = Client()
    browser.force_login(UserFactory(username="far", role="manager", locations=[LocationFactory()]))
    assert press(browser, case).status_code == 404
    assert manager.post(reverse("admin:case-resolution", args=[case.pk, "nonsense"])).status_code == 404
    level.refresh_from_db()
    assert level.on_hand == 7


def test_a_closed_case_is_not_resolved_again(level: StockLevel) -> None:
    corrupt(level, "on_hand = 7")
    check_stock(at=now())
    case = Case.objects.get()
    resolutions.run(case, "repair_level", person=None, at=now())
    with pytest.raises(CaseClosed):
        resolutions.run(case, "repair_level", person=None, at=now())
