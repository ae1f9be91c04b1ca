"""Test cards: what each magic number or name does. No other card is known, and none is charged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decline:
    """Why an issuer says no: the error's code, its decline code and the words for the shopper."""

    code: str
    decline_code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Behavior:
    """What a card does when it is charged. ``name`` is what the journal keeps instead of the number."""

    name: str
    decline: Decline | None = None
    challenge: bool = False
    dispute: str | None = None
    silent: bool = False
    refund: str = "succeeded"
    available_at_once: bool = False


def _declined(decline_code: str, message: str = "Your card was declined.") -> Decline:
    return Decline("card_declined", decline_code, message)


BEHAVIORS = {
    behavior.name: behavior
    for behavior in (
        Behavior("ok"),
        Behavior("generic_decline", _declined("generic_decline")),
        Behavior("insufficient_funds", _declined("insufficient_funds", "Your card has insufficient funds.")),
        Behavior("lost_card", _declined("lost_card")),
        Behavior("stolen_card", _declined("stolen_card")),
        Behavior("fraudulent", _declined("fraudulent")),
        Behavior("expired_card", Decline("expired_card", "expired_card", "Your card has expired.")),
        Behavior("incorrect_cvc", Decline("incorrect_cvc", "incorrect_cvc", "Your card's security code is incorrect.")),
        Behavior(
            "processing_error",
            Decline(
                "processing_error",
                "processing_error",
                "An error occurred while processing your card. Try again in a little bit.",
            ),
        ),
        Behavior("challenge", challenge=True),
        Behavior("challenge_then_decline", _declined("generic_decline"), challenge=True),
        Behavior("dispute", dispute="fraudulent"),
        Behavior("inquiry", dispute="inquiry"),
        Behavior("timeout", silent=True),
        Behavior("refund_pending", refund="pending"),
        Behavior("refund_fails", refund="failed"),
        Behavior("available_at_once", available_at_once=True),
    )
}


@dataclass(frozen=True, slots=True)
class TestCard:
    """A number, the brand it shows, what it does, and the names that stand for it."""

    __test__ = False  # not a test class, whatever it is called

    number: str
    brand: str
    behavior: str
    names: tuple[str, ...]
    funding: str = "credit"
    country: str = "US"

    @property
    def last4(self) -> str:
        return self.number[-4:]


def _card(
    number: str, brand: str, behavior: str, *names: str, funding: str = "credit", country: str = "US"
) -> TestCard:
    return TestCard(number, brand, behavior, names, funding, country)


CARDS = (
    _card("4242424242424242", "visa", "ok", "visa", "us"),
    _card("4000056655665556", "visa", "ok", "visa_debit", funding="debit"),
    _card("5555555555554444", "mastercard", "ok", "mastercard"),
    _card("2223003122003222", "mastercard", "ok", "mastercard_2series"),
    _card("5200828282828210", "mastercard", "ok", "mastercard_debit", funding="debit"),
    _card("5105105105105100", "mastercard", "ok", "mastercard_prepaid", funding="prepaid"),
    _card("378282246310005", "amex", "ok", "amex"),
    _card("6011111111111117", "discover", "ok", "discover"),
    _card("3056930009020004", "diners", "ok", "diners"),
    _card("3566002020360505", "jcb", "ok", "jcb"),
    _card("6200000000000005", "unionpay", "ok", "unionpay"),
    _card("4000002760000016", "visa", "ok", "de", country="DE"),
    _card("4000002500000003", "visa", "ok", "fr", country="FR"),
    _card("4000008260000000", "visa", "ok", "gb", country="GB"),
    _card("4000000000000002", "visa", "generic_decline", "visa_chargeDeclined", "chargeDeclined"),
    _card(
        "4000000000009995",
        "visa",
        "insufficient_funds",
        "visa_chargeDeclinedInsufficientFunds",
        "chargeDeclinedInsufficientFunds",
    ),
    _card("4000000000009987", "visa", "lost_card", "visa_chargeDeclinedLostCard", "chargeDeclinedLostCard"),
    _card("4000000000009979", "visa", "stolen_card", "visa_chargeDeclinedStolenCard", "chargeDeclinedStolenCard"),
    _card("4000000000000069", "visa", "expired_card", "chargeDeclinedExpiredCard", "visa_chargeDeclinedExpiredCard"),
    _card("4000000000000127", "visa", "incorrect_cvc", "chargeDeclinedIncorrectCvc", "visa_chargeDeclinedIncorrectCvc"),
    _card(
        "4000000000000119",
        "visa",
        "processing_error",
        "chargeDeclinedProcessingError",
        "visa_chargeDeclinedProcessingError",
        "processingError",
    ),
    _card("4100000000000019", "visa", "fraudulent", "chargeDeclinedFraudulent", "radarBlock"),
    _card("4000000000000341", "visa", "generic_decline", "chargeCustomerFail"),
    _card("4000002500003155", "visa", "challenge", "authenticationRequired", "authenticationRequiredOnSetup"),
    _card("4000000000003220", "visa", "challenge", "threeDSecure2Required"),
    _card("4000000000003063", "visa", "challenge", "threeDSecureRequired"),
    _card(
        "4000008400001629",
        "visa",
        "challenge_then_decline",
        "threeDSecureRequiredChargeDeclined",
        "authenticationRequiredChargeDeclined",
    ),
    _card("4000000000000259", "visa", "dispute", "createDispute"),
    _card("4000000000001976", "visa", "inquiry", "createDisputeInquiry"),
    _card("4000000000006975", "visa", "timeout", "timeout"),
    _card("4000000000007726", "visa", "refund_pending", "pendingRefund"),
    _card("4000000000005126", "visa", "refund_fails", "refundFail"),
    _card("4000000000000077", "visa", "available_at_once", "bypassPending"),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_NAME = {f"pm_card_{name}": card for card in CARDS for name in card.names}
READER_CARD = "4242424242424242"


def passes_luhn(number: str) -> bool:
    """Whether the check digit of a card number is right."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
