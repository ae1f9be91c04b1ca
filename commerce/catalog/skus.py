"""SKUs as they are compared: the same number written by two spreadsheets is one key."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 64
BLANKS = re.compile("[\t\n\v\f\r \x85\N{OGHAM SPACE MARK}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]+")

PROBLEMS = {
    "empty": _("The SKU is empty."),
    "too_long": _("The SKU is longer than 64 characters."),
    "unprintable": _("The SKU contains a control character."),
    "rounded_number": _("The SKU looks like a number that a spreadsheet rounded, such as 4.00638E+12."),
    "formula_error": _("The SKU is a spreadsheet's error, such as #N/A."),
}


@dataclass(frozen=True, slots=True)
class NormalizedSku:
    """`value` is the key to compare by, empty when there is none; `problems` are keys of PROBLEMS."""

    value: str
    problems: tuple[str, ...] = ()


def normalize_sku(text: str) -> NormalizedSku:
    """Compatibility forms unified (NFKC), invisible characters and spreadsheet guards (a leading apostrophe, ="...")
    dropped, blanks collapsed, in capitals. A SKU with problems has its value too, if it can be kept. Never raises."""
    value = unicodedata.normalize("NFKC", text)
    value = "".join(letter for letter in value if unicodedata.category(letter) != "Cf")
    value = BLANKS.sub(" ", value).strip(" ")
    if len(value) > 3 and value.startswith('="') and value.endswith('"'):
        value = value[2:-1].strip(" ")
    if value[:1] in ("'", "’"):
        value = value[1:].strip(" ")
    value = unicodedata.normalize("NFKC", value.casefold().upper())
    if not value:
        return NormalizedSku("", ("empty",))
    if len(value) > MAX_LENGTH:
        return NormalizedSku("", ("too_long",))
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Zl", "Zp") for letter in value):
        return NormalizedSku("", ("unprintable",))
    if re.fullmatch(r"[0-9][.,][0-9]+E\+[0-9]{1,2}", value):
        return NormalizedSku(value, ("rounded_number",))
    if re.fullmatch(r"#(N/A|NAME\?|REF!|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)", value):
        return NormalizedSku(value, ("formula_error",))
    return NormalizedSku(value)
