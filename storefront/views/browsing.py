"""Home, categories and search."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commerce.catalog import search as catalog_search
from commerce.catalog.queries import cards
from commerce.kernel.clock import now
from inventory import availability
from storefront import promises, queries
from storefront.sessions import Visitor, visitor
from storefront.shelves import NEW_DAYS, Asked, stand

POPULAR = 8
SUGGESTIONS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    who, at = visitor(request), now()
    market = who.market.pk
    popular = cards(queries.popular_products(market, at=at, limit=POPULAR), market, at=at)
    context = {
        "popular": popular,
        "sold_out": availability.sold_out([card.id for card in popular], at=at),
        "new_since": at - timedelta(days=NEW_DAYS),
        "collections": who.frame.shelves(),
        "my_store": who.store or next(iter(who.stores), None),
        "my_store_hours": promises.hours_sentence(who.store or who.stores[0], at) if who.stores else "",
        "canonical": f"{settings.SITE_URL}/",
    }
    return render(request, "storefront/home.html", context)


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    who = visitor(request)
    shelf = next((category for category in who.frame.categories if category.slug == slug), None)
    if shelf is None:
        raise Http404
    above = next((category for category in who.frame.categories if category.pk == shelf.parent_id), None)
    list_of = stand(Asked(request.GET, shelf=slug), market=who.market.pk, at=now())
    context = {
        "category": shelf,
        "above": above,
        "children": [(child, child.pk == shelf.pk) for child in who.frame.shelves(above.pk if above else shelf.pk)],
        "shelf": list_of,
        "new_since": list_of.new_since,
        "list_url": request.path,
        "canonical": f"{settings.SITE_URL}{request.path}",
        "trail": _trail(above.name if above else "", above.slug if above else "", shelf.name),
    }
    return render(request, _template(request, "category"), context)


def _trail(above: str, slug: str, name: str) -> list[tuple[str, str]]:
    between = [(above, reverse("shop-category", args=[slug]))] if above else []
    return [*between, (name, "")]


def _template(request: HttpRequest, page: str) -> str:
    """A list that htmx asks for is the list alone; going back in history wants the whole page."""
    htmx: Any = getattr(request, "htmx", None)
    is_part = htmx and htmx.target == "list" and not htmx.history_restore_request
    return "storefront/_list.html" if is_part else f"storefront/{page}.html"


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    who, at = visitor(request), now()
    asked = Asked(request.GET)
    if not asked.text and not asked.facets:
        return render(request, "storefront/search.html", {"shelf": None, **_help(who, at=at)})
    found = stand(asked, market=who.market.pk, at=at)
    if found.found.exact and found.found.total == 1 and not getattr(request, "htmx", None):
        return redirect("shop-product", slug=found.found.products[0].slug)
    context = {
        "shelf": found,
        "new_since": found.new_since,
        "list_url": request.path,
        "search_query": asked.text,
        **({} if found.found.total else _help(who, at=at)),
    }
    return render(request, _template(request, "search"), context)


def _help(who: Visitor, *, at: datetime) -> dict[str, Any]:
    """What somebody is shown who has found nothing."""
    market = who.market.pk
    popular = queries.popular_products(market, at=at, limit=4)
    return {
        "collections": who.frame.shelves(),
        "popular": cards(popular, market, at=at),
        "sold_out": availability.sold_out(popular, at=at) if popular else set(),
    }


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What the search field offers while somebody types."""
    asked = Asked(request.GET)
    if len(asked.text) < 2:
        return render(request, "storefront/_suggestions.html", {"asked": asked})
    market = visitor(request).market.pk
    found = catalog_search.search(asked.text, market=market, at=now(), limit=SUGGESTIONS)
    shelves = visitor(request).frame.categories
    named = [shelf for shelf in shelves if asked.text.lower() in shelf.name.lower()][:3]
    return render(request, "storefront/_suggestions.html", {"asked": asked, "found": found, "shelves": named})
