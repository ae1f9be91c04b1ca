"""Reports of money: taxes by rate and the sales journal agree with orders, returns and the books to the cent."""

import csv
import io
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from commerce.company.locations import office_day
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from orders import sales_journal, tax_report
from orders.actions.accept_return import accept_return
from orders.models import Order, Return
from orders.returns import ReturnWish
from tests.factories.company import UserFactory
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(card_network: Server) -> World:
    world = World.make()
    shift = world.open_shift()
    sold = world.sell(world.mug, 3, shift=shift)
    world.order(world.tent)
    wishes = [ReturnWish(sold.lines.get().pk, 1)]
    accept_return(sold.pk, wishes, uid=new_uid(), location=world.store, channel="pos", person=world.manager, at=now())
    return world


@pytest.fixture
def office(world: World) -> Client:
    client = Client()
    client.force_login(UserFactory(username="maren", role="office"))
    return client


def cells(answer: Any) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_taxes_by_rate_are_those_of_the_orders(world: World) -> None:
    today = office_day(now())
    found = tax_report.report(today, today)
    sums = Order.objects.placed().aggregate(tax=Sum("tax_minor"), total=Sum("total_minor"))
    (line,), (total,) = found.charged, found.charged_totals
    assert (line.rate_ppm, line.tax, line.gross) == (80_000, sums["tax"], sums["total"])
    assert (total.tax, total.gross) == (sums["tax"], sums["total"])
    given_back = Return.objects.get()
    (back,), (back_total,) = found.refunded, found.refunded_totals
    assert (back.net, back.tax) == (1_600, 128) == (given_back.total_minor - 128, given_back.tax_minor)
    assert (back_total.net, back_total.tax) == (1_600, 128)
    assert line.jurisdiction.startswith("US")


def test_the_report_of_taxes_is_a_page_and_a_file(office: Client) -> None:
    page = office.get("/admin/orders/payment/taxes/")
    assert page.status_code == 200
    assert "Given back" in page.content.decode()
    today = office_day(now()).isoformat()
    rows = cells(office.get(f"/admin/orders/payment/taxes/?since={today}&until={today}&format=csv"))
    charged = [row for row in rows if row["what"] == "charged"]
    assert [(row["rate"], row["net"], row["tax amount"]) for row in charged] == [("8", "247.00", "19.76")]
    assert rows[-1]["what"] == "given back, together"
    backwards = office.get("/admin/orders/payment/taxes/?since=2026-02-02&until=2026-02-01")
    assert "before the first" in backwards.content.decode()


def test_the_sales_journal_has_each_day_place_and_channel(world: World) -> None:
    today = office_day(now())
    found = {(row.location, row.channel): row for row in sales_journal.journal(today, today)}
    till = found["PDX-1", "pos"]
    assert (till.orders, till.net, till.tax, till.total) == (1, 4_800, 384, 5_184)
    assert (till.returns, till.returned, till.returned_tax, till.together) == (1, 1_728, 128, 3_456)
    web = next(row for key, row in found.items() if key[1] == "web")
    assert (web.orders, web.net, web.tax, web.total, web.returned) == (1, 19_900, 1_592, 21_492, 0)
    assert sum(row.total for row in found.values()) == Order.objects.placed().aggregate(sum=Sum("total_minor"))["sum"]
    assert [row.channel for row in sales_journal.journal(today, today, locations=["NONE"])] == []


def test_the_sales_journal_is_a_page_and_a_file(office: Client) -> None:
    today = office_day(now()).isoformat()
    page = office.get("/admin/orders/payment/journal/")
    assert page.status_code == 200
    assert "Download as CSV" in page.content.decode()
    rows = cells(office.get(f"/admin/orders/payment/journal/?since={today}&until={today}&format=csv"))
    assert {row["channel"]: row["together"] for row in rows} == {"pos": "34.56", "web": "214.92"}
    stranger = Client()
    stranger.force_login(UserFactory(username="lee", role="manager"))
    assert stranger.get("/admin/orders/payment/journal/").status_code == 403
    assert stranger.get("/admin/orders/payment/taxes/?format=csv").status_code == 403
