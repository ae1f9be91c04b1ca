"""A database whose books are older than the parts of accounts: after the upgrade the control page is green."""

from importlib import import_module

import pytest
from django.db import connection, transaction

from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from commerce.ledger import control
from commerce.ledger.models import JournalEntry, Posting
from orders.actions.cancel_order import cancel_order
from tests.concurrency.conftest import audit
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card_network")]
migration = import_module("pos.migrations.0012_parts_of_cash_and_taxes")


def upgrade() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        migration.open_parts(cursor)


def make_old() -> None:
    """As the books were: no parts, nothing of what counts found, and cash that names no drawer."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")  # what happened so far is checked
        cursor.execute("SET LOCAL session_replication_role = replica")
        of = "account_id IN (SELECT id FROM ledger_account WHERE code IN ('cash', 'sales_tax'))"
        cursor.execute(f"UPDATE ledger_posting SET sub = '' WHERE {of}")
        gone = "(SELECT id FROM ledger_journalentry WHERE kind = 'count')"
        cursor.execute(f"DELETE FROM ledger_posting WHERE entry_id IN {gone}")
        cursor.execute("DELETE FROM ledger_journalentry WHERE kind = 'count'")


def red() -> list[str]:
    return [
        code
        for code, check in control.checks().items()
        if any(not figure.holds for figure in control.figures(check, day=now().date()))
    ]


def parts(account: str) -> dict[str, int]:
    summed: dict[str, int] = {}
    for sub, amount in Posting.objects.filter(account__code=account).values_list("sub", "amount_minor"):
        summed[sub] = summed.get(sub, 0) + amount
    return {sub: amount for sub, amount in summed.items() if amount}


def test_drawers_and_taxes_find_their_parts() -> None:
    world = World.make()
    world.live_a_day()
    world.take_back()
    cancel_order(world.order(world.mug).pk, uid=new_uid(), reason="", person=None, at=now())
    before = {account: parts(account) for account in ("cash", "sales_tax")}
    upgrade()  # of books that know their parts nothing is touched
    assert not JournalEntry.objects.filter(kind__endswith="s_opening", source_type="account").exists()
    make_old()
    assert "drawers" in red()
    for _twice in range(2):
        upgrade()
        assert {account: parts(account) for account in before} == before
    assert red() == []
    assert audit() == ""
    kinds = JournalEntry.objects.filter(source_type="account").values_list("kind", flat=True)
    assert sorted(kinds) == ["drawers_opening", "taxes_opening"]
    assert rows("SELECT 1 FROM ledger_posting p GROUP BY entry_id HAVING sum(amount_minor) <> 0") == []
