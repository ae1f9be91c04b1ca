"""The registry of ways to hand goods over."""

from functools import cache
from importlib import import_module

from django.conf import settings
from django.utils.translation import gettext as _

from commerce.kernel.errors import InvalidInput
from orders.fulfillment_types.base import FulfillmentType


@cache
def registry() -> dict[str, FulfillmentType]:
    """All types by their code, in the order of settings.FULFILLMENT_TYPES."""
    types: list[FulfillmentType] = [import_module(path).TYPE for path in settings.FULFILLMENT_TYPES]
    return {kind.code: kind for kind in types}


def get(code: str) -> FulfillmentType:
    """The type with this code. Raises `InvalidInput`."""
    try:
        return registry()[code]
    except KeyError as error:
        raise InvalidInput(
            {"fulfillment.type": [_("Choose one of: %(types)s.") % {"types": ", ".join(registry())}]}
        ) from error
