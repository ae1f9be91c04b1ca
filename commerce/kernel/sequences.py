"""Gap-free document numbers (receipts, invoices). Order numbers use a plain database sequence: they may have gaps."""

from commerce.kernel.db import in_transaction, rows


@in_transaction
def next_value(name: str) -> int:
    """The next number of the series `name`, starting at 1; a rollback gives the number back."""
    return int(
        rows(
            "INSERT INTO kernel_sequence (name, value) VALUES (%s, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = kernel_sequence.value + 1 RETURNING value",
            [name],
        )[0][0]
    )


@in_transaction
def raise_to(name: str, value: int) -> bool:
    """Make sure that the series has reached `value`: that number was already given out elsewhere.

    Returns whether the series has moved: False means that `value` or one behind it was seen before.
    """
    moved = rows(
        "INSERT INTO kernel_sequence (name, value) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE"
        " SET value = EXCLUDED.value WHERE kernel_sequence.value < EXCLUDED.value RETURNING value",
        [name, value],
    )
    return bool(moved)
