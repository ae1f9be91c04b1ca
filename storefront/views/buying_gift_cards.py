"""Gift cards into the cart and out of it. Their page is a product's (`views.products`)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.pricing.models import Channel
from orders import bought_gift_cards
from orders.errors import NotForSale, TooMuchOnGiftCards
from orders.models import Cart
from storefront import gift_card_offer
from storefront.actions.buy_gift_card import buy_gift_card, take_gift_card_out
from storefront.gift_card_form import GiftCardForm
from storefront.sessions import Visitor, remember_cart, visitor
from storefront.views.products import product_context

ASKED = ("amount_minor", "to_name", "to_email", "message", "send_on")


@require_POST
def buy(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a gift card into the cart; what is wrong is said beside its field."""
    who, at = visitor(request), now()
    variant = Variant.objects.select_related("product").filter(product__slug=slug, is_gift_card=True).first()
    form = gift_card_offer.form_of(variant, who.market, request.POST, at=at) if variant else None
    if variant is None or form is None:
        raise NotForSale(sku=slug, name=variant.name if variant else slug)
    filled = _put_in(who, variant, form)
    if filled is None:
        request.path = request.path_info = reverse("shop-product", args=[slug])
        context = {**product_context(request, slug, at=at), "form": form}
        return render(request, "storefront/buy_gift_card.html", context, status=422)
    messages.success(request, _("The gift card is in your cart."))
    response = redirect("shop-cart")
    remember_cart(response, filled.uid)
    return response


def _put_in(who: Visitor, variant: Variant, form: GiftCardForm) -> Cart | None:
    """The cart with the card; None when the form now says why not."""
    if not form.is_valid():
        return None
    data, at = {name: form.cleaned_data[name] for name in ASKED}, now()
    try:
        card = bought_gift_cards.ask(variant, who.market, **data, at=at)
        # What staff put together on the phone stays as it is: other things are another cart.
        uid = who.cart.uid if who.cart and who.cart.channel != Channel.PHONE else None
        return buy_gift_card(uid, card, market=who.market, at=at)
    except InvalidInput as error:
        form.refuse(error)
    except TooMuchOnGiftCards as error:
        form.add_error(None, str(error))
    return None


@require_POST
def take_out(request: HttpRequest, card: UUID) -> HttpResponse:
    """A gift card that is not bought after all."""
    who = visitor(request)
    if who.cart:
        take_gift_card_out(who.cart.uid, card, at=now())
    return redirect("shop-cart")
