"""Shopify's CSV files: products, and both layouts of inventory. Which one it is, the header tells."""

from django.utils.translation import gettext as _

from commerce.sync.errors import Fault, FileRefused
from commerce.sync.formats import Layout
from commerce.sync.formats.shopify_inventory import Inventory
from commerce.sync.formats.shopify_products import Products


def layout(header: list[str]) -> Layout:
    """The layout of a file with this header. Raises `FileRefused`."""
    names = set(header)
    if {"Handle", "Title"} <= names and names & {"Variant Price", "Body (HTML)"}:
        return Products(header)
    if names & {"SKU", "Variant SKU"} and "Variant Price" not in names and "Handle" in names:
        return Inventory(header)
    text = _("Line 1 is not the header of a Shopify export: products need the columns Handle, Title and Variant Price.")
    raise FileRefused([Fault(1, text)])
