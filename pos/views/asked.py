"""Fields of what a till sends."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from rest_framework.request import Request

from commerce.kernel.errors import InvalidInput


def fields(request: Request) -> dict[str, Any]:
    """The request's JSON object; an empty one for anything else."""
    return request.data if isinstance(request.data, dict) else {}


def amount(request: Request, name: str) -> int:
    """A field of minor units from the request's body. Raises `InvalidInput`."""
    value = fields(request).get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**11:
        raise InvalidInput({name: [_("Enter an amount of zero or more.")]})
    return value


def signed_amount(request: Request, name: str) -> int | None:
    """The same where it may be less than zero, and None where it is absent. Raises `InvalidInput`."""
    value = fields(request).get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**11:
        raise InvalidInput({name: [_("Enter an amount.")]})
    return value


def uid(request: Request, name: str) -> UUID:
    """A field that is a UUID. Raises `InvalidInput`."""
    try:
        return UUID(str(fields(request).get(name)))
    except (ValueError, AttributeError) as error:
        raise InvalidInput({name: [_("This must be a UUID.")]}) from error


def uids(request: Request, name: str) -> list[UUID]:
    """A field that is a list of UUIDs, at most 50; none where it is absent. Raises `InvalidInput`."""
    given = fields(request).get(name) or []
    try:
        return [UUID(str(value)) for value in given[:50]]
    except (TypeError, ValueError) as error:
        raise InvalidInput({name: [_("Send a list of ids.")]}) from error
