"""The only writer of customers."""

from datetime import datetime

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid


def email_key(email: str) -> str:
    """An e-mail address as it is compared: trimmed and in lower case."""
    return email.strip().lower()


@in_transaction
def recognize(email: str, *, name: str, phone: str = "", at: datetime) -> int:
    """The primary key of the customer with this address, who is created when new.

    An order by e-mail alone proves nothing about its sender, so an existing profile is not changed by it.
    """
    return int(
        rows(
            "INSERT INTO customers_customer (uid, email, email_key, name, phone, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (email_key) DO UPDATE SET email_key = EXCLUDED.email_key RETURNING id",
            [new_uid(), email.strip(), email_key(email), name.strip(), phone.strip(), at],
        )[0][0]
    )
