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
def raise_to(name: str, value: int) -> None:
    """Make sure that the series has reached `value`: a number of it was already given out elsewhere."""
    rows(
        "INSERT INTO kernel_sequence (name, value) VALUES (%s, %s)"
        " ON CONFLICT (name) DO UPDATE SET value = GREATEST(kernel_sequence.value, EXCLUDED.value)",
        [name, value],
    )
