"""The shop's addresses."""

from django.urls import path

from storefront.views import (
    browsing,
    carts,
    checkout,
    content,
    coupons,
    orders,
    payment,
    phone_orders,
    products,
    stores,
)

urlpatterns = [
    path("", browsing.home, name="shop-home"),
    path("categories/<slug:slug>/", browsing.category, name="shop-category"),
    path("search/", browsing.search, name="shop-search"),
    path("search/suggest/", browsing.suggest, name="shop-suggest"),
    path("products/<str:slug>/", products.product, name="shop-product"),
    path("products/<str:slug>/stock/", products.stock, name="shop-product-stock"),
    path("stores/", stores.stores, name="shop-stores"),
    path("stores/<str:code>/", stores.store, name="shop-store"),
    path("stores/<str:code>/choose/", stores.choose_store, name="shop-store-choose"),
    path("country/", stores.country, name="shop-country"),
    path("cart/", carts.cart, name="shop-cart"),
    path("cart/lines/", carts.add, name="shop-cart-add"),
    path("cart/lines/<path:sku>/", carts.change, name="shop-cart-change"),
    path("cart/coupons/", coupons.coupons, name="shop-coupons"),
    path("checkout/", checkout.details, name="shop-checkout"),
    path("checkout/summary/", checkout.summary, name="shop-checkout-summary"),
    path("checkout/again/", checkout.again, name="shop-checkout-again"),
    path("checkout/payment/", payment.payment, name="shop-payment"),
    path("checkout/start/", payment.start, name="shop-payment-start"),
    path("checkout/settle/", payment.settle, name="shop-payment-settle"),
    path("checkout/return", payment.payment_return, name="shop-payment-return"),
    path("checkout/status/", payment.status, name="shop-payment-status"),
    path("pay/<str:token>/", phone_orders.phone_order, name="shop-phone-order"),
    path("orders/<str:token>/", orders.order, name="shop-order"),
    path("about/", content.about, name="shop-about"),
    path("returns/", content.returns, name="shop-returns"),
    path("contact/", content.contact, name="shop-contact"),
    path("robots.txt", content.robots, name="shop-robots"),
    path("sitemap.xml", content.sitemap, name="shop-sitemap"),
    path("favicon.ico", content.favicon, name="shop-favicon"),
]
