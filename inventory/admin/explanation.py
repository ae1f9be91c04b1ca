"""The page that explains what is available: every line of the sum, in the words of the shop floor."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.catalog.units import text_of
from commerce.company.models import Location
from commerce.office import access
from commerce.office.base import person_of
from commerce.office.columns import moment
from inventory import statements
from inventory.admin.sources import linked
from inventory.documents import Document
from inventory.explain import Explanation, Movement, Shelf, explain
from inventory.models import StockLevel


def address_of(level: StockLevel) -> str:
    return reverse("admin:stock-explanation", args=[level.variant_id, level.location_id])


def explanation(request: HttpRequest, variant: int, location: int, *, at: datetime) -> dict[str, Any]:
    """The page's context. Places that this person is not bound to do not exist."""
    places = access.bound_to(person_of(request))
    item = Variant.objects.select_related("product").filter(pk=variant).first()
    place = Location.objects.filter(pk=location, **({"pk__in": places} if places else {})).first()
    if item is None or place is None:
        raise Http404
    found = explain(item, place, at=at)
    return {
        "title": _("Why %(available)s are available") % {"available": text_of(found.available, item)},
        "heading": _("%(sku)s at %(place)s: the sum") % {"sku": item.sku, "place": place.name},
        "found": found,
        "available": text_of(found.available, item),
        "backorder": text_of(found.backorder, item) if found.backorder else "",
        "sentence": statements.sentence(found),
        "statements": [_statement(found, shelf) for shelf in found.shelves],
    }


def _statement(found: Explanation, shelf: Shelf) -> dict[str, Any]:
    return {
        "shelf": shelf,
        "lines": [
            (linked(line.document) if line.document else line.label, line) for line in statements.lines(found, shelf)
        ],
        "beside": list(_beside(shelf)),
        "movements": [_movement(row, shelf) for row in shelf.movements],
        "all_movements": reverse("admin:inventory_stockmovement_changelist") + f"?level__exact={shelf.level.pk}",
        "level": reverse("admin:inventory_stocklevel_change", args=[shelf.level.pk]),
    }


def _movement(row: Movement, shelf: Shelf) -> dict[str, Any]:
    of = shelf.level.variant
    sign = "+" if row.quantity > 0 else ""
    damaged = f"{'+' if row.damaged > 0 else ''}{text_of(row.damaged, of)}" if row.damaged else ""
    change = f"{sign}{text_of(row.quantity, of)}".replace("-", "−")
    balance = text_of(row.balance, of).replace("-", "−")
    return {"row": row, "document": linked(row.document), "change": change, "damaged": damaged, "balance": balance}


def _beside(shelf: Shelf) -> Any:
    """What stands beside the sum and does not count: (label, note, units)."""
    if shelf.damaged:
        yield _("Damaged"), _("here, but not for sale"), text_of(shelf.damaged, shelf.level.variant)
    level = shelf.level
    if level.policy != StockLevel.Policy.DENY:
        until = _("until %(when)s") % {"when": moment(level.policy_until)} if level.policy_until else ""
        told = _("shoppers are told %(day)s") % {"day": level.expected_on.isoformat()} if level.expected_on else ""
        yield (
            level.get_policy_display(),
            ", ".join(filter(None, [until, told])),
            text_of(level.backorder_limit, level.variant),
        )
    stages = {
        "on_the_way": _("on the way"),
        "approved": _("set aside at the sender"),
        "ordered": _("ordered"),
        "missing": _("missing on arrival"),
    }
    for each in shelf.incoming:
        day = _("expected %(day)s") % {"day": each.expected_on.isoformat()} if each.expected_on else _("no date")
        label = linked(Document(each.source_type, each.uid, each.number, each.number, ""))
        yield label, f"{stages.get(each.stage, each.stage)}, {day}", f"+{text_of(each.quantity, level.variant)}"
