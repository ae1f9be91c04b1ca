"""Writing thousands of rows in one statement, many times faster than one model instance at a time.

Rows travel as one JSON text. Used by steps only, which know their own tables.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, models

from commerce.kernel.db import in_transaction, rows


@in_transaction
def insert(model: type[models.Model], columns: Sequence[str], values: Iterable[Sequence[Any]]) -> list[int]:
    """Insert rows (values in the order of `columns`, the fields' attribute names); their primary keys in that order.

    Fields that are not named get their default, evaluated for each row.
    """
    named = list(columns)
    others = [field for field in model._meta.concrete_fields if not field.primary_key and field.attname not in named]
    others = [field for field in others if field.has_default() or not field.null]
    filled = [[*row, *(field.get_default() for field in others)] for row in values]
    if not filled:
        return []
    names = named + [field.attname for field in others]
    fields = {field.attname: field for field in model._meta.concrete_fields}
    quoted = ", ".join(f'"{fields[name].column}"' for name in names)
    found = rows(
        f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT {quoted} FROM {_recordset(model, names)}'
        f' ORDER BY n_ RETURNING "{model._meta.pk.column}"',
        [_json(filled, [fields[name].column for name in names])],
    )
    return [pk for (pk,) in found]


@in_transaction
def update(model: type[models.Model], columns: Sequence[str], values: Iterable[Sequence[Any]]) -> int:
    """Set `columns` of rows, each given as (primary key, values in the order of `columns`); how many there were."""
    filled = [list(row) for row in values]
    if not filled:
        return 0
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = [model._meta.pk.attname, *columns]
    assignments = ", ".join(f'"{fields[name].column}" = r."{fields[name].column}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" t SET {assignments} FROM {_recordset(model, names)}'
            f' WHERE t."{model._meta.pk.column}" = r."{model._meta.pk.column}"',
            [_json(filled, [fields[name].column for name in names])],
        )
        return cursor.rowcount


def _recordset(model: type[models.Model], names: Sequence[str]) -> str:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    typed = ", ".join(f'"{fields[name].column}" {fields[name].db_type(connection)}' for name in names)
    return f"jsonb_to_recordset(%s::jsonb) AS r(n_ int, {typed})"


def _json(values: list[list[Any]], columns: list[str]) -> str:
    keys = ["n_", *columns]
    return json.dumps(
        [dict(zip(keys, (n, *row), strict=True)) for n, row in enumerate(values)], ensure_ascii=False, default=_text
    )


def _text(value: Any) -> str:
    """Times and identifiers, as PostgreSQL reads them. Anything else is a bug of the caller."""
    return value.isoformat() if isinstance(value, date) else str(value)
