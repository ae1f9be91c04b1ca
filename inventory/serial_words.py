"""What is said about serial numbers, in the words of the people who scan them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TOO_LONG: Any = gettext_lazy("A serial number has at most %(most)s letters and figures, in one line.")
TWICE: Any = gettext_lazy("Each piece has a number of its own; this was given twice: %(numbers)s.")

_REASONS: dict[str, Any] = {
    "unknown": gettext_lazy("nobody has received it. Check the label."),
    "in_stock": gettext_lazy("it is in stock here."),
    "elsewhere": gettext_lazy("the books have it at %(place)s. Check the label, or transfer it."),
    "in_transit": gettext_lazy("it is on its way between two locations. Receive the transfer first."),
    "sold": gettext_lazy("it is sold. If it came back, take it back as a return first."),
    "damaged": gettext_lazy("it is damaged. If it is repaired, adjust the stock first."),
    "gone": gettext_lazy("it was written off. If it was found, adjust the stock first."),
    "other_sale": gettext_lazy("it was sold with another order. Check the label."),
    "not_sent": gettext_lazy("it was not sent with this transfer. Check the label."),
}
_CLASHES: dict[str, Any] = {
    "unknown": gettext_lazy("the books do not know it"),
    "elsewhere": gettext_lazy("the books had it at another location"),
    "in_transit": gettext_lazy("the books had it on its way between two locations"),
    "sold": gettext_lazy("it was sold before and has not come back"),
    "damaged": gettext_lazy("the books had it as damaged"),
    "gone": gettext_lazy("it was written off before"),
}


def reason_of(why: str) -> str:
    """Why a number cannot be taken: what is the matter, and what to do. "elsewhere" has a %(place)s to fill."""
    return str(_REASONS[why])


def clash_of(why: str) -> str:
    """What the books say against a number that was sold all the same, as part of a sentence."""
    return str(_CLASHES.get(why, _("the books say otherwise")))
