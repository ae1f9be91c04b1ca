"""A list of products as its page shows it: what was asked for in the address, the filters, the cards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

from commerce.catalog import search
from commerce.catalog.facets import Facet, Group
from inventory import availability

PER_PAGE = 24
NEW_DAYS = 60


class Asked:
    """What an address asks of a list: `q`, any number of `f`, `sort`, `page`. Nonsense is read as nothing."""

    def __init__(self, params: QueryDict, *, shelf: str = "") -> None:
        self.text = " ".join(params.get("q", "").replace("\0", " ").split())[: search.LONGEST_TEXT]
        self.facets = [facet[:120] for facet in dict.fromkeys(params.getlist("f")) if ":" in facet][
            : search.MOST_FACETS
        ]
        self.sort = params.get("sort", "")
        self.sort = self.sort if self.sort in search.SORTS else ""
        page = params.get("page", "1")
        self.page = min(max(int(page), 1), 10_000) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        self.shelf = shelf

    def query(self, *, without: str = "", page: bool = False) -> str:
        """The query string of this list, without one of its facets."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [("f", facet) for facet in self.facets if facet != without]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(self.page))] if page and self.page > 1 else []
        return urlencode(pairs)


class _Counted(Paginator[Any]):
    """A pager over a list of which only the total is known."""

    def __init__(self, total: int) -> None:
        super().__init__(range(total), PER_PAGE)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the templates of a list need."""

    asked: Asked
    found: search.Page
    pager: Page[Any]
    groups: list[dict[str, Any]]
    chosen: list[dict[str, str]]
    sold_out: set[int]
    new_since: datetime

    @property
    def query(self) -> str:
        """For the pager: everything but the page, ending in "&"."""
        text = self.asked.query()
        return f"{text}&" if text else ""

    @property
    def sorts(self) -> list[tuple[str, str]]:
        first = [("", _("Best match"))] if self.asked.text else [("", _("Most popular"))]
        return [
            *first,
            ("newest", _("Newest")),
            ("price", _("Price, low to high")),
            ("price_desc", _("Price, high to low")),
            ("name", _("Name")),
        ]


def stand(asked: Asked, *, market: int, at: datetime) -> Shelf:
    """The list that was asked for; four statements for a category, at most seven for a search."""
    facets = ([f"category:{asked.shelf}"] if asked.shelf else []) + asked.facets
    found = search.search(
        asked.text,
        market=market,
        at=at,
        facets=facets,
        sort=asked.sort or "relevance",
        offset=(asked.page - 1) * PER_PAGE,
        limit=PER_PAGE,
    )
    pager = _Counted(found.total).get_page(asked.page)
    own = f"category:{asked.shelf}"
    colors = {swatch.name: swatch.hex for card in found.products for swatch in card.swatches if swatch.hex}
    groups = [_group(group, own, colors) for group in found.facets]
    labels = {facet.key: facet.label for group in found.facets for facet in group.facets}
    chosen = [
        {"label": labels.get(key, key.partition(":")[2]), "href": f"?{asked.query(without=key)}", "key": key}
        for key in asked.facets
    ]
    shown = [card.id for card in found.products]
    return Shelf(
        asked=asked,
        found=found,
        pager=pager,
        groups=[group for group in groups if group["options"]],
        chosen=chosen,
        sold_out=availability.sold_out(shown, at=at) if shown else set(),
        new_since=at - timedelta(days=NEW_DAYS),
    )


def _group(group: Group, own: str, colors: dict[str, str]) -> dict[str, Any]:
    known = colors if group.key == "option:color" else {}
    options = [_option(facet, known.get(facet.label, "")) for facet in group.facets if facet.key != own]
    is_short = group.key in ("category", "option:color", "option:size")
    return {
        "name": "f",
        "title": group.label,
        "is_open": is_short or any(option["is_on"] for option in options),
        "options": options,
    }


def _option(facet: Facet, color: str) -> dict[str, Any]:
    return {
        "value": facet.key,
        "label": facet.label,
        "count": facet.count,
        "is_on": facet.selected,
        "color": color,
    }
