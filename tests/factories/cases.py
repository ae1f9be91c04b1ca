"""Cases of the exceptions queue."""

from datetime import timedelta

import factory

from commerce.cases.models import Case
from commerce.kernel.clock import now


class CaseFactory(factory.django.DjangoModelFactory):
    """An open case of the back office, due in an hour."""

    class Meta:
        model = Case

    kind = "oversell"
    subject = factory.Sequence(lambda number: f"Subject {number + 1}")
    text = "Something needs a person."
    owner_role = "office"
    created_at = factory.LazyFunction(now)
    due_at = factory.LazyAttribute(lambda row: row.created_at + timedelta(hours=1))
