"""The rows of transfers, purchase orders and the terms of stock in the table of who may do what: see test_permissions.

A row prepares what is acted on, as the system, and gives the deed that is left to a person.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.approve_transfer import approve_transfer
from inventory.actions.cancel_purchase_order import cancel_purchase_order
from inventory.actions.cancel_transfer import cancel_transfer
from inventory.actions.change_purchase_order import change_purchase_order
from inventory.actions.change_transfer import change_transfer
from inventory.actions.close_purchase_order import close_purchase_order
from inventory.actions.draft_purchase_order import draft_purchase_order
from inventory.actions.name_serials import name_serials
from inventory.actions.place_purchase_order import place_purchase_order
from inventory.actions.receive_purchase_order import receive_purchase_order
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.reorder import reorder
from inventory.actions.repair_level import repair_level
from inventory.actions.report_missing import report_missing
from inventory.actions.request_transfer import request_transfer
from inventory.actions.set_components import set_components
from inventory.actions.set_policy import set_policy
from inventory.actions.set_safety_stock import set_safety_stock
from inventory.actions.settle_missing import settle_missing
from inventory.actions.ship_transfer import ship_transfer
from inventory.models import PurchaseOrder, StockLevel, Transfer
from tests.factories import purchases, stock, transfers
from tests.factories.company import LocationFactory
from tests.factories.purchases import SupplierFactory
from tests.world import World

Deed = Callable[..., Any]
UNPACKERS = {"lead", "manager", "office", "admin"}
DESK = {"manager", "office", "admin"}


def level(world: World) -> int:
    return StockLevel.objects.get(variant=world.mug, location=world.store).pk


def third(world: World) -> Location:
    """The other end of the transfers: neither the store, nor the warehouse, where people of elsewhere work."""
    place: Location = LocationFactory(code="SEA-1")
    return place


def wanted(world: World) -> Transfer:
    return transfers.requested(world.store, third(world), {world.mug: 1})


def approved(world: World) -> Transfer:
    return transfers.approved(world.store, third(world), {world.mug: 1})


def on_the_way(world: World) -> Transfer:
    """To the store."""
    stock.receive(world.mug, third(world), 1)
    return transfers.shipped(third(world), world.store, {world.mug: 1})


def draft(world: World) -> PurchaseOrder:
    supplier = SupplierFactory()
    if not supplier.items.exists():
        purchases.item(supplier, world.mug, 400)
    return purchases.drafted(supplier, world.store, {world.mug: 1})


def ordered(world: World) -> PurchaseOrder:
    order = draft(world)
    place_purchase_order(order.uid, person=None, at=now())
    return order


def one(world: World) -> dict[int, int]:
    return {world.mug.pk: 1}


def _transfer_request(world: World) -> Deed:
    return partial(request_transfer, source=world.store, destination=third(world), units=one(world), at=now())


def _purchase_draft(world: World) -> Deed:
    draft(world)
    return partial(draft_purchase_order, supplier=SupplierFactory(), location=world.store, units=one(world), at=now())


def _transfer_receipt(world: World) -> Deed:
    return partial(receive_transfer, on_the_way(world).uid, one(world), reception=new_uid(), at=now())


def _purchase_receipt(world: World) -> Deed:
    return partial(receive_purchase_order, ordered(world).uid, one(world), receipt=new_uid(), at=now())


def _policy(world: World) -> Deed:
    return partial(set_policy, world.mug.pk, world.store.pk, policy="backorder", limit=5, at=now())


def _naming(world: World) -> Deed:
    type(world.mug).objects.filter(pk=world.mug.pk).update(tracks_serials=True)
    return partial(name_serials, level(world), found=[f"N-{new_uid().hex[-6:]}"], at=now())


TRANSFERS: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "request_transfer": (UNPACKERS, _transfer_request),
    "change_transfer": (UNPACKERS, lambda world: partial(change_transfer, wanted(world).uid, one(world), at=now())),
    "cancel_transfer": (UNPACKERS, lambda world: partial(cancel_transfer, wanted(world).uid, at=now())),
    "approve_transfer": (DESK, lambda world: partial(approve_transfer, wanted(world).uid, at=now())),
    "ship_transfer": (UNPACKERS, lambda world: partial(ship_transfer, approved(world).uid, at=now())),
    "receive_transfer": (UNPACKERS, _transfer_receipt),
    "report_missing": (UNPACKERS, lambda world: partial(report_missing, on_the_way(world).uid, at=now())),
    "settle_missing": (
        DESK,
        lambda world: partial(settle_missing, on_the_way(world).uid, "lost", None, reason="Nobody has it.", at=now()),
    ),
}
PURCHASES: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "draft_purchase_order": (DESK, _purchase_draft),
    "change_purchase_order": (
        DESK,
        lambda world: partial(change_purchase_order, draft(world).uid, {world.mug.pk: 3}, at=now()),
    ),
    "place_purchase_order": (DESK, lambda world: partial(place_purchase_order, draft(world).uid, at=now())),
    "cancel_purchase_order": (DESK, lambda world: partial(cancel_purchase_order, draft(world).uid, at=now())),
    "close_purchase_order": (DESK, lambda world: partial(close_purchase_order, ordered(world).uid, at=now())),
    "receive_purchase_order": (UNPACKERS, _purchase_receipt),
}
SHELVES: dict[str, tuple[set[str], Callable[[World], Deed]]] = {
    "adjust_stock": (DESK, lambda world: partial(adjust_stock, level(world), reason="found", change=1, at=now())),
    "set_safety_stock": (DESK, lambda world: partial(set_safety_stock, level(world), 1, at=now())),
    "set_policy": (DESK, _policy),
    "name_serials": (DESK, _naming),
    "repair_level": (DESK, lambda world: partial(repair_level, level(world), at=now())),
    "reorder": (DESK, lambda world: partial(reorder, world.store, one(world), at=now())),
    "set_components": (
        {"office", "admin"},
        lambda world: partial(set_components, world.tent.pk, one(world), at=now()),
    ),
}
GOODS = {f"inventory.actions.{name}": row for name, row in {**TRANSFERS, **PURCHASES, **SHELVES}.items()}
