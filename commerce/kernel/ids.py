"""Identifiers. UUIDv7 sorts by time of creation, so indexes stay compact and a till can mint one with no server."""

from uuid import UUID

from uuid6 import uuid7


def new_uid() -> UUID:
    """A fresh UUIDv7 (RFC 9562, section 5.7)."""
    return UUID(int=uuid7().int)
