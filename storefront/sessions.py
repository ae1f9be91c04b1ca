"""Who is looking: country, store and cart of a visitor, kept in cookies, so that browsing writes no row anywhere."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from commerce.company import shop
from commerce.company.models import Location, Shop
from commerce.kernel.errors import NotFound
from commerce.pricing.models import Market
from orders.models import Cart
from storefront import frame, queries

CART, STORE, COUNTRY = "cart", "store", "country"
CART_DAYS, CHOICE_DAYS = 60, 365
SALT = "storefront.cart"


class Visitor:
    """What the cookies of one request say, looked up when a page first asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.cookies = request.COOKIES

    @cached_property
    def frame(self) -> frame.Frame:
        return frame.current()

    @cached_property
    def shop(self) -> Shop:
        return shop.current()

    @cached_property
    def market(self) -> Market:
        """The market of the chosen country. Raises `NotFound` in a shop that sells nowhere yet."""
        found = self.frame.market_of(self.cookies.get(COUNTRY, ""))
        if found is None:
            raise NotFound(what=_("market"), key="")
        return found

    @cached_property
    def country(self) -> str:
        """The chosen country if its market sells there, else the market's first."""
        chosen = self.cookies.get(COUNTRY, "")
        return chosen if chosen in self.market.countries else (self.market.countries or [""])[0]

    @cached_property
    def stores(self) -> list[Location]:
        """The market's stores, nearest to home first: those of the chosen country."""
        found = [place for place in self.frame.locations if place.kind == Location.Kind.STORE]
        here = [place for place in found if place.country in self.market.countries]
        return sorted(here, key=lambda place: (place.country != self.country, place.position, place.pk))

    @cached_property
    def store(self) -> Location | None:
        """The store this visitor has chosen."""
        code = self.cookies.get(STORE, "")
        return next((place for place in self.stores if place.code == code), None)

    @cached_property
    def cart_uid(self) -> UUID | None:
        """The cart of this browser, whatever has become of it; None for a cookie that is not ours."""
        try:
            return UUID(signing.loads(self.cookies.get(CART, ""), salt=SALT, max_age=CART_DAYS * 86400))
        except (signing.BadSignature, ValueError):
            return None

    @cached_property
    def cart(self) -> Cart | None:
        """The cart while it is open; one statement."""
        return queries.open_cart_of(self.cart_uid) if self.cart_uid else None

    @cached_property
    def cart_count(self) -> int:
        """Units in the cart; one statement, none without a cart."""
        return queries.units_in_cart(self.cart_uid) if self.cart_uid else 0


def visitor(request: HttpRequest) -> Visitor:
    """The visitor of a request, made once."""
    found: Visitor | None = getattr(request, "_visitor", None)
    if found is None:
        found = Visitor(request)
        request._visitor = found  # type: ignore[attr-defined]
    return found


def remember_cart(response: HttpResponse, uid: UUID) -> None:
    """The browser keeps the cart's id, signed: nobody can open another one by guessing."""
    _keep(response, CART, signing.dumps(str(uid), salt=SALT), CART_DAYS, httponly=True)


def forget_cart(response: HttpResponse) -> None:
    """After it was ordered."""
    response.delete_cookie(CART, samesite="Lax")


def remember_store(response: HttpResponse, code: str) -> None:
    """The store of choice, by its code."""
    _keep(response, STORE, code, CHOICE_DAYS)


def remember_country(response: HttpResponse, country: str) -> None:
    """Where to ship to, which decides the market."""
    _keep(response, COUNTRY, country, CHOICE_DAYS)


def _keep(response: HttpResponse, name: str, value: str, days: int, **more: Any) -> None:
    response.set_cookie(name, value, max_age=days * 86400, samesite="Lax", secure=settings.BEHIND_TLS, **more)
