from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class ShiftOpen(DomainError):
    code = "shift_open"
    message = _("%(register)s has an open shift, begun by %(person)s. Close it first, or go on selling in it.")


class NoShift(DomainError):
    code = "no_shift"
    message = _("This register has no open shift. Open one with a count of the float.")


class ShiftClosed(DomainError):
    code = "shift_closed"
    message = _("This shift was closed already.")


class NoRegister(DomainError):
    code = "no_register"
    message = _("This browser is not paired with a register. Ask a manager for a pairing code.")


class TooManyPairings(DomainError):
    code = "too_many_pairings"
    status = 429
    message = _(
        "Too many wrong pairing codes. Wait %(minutes)s minutes, then enter the code from the back office again."
    )


class CodesBlocked(DomainError):
    code = "codes_blocked"
    status = 429
    message = _("Too many wrong codes. Wait %(seconds)s seconds, or find the order by its number in the list of tasks.")


class Unforeseen(DomainError):
    """A sale of a batch that met a bug of ours. A case keeps it, and the till may send it again."""

    code = "server_error"
    status = 500
    message = _("This sale could not be recorded. It is kept, and the back office was told.")


class ReaderBusy(DomainError):
    code = "reader_busy"
    message = _("The reader is busy with another payment. Wait until its screen is free, then try again, or take cash.")


class ReaderOffline(DomainError):
    code = "reader_offline"
    message = _("The reader is not connected. Look at its power and its network, then try again, or take cash.")


class ReaderUnsettled(DomainError):
    """An earlier payment at this register has no end yet, and until it has, the reader may charge for it."""

    code = "reader_unsettled"
    message = _(
        "An earlier card payment at this register, of %(amount)s, has no answer yet, so the reader takes no other. It"
        " is asked for again by itself. Take cash, or try again in a moment."
    )


class PaidAlready(DomainError):
    code = "card_paid_already"
    message = _("This sale was paid by card already: %(amount)s. Do not charge it again.")


class CardTaken(DomainError):
    code = "card_taken"
    message = _("A sale has taken this payment by now, so it is not given back.")


class CardNotPaid(DomainError):
    code = "card_not_paid"
    message = _("The card network has no payment of this amount for this sale. Check the reader before you go on.")
