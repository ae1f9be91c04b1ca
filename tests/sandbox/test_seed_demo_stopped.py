"""What stands in the demo's way: a shop of one's own, a Ctrl-C, another process at the same work."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from commerce.catalog.models import Product
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.sandbox import retailer, seeding
from commerce.sandbox.models import Seeding
from orders.demo import LATE_NUMBERS, PROVIDER_ID
from orders.models import Order
from tests.factories.catalog import VariantFactory

pytestmark = pytest.mark.django_db


class Impatient:
    """A person who presses Ctrl-C once so many happenings were told."""

    def __init__(self, most: int) -> None:
        self.title, self.most, self.told = "", most, 0

    def begin(self, title: str, count: int, done: int = 0) -> None:
        self.title = title

    def advance(self, done: int) -> None:
        self.told += done if "trading" in self.title else 0
        if self.told >= self.most:
            raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def test_a_shop_of_ones_own_is_refused_and_left_alone() -> None:
    VariantFactory()
    with pytest.raises(CommandError, match="has a shop already"):
        call_command("seed_demo", stdout=io.StringIO())
    said = io.StringIO()
    call_command("seed_demo", "--on-start", stdout=said)
    assert said.getvalue().strip() == "not needed: there is a shop already"
    assert Product.objects.count() == 1
    assert not Location.objects.exists()


@pytest.mark.parametrize("scale", ["0", "-1", "many", "1000000000"])
def test_a_scale_that_makes_no_sense_is_refused(scale: str) -> None:
    with pytest.raises(CommandError, match=r"not a number from 0\.01 to 100"):
        call_command("seed_demo", "--scale", scale)


@pytest.mark.timeout(300)
def test_a_stopped_run_goes_on_where_it_was() -> None:
    with pytest.raises(KeyboardInterrupt):
        seeding.seed(scale_percent=5, at=now(), report=Impatient(2 * seeding.CHUNK))
    stopped = Seeding.objects.get()
    assert stopped.told == 2 * seeding.CHUNK
    assert Location.objects.filter(kind="transit").exists()  # goods are on their way to a store
    assert stopped.finished_at is None
    placed = set(Order.objects.values_list("number", flat=True))
    call_command("seed_demo", stdout=io.StringIO())
    run = Seeding.objects.get()
    assert run.finished_at is not None
    assert run.began_at == stopped.began_at
    assert placed < set(Order.objects.values_list("number", flat=True))
    history = retailer.history(run.began_at.date() - timedelta(days=60), 61, 0.05 * seeding.BASKETS, 1, run.began_at)
    web_orders = sum(sale.channel == "web" for sale in history.sales)
    assert (
        Order.objects.filter(payments__provider_id__lt=PROVIDER_ID.format(LATE_NUMBERS), channel="web").count()
        == web_orders
    )
    assert Order.objects.filter(channel="pos").count() >= len(history.sales) - web_orders
    call_command("audit", stdout=io.StringIO())


def test_two_at_once_do_not_mix() -> None:
    address = connection.settings_dict
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    target = make_conninfo(**{name: str(address[key]) for name, key in parts.items() if address[key]})
    with psycopg.connect(target) as other:
        held = other.execute("SELECT pg_try_advisory_lock(hashtext('commerce.sandbox.seeding'))").fetchone()
        assert held == (True,)
        with pytest.raises(CommandError, match="Another process is making the demo"):
            call_command("seed_demo", stdout=io.StringIO())
    assert not Seeding.objects.exists()
