"""Hadlo, the invented retailer of the demo: pure data, drawings and a trading history, all deterministic.

Nothing in here imports Django or touches a database; seeding turns these records into rows.
"""

from __future__ import annotations

from .catalog import categories, products, variants_by_sku
from .company import company
from .customers import customers
from .palette import colors
from .people import demo_logins, staff
from .places import locations, registers, tax_rates
from .stock import initial_stock, par_levels

__all__ = [
    "categories",
    "colors",
    "company",
    "customers",
    "demo_logins",
    "initial_stock",
    "locations",
    "par_levels",
    "products",
    "registers",
    "staff",
    "tax_rates",
    "variants_by_sku",
]
