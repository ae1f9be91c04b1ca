"""The catalog that a till keeps for itself."""

import json
from collections.abc import Iterator

from django.http import HttpResponse, StreamingHttpResponse
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request

from commerce.kernel.api import scope
from commerce.kernel.clock import now
from commerce.pricing.queries import market_for
from commerce.pricing.till_catalog import lists_in, till_catalog
from pos import queries
from pos.access import register_of

MAX_POSITION = 2**62


@extend_schema(exclude=True)
@gzip_page
@scope("till")
@api_view(["GET"])
def catalog(request: Request) -> HttpResponse | StreamingHttpResponse:
    """Lines of JSON: first where the catalog stands and its categories, then chunks of rows (`till_catalog.TILL_ROW`).

    `?since=` the position of an earlier answer: only what has changed since.
    """
    market = market_for(register_of(request).location.country)
    given = request.query_params.get("since", "")
    since = min(int(given), MAX_POSITION) if given.isascii() and given.isdecimal() else 0
    position, chunks = till_catalog(market, since=since, at=now())
    head = {
        "position": position,
        "since": since,
        "price_list": market.price_list.code,
        "lists": lists_in(market),
        "categories": queries.till_categories(),
    }
    return StreamingHttpResponse(_lines(head, chunks), content_type="application/x-ndjson")


def _lines(head: object, chunks: Iterator[str]) -> Iterator[str]:
    yield json.dumps(head) + "\n"
    for chunk in chunks:
        yield chunk.replace("\n", " ") + "\n"
