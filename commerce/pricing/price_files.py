"""Price lists as CSV files: sku, price, compare_at, from_quantity, from, until (the last day).

Amounts and days are written and read in the page's language: "12.50" or "12,50", separated by commas or semicolons.
What is written and read again changes nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from commerce.catalog import units
from commerce.catalog.models import Variant
from commerce.catalog.skus import normalize_sku
from commerce.kernel.db import rows
from commerce.kernel.errors import InvalidInput
from commerce.kernel.money import Money, minor_digits
from commerce.pricing.drafts import Draft, Fault, read_amounts
from commerce.pricing.models import PriceList
from commerce.pricing.timeline import Days

COLUMNS = ("sku", "price", "compare_at", "from_quantity", "from", "until")
MOST_ROWS = 100_000
FORMULA = ("=", "+", "-", "@")


def lines_of(price_list: PriceList) -> Iterator[list[str]]:
    """The heading and a line for each known price, the planned ones among them, by SKU, quantity and day."""
    yield list(COLUMNS)
    for sku, scale, amount, before, quantity, first, end in rows(
        "SELECT v.sku, v.unit_scale, p.amount_minor, p.compare_at_minor, p.from_quantity, lower(p.during),"
        " upper(p.during) FROM pricing_price p JOIN catalog_variant v ON v.id = p.variant_id"
        " WHERE p.price_list_id = %s AND p.withdrawn_at IS NULL ORDER BY v.sku_key, p.from_quantity, p.during",
        [price_list.pk],
    ):
        last = end - timedelta(days=1) if end else None
        shown = [_number(each, price_list.currency) for each in (amount, before)]
        least = "" if quantity == 1 else units.number_text(quantity, scale, grouped=False)
        yield [sku, *shown, least, first.isoformat() if first else "", last.isoformat() if last else ""]


def delimiter() -> str:
    """What stands between the columns of a file in the page's language: where decimals have commas, a semicolon."""
    return ";" if formats.get_format("DECIMAL_SEPARATOR") == "," else ","


def _number(minor: int | None, currency: str) -> str:
    if minor is None:
        return ""
    amount = Money(minor, currency).as_decimal()
    return str(formats.number_format(amount, decimal_pos=minor_digits(currency), use_l10n=True, force_grouping=False))


def read(content: bytes, price_list: PriceList, *, days: Days | None = None) -> Draft:
    """The rows of a file as a draft, with a fault for each row that cannot be used. `days` are those of rows that name
    none. Raises `InvalidInput` for what is no such file."""
    found = list(_records(content))
    known = _variants({record.get("sku", "") for _line, record in found})
    draft = Draft()
    for line, record in found:
        try:
            variant = _variant(record, known)
            quantity = units.smallest(record["from_quantity"], variant) if record.get("from_quantity") else 1
            own = Days.through(_day(record.get("from", "")), _day(record.get("until", "")))
            amount = read_amounts(record.get("price", ""), record.get("compare_at", ""), price_list.currency)
        except ValueError as error:
            draft.faults.append(Fault(str(line), str(error)))
            continue
        draft.add(str(line), (variant.pk, quantity), days if days and own == Days() else own, amount)
    return draft


def _records(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Line numbers and rows by column."""
    text = _text(content)
    first = text.splitlines()[0] if text.strip() else ""
    divider = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=divider, strict=True)
    try:
        heading = [name.strip().lower().replace(" ", "_").replace("-", "_") for name in next(reader, [])]
        _check_heading(heading)
        for number, row in enumerate(reader):
            if number >= MOST_ROWS:
                raise InvalidInput({"file": [_("A file may have at most %(most)s rows.") % {"most": MOST_ROWS}]})
            if any(cell.strip() for cell in row):
                yield reader.line_num, {name: cell.strip() for name, cell in zip(heading, row, strict=False)}
    except csv.Error as error:
        text_of = _("Line %(line)s cannot be read: %(error)s.")
        raise InvalidInput({"file": [text_of % {"line": reader.line_num, "error": error}]}) from error


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise InvalidInput({"file": [_("This is not a text file. Save the table as CSV, in UTF-8.")]})


def _check_heading(heading: list[str]) -> None:
    missing = [name for name in ("sku", "price") if name not in heading]
    if missing:
        text = _("The first line must name the columns. There is no column %(missing)s; known are: %(known)s.")
        raise InvalidInput({"file": [text % {"missing": ", ".join(missing), "known": ", ".join(COLUMNS)}]})
    twice = sorted({name for name in heading if name in COLUMNS and heading.count(name) > 1})
    if twice:
        raise InvalidInput({"file": [_("There are two columns %(name)s.") % {"name": twice[0]}]})


def _variants(skus: set[str]) -> dict[str, Variant]:
    keys = {normalize_sku(_plain(sku)).value for sku in skus if sku}
    return {variant.sku_key: variant for variant in Variant.objects.select_related("product").filter(sku_key__in=keys)}


def _variant(record: Mapping[str, str], known: Mapping[str, Variant]) -> Variant:
    sku = _plain(record.get("sku", ""))
    if not sku:
        raise ValueError(_("The SKU is missing."))
    variant = known.get(normalize_sku(sku).value)
    if variant is None:
        raise ValueError(_("There is no SKU %(sku)s.") % {"sku": sku[:60]})
    return variant


def _plain(sku: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return sku[1:] if sku.startswith("'") and sku[1:].startswith(FORMULA) else sku


def _day(text: str) -> date | None:
    if not text:
        return None
    for pattern in ("%Y-%m-%d", *formats.get_format("DATE_INPUT_FORMATS")):
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    raise ValueError(_("“%(text)s” is no day. Write it like 2026-12-24.") % {"text": text[:40]})
