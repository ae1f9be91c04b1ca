"""Statuses that follow from an order's rows. Pure: numbers in, words out."""

from collections.abc import Iterable


def payment_status(*, due: int, captured: int, refunded: int, held: int = 0) -> str:
    """From sums in minor units: what is due, what was taken, what of that was given back, and what is authorized but
    not taken yet."""
    if captured and refunded >= captured:
        return "refunded"
    if refunded:
        return "partly_refunded"
    if captured >= due and (captured or due == 0):
        return "paid"
    if captured:
        return "partly_paid"
    return "authorized" if held else "unpaid"


def fulfillment_status(lines: Iterable[tuple[int, int, int]]) -> str:
    """From (quantity, fulfilled, canceled) of each line."""
    counted = list(lines)
    wanted = sum(quantity - canceled for quantity, _f, canceled in counted)
    done = sum(fulfilled for _q, fulfilled, _c in counted)
    if done == 0:
        return "unfulfilled"
    return "fulfilled" if done >= wanted else "partly_fulfilled"


def state(fulfillment_status: str, payment_status: str, *, owed: int = 0) -> str:
    """Of a placed order: closed when everything has left, was paid, and nothing is owed to the customer."""
    is_paid = payment_status in ("paid", "partly_refunded", "refunded")
    return "closed" if fulfillment_status == "fulfilled" and is_paid and owed <= 0 else "open"
