"""The home page: what matters today, in numbers that lead to their rows."""

from typing import Any

from django.http import HttpRequest

from commerce.kernel.clock import now
from commerce.office import tiles
from commerce.office.base import person_of
from commerce.office.charts import draw


def context(request: HttpRequest) -> dict[str, Any]:
    """What the page shows to this person now."""
    person, at = person_of(request), now()
    return {
        "tiles": tiles.tiles(person, at=at),
        "charts": [_page_of(chart) for chart in tiles.charts(person, at=at)],
        "person": person,
        "at": at,
    }


def _page_of(chart: tiles.Chart) -> dict[str, Any]:
    names = [name for name, _values in chart.series]
    hrefs = chart.hrefs or [""] * len(chart.labels)
    rows = []
    for index, label in enumerate(chart.labels):
        values = [values[index] for _name, values in chart.series]
        texts = [chart.write(value) for value in values]
        rows.append({"label": label, "href": hrefs[index], "values": texts, "total": chart.write(sum(values))})
    drawing = draw(chart.labels, chart.series, chart.write, every=2)
    return {"chart": chart, "drawing": drawing, "names": names, "rows": rows[::-1]}
