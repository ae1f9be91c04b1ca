"""The till's page and, below `api/`, what it asks the server. Sales go to `/api/v1/sales` like everybody's."""

from django.urls import path
from django.views.i18n import JavaScriptCatalog

from pos.views import catalog, counts, numbers, people, returns, rules, selling, shifts, till, wallets, why

app_name = "pos"
urlpatterns = [
    path("", till.till, name="till"),
    path("engine-<str:digest>.py", till.source, {"name": "engine"}, name="engine"),
    path("receipt-<str:digest>.py", till.source, {"name": "receipt"}, name="receipt"),
    path("worker-<str:digest>.js", till.source, {"name": "worker"}, name="worker"),
    path("sw.js", till.service_worker, name="service-worker"),
    path("manifest.webmanifest", till.manifest, name="manifest"),
    path("words.js", JavaScriptCatalog.as_view(), name="words"),
    path("api/pairing", people.pairing, name="pairing"),
    path("api/state", people.state, name="state"),
    path("api/pin", people.pin, name="pin"),
    path("api/shifts", shifts.shifts, name="shifts"),
    path("api/shifts/<uuid:uid>/closing", shifts.closing, name="closing"),
    path("api/shifts/<uuid:uid>/report", shifts.report, name="shift-report"),
    path("api/catalog", catalog.catalog, name="catalog"),
    path("api/rules", rules.rules, name="rules"),
    path("api/coupons", rules.coupons, name="coupons"),
    path("api/costs", rules.costs, name="costs"),
    path("api/stock", selling.stock, name="stock"),
    path("api/stock/<str:sku>", selling.stock_of, name="stock-of"),
    path("api/serials", numbers.serials, name="serials"),
    path("api/serials/<str:sku>", numbers.serial, name="serial"),
    path("api/stock/<str:sku>/explain", why.explanation, name="stock-explain"),
    path("api/counts", counts.counts, name="counts"),
    path("api/counts/<int:pk>/entry", counts.entry, name="count-entry"),
    path("counts/leave/", counts.leave, name="leave-counts"),
    path("counts/<int:pk>/", counts.count, name="count"),
    path("counts/<int:pk>/progress/", counts.progress, name="count-progress"),
    path("api/tasks", selling.tasks, name="tasks"),
    path("api/tasks/<uuid:uid>/readiness", selling.readiness, name="readiness"),
    path("api/pickups/search", selling.pickup_search, name="pickup-search"),
    path("api/pickups/<uuid:uid>/handover", selling.handover, name="handover"),
    path("api/returns", returns.returns, name="returns"),
    path("api/returns/search", returns.search, name="return-search"),
    path("api/returns/quote", returns.quote, name="return-quote"),
    path("api/returns/orders/<uuid:uid>", returns.order, name="return-order"),
    path("api/returns/<uuid:uid>", returns.taken, name="return"),
    path("api/approvals", returns.approvals, name="approvals"),
    path("api/gift-cards", wallets.cards, name="gift-cards"),
    path("api/gift-cards/search", wallets.search, name="gift-card-search"),
    path("api/wallet-holds", wallets.holds, name="wallet-holds"),
    path("api/wallet-holds/<uuid:uid>/release", wallets.release, name="wallet-release"),
    path("api/card-attempts", selling.card_attempts, name="card-attempts"),
    path("api/card-attempts/<uuid:uid>", selling.card_attempt, name="card-attempt"),
    path("api/card-attempts/<uuid:uid>/cancellation", selling.card_cancellation, name="card-cancellation"),
]
