from django.urls import path

from storefront import api, api_coupons, api_prices

urlpatterns = [
    path("carts", api.carts, name="api-carts"),
    path("carts/<uuid:uid>", api.cart, name="api-cart"),
    path("carts/<uuid:uid>/lines", api.lines, name="api-cart-lines"),
    path("carts/<uuid:uid>/lines/<str:sku>", api.line, name="api-cart-line"),
    path("carts/<uuid:uid>/coupons", api_coupons.coupons, name="api-cart-coupons"),
    path("carts/<uuid:uid>/coupons/<str:code>", api_coupons.coupon, name="api-cart-coupon"),
    path("prices", api_prices.prices, name="api-prices"),
    path("carts/<uuid:uid>/checkout", api.checkout, name="api-cart-checkout"),
    path("carts/<uuid:uid>/complete", api.complete, name="api-cart-complete"),
]
