from django.urls import path

from storefront import api

urlpatterns = [
    path("carts", api.carts, name="api-carts"),
    path("carts/<uuid:uid>", api.cart, name="api-cart"),
    path("carts/<uuid:uid>/lines", api.lines, name="api-cart-lines"),
    path("carts/<uuid:uid>/lines/<str:sku>", api.line, name="api-cart-line"),
    path("carts/<uuid:uid>/checkout", api.checkout, name="api-cart-checkout"),
    path("carts/<uuid:uid>/complete", api.complete, name="api-cart-complete"),
]
