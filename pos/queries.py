"""What the till shows beside its own catalog."""

from datetime import datetime
from typing import Any

from django.conf import settings

from commerce.catalog.models import Variant
from commerce.company import shop
from commerce.company.models import User
from commerce.company.permissions import MATRIX, till_limits
from commerce.events.live import stream_url
from commerce.events.outbox import here
from commerce.kernel.db import rows
from commerce.kernel.money import minor_digits
from commerce.pricing.cash import cash_of, suggested_from
from commerce.pricing.queries import market_for
from inventory import availability, numbered
from orders import offered
from orders.models import Fulfillment
from orders.quotes import Place, taxes_at
from orders.serial_numbers import sold_with
from pos import drawer, shift_figures
from pos.models import Register, Shift

_EVERYWHERE = ("stock.changed", "catalog.changed", "rules.changed", "shift.closed")


def till_state(register: Register, *, at: datetime) -> dict[str, Any]:
    """Everything that a till must know to sell with no server: where it is, who works here, taxes, numbers."""
    place, seller = register.location, shop.current()
    market = market_for(place.country)
    cash = cash_of(market.currency)
    return {
        "register": {"code": register.code, "name": register.name, "has_reader": bool(register.card_reader)},
        "location": {
            "code": place.code,
            "name": place.name,
            "address": [place.line1, f"{place.city} {place.state} {place.postal_code}".replace("  ", " "), place.phone],
            "time_zone": place.time_zone,
            "country": place.country,
        },
        "market": {
            "currency": market.currency,
            "digits": minor_digits(market.currency),
            "coins": list(cash.coins),
            "notes": list(cash.notes),
            "quick_cash": suggested_from(market.currency),
            "price_list": market.price_list.code,
            "prices_include_tax": market.prices_include_tax,
            "cash_step_minor": market.cash_step_minor,
            "tenders": offered.means(market, at_till=True),
        },
        "taxes": dict(taxes_at(Place.of_location(place), at=at)),
        "staff": _staff(register),
        "limits": till_limits(),
        "shift": shift_body(_open_shift(register)),
        "last_shift": _last_closed(register),
        "shop": {
            "name": seller.name,
            "tagline": seller.tagline,
            "policy": seller.returns_policy,
            "logo": seller.receipt_logo,
        },
        "receipt": {"prefix": register.code, "last": last_receipt(register)},
        "stream": stream_url([*(f"{topic}:*" for topic in _EVERYWHERE), f"tasks.changed:{place.code}"], after=here()),
        "bridge": settings.BRIDGE_URL,
        "server_time": at.isoformat(),
    }


def _open_shift(register: Register) -> Shift | None:
    return Shift.objects.filter(register=register, closed_at=None).select_related("opened_by").first()


def _last_closed(register: Register) -> dict[str, str] | None:
    """The shift whose Z report is the register's newest."""
    shift = Shift.objects.filter(register=register, closed_at__isnull=False).order_by("-pk").first()
    return {"id": str(shift.uid), "number": str(shift_figures.number_of(shift))} if shift else None


def _staff(register: Register) -> list[dict[str, str]]:
    sells = [role for role, permissions in MATRIX.items() if "sale.record" in permissions]
    found = User.objects.with_places().filter(is_active=True, role__in=sells).exclude(pin_hash="")
    return [
        {"username": person.username, "name": person.get_full_name() or person.username, "role": person.role}
        for person in found.order_by("first_name", "last_name")
        if not person.bound_to or register.location_id in person.bound_to  # type: ignore[attr-defined]
    ]


def last_receipt(register: Register) -> int:
    """The newest number of the register's receipts."""
    found = rows("SELECT value FROM kernel_sequence WHERE name = %s", [f"receipt:{register.code}"])
    return int(found[0][0]) if found else 0


def shift_body(shift: Shift | None) -> dict[str, Any] | None:
    """A shift as the till shows it, with what its drawer should hold by now."""
    if shift is None:
        return None
    return {
        "id": str(shift.uid),
        "opened_at": shift.opened_at.isoformat(),
        "opened_by": shift.opened_by.get_full_name() or shift.opened_by.username,
        "currency": shift.currency,
        "expected_minor": shift.expected_minor if shift.closed_at else drawer.expected(shift),
        "counted_minor": shift.counted_minor,
        "closed_at": shift.closed_at.isoformat() if shift.closed_at else None,
        "sales": shift.sales.count(),
        "returns": shift.returns.count(),
        "means": shift_figures.means(shift),
    }


def stock_here(register: Register) -> dict[str, list[int]]:
    """On hand and reserved by SKU, of all that this location has ever held."""
    return {sku: [on_hand, reserved] for sku, on_hand, reserved in availability.of_location(register.location_id)}


def till_categories() -> list[dict[str, str]]:
    """The shelves that the till offers as filters: each category with the one above it ("" for none) and the top-level
    one that it stands below."""
    found = rows(
        "WITH RECURSIVE down(id, slug, name, above, root, place) AS ("
        " SELECT id, slug, name, ''::varchar(140), slug, position FROM catalog_category WHERE parent_id IS NULL"
        " UNION ALL SELECT c.id, c.slug, c.name, down.slug, down.root, down.place"
        " FROM down JOIN catalog_category c ON c.parent_id = down.id"
        ") SELECT slug, name, above, root FROM down ORDER BY place, root, name"
    )
    return [{"slug": slug, "name": name, "above": above, "root": root} for slug, name, above, root in found]


def stock_everywhere(variant: Variant, *, at: datetime) -> list[dict[str, Any]]:
    """A variant's units at every location, for the till's stock look-up."""
    known = rows("SELECT id, code, name FROM company_location")
    places = {pk: {"code": code, "name": name} for pk, code, name in known}
    return [
        {
            **places[level.location],
            "on_hand": level.on_hand,
            "reserved": level.reserved,
            "available": level.available,
        }
        for level in availability.of_variants([variant.pk], at=at)
    ]


def promised_here(variant: Variant, register: Register) -> list[str]:
    """Numbers of the orders that wait for a variant at this location, the youngest promise first."""
    found = rows(
        "SELECT o.number FROM inventory_reservation r JOIN inventory_stocklevel l ON l.id = r.level_id"
        " JOIN orders_order o ON o.uid = r.source_uid WHERE r.state = 'allocated' AND l.location_id = %s"
        " AND l.variant_id IN (SELECT %s UNION SELECT component_id FROM inventory_kitcomponent WHERE kit_id = %s)"
        " GROUP BY o.number ORDER BY max(r.id) DESC LIMIT 20",
        [register.location_id, variant.pk, variant.pk],
    )
    return [number for (number,) in found]


def serial_body(variant: Variant, number: str, register: Register) -> dict[str, Any]:
    """Where a serial number is, and the order that it was sold with."""
    found = numbered.named(number, variant.pk)
    if not found:
        return {"number": number, "state": "unknown", "location": "", "order": "", "is_here": False}
    unit = found[0]
    return {
        "number": unit.serial,
        "state": unit.state,
        "location": unit.location.name if unit.location else "",
        "order": sold_with(unit) if unit.state == unit.State.SOLD else "",
        "is_here": unit.location_id == register.location_id,
    }


def open_tasks(register: Register) -> list[dict[str, Any]]:
    """Web orders that this store has to prepare or hand over, the oldest first."""
    found = (
        Fulfillment.objects.open()
        .filter(location=register.location)
        .select_related("order__customer")
        .prefetch_related("lines__order_line__variant__barcodes")
        .order_by("created_at")
    )
    return [task_body(fulfillment) for fulfillment in found]


def numbers_of(fulfillment: Fulfillment, given: Any) -> dict[int, list[str]]:
    """Serial numbers by variant, from those by SKU that a till sends; what is no such thing counts as none."""
    known = dict(fulfillment.lines.values_list("order_line__sku", "order_line__variant"))
    rows_of = given.items() if isinstance(given, dict) else ()
    return {
        known[sku]: [str(number) for number in numbers]
        for sku, numbers in rows_of
        if sku in known and isinstance(numbers, list)
    }


def task_body(fulfillment: Fulfillment) -> dict[str, Any]:
    """One task: what to take off the shelf, and for whom. The e-mail address stays on the server (T28)."""
    customer = fulfillment.order.customer
    return {
        "id": str(fulfillment.uid),
        "type": fulfillment.type,
        "state": fulfillment.state,
        "order": fulfillment.order.number,
        "customer": customer.name if customer else "",
        "placed_at": fulfillment.order.placed_at.isoformat() if fulfillment.order.placed_at else None,
        "lines": [
            {
                "sku": line.order_line.sku,
                "name": line.order_line.name,
                "quantity": line.quantity,
                "unit": line.order_line.unit,
                "scale": line.order_line.unit_scale,
                "has_serials": line.order_line.variant.tracks_serials,
                "serials": line.order_line.serials if fulfillment.state == "done" else [],
                "barcodes": [barcode.code for barcode in line.order_line.variant.barcodes.all()],
            }
            for line in fulfillment.lines.all()
        ],
    }
