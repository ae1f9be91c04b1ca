"""What one piece of goods holds, as files and forms write it: "250" and "g", "0,75" and "L", "6" and "pcs"."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from commerce.catalog.models import CONTENT_UNITS

NUMBER = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,3}0*)?", re.ASCII)
MOST = Decimal(1_000_000)
# Other words for the units that are kept; pounds and the like are none of them.
WORDS = {
    **{unit: unit for unit in CONTENT_UNITS},
    **dict.fromkeys(("gram", "grams", "gr"), "g"),
    **dict.fromkeys(("kilogram", "kilograms", "kgs"), "kg"),
    **dict.fromkeys(("milliliter", "milliliters", "millilitre", "millilitres"), "ml"),
    **dict.fromkeys(("centiliter", "centiliters", "centilitre", "centilitres"), "cl"),
    **dict.fromkeys(("liter", "liters", "litre", "litres"), "l"),
    **dict.fromkeys(("centimeter", "centimeters", "centimetre", "centimetres"), "cm"),
    **dict.fromkeys(("meter", "meters", "metre", "metres"), "m"),
    **dict.fromkeys(("m\u00b2", "m^2", "sqm", "square meter", "square meters"), "m2"),
    **dict.fromkeys(("pieces", "pc", "pcs", "each", "item", "items", "unit", "units"), "piece"),
}


class NoContent(ValueError):
    """What was written is no content of a piece; the text says what to write instead."""


def read(amount: str, unit: str) -> tuple[Decimal | None, str]:
    """(amount, unit) as a variant keeps them; (None, "") where both are empty. Raises `NoContent`."""
    number, name = amount.strip(), " ".join(unit.casefold().split())
    if not name and number.strip("0.,") == "":
        return None, ""
    kept = WORDS.get(name)
    if kept is None:
        text = _("What a piece holds is said in %(known)s, not in \u201c%(unit)s\u201d.")
        raise NoContent(text % {"known": ", ".join(CONTENT_UNITS), "unit": unit.strip()[:20]})
    value = Decimal(number.replace(",", ".")) if NUMBER.fullmatch(number) else Decimal(0)
    if not 0 < value <= MOST:
        text = _("\u201c%(amount)s\u201d is not what a piece can hold. Write a number above zero, such as 250 or 0.75.")
        raise NoContent(text % {"amount": number[:20]})
    return value.quantize(Decimal("0.001")), kept
