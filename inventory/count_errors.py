"""What can go wrong while counting, in the words of those who count and review."""

from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class NoItemOfCode(DomainError):
    code = "unknown_code"
    status = 422
    message = _(
        "No item has the code “%(scanned)s”. Type the SKU from its label, or put it aside and tell whoever reviews the"
        " count: it has to be entered in the catalog first."
    )


class NotInCount(DomainError):
    code = "not_in_count"
    status = 422
    message = _("%(sku)s is not part of %(number)s (%(scope)s). Leave it out here; it is counted with its own shelf.")


class CountedBefore(DomainError):
    code = "counted_before"
    message = _("%(sku)s was counted before and is not to be counted again now. Whoever reviews can ask for it.")


class NothingToTakeBack(DomainError):
    code = "nothing_to_take_back"
    status = 422
    message = _("%(counted)s of %(sku)s are counted so far: %(wanted)s cannot be taken back.")


class ScanReused(DomainError):
    code = "scan_reused"
    message = _("This scan was sent before, of something else. Nothing was counted; scan it again.")


class RecountFirst(DomainError):
    """`lines`: how many lines of the count nobody can judge yet."""

    code = "recount_first"
    message = _("%(number)s cannot be approved yet: %(names)s must be counted again first, or be left out.")


class AnotherPersonApproves(DomainError):
    code = "another_person_approves"
    status = 403
    message = _("You counted here, and the differences of %(number)s are large. Another person has to approve them.")


class NotNow(DomainError):
    """A count is not in the state that a step needs; `hint` says what can be done with it."""

    code = "illegal_move"
    message = _("%(number)s is “%(state)s”: %(hint)s")


class NothingCounted(DomainError):
    code = "nothing_counted"
    message = _("Nothing has been counted on %(number)s yet. Scan the shelf first, or cancel the count.")


CHOOSE_LINES = _("Tick the lines that are meant. Lines that were scanned in this round cannot be counted as none.")
