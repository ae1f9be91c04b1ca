"""What shoppers type: quantities, and who they are and where the goods should go."""

from django.utils.translation import gettext as _

from commerce.kernel.errors import InvalidInput
from orders.carts import MAX_QUANTITY


def read_quantity(text: str, *, least: int) -> int:
    """A quantity as typed. Raises `InvalidInput` with what to type instead."""
    plain = text.strip()
    digits = plain.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidInput({"quantity": [_("Enter the quantity as a whole number, such as 2.")]})
    if plain.startswith("-") or (least and int(digits[:12]) < least):
        raise InvalidInput({"quantity": [_("Enter a quantity of 1 or more.")]})
    if len(digits.lstrip("0")) > 9 or int(digits) > MAX_QUANTITY:
        raise InvalidInput({"quantity": [_("At most %(most)d can be ordered at once.") % {"most": MAX_QUANTITY}]})
    return int(digits)
