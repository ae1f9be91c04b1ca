from django.urls import path

from orders import api, webhooks

urlpatterns = [
    path("orders/<str:number>", api.order, name="api-order"),
    path("webhooks/card-network", webhooks.card_network, name="card-network-webhook"),
]
