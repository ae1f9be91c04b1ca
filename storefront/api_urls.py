from django.urls import path

from storefront import api, api_coupons, api_gift_cards, api_prices

urlpatterns = [
    path("carts", api.carts, name="api-carts"),
    path("carts/<uuid:uid>", api.cart, name="api-cart"),
    path("carts/<uuid:uid>/lines", api.lines, name="api-cart-lines"),
    path("carts/<uuid:uid>/lines/<str:sku>", api.line, name="api-cart-line"),
    path("carts/<uuid:uid>/coupons", api_coupons.coupons, name="api-cart-coupons"),
    path("carts/<uuid:uid>/coupons/<str:code>", api_coupons.coupon, name="api-cart-coupon"),
    path("carts/<uuid:uid>/gift_card_lines", api_gift_cards.lines, name="api-cart-gift-card-lines"),
    path("carts/<uuid:uid>/gift_card_lines/<uuid:line>", api_gift_cards.line, name="api-cart-gift-card-line"),
    path("carts/<uuid:uid>/gift_cards", api_gift_cards.cards, name="api-cart-gift-cards"),
    path("carts/<uuid:uid>/gift_cards/<uuid:card>", api_gift_cards.card, name="api-cart-gift-card"),
    path("prices", api_prices.prices, name="api-prices"),
    path("carts/<uuid:uid>/checkout", api.checkout, name="api-cart-checkout"),
    path("carts/<uuid:uid>/complete", api.complete, name="api-cart-complete"),
]
