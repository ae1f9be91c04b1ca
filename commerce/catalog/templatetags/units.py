"""Amounts of goods in templates: `{% load units %}`. Inside they are whole numbers; see commerce/catalog/units.py."""

from typing import Any

from django import template

from commerce.catalog import units

register = template.Library()


@register.filter
def amount_of(quantity: int, goods: Any) -> str:
    """ "0.35 m", "12": `{{ level.on_hand|amount_of:variant }}`; `goods` is whatever has a `unit` and a `unit_scale`."""
    return units.amount_text(quantity, goods.unit, goods.unit_scale)


@register.filter
def quantity_of(line: Any) -> str:
    """The same of something that has a `quantity` besides: `{{ line|quantity_of }}`."""
    return amount_of(line.quantity, line)


@register.filter
def is_measured(goods: Any) -> bool:
    """Whether it is sold by length, weight or the like, and not by the piece."""
    return bool(goods.unit != units.PIECE)


@register.filter
def unit_symbol(goods: Any) -> str:
    """ "m", "m²", nothing for pieces."""
    return units.symbol(goods.unit)


@register.filter
def per_unit(goods: Any) -> str:
    """What stands behind the price of one unit: "/ m", nothing for pieces."""
    return f"/ {units.symbol(goods.unit)}" if goods.unit != units.PIECE else ""


@register.filter
def number_field(quantity: int, goods: Any) -> str:
    """What a number field holds: "0.35", whatever the language."""
    return units.typed(quantity, goods.unit_scale)


@register.filter
def step_of(goods: Any) -> str:
    """The step of a number field: "0.01", "1"."""
    return units.typed(1, goods.unit_scale)
