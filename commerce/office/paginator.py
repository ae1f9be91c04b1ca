"""Pages of large lists: up to a limit the count is exact, beyond it the planner's estimate will do."""

import json
from functools import cached_property

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Model, QuerySet

EXACT_UP_TO = 10_000


class EstimatingPaginator(Paginator):
    """Counts at most `EXACT_UP_TO` rows. What lies beyond is estimated from the statistics that PostgreSQL keeps
    (pg_class.reltuples and the columns' histograms), so that a list of millions opens as fast as one of a hundred."""

    template_name = "office/_pages.html"

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        counted = rows.order_by()[: EXACT_UP_TO + 1].count()
        if counted <= EXACT_UP_TO:
            return counted
        self.is_estimate = True
        return max(counted, _planned_rows(rows))

    is_estimate = False


def _planned_rows(rows: "QuerySet[Model]") -> int:
    connection = connections[rows.db]
    try:
        sql, params = rows.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    except (EmptyResultSet, FullResultSet):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone() or ("[]",)
    found = json.loads(plan) if isinstance(plan, str) else plan
    return int(found[0]["Plan"]["Plan Rows"]) if found else 0
