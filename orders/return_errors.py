"""What is refused about returns and refunds, with the reason."""

from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class NotReturnable(DomainError):
    """More units than can come back. `left` is how many can, as text in the line's unit."""

    code = "not_returnable"
    message = _("Of %(sku)s %(left)s can still come back, not %(wanted)s. %(why)s")


class NothingToReturn(DomainError):
    code = "nothing_to_return"
    status = 422
    message = _("Say what comes back: at least one item.")


class WrongReturnNumbers(DomainError):
    """Serial numbers of what comes back are missing, or too many."""

    code = "return_serials_needed"
    status = 422
    message = _("%(sku)s needs %(wanted)s serial numbers, one for each piece that comes back; %(given)s were given.")


class RefundTooLarge(DomainError):
    """More than was taken and is still there. `left_minor` is what can be given back."""

    code = "refund_too_large"
    message = _(
        "%(wanted)s cannot be given back: %(left)s is left of what was paid (%(paid)s paid, %(refunded)s given back,"
        " %(pending)s on its way)."
    )


class CurrencyDiffers(DomainError):
    code = "currency_differs"
    status = 422
    message = _("This was paid in %(paid)s. It can be given back in %(paid)s only, not in %(wanted)s.")


class OriginalGone(DomainError):
    """The card cannot be refunded any more, and nobody has said by what else."""

    code = "original_gone"
    message = _("%(tender)s cannot take the money back any more. Choose another way: %(others)s.")


class CannotGiveBackBy(DomainError):
    code = "cannot_give_back_by"
    status = 422
    message = _("Money cannot be given back by %(tender)s here. What is possible: %(others)s.")


class DrawerNeeded(DomainError):
    """Cash of an order that belongs to no store, and nobody has said where it is handed over."""

    code = "drawer_needed"
    status = 422
    message = _("Say which store's drawer the cash comes from.")


class AmountsChanged(DomainError):
    """What the plan gives back is not what the return comes to."""

    code = "amounts_changed"
    message = _("The amounts have changed: %(due)s is to be given back, not %(planned)s. Look again, then go on.")


class RefundUnknown(DomainError):
    code = "refund_unknown"
    status = 503
    message = _("The card network has not answered yet. The money is on its way; we keep asking.")
