"""Short words for what tests of the card network ask again and again."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe


def intent(api: Any, **given: Any) -> Any:
    """A fresh intent over 19.99 dollars for a card."""
    return api.payment_intents.create(
        {"amount": 1999, "currency": "usd", "allowed_payment_method_types": ["card"], **given}
    )


def paid(api: Any, method: str = "pm_card_visa", **given: Any) -> Any:
    """An intent that was confirmed as it was created."""
    return intent(api, confirm=True, payment_method=method, **given)


def refused(call: Callable[[], Any]) -> stripe.StripeError:
    """The error that the call must raise."""
    with pytest.raises(stripe.StripeError) as caught:
        call()
    return caught.value


def until(condition: Callable[[], Any], seconds: float = 5) -> Any:
    """The first true answer of the condition."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, "It never came true."
        time.sleep(0.05)
    return answer
