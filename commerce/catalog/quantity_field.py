"""A quantity in the API: whole for pieces, a decimal fraction in units for goods that are measured."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework.serializers import Field

SCHEMA = {
    "oneOf": [
        {"type": "integer", "example": 2},
        {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]{1,3})?$", "example": "0.35"},
    ],
    "description": (
        "In units of the variant. Pieces are whole numbers. What is sold by measure is a decimal fraction as text, such"
        ' as "0.35" for 35 cm of what is sold by the meter; a number is taken, too.'
    ),
}


@extend_schema_field(SCHEMA)
class QuantityField(Field):
    """Kept as it was written: `units.smallest` reads it once the variant is known."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value
