"""Numbers of payment cards, which have no business in this system: found in texts, refused at the door, masked in logs.

A card is only ever entered into the card network's own form. People still type its number into the wrong field.
"""

import re

# 14 to 19 digits as printed on cards, with single blanks or dashes between them, and nothing else of a longer number.
_DIGITS = re.compile(r"(?<![\w-])\d(?:[ -]?\d){13,18}(?![\w-]*\d)")
# The leading digits of the networks: Visa, Mastercard, American Express, Discover, JCB, Diners Club, UnionPay, Maestro.
_ISSUERS = re.compile(r"4|5[0-8]|2[2-7]|3[47]|6[0-9]|35|30[0-5]|3[689]")


def contains_card_number(text: str) -> bool:
    """Whether somebody has written the number of a card into this text."""
    return any(_is_card_number(found.group()) for found in _DIGITS.finditer(text))


def mask_card_numbers(text: str) -> str:
    """The text with each card number cut down to its last four digits."""
    return _DIGITS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    return f"[card {found.group()[-4:]}]" if _is_card_number(found.group()) else found.group()


def _is_card_number(found: str) -> bool:
    digits = [int(char) for char in found if char.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    issued = _ISSUERS.match("".join(map(str, digits)))
    return issued is not None and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
