"""Lists, newest first, page by page as the real API pages them; and searches."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from .call import Call
from .errors import ApiError, ParamError, Row
from .params import Field, Integer, Text
from .shapes import public

SEARCH: dict[str, Field] = {"query": Text(required=True), "limit": Integer(least=1, most=100), "page": Text()}
CLAUSE = re.compile(
    r"""\s*(?P<minus>-?)(?P<field>[a-z_.]+)(?:\[(?P<quote>["'])(?P<key>.*?)(?P=quote)\])?\s*"""
    r"""(?P<sign>:|~|>=|<=|>|<)\s*(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|null|-?\d+)\s*"""
)


def page(call: Call, rows: Iterable[Row], url: str) -> Row:
    """One page of rows that are given oldest first, cut by limit, starting_after and ending_before."""
    params = call.params
    span = params.get("created")
    found = [row for row in rows if span is None or within(row["created"], span)]
    found.reverse()
    limit = params.get("limit", 10)
    if after := params.get("starting_after"):
        found = found[_position(found, after, "starting_after") + 1 :]
        cut = found[:limit]
    elif before := params.get("ending_before"):
        found = found[: _position(found, before, "ending_before")]
        cut = found[-limit:]
    else:
        cut = found[:limit]
    data = [public(call.unit, row) for row in cut]
    return {"object": "list", "data": data, "has_more": len(found) > len(cut), "url": url}


def _position(rows: list[Row], identifier: str, param: str) -> int:
    for at, row in enumerate(rows):
        if row["id"] == identifier:
            return at
    raise ApiError(f"No such object: '{identifier}'", code="resource_missing", param=param)


def within(moment: int, span: dict[str, int]) -> bool:
    """Whether a time lies within bounds named gt, gte, lt, lte."""
    return (
        moment > span.get("gt", -1)
        and moment >= span.get("gte", 0)
        and moment < span.get("lt", moment + 1)
        and moment <= span.get("lte", moment)
    )


def search(call: Call, rows: Iterable[Row], url: str) -> Row:
    """Rows that match the query language of the real API. Raises ParamError for a query that cannot be read.

    As there, what was written a moment ago may be missing: the control API sets by how many seconds the search lags.
    """
    wanted = _query(call.params["query"])
    lag = (call.unit.find("setting", "search") or {}).get("lag", 0)
    fresh = call.unit.at - lag
    hits = [row for row in rows if (not lag or row["created"] <= fresh) and wanted(row)]
    hits.reverse()
    start = int(call.params.get("page", "0")) if str(call.params.get("page", "0")).isdigit() else 0
    limit = call.params.get("limit", 10)
    more = len(hits) > start + limit
    data = [public(call.unit, row) for row in hits[start : start + limit]]
    return {
        "object": "search_result",
        "data": data,
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": url,
    }


def _query(text: str) -> Callable[[Row], bool]:
    clauses: list[re.Match[str]] = []
    joints: set[str] = set()
    at = 0
    while at < len(text):
        found = CLAUSE.match(text, at)
        if not found:
            raise ParamError(f"We were unable to parse your search query near: {text[at : at + 40]}", param="query")
        clauses.append(found)
        at = found.end()
        if joint := re.compile(r"(AND|OR|and|or)\b").match(text, at):
            joints.add(joint[1].upper())
            at = joint.end()
    if not clauses or len(joints) > 1:
        raise ParamError("A query needs clauses joined by AND, or by OR, never by both.", param="query")
    join = any if joints == {"OR"} else all
    return lambda row: join(_holds(clause, row) for clause in clauses)


def _holds(clause: re.Match[str], row: Row) -> bool:
    have: Any = row
    for step in clause["field"].split("."):
        have = have.get(step) if isinstance(have, dict) else None
    if clause["key"] is not None:
        have = (have or {}).get(clause["key"])
    value = clause["value"]
    want = None if value == "null" else value if value.lstrip("-").isdigit() else value[1:-1].replace("\\", "")
    return _compare(have, clause["sign"], want) != bool(clause["minus"])


def _compare(have: Any, sign: str, want: str | None) -> bool:
    if want is None or have is None:
        return sign == ":" and have is want
    if sign == "~":
        return want.lower() in str(have).lower()
    if sign == ":":
        return str(have).lower() == want.lower()
    try:
        left, right = int(have), int(want)
    except ValueError:
        return False
    return {">": left > right, ">=": left >= right, "<": left < right, "<=": left <= right}[sign]
