"""Charges: attempts to move money with a card, made by payment intents and by readers."""

from typing import Any

from . import events, ledger, timers
from .cards import Decline
from .errors import Row
from .ids import new_id, token
from .methods import behavior, empty_billing
from .store import Unit

ASYNC_SETTLING_SECONDS = 0.4
DISPUTE_AFTER_SECONDS = 0.5
HOLD_SECONDS = 7 * 86400


def charge(unit: Unit, intent: Row, method: Row, *, captured: bool, authenticated: bool = False) -> Row:
    """A charge that the issuer approved. With ``captured`` its money moves now, otherwise it is only held."""
    row = _blank(unit, intent, method, authenticated=authenticated)
    row.update(paid=True, status="succeeded", captured=captured)
    row["outcome"] = _outcome("approved_by_network", "authorized", "Payment complete.")
    unit.add("charge", row)
    if captured:
        _take(unit, row, intent["amount"], late=intent["capture_method"] == "automatic_async")
    events.record(unit, "charge.succeeded", row)
    if kind := behavior(method).dispute:
        timers.schedule(unit, DISPUTE_AFTER_SECONDS, "dispute.open", charge=row["id"], reason=kind)
    return row


def past(unit: Unit, intent: Row, method: Row, identifier: str, *, refunded: int) -> Row:
    """A charge from before this network began: its money came and went, and is on no balance."""
    row = _blank(unit, intent, method)
    row.update(id=identifier, created=intent["created"], paid=True, status="succeeded", captured=True)
    row.update(amount_captured=row["amount"], amount_refunded=refunded, refunded=refunded == row["amount"])
    row["outcome"] = _outcome("approved_by_network", "authorized", "Payment complete.")
    return unit.add("charge", row)


def failed_charge(unit: Unit, intent: Row, method: Row, decline: Decline) -> Row:
    """A charge that the issuer refused."""
    row = _blank(unit, intent, method)
    row.update(status="failed", failure_code=decline.code, failure_message=decline.message)
    row["outcome"] = _outcome(
        "declined_by_network", "issuer_declined", "The bank declined the payment.", decline.decline_code
    )
    unit.add("charge", row)
    events.record(unit, "charge.failed", row)
    return row


def takes_several(unit: Unit, charge: str) -> bool:
    """Whether the issuer lets parts of this held charge be taken one after the other."""
    details = unit.get("charge", charge)["payment_method_details"].get("card") or {}
    return bool((details.get("multicapture") or {}).get("status") == "available")


def capture(unit: Unit, identifier: str, amount: int, *, final: bool = True) -> Row:
    """Take the held money, or a part of it; with ``final`` the rest is released."""
    row = unit.edit("charge", identifier)
    row["captured"] = True
    ledger.enter_charge(unit, row, amount)
    row["amount_captured"] += amount
    row["_held"] = 0 if final else row["amount"] - row["amount_captured"]
    if final:
        row["amount_refunded"] += row["amount"] - row["amount_captured"]
    events.record(unit, "charge.captured", row)
    return row


def release(unit: Unit, identifier: str, *, expired: bool) -> None:
    """Let go of held money that will not be taken."""
    row = unit.edit("charge", identifier)
    rest = row["amount"] - row["amount_captured"]
    row.update(amount_refunded=row["amount_refunded"] + rest, refunded=not row["amount_captured"], _held=0)
    events.record(unit, "charge.expired" if expired else "charge.refunded", row)


def settle_late(unit: Unit, charge: str) -> None:
    """The balance transaction of an asynchronously captured charge arrives after the charge itself."""
    row = unit.edit("charge", charge)
    if row["balance_transaction"] is None:
        ledger.enter_charge(unit, row, row["amount_captured"])
        events.record(unit, "charge.updated", row, previous={"balance_transaction": None})


def _take(unit: Unit, row: Row, amount: int, *, late: bool) -> None:
    row["amount_captured"] = amount
    if late:
        timers.schedule(unit, ASYNC_SETTLING_SECONDS, "charge.settle_late", charge=row["id"])
    else:
        ledger.enter_charge(unit, row, amount)


def _outcome(network: str, kind: str, message: str, reason: str | None = None) -> Row:
    return {
        "advice_code": "try_again_later" if reason == "processing_error" else None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": network,
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 12,
        "seller_message": message,
        "type": kind,
    }


def _blank(unit: Unit, intent: Row, method: Row, *, authenticated: bool = False) -> Row:
    identifier = new_id("charge")
    return {
        "id": identifier,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"] or empty_billing(),
        "calculated_statement_descriptor": _descriptor(intent),
        "captured": False,
        "created": unit.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": None,
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(intent, method, authenticated, unit.now + HOLD_SECONDS),
        "presentment_details": None,
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": intent["shipping"],
        "source": None,
        "source_transfer": None,
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "pending",
        "transfer_data": None,
        "transfer_group": None,
        "_available_at_once": behavior(method).available_at_once,
        "_refund": behavior(method).refund,
        "_held": 0,
    }


def _descriptor(intent: Row) -> str:
    suffix = intent["statement_descriptor_suffix"]
    return f"COUNTERPART* {suffix}"[:22].upper() if suffix else intent["statement_descriptor"] or "COUNTERPART"


def _details(intent: Row, method: Row, authenticated: bool, until: int) -> Row:
    if method["type"] == "card_present":
        return {"type": "card_present", "card_present": _present_details(intent, method["card_present"])}
    card = method["card"]
    keep = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "regulated_status",
    )
    details: dict[str, Any] = {name: card[name] for name in keep}
    options = intent["payment_method_options"].get("card", {})
    held = intent["capture_method"] == "manual"
    several = held and options.get("request_multicapture") == "if_available"
    if held:
        details["capture_before"] = until
    details |= {
        "amount_authorized": intent["amount"],
        "authorization_code": token(6).upper(),
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "mandate": None,
        "multicapture": {"status": "available" if several else "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "network_transaction_id": str(int.from_bytes(token(6).encode()) % 10**15).zfill(15),
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "three_d_secure": _three_d_secure() if authenticated else None,
        "wallet": None,
    }
    return {"type": "card", "card": details}


def _three_d_secure() -> Row:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": token(32),
        "version": "2.2.0",
    }


def _present_details(intent: Row, card: Row) -> Row:
    aid = {"visa": "A0000000031010", "mastercard": "A0000000041010", "amex": "A00000002501"}
    return card | {
        "amount_authorized": intent["amount"],
        "amount_requested": None,
        "capture_before": None,
        "emv_auth_data": None,
        "generated_card": None,
        "incremental_authorization_supported": False,
        "location": None,
        "network": card["brand"],
        "network_transaction_id": str(int.from_bytes(token(6).encode()) % 10**15).zfill(15),
        "overcapture_supported": False,
        "reader": None,
        "receipt": {
            "account_type": card["funding"],
            "application_cryptogram": token(16).upper(),
            "application_preferred_name": f"{card['brand'].title()} {card['funding'].title()}",
            "authorization_code": token(6).upper(),
            "authorization_response_code": "3030",
            "cardholder_verification_method": "approval",
            "dedicated_file_name": aid.get(card["brand"], "A0000000031010"),
            "terminal_verification_results": "0000000000",
            "transaction_status_information": "0000",
        },
    }
