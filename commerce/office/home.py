"""The home page: what matters today, in numbers that lead to their rows."""

from typing import Any

from django.http import HttpRequest

from commerce.kernel.clock import now
from commerce.office.base import person_of
from commerce.office.charts import draw
from commerce.office.tiles import Chart, Panel, Tile, collect


def context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows to this person now."""
    person, at = person_of(request), now()
    parts = collect(person, at=at)
    return {
        "tiles": [part for part in parts if isinstance(part, Tile)],
        "charts": [_page_of(part) for part in parts if isinstance(part, Chart)],
        "panels": [part for part in parts if isinstance(part, Panel)],
        "person": person,
        "at": at,
    }


def _page_of(chart: Chart) -> dict[str, Any]:
    names = [name for name, _values in chart.series]
    hrefs = chart.hrefs or [""] * len(chart.labels)
    rows = []
    for index, label in enumerate(chart.labels):
        values = [values[index] for _name, values in chart.series]
        texts = [chart.write(value) for value in values]
        rows.append({"label": label, "href": hrefs[index], "values": texts, "total": chart.write(sum(values))})
    drawing = draw(chart.labels, chart.series, chart.write, axis=chart.axis, every=2)
    return {"chart": chart, "drawing": drawing, "names": names, "rows": rows[::-1]}
