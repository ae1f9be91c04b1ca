"""What a kit is made of. The only writer of `KitComponent`.

A kit is sold as one thing, and everything that asks for it (availability, reservations, the till) takes its components.
What was promised before its components changed is packed as it was then: reservations name levels, not kits.

Locks: kits are defined one after the other, then the variant (so that nobody gives it a first stock level meanwhile),
then its levels.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.catalog.units import PIECE
from commerce.kernel.db import advisory_lock, in_transaction, rows
from commerce.kernel.errors import InvalidInput
from inventory import endings, incoming, policies
from inventory.errors import KitOfKits, PartOfKit, VariantHasStock, VariantIsComing
from inventory.levels import announce
from inventory.models import KitComponent

MOST_COMPONENTS = 50
MOST_UNITS = 10_000


@dataclass(frozen=True, slots=True)
class Component:
    """What one kit takes of a variant, in smallest amounts."""

    variant: Variant
    quantity: int


def components_of(kit: Variant) -> list[Component]:
    """What a kit is made of, in the order of the SKUs; nothing when it is none."""
    found = KitComponent.objects.filter(kit=kit).select_related("component__product").order_by("component__sku_key")
    return [Component(row.component, row.quantity) for row in found]


@in_transaction
def set_components(kit: Variant, parts: Mapping[int, int], *, at: datetime) -> None:
    """Make `kit` of these smallest amounts by variant (primary keys); of nothing, and it is an ordinary variant again.

    Raises `InvalidInput`, `KitOfKits`, `PartOfKit`, `VariantHasStock`, `VariantIsComing`.
    """
    _check_quantities(kit, parts)
    _check_numbers(kit, parts)
    advisory_lock("inventory.kits")
    rows("SELECT 1 FROM catalog_variant WHERE id = %s FOR UPDATE", [kit.pk])
    before = [row.pk for row in KitComponent.objects.filter(kit=kit)]
    if parts:
        _refuse_kits_in_kits(kit, parts)
    if parts and not before:
        _refuse_stock(kit, at=at)
    KitComponent.objects.filter(pk__in=before).exclude(component__in=list(parts)).delete()
    KitComponent.objects.bulk_create(
        [KitComponent(kit=kit, component_id=component, quantity=quantity) for component, quantity in parts.items()],
        update_conflicts=True,
        unique_fields=["kit", "component"],
        update_fields=["quantity"],
    )
    levels = rows(
        "SELECT id FROM inventory_stocklevel WHERE variant_id = ANY(%s) ORDER BY id", [list(parts) or [kit.pk]]
    )
    announce([level for (level,) in levels], at=at)


def _check_quantities(kit: Variant, parts: Mapping[int, int]) -> None:
    scales = dict(Variant.objects.filter(pk__in=list(parts)).values_list("pk", "unit_scale"))
    problem = ""
    if kit.pk in parts:
        problem = _("A kit cannot be made of itself.")
    elif len(parts) > MOST_COMPONENTS:
        problem = _("A kit has at most %(most)s components.") % {"most": MOST_COMPONENTS}
    elif kit.unit != PIECE:
        problem = _("%(kit)s is sold by measure. A kit is sold in whole pieces.") % {"kit": kit.sku}
    elif any(not 1 <= quantity <= MOST_UNITS * scales.get(component, 1) for component, quantity in parts.items()):
        problem = _("A kit takes between 1 and 10,000 units of a component.")
    if problem:
        raise InvalidInput({"items": [problem]})


def _check_numbers(kit: Variant, parts: Mapping[int, int]) -> None:
    """Whoever sells a kit scans the kit: nobody would be asked for the numbers of what is in it."""
    inside = Variant.objects.filter(pk__in=list(parts), tracks_serials=True).order_by("sku_key").first()
    if inside:
        text = _("Each piece of %(part)s has a serial number, and nobody would be asked for it with the kit.")
        raise InvalidInput({"items": [text % {"part": inside.sku}]})
    if parts and kit.tracks_serials:
        text = _("A kit has no serial number of its own. Say on the page of %(kit)s that it has none, then go on.")
        raise InvalidInput({"items": [text % {"kit": kit.sku}]})


@in_transaction
def _refuse_kits_in_kits(kit: Variant, parts: Mapping[int, int]) -> None:
    inside = KitComponent.objects.filter(kit__in=list(parts)).select_related("kit").order_by("kit__sku_key").first()
    if inside:
        raise KitOfKits(part=inside.kit.sku, kit=kit.sku)
    around = KitComponent.objects.filter(component=kit).select_related("kit").order_by("kit__sku_key").first()
    if around:
        raise PartOfKit(sku=kit.sku, kit=around.kit.sku)


@in_transaction
def _refuse_stock(kit: Variant, *, at: datetime) -> None:
    """Goods that nobody could sell or find any more. Levels that held some once stay, for their history."""
    levels = [pk for (pk,) in rows("SELECT id FROM inventory_stocklevel WHERE variant_id = %s ORDER BY id", [kit.pk])]
    endings.expire_lapsed(levels, at=at)
    places = rows(
        "SELECT c.code FROM inventory_stocklevel l JOIN company_location c ON c.id = l.location_id"
        " WHERE l.variant_id = %s AND (l.on_hand <> 0 OR l.reserved <> 0 OR l.damaged <> 0) ORDER BY c.position, c.id",
        [kit.pk],
    )
    if places:
        raise VariantHasStock(sku=kit.sku, places=", ".join(code for (code,) in places))
    coming = incoming.of([kit.pk], planned=True)
    if coming:
        raise VariantIsComing(sku=kit.sku, numbers=", ".join(each.number for each in coming))
    for level in levels:
        policies.put(level, policies.Terms(), at=at)
