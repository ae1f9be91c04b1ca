"""The parameters of /v1/payment_intents. Everything named here is implemented; everything else is refused."""

from ..params import Choice, Field, Flag, Group, Integer, Items, Metadata, Text
from .customers import SHIPPING
from .payment_methods import BILLING, CARD

TYPES = ("card", "card_present")
OPTIONS = Group(
    fields={
        "card": Group(
            fields={
                "capture_method": Choice(words=("manual",), clearable=True),
                "request_multicapture": Choice(words=("if_available", "never")),
                "request_three_d_secure": Choice(words=("any", "automatic", "challenge")),
                "setup_future_usage": Choice(words=("none", "off_session", "on_session"), clearable=True),
            }
        ),
        "card_present": Group(
            fields={
                "request_extended_authorization": Flag(),
                "request_incremental_authorization_support": Flag(),
            }
        ),
    }
)
METHOD_DATA = Group(
    fields={
        "type": Choice(words=("card",), required=True),
        "card": CARD,
        "billing_details": BILLING,
        "metadata": Metadata(),
        "allow_redisplay": Choice(words=("always", "limited", "unspecified")),
    }
)
SHARED: dict[str, Field] = {
    "customer": Text(clearable=True),
    "description": Text(clearable=True, longest=1000),
    "metadata": Metadata(),
    "payment_method": Text(clearable=True),
    "payment_method_data": METHOD_DATA,
    "payment_method_options": OPTIONS,
    "allowed_payment_method_types": Items(of=Choice(words=TYPES)),
    "payment_method_types": Items(of=Choice(words=TYPES)),  # callers of an older API version
    "receipt_email": Text(clearable=True, longest=512),
    "setup_future_usage": Choice(words=("off_session", "on_session"), clearable=True),
    "shipping": SHIPPING,
    "statement_descriptor": Text(longest=22),
    "statement_descriptor_suffix": Text(longest=22),
    "capture_method": Choice(words=("automatic", "automatic_async", "manual")),
}
CONFIRMING: dict[str, Field] = {
    "error_on_requires_action": Flag(),
    "off_session": Flag(),
    "return_url": Text(),
    "use_stripe_sdk": Flag(),
}
CREATE: dict[str, Field] = {
    "amount": Integer(least=1, required=True),
    "currency": Text(required=True),
    **SHARED,
    **CONFIRMING,
    "automatic_payment_methods": Group(
        fields={"enabled": Flag(required=True), "allow_redirects": Choice(words=("always", "never"))}
    ),
    "confirm": Flag(),
    "confirmation_method": Choice(words=("automatic",)),
}
UPDATE: dict[str, Field] = {"amount": Integer(least=1), "currency": Text(), **SHARED}
CONFIRM: dict[str, Field] = {
    name: SHARED[name]
    for name in (
        "payment_method",
        "payment_method_data",
        "payment_method_options",
        "allowed_payment_method_types",
        "payment_method_types",
        "receipt_email",
        "setup_future_usage",
        "shipping",
        "capture_method",
    )
} | {**CONFIRMING, "client_secret": Text()}
CAPTURE: dict[str, Field] = {
    "amount_to_capture": Integer(least=1),
    "final_capture": Flag(),
    "metadata": Metadata(),
    "statement_descriptor": Text(longest=22),
    "statement_descriptor_suffix": Text(longest=22),
}
CANCEL: dict[str, Field] = {
    "cancellation_reason": Choice(words=("duplicate", "fraudulent", "requested_by_customer", "abandoned"))
}
