"""Barcodes: whatever a scanner, a spreadsheet or a person gives, as the one key it is stored and looked up by.

A GTIN is folded to 14 digits, so that UPC-A 036000291452 and EAN-13 0036000291452 are one key. Anything else is an
internal code. `static/js/till/barcodes.js` is the same in the till's browser; a test compares both on thousands.

Understood besides plain digits: a leading apostrophe or ="..." (spreadsheet guards), blanks and hyphens inside 12 to 14
digits, AIM symbology identifiers ("]E0..."), UPC-E, GS1 element strings (GS1-128, DataBar, DataMatrix) and GS1 Digital
Link addresses (QR), of which the product number (01) is taken.

Eight digits can be read as EAN-8 and as UPC-E. The number decides as the GS1 General Specifications assign it: with a
leading 0 it is UPC-E where that check digit fits (EAN-8 numbers in 0 are for use inside one company only); otherwise it
is EAN-8, and UPC-E of number system 1 only where EAN-8 does not fit. `lookup_keys` offers the other reading too.
"""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.ean import calc_check_digit

MAX_LENGTH = 64
BLANKS = "\t\n\v\f\r \x85\N{OGHAM SPACE MARK}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
FRAMING = "".join(map(chr, range(32))) + "\x7f" + BLANKS
GROUP_SEPARATOR = "\x1d"
GS1_SYMBOLOGIES = ("]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1")
DIGITAL_LINK = re.compile(r"https?://[^\s?#]*?/01/(\d{8}|\d{12,14})(?=[/?#]|$)", re.IGNORECASE | re.ASCII)
# Lengths, identifier included, of the element strings that no separator ends (GS1 General Specifications,
# "predefined length"), by the identifier's first two digits.
FIXED_LENGTHS = {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16} | {
    str(two): 8 if two < 20 else 10 for two in (*range(11, 20), *range(31, 37))
}


@dataclass(frozen=True, slots=True)
class Normalized:
    """kind "gtin": `value` is 14 digits. "internal": `value` is the code in capitals.
    "invalid_gtin": `value` is the digits as read, `expected` the check digit that would be right: a misread, or a
    shop's own number. "invalid": `value` is empty, and `problem` is one of empty, placeholder (zeros only), too_long,
    unprintable, no_product (GS1 data without a product number).
    """

    kind: str
    value: str
    expected: str = ""
    problem: str = ""


def normalize_barcode(text: str) -> Normalized:
    """What `text` is, and the key to store it by. Never raises; see `Normalized`."""
    symbology, code = _bare(text)
    link = DIGITAL_LINK.match(code)
    if link:
        return _from_digits(link[1], "")
    if symbology in GS1_SYMBOLOGIES or code.startswith((GROUP_SEPARATOR, "(01)")):
        gtin = _product_number(code.strip(FRAMING))
        return _from_digits(gtin, symbology) if gtin else Normalized("invalid", "", problem="no_product")
    code = code.strip(FRAMING)
    digits = _digits(code)
    if digits and not digits.strip("0"):
        return Normalized("invalid", "", problem="placeholder")
    if symbology == "]E3" and len(digits) in (15, 18):
        digits = digits[:13]
    return _from_digits(digits, symbology) if len(digits) in (8, 12, 13, 14) else _internal(code)


def lookup_keys(text: str) -> list[str]:
    """The keys to look a scan up by, best first: its own, then other readings of the same digits: as a shop's number,
    as the other kind of eight digits, with the leading zeros a spreadsheet lost. Take the first that is known."""
    own = normalize_barcode(text)
    plain = _internal(_bare(text)[1].strip(FRAMING)).value
    digits = _digits(plain)
    keys = [own.value, plain, digits]
    if len(digits) == 8:
        keys += [reading.zfill(14) for reading in (_upc_a(digits), digits) if reading and _fits(reading)]
    if 8 < len(digits) < 12 and _fits(digits):
        keys.append(digits.zfill(14))
    if len(digits) >= 16 and digits.startswith("01") and _fits(digits[2:16]):
        keys.append(digits[2:16])
    if len(digits.lstrip("0")) > 5:
        keys.append(digits.lstrip("0"))
    return [key for key in dict.fromkeys(keys) if key] if digits.strip("0") or not digits else []


def display(value: str) -> str:
    """A stored key as people know it: a GTIN without its filling zeros (8, 12, 13 or 14 digits), others as they are."""
    if not re.fullmatch(r"[0-9]{14}", value) or not _fits(value):
        return value
    return value[-next(length for length in (8, 12, 13, 14) if not value[:-length].strip("0")) :]


def make_ean13(prefix: str, number: int) -> str:
    """An EAN-13 for use inside the company: `prefix` from the range 2, 20-29, 200-299... that GS1 leaves to shops, then
    `number`, then the check digit. ValueError when the prefix is another or the number does not fit."""
    if not re.fullmatch(r"2[0-9]{0,6}", prefix):
        raise ValueError(f"prefix must be up to seven digits beginning with 2, not {prefix!r}")
    room = 12 - len(prefix)
    if type(number) is not int or not 0 <= number < 10**room:
        raise ValueError(f"number must be a whole number of up to {room} digits, not {number!r}")
    body = f"{prefix}{number:0{room}d}"
    return body + calc_check_digit(body)


def _bare(text: str) -> tuple[str, str]:
    """Symbology identifier ("]E0" or "") and the code without it, guards, invisible characters and framing. A group
    separator in front stays: it says that a GS1 element string follows."""
    seen = unicodedata.normalize("NFKC", text)
    seen = "".join(letter for letter in seen if unicodedata.category(letter) != "Cf").strip(BLANKS)
    if len(seen) > 3 and seen.startswith('="') and seen.endswith('"'):
        seen = seen[2:-1].strip(BLANKS)
    if seen[:1] in ("'", "’"):
        seen = seen[1:].strip(BLANKS)
    symbology = re.match(r"\][A-Za-z][0-9A-Za-z]", seen, re.ASCII)
    return (symbology[0], seen[3:].split("|]")[0]) if symbology else ("", seen)


def _digits(code: str) -> str:
    """The digits of a code that is nothing else; blanks and hyphens may stand between 12 to 14 of them. Else ""."""
    if re.fullmatch(r"[0-9]+", code):
        return code
    bare = re.sub(r"[ -]", "", code)
    return bare if re.fullmatch(r"[0-9]{12,14}", bare) and re.fullmatch(r"[0-9]([ -]?[0-9])+", code) else ""


def _from_digits(digits: str, symbology: str) -> Normalized:
    upc_a = _upc_a(digits) if symbology != "]E4" else ""
    upc_e_fits = bool(upc_a) and _fits(upc_a)
    if upc_e_fits and (digits[0] == "0" or not _fits(digits)):
        return Normalized("gtin", upc_a.zfill(14))
    if _fits(digits):
        return Normalized("gtin", digits.zfill(14))
    expected = calc_check_digit((upc_a if upc_a and digits[0] == "0" else digits)[:-1])
    return Normalized("invalid_gtin", digits, expected=expected)


def _upc_a(digits: str) -> str:
    """The 12 digits that eight digits of UPC-E stand for, or "". The last but one says where zeros were left out (GS1
    General Specifications, "decoding a UPC-E barcode")."""
    if len(digits) != 8 or digits[0] not in "01":
        return ""
    system, body, check = digits[0], digits[1:7], digits[7]
    if body[5] in "012":
        body = body[:2] + body[5] + "0000" + body[2:5]
    elif body[5] in "34":
        kept = int(body[5])
        body = body[:kept] + "00000" + body[kept:5]
    else:
        body = body[:5] + "0000" + body[5]
    return system + body + check


def _fits(digits: str) -> bool:
    return calc_check_digit(digits[:-1]) == digits[-1]


def _product_number(elements: str) -> str:
    """The 14 digits behind identifier (01) of a GS1 element string, with or without brackets, or ""."""
    bracketed = re.search(r"\(01\)([0-9]{14})(?![0-9])", elements)
    if bracketed:
        return bracketed[1]
    while elements:
        if re.match(r"01[0-9]{14}", elements):
            return elements[2:16]
        fixed = FIXED_LENGTHS.get(elements[:2])
        rest = elements[fixed:] if fixed else elements.partition(GROUP_SEPARATOR)[2]
        elements = rest.removeprefix(GROUP_SEPARATOR)
    return ""


def _internal(code: str) -> Normalized:
    value = re.sub(f"[{BLANKS}]+", " ", code).upper()
    if not value:
        return Normalized("invalid", "", problem="empty")
    if len(value) > MAX_LENGTH:
        return Normalized("invalid", "", problem="too_long")
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Zl", "Zp") for letter in value):
        return Normalized("invalid", "", problem="unprintable")
    return Normalized("internal", value)
