"""Codes and links that open an order to whoever holds them.

Neither is stored: a pickup code follows from the fulfillment's uid and the server's secret, and only its hash is kept
to find it by; a link carries the order's uid, signed.
"""

import base64
import hashlib
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

LINK_SALT = "orders.link"
PHONE_SALT = "orders.phone"
CARDS_SALT = "orders.cards"
LINK_SECONDS = 400 * 24 * 3600
CARDS_SECONDS = 7 * 24 * 3600


def pickup_code(fulfillment_uid: UUID) -> str:
    """Ten characters from an alphabet of 32: 50 bits, readable over a counter, as `P-XXXXX-XXXXX`."""
    digest = salted_hmac("orders.pickup", str(fulfillment_uid), algorithm="sha256").digest()
    text = base64.b32encode(digest).decode()[:10].translate(str.maketrans("IO", "89"))
    return f"P-{text[:5]}-{text[5:]}"


def pickup_hash(code: str) -> str:
    """What is stored and looked up: of the code without its blanks, dashes and case."""
    plain = code.upper().replace("-", "").replace(" ", "")
    if len(plain) == 11:
        plain = plain.removeprefix("P")
    return hashlib.sha256(plain.encode()).hexdigest()


def link_token(order_uid: UUID) -> str:
    """The signed part of an order's address."""
    return signing.dumps(str(order_uid), salt=LINK_SALT)


def phone_token(phone_order_uid: UUID) -> str:
    """The signed part of the address by which a customer pays for an order by phone."""
    return signing.dumps(str(phone_order_uid), salt=PHONE_SALT)


def phone_order_of(token: str) -> UUID | None:
    """The phone order that such an address opens; None when it was tampered with. Whether it is still good, says its
    row."""
    try:
        return UUID(signing.loads(token, salt=PHONE_SALT, max_age=LINK_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def order_of_link(token: str) -> UUID | None:
    """The order that a link opens; None when it was tampered with or is too old."""
    try:
        return UUID(signing.loads(token, salt=LINK_SALT, max_age=LINK_SECONDS))
    except (signing.BadSignature, ValueError):
        return None


def cards_token(customer_uid: UUID) -> str:
    """The signed part of the address at which a customer sees and removes their saved cards; good for a week."""
    return signing.dumps(str(customer_uid), salt=CARDS_SALT)


def customer_of_cards(token: str) -> UUID | None:
    """The customer whose cards such an address opens; None when it was tampered with or is over."""
    try:
        return UUID(signing.loads(token, salt=CARDS_SALT, max_age=CARDS_SECONDS))
    except (signing.BadSignature, ValueError):
        return None
