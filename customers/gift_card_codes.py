"""The numbers of gift cards. None is stored: it follows from the card's uid and a secret of the server, and only its
fingerprint, made with the same secret, is kept to find the card by.
"""

import base64
import hashlib
import hmac
from uuid import UUID

from django.conf import settings

_ALPHABET = str.maketrans("IO", "89")
_BETWEEN = str.maketrans("", "", " -_.\u00a0")
LENGTH = 16


def _digest(purpose: str, text: str) -> bytes:
    return hmac.new(settings.GIFT_CARD_PEPPER.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).digest()


def code(card_uid: UUID) -> str:
    """Sixteen characters from an alphabet of 32: 80 bits, readable over a counter, as `G-XXXX-XXXX-XXXX-XXXX`."""
    text = base64.b32encode(_digest("code", str(card_uid))).decode()[:LENGTH].translate(_ALPHABET)
    return "-".join(["G", *(text[at : at + 4] for at in range(0, LENGTH, 4))])


def plain(typed: str) -> str:
    """A code as it is compared: capitals, without blanks, dashes and the leading G."""
    text = typed[:80].translate(_BETWEEN).upper()
    return text.removeprefix("G") if len(text) == LENGTH + 1 else text


def fingerprint(typed: str) -> str:
    """What is stored and looked up."""
    return _digest("hash", plain(typed)).hex()
