"""F02, F03, F07: the database dies under load, and so does the worker; nothing is restarted by hand, nothing is lost.

In a cluster of the test's own, with a real web server and a real worker on the queue inside the database.
"""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from commerce.celery import app as celery
from commerce.events import delivery
from commerce.events.tasks import deliver_events
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.runtime.cluster import Cluster
from commerce.runtime.paths import PROJECT
from inventory.tasks import expire_holds
from orders import tasks
from orders.models import Order
from tests.client import Client
from tests.faults.conftest import charges, together
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server, Site
from tests.world import World

pytestmark = pytest.mark.timeout(180)

SEED = """
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive
from tests.client import new_token
MarketFactory(tax=80_000)
receive(VariantFactory(sku="MUG", price=1_600), LocationFactory(code="PDX-1"), 100_000)
print(new_token())
"""


class Copy:
    """One copy of the product on a database server of its own."""

    def __init__(self, place: Path) -> None:
        self.cluster = Cluster(place / "postgres")
        self.place = place
        self.variables = {**os.environ, "DATABASE_URL": self.cluster.url("outage")}
        self.run("migrate", "--verbosity", "0")
        self.token = self.run("shell", "--verbosity", "0", "-c", SEED).split()[-1]

    def run(self, *command: str) -> str:
        made = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr[-3000:]
        return made.stdout

    def ask(self, sql: str) -> Any:
        with psycopg.connect(self.variables["DATABASE_URL"], autocommit=True) as connection:
            found = connection.execute(sql).fetchone()
            return found[0] if found else None

    def crash(self) -> None:
        """Stop the server as a power cut would."""
        failed = self.cluster._run("pg_ctl", "-D", str(self.cluster.data), "stop", "-m", "immediate", "-w")
        assert not failed

    def worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "--app", "commerce", "worker", "--loglevel", "INFO"]
        options = ["--concurrency", "1", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        with (self.place / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [*command, *options],
                cwd=PROJECT,
                env=self.variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ask_for_delivery(self) -> None:
        """What the beat does every other second."""
        with celery.connection_for_write() as queue:
            address = conninfo_to_dict(self.variables["DATABASE_URL"])
            queue.transport_options = {**queue.transport_options, "conn_string": make_conninfo("", **address)}
            celery.send_task("commerce.events.tasks.deliver_events", connection=queue)

    def newest(self) -> int:
        """The last placed order's event."""
        return int(self.ask("SELECT max(id) FROM events_event WHERE topic = 'order.placed'"))

    def delivered(self) -> int:
        """How far the subscribers of placed orders have read."""
        return int(self.ask("SELECT coalesce(max(event_id), 0) FROM events_subscription") or 0)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    made = Copy(tmp_path_factory.mktemp("outage"))
    yield made
    made.cluster.leave()


def sale() -> dict[str, Any]:
    return {
        "id": str(new_uid()),
        "location": "PDX-1",
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": "MUG", "quantity": 1}],
        "tenders": [{"type": "cash", "amount": {"amount": 1_728, "currency": "USD"}}],
    }


def look(url: str) -> tuple[int, str]:
    """A page as a browser gets it."""
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(met: Callable[[], bool], seconds: float = 45) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.25)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_the_database_crashes_under_load(copy: Copy, static_root: None) -> None:
    """F03: answers come fast and say "again"; every sale that was acknowledged is there; nobody restarts the server."""
    site = Site("outage", variables=copy.variables)
    site.start(2)
    client, stop = Client(site.url, copy.token), threading.Event()
    acknowledged: list[str] = []
    refusals: list[tuple[int, str, float]] = []

    def sell_on() -> None:
        while not stop.is_set():
            envelope, began = sale(), time.monotonic()
            answer = client.post("/sales", envelope)
            if answer.status == 201:
                acknowledged.append(envelope["id"])
            else:
                code = answer.body["code"] if isinstance(answer.body, dict) else "no words"
                refusals.append((answer.status, code, time.monotonic() - began))
                time.sleep(0.1)

    tills = [threading.Thread(target=sell_on) for _till in range(6)]
    try:
        for till in tills:
            till.start()
        wait_for(lambda: len(acknowledged) > 30)
        copy.crash()
        wait_for(lambda: len(refusals) > 12)
        pages = [look(f"{site.url}{path}") for path in ("/", "/products/x", "/admin/", "/healthz")]
        copy.cluster.join()
        before = len(acknowledged)
        wait_for(lambda: len(acknowledged) > before + 30, seconds=30)
    finally:
        stop.set()
        for till in tills:
            till.join(30)
        site.close()
    assert {(status, code) for status, code, _seconds in refusals} == {(503, "unavailable")}
    assert [status for status, _text in pages] == [503, 503, 503, 200]
    assert all("again" in text for status, text in pages if status == 503), pages
    assert max(seconds for _status, _code, seconds in refusals) < 6
    kept = copy.ask("SELECT array_agg(uid::text) FROM pos_sale")
    assert set(acknowledged) <= set(kept)
    assert "BROKEN" not in copy.run("audit")


def test_a_worker_killed_and_a_database_restarted_deliver_in_the_end(copy: Copy, static_root: None) -> None:
    """F02, F07: selling needs no worker; what one that was killed had not done, the next one does; one that lost the
    database finds it again by itself."""
    site = Site("no-worker", variables=copy.variables)
    site.start(1)
    client = Client(site.url, copy.token)
    worker = copy.worker()

    def all_delivered() -> bool:
        """Asked for again and again, as by the beat: what happens beside a running transaction waits for its end."""
        copy.ask_for_delivery()
        return copy.delivered() >= copy.newest()

    try:
        assert client.post("/sales", sale()).status == 201
        wait_for(all_delivered)
        end(worker)
        assert [client.post("/sales", sale()).status for _n in range(5)] == [201] * 5  # nobody is there to deliver
        copy.ask_for_delivery()
        assert copy.delivered() < copy.newest()
        worker = copy.worker()
        wait_for(all_delivered)
        copy.crash()
        time.sleep(1)
        copy.cluster.join()
        assert client.post("/sales", sale()).status in (201, 503)
        wait_for(lambda: client.post("/sales", sale()).status == 201)
        wait_for(all_delivered)
        assert worker.poll() is None
    finally:
        end(worker)
        site.close()


taken: list[str] = []


def take(event: Any) -> None:
    """A subscriber that takes its time."""
    time.sleep(0.05)
    taken.append(event.key)


def test_tasks_that_run_twice_at_once_have_one_effect(
    world: World, card_network: Server, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """F02: at-least-once delivery makes every task run twice some day."""
    settings.EVENT_SUBSCRIBERS = {"order.placed": [f"{__name__}.take"]}
    payments = [world.draft(world.mug) for _n in range(3)]
    from orders import gateway

    for payment in payments:
        gateway.client().v1.payment_intents.confirm(
            payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
        )
        type(payment).objects.filter(pk=payment.pk).update(state="processing", check_at=now())
    taken.clear()
    together(*[tasks.settle_open_payments] * 4, *[expire_holds] * 2)
    assert Order.objects.filter(state="open", payment_status="paid").count() == 3
    assert charges(CardNetwork(card_network.url, None, None)) == 3  # type: ignore[arg-type]
    together(*[deliver_events] * 4)
    deliver_events()
    assert sorted(taken) == sorted(str(payment.order.uid) for payment in payments)
    assert delivery.deliver(f"{__name__}.take", ["order.placed"], at=now()) == 0
