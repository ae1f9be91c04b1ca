"""Shopify's product export: a row per variant or further picture; the rows of a product share its handle.

What is said of the product as a whole stands on its first row. Real exports and how they differ: data/README.md.
"""

import re
from array import array
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from commerce.kernel.exchange import Record
from commerce.sync.errors import Fault, FileRefused
from commerce.sync.files import Row
from commerce.sync.formats import Columns

MOST_SCATTERED = 20_000
USED = {
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Custom Product Type", "Tags", "Published", "Status"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value"),
    *("Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price"),
    *("Variant Compare At Price", "Variant Taxable", "Variant Barcode", "Variant Image", "Gift Card"),
    *("Image Src", "Image Position", "Image Alt Text", "Unit Price Total Measure", "Unit Price Total Measure Unit"),
}
IGNORED = re.compile(
    r"""SEO\ .+ | Google\ Shopping\ /.* | Unit\ Price\ Base\ .+ | Option\d\ Linked\ To | Cost\ per\ item | Collection
    | URL | Product\ Category | Standard(ized)?\ Product\ Type | Variant\ (Inventory\ Tracker|Fulfillment\ Service
    |Requires\ Shipping|Weight\ Unit|Tax\ Code) | (Included|Price|Compare\ At\ Price)\ / .*
    | .*metafields?\..* | .*\(product\..*""",
    re.VERBOSE,
)
YES, NO = {"true", "yes", "1", "wahr", "vrai"}, {"false", "no", "0", "falsch", "faux"}
STATES = {"active": "active", "draft": "draft", "archived": "archived", "unlisted": "active"}


def columns_of(header: list[str], used: set[str]) -> Columns:
    """Sort a file's columns into used, ignored and unknown."""
    columns = Columns()
    for name in filter(None, header):
        kind = columns.used if name in used else columns.ignored if IGNORED.fullmatch(name) else columns.unknown
        kind.append(name)
    return columns


class Products:
    """The layout of a product export."""

    name = "products"

    def __init__(self, header: list[str]) -> None:
        self.columns = columns_of(header, USED)
        self.index = {name: place for place, name in enumerate(header)}
        self._groups = array("q")
        self._last = ""
        self._scattered: set[int] = set()

    def look(self, line: int, row: list[str]) -> None:
        """Remember where a product's rows begin, to find those that are torn apart."""
        handle = self._text(row, "Handle")
        if handle != self._last:
            self._groups.append(hash(handle))
            self._last = handle

    def ready(self, options: dict[str, Any]) -> None:
        groups = sorted(self._groups)
        self._scattered = {one for one, next_ in pairwise(groups) if one == next_}
        self._groups = array("q")

    def records(self, rows: Iterator[Row]) -> Iterator[Record]:
        """One record per product. Those whose rows are not together are gathered and come last."""
        gathered: dict[str, list[Row]] = {}
        held = 0
        handle = ""
        group: list[Row] = []
        for line, row in rows:
            own = self._text(row, "Handle")
            if hash(own) in self._scattered and own:
                gathered.setdefault(own, []).append((line, row))
                held += 1
                if held > MOST_SCATTERED:
                    text = _("The rows of one product must stand together. Sort the file by the column Handle.")
                    raise FileRefused([Fault(line, text)])
                continue
            if group and own != handle:
                yield self._product(handle, group)
                group = []
            handle = own
            group.append((line, row))
        if group:
            yield self._product(handle, group)
        for handle, group in gathered.items():
            yield self._product(handle, group)

    def _product(self, handle: str, rows: list[Row]) -> Record:
        line, first = rows[0]
        slug = handle if re.fullmatch(r"[-\w]{1,255}", handle) else slugify(handle, allow_unicode=True)[:255]
        data: dict[str, Any] = {"slug": slug}
        if self._text(first, "Title"):
            self._about(data, first)
        record = Record("product", line, data)
        names = self._options(rows)
        if names is not None and "title" in data:
            data["options"] = names
        for number, row in rows:
            self._parts(record, number, row, names or [])
        self._check(record, first)
        return record

    def _about(self, data: dict[str, Any], row: list[str]) -> None:
        """What the first row says of the whole product. A column that the file does not have says nothing."""
        data["title"] = self._text(row, "Title")
        for column, name in (("Body (HTML)", "description_html"), ("Vendor", "brand")):
            if column in self.index:
                data[name] = self._text(row, column)
        kinds = [column for column in ("Type", "Custom Product Type") if column in self.index]
        if kinds:
            data["product_type"] = next((self._text(row, k) for k in kinds if self._text(row, k)), "")
        if "Tags" in self.index:
            data["tags"] = [tag.strip() for tag in self._text(row, "Tags").split(",") if tag.strip()]
        published = self._text(row, "Published").lower()
        if published in YES | NO:
            data["on_web"] = published in YES
        data["status"] = STATES.get(self._text(row, "Status").lower(), "active")

    def _options(self, rows: list[Row]) -> list[str] | None:
        """The names of the product's options; None when none of these rows names or uses one."""
        names = [self._text(rows[0][1], f"Option{n} Name") for n in (1, 2, 3)]
        used = [any(self._text(row, f"Option{n} Value") for _line, row in rows) for n in (1, 2, 3)]
        if not any(used):
            return None
        if names[0] in ("Title", "") and not any(used[1:]):
            values = {self._text(row, "Option1 Value") for _line, row in rows} - {""}
            if values == {"Default Title"}:
                return []
        last = max(place for place in range(3) if used[place]) + 1
        return [name or f"Option {place}" for place, name in enumerate(names[:last], start=1)]

    def _parts(self, record: Record, line: int, row: list[str], options: list[str]) -> None:
        before = len(record.parts)
        if self._text(row, "Variant Price") or self._text(row, "Option1 Value"):
            values = [self._text(row, f"Option{n} Value") for n in range(1, len(options) + 1)]
            variant = Record("variant", line, {"option_values": values, "sku": self._text(row, "Variant SKU")})
            self._variant(variant, row)
            record.parts.append(variant)
        path = self._text(row, "Image Src")
        if path:
            position = self._text(row, "Image Position")
            data: dict[str, Any] = {"path": path, "alt": self._text(row, "Image Alt Text")}
            if position.isdecimal():
                data["position"] = int(position[:6])
            record.parts.append(Record("picture", line, data))
        if len(record.parts) == before and line != record.line:
            empty = Record("nothing", line, {})
            empty.refuse("row_empty", _("This row holds neither a variant nor a picture."))
            record.parts.append(empty)

    def _variant(self, record: Record, row: list[str]) -> None:
        data = record.data
        for column, name in (
            ("Variant Price", "price"),
            ("Variant Compare At Price", "compare_at"),
            ("Variant Inventory Qty", "quantity"),
            ("Variant Image", "picture"),
        ):
            if self._text(row, column):
                data[name] = self._text(row, column)
        data["barcodes"] = [code for code in [self._text(row, "Variant Barcode")] if code]
        if {"Unit Price Total Measure", "Unit Price Total Measure Unit"} <= self.index.keys():
            held = self._text(row, "Unit Price Total Measure"), self._text(row, "Unit Price Total Measure Unit")
            data["content"] = held
        grams = re.fullmatch(r"\d{1,9}(\.\d+)?", self._text(row, "Variant Grams"))
        if grams:
            data["weight_grams"] = round(Decimal(grams[0]))
        if self._text(row, "Variant Inventory Policy").lower() == "continue":
            text = _("Shopify went on selling this with none left; here the web shop stops at zero.")
            record.note("sold_at_zero", text)
        if self._text(row, "Variant Taxable").lower() in NO:
            text = _("Shopify charges no tax on this. Give the product a tax class without tax, if that is right.")
            record.note("not_taxable", text)

    def _check(self, record: Record, first: list[str]) -> None:
        if not record.data["slug"]:
            record.refuse("handle_missing", _("The row has no handle, so it belongs to no product."))
        elif self._text(first, "Gift Card").lower() in YES:
            text = _("This is a gift card, not a thing on a shelf: gift cards are set up under Gift cards.")
            record.refuse("gift_card", text)
        elif not any(part.kind == "variant" for part in record.parts) and "title" in record.data:
            record.note("no_variant", _("The product has no variant, so there is nothing to sell yet."))

    def _text(self, row: list[str], column: str) -> str:
        place = self.index.get(column)
        return "" if place is None else row[place]
