"""Suppliers and orders with them, made as people make them."""

import factory

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.actions.draft_purchase_order import draft_purchase_order
from inventory.actions.place_purchase_order import place_purchase_order
from inventory.actions.receive_purchase_order import receive_purchase_order
from inventory.models import PurchaseOrder, Supplier, SupplierItem
from inventory.purchases import Received

Wanted = dict[Variant, int]


class SupplierFactory(factory.django.DjangoModelFactory):
    """Northfold, who is paid in dollars."""

    class Meta:
        model = Supplier
        django_get_or_create = ("code",)

    code = "NF"
    name = "Northfold"
    currency = "USD"


def item(supplier: Supplier, variant: Variant, cost: int, *, sku: str = "", pack: int = 1) -> SupplierItem:
    return SupplierItem.objects.create(
        supplier=supplier, variant=variant, cost_minor=cost, supplier_sku=sku, pack=pack, is_preferred=True
    )


def drafted(supplier: Supplier, location: Location, wanted: Wanted) -> PurchaseOrder:
    units = {variant.pk: quantity for variant, quantity in wanted.items()}
    return draft_purchase_order(supplier=supplier, location=location, units=units, person=None, at=now())


def placed(supplier: Supplier, location: Location, wanted: Wanted) -> PurchaseOrder:
    order = drafted(supplier, location, wanted)
    place_purchase_order(order.uid, person=None, at=now())
    return PurchaseOrder.objects.get(pk=order.pk)


def receive(order: PurchaseOrder, came: Wanted) -> Received:
    units = {variant.pk: quantity for variant, quantity in came.items()}
    return receive_purchase_order(order.uid, units, receipt=new_uid(), person=None, at=now())
