"""Hadlo, the invented retailer of the demo: pure data, drawings and a trading history, all deterministic.

Nothing in here imports Django or touches a database; seeding turns these records into rows.
"""

from __future__ import annotations

from .catalog import categories, parts_of, products, variants_by_sku
from .company import company
from .customers import customers
from .offers import collections, group_prices, groups, offers
from .palette import colors
from .people import demo_logins, staff
from .places import card_readers, locations, markets, registers, tax_rates
from .stock import initial_stock, par_levels
from .suppliers import suppliers
from .tendering import settle
from .trading import deliveries, history, trading
from .workshop import picture_of, services

__all__ = [
    "card_readers",
    "categories",
    "collections",
    "colors",
    "company",
    "customers",
    "deliveries",
    "demo_logins",
    "group_prices",
    "groups",
    "history",
    "initial_stock",
    "locations",
    "markets",
    "offers",
    "par_levels",
    "parts_of",
    "picture_of",
    "products",
    "registers",
    "services",
    "settle",
    "staff",
    "suppliers",
    "tax_rates",
    "trading",
    "variants_by_sku",
]
