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
    typed = _typed(model, named + [field.attname for field in others])
    quoted = ", ".join(f'"{column}"' for column in typed)
    found = rows(
        f'INSERT INTO "{model._meta.db_table}" ({quoted}) SELECT {quoted} FROM {_recordset(typed)}'
        f' ORDER BY n_ RETURNING "{model._meta.pk.column}"',
        [_json(filled, list(typed))],
    )
    return [pk for (pk,) in found]


@in_transaction
def update(model: type[models.Model], columns: Sequence[str], values: Iterable[Sequence[Any]]) -> int:
    """Set `columns` of rows, each given as (primary key, values in the order of `columns`); how many there were."""
    filled = [list(row) for row in values]
    if not filled:
        return 0
    typed = _typed(model, [model._meta.pk.attname, *columns])
    pk, *others = typed
    assignments = ", ".join(f'"{column}" = r."{column}"' for column in others)
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{model._meta.db_table}" t SET {assignments} FROM {_recordset(typed)} WHERE t."{pk}" = r."{pk}"',
            [_json(filled, list(typed))],
        )
        return cursor.rowcount


def _typed(model: type[models.Model], names: Sequence[str]) -> dict[str, str]:
    """Column and SQL type of fields, in the order given."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {str(fields[name].column): str(fields[name].db_type(connection)) for name in names}


def _recordset(typed: dict[str, str]) -> str:
    columns = ", ".join(f'"{column}" {kind}' for column, kind in typed.items())
    return f"jsonb_to_recordset(%s::jsonb) AS r(n_ int, {columns})"


def _json(values: list[list[Any]], columns: list[str]) -> str:
    keys = ["n_", *columns]
    return json.dumps(
        [dict(zip(keys, (n, *row), strict=True)) for n, row in enumerate(values)], ensure_ascii=False, default=_text
    )


def _text(value: Any) -> str:
    """Times and identifiers, as PostgreSQL reads them. Anything else is a bug of the caller."""
    return value.isoformat() if isinstance(value, date) else str(value)
