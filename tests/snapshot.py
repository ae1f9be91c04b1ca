"""Everything that is written, to prove that a refusal has left nothing."""

from typing import Any

from django.db import connection

from commerce.kernel.db import rows


def written(*but: str) -> list[tuple[Any, ...]]:
    """The number of rows of each table of the database, and a hash of them; not of tables `but`."""
    tables = sorted(set(connection.introspection.table_names()) - set(but))
    figures = "count(*), md5(string_agg(t::text, '|' ORDER BY t::text))"
    # In any order: PostgreSQL may read several tables at the same time.
    return sorted(rows(" UNION ALL ".join(f"SELECT '{name}', {figures} FROM {name} t" for name in tables)))
