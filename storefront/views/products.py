"""A product's page and the part of it that changes by itself."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commerce.catalog.queries import cards
from commerce.events import outbox
from commerce.events.live import stream_url
from commerce.kernel.clock import now
from commerce.kernel.errors import NotFound
from commerce.pricing.offers import ProductPage, product_page
from inventory import availability
from storefront import gift_card_offer, offer, queries
from storefront.sessions import Visitor, visitor
from storefront.templatetags.shop import media

RELATED = 4


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    context = product_context(request, slug, at=now())
    page = context["page"]
    card = gift_card_offer.sold_on(page.id) if page.from_minor is None else None
    if card:
        form = gift_card_offer.form_of(card, visitor(request).market, at=now())
        return render(request, "storefront/buy_gift_card.html", {**context, "form": form})
    return render(request, _template(request), context)


def _template(request: HttpRequest) -> str:
    htmx: Any = getattr(request, "htmx", None)
    is_part = htmx and htmx.target == "product" and not htmx.history_restore_request
    return "storefront/_product.html" if is_part else "storefront/product.html"


@require_safe
def stock(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the product can be had now; its page asks whenever the stock has changed."""
    return render(request, "storefront/_availability.html", _offered(visitor(request), slug, request, now())[1])


def product_context(request: HttpRequest, slug: str, *, at: datetime) -> dict[str, Any]:
    """Everything on a product's page. Raises `Http404` for what the web does not show."""
    who, seen = visitor(request), outbox.here()
    page, context = _offered(who, slug, request, at)
    url = f"{settings.SITE_URL}{request.path}"
    pictures = offer.pictures(page, context["variant"])
    shelf = f"category:{page.trail[0].slug}" if page.trail else ""
    related = queries.related_products(page.id, shelf, who.market.pk, at=at, limit=RELATED) if shelf else []
    images = [f"{settings.SITE_URL}{media(picture['path'])}" for picture in pictures]
    return {
        **context,
        "pictures": [{"src": media(picture["path"]), "alt": picture["alt"]} for picture in pictures],
        "choices": offer.choices(page, context["variant"], context["stock"]),
        "related": cards(related, who.market.pk, at=at),
        "sold_out": availability.sold_out(related, at=at) if related else set(),
        "canonical": url,
        "trail": _trail(page),
        "trail_data": offer.structured_trail(_trail(page), url=url, site=settings.SITE_URL),
        "live_url": stream_url([f"stock.changed:{page.uid}"], after=seen),
        "structured": offer.structured(page, context["stock"], currency=who.market.currency, url=url, images=images),
        "share_image": images[0] if images else "",
    }


def _trail(page: ProductPage) -> list[tuple[str, str]]:
    return [*((shelf.name, reverse("shop-category", args=[shelf.slug])) for shelf in page.trail), (page.title, "")]


def _offered(who: Visitor, slug: str, request: HttpRequest, at: datetime) -> tuple[ProductPage, dict[str, Any]]:
    try:
        page = product_page(slug, who.market, at=at)
    except NotFound as error:
        raise Http404 from error
    if page.status != "active" or not page.on_web:
        raise Http404
    locations = who.frame.locations
    stock = offer.stock_of([variant.id for variant in page.variants], locations, who.stores, at)
    variant = offer.chosen_variant(page, request.GET.get("variant", ""), stock)
    context: dict[str, Any] = {"page": page, "variant": variant, "stock": stock}
    if variant:
        context["most"] = stock.of(variant.id)
        context["is_preorder"] = offer.is_preorder(variant, stock)
        context["delivery"] = offer.delivery_row(variant, stock, locations, at)
        context["store_rows"] = offer.store_rows(variant, stock, who.stores, who.store, at)
    return page, context
