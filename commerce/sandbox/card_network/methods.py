"""Payment methods: cards as the network knows them, without their numbers."""

import hashlib
from datetime import UTC, datetime

from .cards import BEHAVIORS, BY_NAME, BY_NUMBER, Behavior, TestCard, passes_luhn
from .errors import CardError, Row
from .ids import new_id
from .store import Unit

EMPTY_ADDRESS = {"city": None, "country": None, "line1": None, "line2": None, "postal_code": None, "state": None}
DIGITS_OF_CVC = {"amex": (4,)}


def empty_billing() -> Row:
    """Billing details nobody has filled in."""
    return {"address": dict(EMPTY_ADDRESS), "email": None, "name": None, "phone": None, "tax_id": None}


def billing_from(given: Row, base: Row | None = None) -> Row:
    """Billing details with the given members laid over the base."""
    merged = (base or empty_billing()) | {name: value for name, value in given.items() if name != "address"}
    return merged | {"address": merged["address"] | (given.get("address") or {})}


def from_name(unit: Unit, name: str) -> Row:
    """A fresh payment method for a magic name such as ``pm_card_visa``."""
    card = BY_NAME[name]
    year = datetime.fromtimestamp(unit.at, UTC).year + 4
    return _store(unit, card, exp_month=12, exp_year=year, checked_cvc=True)


def from_card(unit: Unit, given: Row, billing: Row | None = None) -> Row:
    """A payment method for a typed card: ``number``, ``exp_month``, ``exp_year``, ``cvc``. Raises CardError."""
    number = "".join(given["number"].split()).replace("-", "")
    if not number.isdigit() or not 12 <= len(number) <= 19 or not passes_luhn(number):
        raise CardError("Your card number is incorrect.", code="incorrect_number", param="number")
    month, year = given["exp_month"], _full_year(given["exp_year"])
    today = datetime.fromtimestamp(unit.at, UTC)
    if not 1 <= month <= 12:
        raise CardError("Your card's expiration month is invalid.", code="invalid_expiry_month", param="exp_month")
    if not (today.year, today.month) <= (year, month) or year > today.year + 50:
        raise CardError("Your card's expiration year is invalid.", code="invalid_expiry_year", param="exp_year")
    card = BY_NUMBER.get(number)
    if card is None:
        raise CardError(
            "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of "
            "valid test cards, visit: https://stripe.com/docs/testing.",
            code="card_declined",
            decline_code="test_mode_live_card",
        )
    cvc = given.get("cvc")
    if cvc is not None and (not cvc.isdigit() or len(cvc) not in DIGITS_OF_CVC.get(card.brand, (3, 4))):
        raise CardError("Your card's security code is invalid.", code="invalid_cvc", param="cvc")
    return _store(unit, card, exp_month=month, exp_year=year, checked_cvc=cvc is not None, billing=billing)


def _full_year(year: int) -> int:
    return year + 2000 if year < 100 else year


def fingerprint(card: TestCard) -> str:
    """The same text for the same card, which tells nothing of its number."""
    return hashlib.sha256(f"counterpart:{card.number}".encode()).hexdigest()[:16]


def _store(
    unit: Unit, card: TestCard, *, exp_month: int, exp_year: int, checked_cvc: bool, billing: Row | None = None
) -> Row:
    postal = "pass" if billing and billing["address"]["postal_code"] else None
    checks = {"address_line1_check": None, "address_postal_code_check": postal}
    checks["cvc_check"] = ("fail" if card.behavior == "incorrect_cvc" else "pass") if checked_cvc else None
    row = {
        "id": new_id("payment_method"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing or empty_billing(),
        "card": {
            "brand": card.brand,
            "checks": checks,
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": exp_month,
            "exp_year": exp_year,
            "fingerprint": fingerprint(card),
            "funding": card.funding,
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": unit.now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
        "_behavior": card.behavior,
        "_spent": False,
        "_authenticated": False,
    }
    return unit.add("payment_method", row)


def resolve(unit: Unit, identifier: str, param: str = "payment_method") -> Row:
    """The payment method with this id; a magic name makes a fresh one. Raises Missing."""
    if identifier in BY_NAME:
        return from_name(unit, identifier)
    return unit.get("payment_method", identifier, param)


def behavior(method: Row) -> Behavior:
    """What this payment method does when it is charged."""
    return BEHAVIORS[method["_behavior"]]


def from_reader(unit: Unit, card: TestCard) -> Row:
    """The payment method of a card presented at a reader: good for this one payment."""
    row = _store(unit, card, exp_month=12, exp_year=datetime.fromtimestamp(unit.at, UTC).year + 4, checked_cvc=False)
    details = row.pop("card")
    row["type"] = "card_present"
    row["card_present"] = {
        "brand": details["brand"],
        "brand_product": None,
        "cardholder_name": None,
        "country": details["country"],
        "description": f"{details['brand'].title()} Classic",
        "exp_month": details["exp_month"],
        "exp_year": details["exp_year"],
        "fingerprint": details["fingerprint"],
        "funding": details["funding"],
        "issuer": "STRIPE TEST BANK",
        "last4": details["last4"],
        "networks": details["networks"],
        "offline": {"stored_at": None, "type": None},
        "preferred_locales": ["en"],
        "read_method": "contactless_emv",
        "wallet": None,
    }
    return row
