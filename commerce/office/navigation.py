"""The side bar, by job: what people come to do, not which table it is in."""

from typing import Any, NamedTuple

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.office import access


class Item(NamedTuple):
    """`place` is a model's label, whose list it is, or a page's URL name with the model that guards it."""

    title: Any
    icon: str
    model: str
    page: str = ""


GROUPS: list[tuple[Any, list[Item]]] = [
    (
        _("Sell"),
        [
            Item(_("Orders"), "receipt_long", "orders.order"),
            Item(_("Fulfillments"), "local_shipping", "orders.fulfillment"),
            Item(_("Returns"), "assignment_return", "orders.return"),
            Item(_("Refunds"), "undo", "orders.refund"),
            Item(_("Allowances"), "money_off", "orders.allowance"),
            Item(_("Shifts"), "schedule", "pos.shift"),
            Item(_("Till sales"), "point_of_sale", "pos.sale"),
            Item(_("Open prices"), "edit_note", "pos.openpricesale"),
        ],
    ),
    (
        _("Products"),
        [
            Item(_("Products"), "inventory_2", "catalog.product"),
            Item(_("Variants"), "barcode", "catalog.variant"),
            Item(_("Kits"), "package_2", "inventory.kitcomponent"),
            Item(_("Categories"), "category", "catalog.category"),
            Item(_("Collections"), "collections_bookmark", "catalog.collection"),
            Item(_("Price lists"), "sell", "pricing.pricelist"),
            Item(_("Prices"), "price_change", "pricing.price"),
            Item(_("Margins"), "finance", "pricing.price", "admin:margins"),
            Item(_("Promotions"), "loyalty", "pricing.promotion"),
            Item(_("Imports"), "upload_file", "sync.importrun"),
        ],
    ),
    (
        _("Stock"),
        [
            Item(_("Overview"), "grid_on", "inventory.stocklevel", "admin:stock-overview"),
            Item(_("Levels"), "warehouse", "inventory.stocklevel"),
            Item(_("Transfers"), "swap_horiz", "inventory.transfer"),
            Item(_("Purchase orders"), "add_shopping_cart", "inventory.purchaseorder"),
            Item(_("Suppliers"), "factory", "inventory.supplier"),
            Item(_("Suppliers' items"), "list_alt", "inventory.supplieritem"),
            Item(_("Movements"), "swap_vert", "inventory.stockmovement"),
            Item(_("Reservations"), "bookmark", "inventory.reservation"),
            Item(_("Serial numbers"), "pin", "inventory.serialunit"),
            Item(_("Reorder"), "add_shopping_cart", "inventory.stocklevel", "admin:stock-reorder"),
            Item(_("Dead stock"), "hourglass_disabled", "inventory.stocklevel", "admin:stock-dead"),
            Item(_("Counts"), "fact_check", "inventory.stockcount"),
            Item(_("Adjustments"), "tune", "inventory.stockadjustment"),
            Item(_("Shrink"), "trending_down", "inventory.stockadjustment", "admin:stock-shrink"),
        ],
    ),
    (
        _("Money"),
        [
            Item(_("Daily control"), "balance", "ledger.journalentry", "admin:ledger-control"),
            Item(_("Accounts"), "account_balance", "ledger.account"),
            Item(_("Journal"), "menu_book", "ledger.journalentry"),
            Item(_("Sales journal"), "receipt", "orders.payment", "admin:sales-journal"),
            Item(_("Taxes by rate"), "percent", "orders.payment", "admin:tax-report"),
            Item(_("Exports"), "download", "ledger.exportbatch"),
            Item(_("Payments"), "payments", "orders.payment"),
            Item(_("Gift cards"), "redeem", "customers.giftcard"),
            Item(_("Store credit"), "account_balance_wallet", "customers.storecredit"),
            Item(_("Card network"), "contactless", "orders.networkevent"),
            Item(_("Reconciliation"), "balance", "orders.payout", "admin:reconciliation"),
            Item(_("Payouts"), "account_balance_wallet", "orders.payout"),
            Item(_("Transactions"), "sync_alt", "orders.networktransaction"),
            Item(_("Disputes"), "gavel", "orders.dispute"),
        ],
    ),
    (
        _("People"),
        [
            Item(_("Customers"), "group", "customers.customer"),
            Item(_("Customer groups"), "groups", "pricing.customergroup"),
            Item(_("Staff"), "badge", "company.user"),
        ],
    ),
    (
        _("Web and devices"),
        [
            Item(_("Locations"), "storefront", "company.location"),
            Item(_("Registers"), "computer", "pos.register"),
            Item(_("Devices"), "devices", "company.device"),
            Item(_("Markets"), "public", "pricing.market"),
            Item(_("Exchange rates"), "currency_exchange", "pricing.exchangerate"),
            Item(_("Tax rates"), "percent", "pricing.taxrate"),
            Item(_("What is charged where"), "travel_explore", "pricing.taxrate", "admin:tax-charged"),
            Item(_("Tax areas"), "pin_drop", "pricing.taxarea"),
            Item(_("Fees and deposits"), "recycling", "pricing.fee"),
        ],
    ),
    (
        _("Settings and system"),
        [
            Item(_("Shop"), "store", "company.shop"),
            Item(_("API tokens"), "key", "company.apitoken"),
            Item(_("Events"), "bolt", "events.event"),
            Item(_("Failed deliveries"), "sync_problem", "events.faileddelivery"),
        ],
    ),
]
TODAY = [Item(_("Cases"), "flag", "cases.case")]


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and items that this person has anything to do with, as Unfold takes them."""
    if not isinstance(request.user, User):
        return []
    home = {"title": _("Today"), "icon": "space_dashboard", "link": reverse("admin:index")}
    found: list[dict[str, Any]] = [{"title": None, "items": [home, *_items(request, TODAY)]}]
    found += [{"title": title, "items": items} for title, part in GROUPS if (items := _items(request, part))]
    entries = [item for group in found for item in group["items"]]
    here = max((item["link"] for item in entries if request.path.startswith(item["link"])), key=len, default="")
    for item in entries:
        item["active"] = item["link"] == here
    home["active"] = request.path == home["link"]
    return found


def _items(request: HttpRequest, part: list[Item]) -> list[dict[str, Any]]:
    assert isinstance(request.user, User)
    shown = []
    for item in part:
        model = apps.get_model(item.model)
        if access.may_view(request.user, model):
            link = reverse(item.page or f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            shown.append({"title": item.title, "icon": item.icon, "link": link})
    return shown
