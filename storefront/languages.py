"""The language of the shop's pages: of those that the visitor's market speaks, the one that the browser likes best."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from storefront.sessions import COUNTRY, visitor


def language_of(market_languages: Sequence[str], accepted: str) -> str:
    """The first of an Accept-Language header that the market speaks, else the market's first; "" when it names none."""
    if not market_languages:
        return ""
    for wanted, _quality in parse_accept_lang_header(accepted):
        for code in (wanted, wanted.partition("-")[0]):
            if code in market_languages:
                return code
    return market_languages[0]


class MarketLanguageMiddleware:
    """Stands behind Django's, which knows what the browser likes, and not what the market speaks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not str(view.__module__).startswith("storefront.views"):
            return
        market = visitor(request).frame.market_of(request.COOKIES.get(COUNTRY, ""))
        found = language_of(market.languages, request.headers.get("Accept-Language", "")) if market else ""
        if found and found != translation.get_language():
            translation.activate(found)
            request.LANGUAGE_CODE = found
