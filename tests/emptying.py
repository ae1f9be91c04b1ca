"""Emptying the test database after a test that committed.

Django truncates every table, which makes new files for all tables and indexes, and then writes all permissions anew: a
fifth of a second each time. Here the rows go that were written, and tables get new files when they have grown.
"""

import time
from functools import cache

from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal, sql_flush
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from commerce.ledger import journal

_OF_MODELS = ("django_content_type", "auth_permission")  # written by migrations from the models; no test changes them
_MUCH = 32_000_000  # bytes of tables, deleted rows included, from which new files are cheaper
_SIZES = """
    SELECT relname, pg_relation_size(oid) FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
_AT_WORK = """
    SELECT state, query FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND (state <> 'idle' OR state_change > clock_timestamp() - interval '30 ms')
"""


def empty(*, seconds: float = 10) -> None:
    """Delete what tests have committed, append-only rows included, and open the accounts anew.

    First waits until nobody else works on the database: a request of a page that was closed would write into the next
    test. Raises `AssertionError` with the statement of a transaction that is open for so many seconds.
    """
    _wait_for_others(seconds)
    with connection.cursor() as cursor:
        if sum(_sizes(cursor).values()) > _MUCH or _state_of_models(cursor) != state_as_migrated():
            connection.ops.execute_sql_flush(sql_flush(no_style(), connection))
            emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
            state_as_migrated.cache_clear()
            state_as_migrated()
        with transaction.atomic():
            _delete(cursor, [name for name in _sizes(cursor) if name not in _OF_MODELS])
            journal.open_accounts()


def _wait_for_others(seconds: float) -> None:
    """A server that polls is never at rest, and no reason to wait for more than a moment."""
    began = time.monotonic()
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_AT_WORK)
            at_work = cursor.fetchall()
        waited = time.monotonic() - began
        if not at_work or (waited > 1 and all(state == "idle" for state, _query in at_work)):
            return
        assert waited < seconds, f"somebody still works on the test database: {at_work}"
        time.sleep(0.01)


def _delete(cursor: CursorWrapper, tables: list[str]) -> None:
    """As a replica does: no trigger looks, neither that of a foreign key nor that of an append-only table."""
    statements = [f'DELETE FROM "{name}"' for name in tables]
    cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *statements]))
    cursor.execute("SET LOCAL session_replication_role = origin")


def _sizes(cursor: CursorWrapper) -> dict[str, int]:
    """The tables that have ever been written, with their bytes."""
    cursor.execute(_SIZES)
    return {name: size for name, size in cursor.fetchall() if name in _tables()}


@cache
def _tables() -> frozenset[str]:
    return frozenset(connection.introspection.django_table_names(only_existing=True, include_views=False))


def _state_of_models(cursor: CursorWrapper) -> list[tuple[int, int]]:
    found = []
    for name in _OF_MODELS:
        cursor.execute(f'SELECT count(*), max(id) FROM "{name}"')
        found.append(cursor.fetchone())
    return found


@cache
def state_as_migrated() -> list[tuple[int, int]]:
    """How many content types and permissions there are and the last of each; to be asked first before any test."""
    with connection.cursor() as cursor:
        return _state_of_models(cursor)
