"""What one test commits, the next one does not see."""

import threading

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from commerce.ledger.models import Account
from tests import emptying
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def _rows() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            found[name] = cursor.fetchone()[0]
    return {name: count for name, count in found.items() if count}


def _anew() -> dict[str, int]:
    counts = {model: model.objects.count() for model in (Account, ContentType, Permission)}
    return {model._meta.db_table: count for model, count in counts.items()}


@pytest.mark.parametrize("much", [0, 1_000_000_000])
def test_nothing_stays_but_what_a_migration_writes(
    much: int, card_network: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With new files and without; not even rows that nobody can delete."""
    world = World.make()
    world.order(world.mug)
    assert {"ledger_posting", "orders_payment", "inventory_stockmovement", "events_event"} <= _rows().keys()
    monkeypatch.setattr(emptying, "_MUCH", much)
    emptying.empty()
    assert _rows() == _anew()
    assert min(_anew().values()) > 10
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)


def test_a_permission_that_a_test_has_made_goes() -> None:
    before = _anew()
    Permission.objects.create(codename="fly", name="Can fly", content_type=ContentType.objects.earliest("pk"))
    emptying.empty()
    assert _anew() == before


def test_a_request_that_is_under_way_is_waited_for() -> None:
    """It would write into the next test; a transaction that never ends is named."""
    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            ContentType.objects.create(app_label="late", model="late")
            begun.set()
            over.wait(20)
        connection.close()

    late = threading.Thread(target=write)
    late.start()
    try:
        assert begun.wait(10)
        with pytest.raises(AssertionError, match=r'INSERT INTO "django_content_type"'):
            emptying.empty(seconds=0.2)
        threading.Timer(0.2, over.set).start()
        emptying.empty()
    finally:
        over.set()
        late.join(20)
    assert not ContentType.objects.filter(app_label="late").exists()
