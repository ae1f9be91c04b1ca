"""The till's page and, below `api/`, what it asks the server. Sales go to `/api/v1/sales` like everybody's."""

from django.urls import path

from pos.views import people, selling, till

app_name = "pos"
urlpatterns = [
    path("", till.till, name="till"),
    path("engine.py", till.source, {"name": "engine"}, name="engine"),
    path("receipt.py", till.source, {"name": "receipt"}, name="receipt"),
    path("api/pairing", people.pairing, name="pairing"),
    path("api/state", people.state, name="state"),
    path("api/pin", people.pin, name="pin"),
    path("api/shifts", selling.shifts, name="shifts"),
    path("api/shifts/<uuid:uid>/closing", selling.closing, name="closing"),
    path("api/stock", selling.stock, name="stock"),
    path("api/stock/<str:sku>", selling.stock_of, name="stock-of"),
    path("api/tasks", selling.tasks, name="tasks"),
    path("api/tasks/<uuid:uid>/readiness", selling.readiness, name="readiness"),
    path("api/pickups/search", selling.pickup_search, name="pickup-search"),
    path("api/pickups/<uuid:uid>/handover", selling.handover, name="handover"),
    path("api/card-attempts", selling.card_attempts, name="card-attempts"),
    path("api/card-attempts/<uuid:uid>", selling.card_attempt, name="card-attempt"),
    path("api/card-attempts/<uuid:uid>/cancellation", selling.card_cancellation, name="card-cancellation"),
]
