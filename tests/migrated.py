"""A migrated database to copy test databases from: nobody migrates twice what has not changed.

It stays in the database server of its place, and is made anew when migrations, models or installed packages differ.
"""

import hashlib
from contextlib import suppress
from functools import cache

import psycopg
from django.db import connection
from psycopg import sql

from commerce.runtime.paths import PROJECT

_NAME = "migrated_"
_APPS = ("commerce", "customers", "inventory", "orders", "pos", "storefront")
_WHAT_COUNTS = ("migrations/*.py", "models.py", "models/*.py", "permissions.py", "settings.py")


def copy_from_template() -> None:
    """Let Django copy the next test database, if there is one to copy."""
    if _template() in _found():
        connection.settings_dict["TEST"]["TEMPLATE"] = _template()


def keep_as_template() -> None:
    """Keep a copy of the test database, which is as migrated; its connection is closed."""
    name = str(connection.settings_dict["NAME"])
    connection.close()
    with _server() as server:
        for old in _found() - {_template()}:
            with suppress(psycopg.errors.ObjectInUse, psycopg.errors.InvalidCatalogName):
                server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        if _template() not in _found():
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                server.execute(copy.format(sql.Identifier(_template()), sql.Identifier(name)))


@cache
def _template() -> str:
    """Named after everything that makes tables, permissions and accounts what they are."""
    files = [PROJECT / "requirements-dev.lock", PROJECT / "commerce/ledger/journal.py"]
    files += sorted(file for app in _APPS for what in _WHAT_COUNTS for file in (PROJECT / app).rglob(what))
    return _NAME + hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _found() -> set[str]:
    with _server() as server:
        rows = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_NAME]).fetchall()
    return {name for (name,) in rows}


def _server() -> psycopg.Connection:
    return psycopg.connect(**{**connection.get_connection_params(), "dbname": "postgres"}, autocommit=True)
