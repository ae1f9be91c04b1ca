"""The only writer of customers."""

from collections.abc import Iterable
from datetime import datetime

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.ids import new_uid
from commerce.pricing.models import CustomerGroup
from customers.models import Customer


def email_key(email: str) -> str:
    """An e-mail address as it is compared: trimmed and in lower case."""
    return email.strip().lower()


@in_transaction
def join(group: CustomerGroup, emails: Iterable[str]) -> list[str]:
    """Put customers into a group, by their e-mail addresses; those that nobody has, as they were given."""
    wanted = {email_key(email): email.strip() for email in emails if email.strip()}
    known = dict(Customer.objects.filter(email_key__in=wanted).values_list("email_key", "pk"))
    group.customers.add(*known.values())
    return [email for key, email in wanted.items() if key not in known]


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
