from django.urls import path

from orders import api, webhooks

urlpatterns = [
    path("orders/<str:number>", api.order, name="api-order"),
    path("orders/<str:number>/returns", api.returns, name="api-order-returns"),
    path("orders/<str:number>/cancel", api.cancel, name="api-order-cancel"),
    path("webhooks/card-network", webhooks.card_network, name="card-network-webhook"),
]
