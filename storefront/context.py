"""What the shop's frame shows around every page. Each is worked out when a template first asks for it."""

from typing import Any

from babel import Locale
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from commerce.kernel.clock import now
from storefront import promises
from storefront.sessions import Visitor, visitor

OTHER_SURFACES = ("/admin/", "/till/", "/api/", "/styleguide/")


def page_context(request: HttpRequest) -> dict[str, Any]:
    """For templates of the shop: see templates/components/README.md, "Layouts"."""
    if request.path.startswith(OTHER_SURFACES):
        return {}
    who = visitor(request)
    return {
        "error_layout": lambda: "storefront/base.html" if who.frame.market_of("") else "layouts/document.html",
        "brand_name": who.shop.name,
        "home_url": "/",
        "search_url": reverse("shop-search"),
        "cart_url": reverse("shop-cart"),
        "cart_count": lambda: who.cart_count,
        "gift_card_page": lambda: who.frame.gift_card,
        "nav_categories": _Once(lambda: _categories(who, request.path)),
        "stores": _Once(lambda: _stores(who, request)),
        "store": lambda: who.store,
        "market": lambda: who.market,
        "country_name": lambda: country_name(who.country),
    }


class _Once:
    """A value for templates that is made at the first use and kept: templates call what can be called."""

    def __init__(self, make: Any) -> None:
        self.make = make

    def __call__(self) -> Any:
        if not hasattr(self, "value"):
            self.value = self.make()
        return self.value


def _categories(who: Visitor, path: str) -> list[dict[str, Any]]:
    shown = []
    for category in who.frame.shelves():
        url = reverse("shop-category", args=[category.slug])
        shown.append({"name": category.name, "url": url, "is_current": path == url})
    return shown


def _stores(who: Visitor, request: HttpRequest) -> list[dict[str, Any]]:
    at = now()
    return [
        {
            "name": store.name,
            "url": f"{reverse('shop-store-choose', args=[store.code])}?next={request.path}",
            "sentence": promises.hours_sentence(store, at),
            "is_current": who.store is not None and who.store.pk == store.pk,
        }
        for store in who.stores
    ]


def country_name(code: str) -> str:
    """A country in the page's language."""
    territories = Locale.parse((get_language() or "en").replace("-", "_")).territories
    return str(territories.get(code, code))
