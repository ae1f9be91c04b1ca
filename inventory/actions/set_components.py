"""A variant becomes a kit, is made of something else, or is none any more."""

from collections.abc import Mapping
from datetime import datetime

from commerce.catalog.models import Variant
from commerce.catalog.units import in_units
from commerce.company.models import User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.db import action
from commerce.kernel.errors import NotFound
from inventory import kits


@action
def set_components(kit_pk: int, parts: Mapping[int, int], *, person: User | None, at: datetime) -> None:
    """Make a variant of these smallest amounts by variant (primary keys); of nothing, and it is no kit any more.
    The event `kit.changed` keeps what it is made of now.

    Raises `NotFound`, `NotAllowed` and what `kits.set_components` refuses with.
    """
    require(person, "catalog.edit")
    kit = Variant.objects.select_related("product").filter(pk=kit_pk).first()
    if kit is None:
        raise NotFound(what="variant", key=str(kit_pk))
    kits.set_components(kit, parts, at=at)
    made_of = {each.variant.sku: in_units(each.quantity, each.variant.unit_scale) for each in kits.components_of(kit)}
    who = person.username if person else ""
    outbox.record("kit.changed", str(kit.product.uid), {"sku": kit.sku, "components": made_of, "person": who}, at=at)
