from django.urls import path

from inventory import api

urlpatterns = [
    path("availability", api.availability_of_sku, name="api-availability"),
    path("availability/explain", api.explanation_of_sku, name="api-availability-explain"),
]
