from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class InsufficientStock(DomainError):
    """`items` lists what is missing: [{"sku", "requested", "available"}]."""

    code = "insufficient_stock"
    message = _("There is not enough of %(names)s left. Lower the quantity or remove it, then try again.")

    def __init__(self, items: list[dict[str, object]]) -> None:
        super().__init__(items=items, names=", ".join(str(item.get("name") or item["sku"]) for item in items))


class HoldLost(DomainError):
    """A hold ended before it was paid for, and its units went to somebody else."""

    code = "hold_expired"
    message = _("The time for this checkout is over and its items are no longer held. Please check out again.")


class NotOnHand(DomainError):
    code = "not_on_hand"
    message = _("%(sku)s is not there: %(on_hand)s on hand, %(wanted)s needed. Count the shelf, then adjust the stock.")


class KitHasNoStock(DomainError):
    code = "kit_has_no_stock"
    message = _("%(sku)s is a kit: it has no stock of its own. Change the stock of its components.")
