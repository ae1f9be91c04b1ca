from django.urls import path

from commerce.events import api

urlpatterns = [path("events", api.events, name="api-events")]
