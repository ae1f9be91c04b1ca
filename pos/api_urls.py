from django.urls import path

from pos import api

urlpatterns = [
    path("sales", api.sales, name="api-sales"),
    path("sales/batch", api.batch, name="api-sales-batch"),
]
