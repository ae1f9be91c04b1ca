"""Order what runs low: the suggestions that somebody has ticked become transfers and drafts of purchase orders."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.kernel import idempotency
from commerce.kernel.db import one_commit
from commerce.kernel.errors import InvalidInput
from inventory import demand
from inventory.actions.draft_purchase_order import draft_purchase_order
from inventory.actions.request_transfer import request_transfer
from inventory.errors import NothingRunsLow
from inventory.models import PurchaseOrder, Supplier, Transfer
from inventory.replenishment import TRANSFER_DAYS


@dataclass(frozen=True, slots=True)
class Reordered:
    """What was made of the suggestions, and the ticked variants (primary keys) that need nothing any more."""

    transfers: list[Transfer]
    orders: list[PurchaseOrder]
    left_out: list[int]


def reorder(location: Location, units: Mapping[int, int], *, person: User | None, at: datetime) -> Reordered:
    """Request transfers and draft purchase orders for `units` (by variant), one per sender or supplier: all or nothing.

    Whoever comes second finds nothing left to order: what is requested and drafted counts as coming. Raises
    `NotAllowed`, `NothingRunsLow` when none of them is suggested any more, `InvalidInput`.
    """
    require(person, "stock.reorder", location)
    if not units:
        raise InvalidInput({"pick": [_("Tick what you want to order.")]})
    with one_commit():
        idempotency.wait_for_turn("reorder", location.code)
        wanted = {each.item.variant: each for each in demand.suggestions(location, at=at) if each.item.variant in units}
        moved: dict[int, dict[int, int]] = defaultdict(dict)
        bought: dict[int, dict[int, int]] = defaultdict(dict)
        for variant, each in wanted.items():
            if each.donor is not None:
                moved[each.donor][variant] = min(units[variant], each.quantity)
            elif each.supply is not None:
                bought[each.supply.supplier][variant] = units[variant]
        if not moved and not bought:
            raise NothingRunsLow(place=location.name)
        places, suppliers = Location.objects.in_bulk(moved), Supplier.objects.in_bulk(bought)
        return Reordered(
            transfers=[
                request_transfer(
                    source=places[donor],
                    destination=location,
                    units=wanted_units,
                    person=person,
                    at=at,
                    expected_on=(at + timedelta(days=TRANSFER_DAYS)).date(),
                )
                for donor, wanted_units in sorted(moved.items())
            ],
            orders=[
                draft_purchase_order(
                    supplier=suppliers[supplier],
                    location=location,
                    units=wanted_units,
                    person=person,
                    at=at,
                    expected_on=(at + timedelta(days=suppliers[supplier].lead_days)).date(),
                )
                for supplier, wanted_units in sorted(bought.items())
            ],
            left_out=sorted(
                set(units) - {variant for group in [*moved.values(), *bought.values()] for variant in group}
            ),
        )
