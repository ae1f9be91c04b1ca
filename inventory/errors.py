from typing import Any

from django.utils.translation import gettext_lazy as _

from commerce.catalog.units import amount_text
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


class NotEnoughToSend(DomainError):
    """`items` lists what is missing: [{"sku", "requested", "available", "unit", "scale"}], in smallest amounts."""

    code = "insufficient_stock"
    message = _("%(place)s has too few to send: %(names)s. Approve less, or ask another location.")

    def __init__(self, place: str, items: list[dict[str, Any]]) -> None:
        super().__init__(place=place, items=items, names=", ".join(map(self._named, items)))

    @staticmethod
    def _named(item: dict[str, Any]) -> str:
        of = (item["unit"], item["scale"])
        amounts = {name: amount_text(item[name], *of) for name in ("requested", "available")}
        return str(_("%(sku)s (%(requested)s wanted, %(available)s free)")) % {"sku": item["sku"], **amounts}


class NotNow(DomainError):
    """A document is not in the state that a step needs; `hint` says what can be done with it."""

    code = "illegal_move"
    message = _("%(number)s is “%(state)s”: %(hint)s")


class NotOnDocument(DomainError):
    code = "not_on_document"
    status = 422
    message = _("%(sku)s is not on %(number)s. Scan it again; if it did come, adjust the stock by it as found.")


class MoreThanOnTheWay(DomainError):
    code = "more_than_on_the_way"
    message = _(
        "%(number)s has %(on_the_way)s of %(sku)s on the way, not %(wanted)s. Receive what is on the way; if there"
        " really are more, adjust the stock by them as found."
    )


class MoreThanAllowed(DomainError):
    code = "more_than_allowed"
    status = 422
    message = _("At most %(most)s of %(sku)s can be sent with %(number)s, not %(wanted)s: no more were %(before)s.")


class UnknownCode(DomainError):
    code = "unknown_code"
    status = 404
    message = _("Nothing has the code “%(code)s”. Check the label, or type the SKU.")


class AlreadyReceived(DomainError):
    code = "already_received"
    message = _("This delivery of %(number)s was booked already, once. Nothing was changed; open the page again.")


class NothingToDo(DomainError):
    code = "nothing_to_do"
    status = 422
    message = _("%(number)s: enter at least one unit. %(hint)s")


class KitOfKits(DomainError):
    code = "kit_of_kits"
    status = 422
    message = _("%(part)s is a kit itself. Put its components into %(kit)s instead.")


class PartOfKit(DomainError):
    code = "part_of_kit"
    message = _("%(sku)s is in the kit %(kit)s, and no kit can be part of another. Take it out of there first.")


class VariantHasStock(DomainError):
    code = "variant_has_stock"
    message = _(
        "%(sku)s has stock of its own at %(places)s. A kit has none: move or adjust what is on hand, reserved or"
        " damaged there to 0 first."
    )


class VariantIsComing(DomainError):
    code = "variant_is_coming"
    message = _("%(sku)s is on its way by itself (%(numbers)s). Receive or cancel that first: a kit has no stock.")


class PromisedBeyondStock(DomainError):
    code = "promised_beyond_stock"
    message = _(
        "%(promised)s units of %(sku)s are promised beyond the stock of %(place)s already. Allow at least as many, or"
        " cancel orders first."
    )


class SerialsDoNotMatch(DomainError):
    code = "serials_needed"
    status = 422
    message = _("%(sku)s needs %(wanted)s serial numbers, %(given)s were given. Scan or type one for each piece.")


class SerialNotHere(DomainError):
    """A number that cannot be taken; `reason` says why, and what to do."""

    code = "serial_not_here"
    message = _("%(sku)s with the serial number %(number)s: %(reason)s")


class TooManySerials(DomainError):
    code = "too_many_serials"
    status = 422
    message = _(
        "%(sku)s at %(place)s has %(on_hand)s on hand; with these there would be %(named)s serial numbers. Name what is"
        " gone too, or adjust the stock first."
    )


class NothingRunsLow(DomainError):
    code = "nothing_runs_low"
    message = _("Nothing of this is needed at %(place)s any more: it was ordered meanwhile. Nothing was changed.")
