"""The demo's regular customers. Those who only ever ordered as guests appear with their first order."""

from datetime import UTC, datetime, time

from django.db import transaction

from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage
from commerce.pricing.models import CustomerGroup
from customers import profiles


class Demo(demo.Room):
    def stages(self, *, at: datetime) -> list[Stage]:
        return [Stage("Customers", len(self.retailer.customers()), self._welcome)]

    @transaction.atomic
    def _welcome(self, advance: Advance) -> None:
        for person in self.retailer.customers():
            if person.is_member:
                profiles.recognize(
                    person.email,
                    name=f"{person.first_name} {person.last_name}",
                    phone=person.phone,
                    at=datetime.combine(person.joined_on, time(12), UTC),
                )
            advance(1)

    def finish(self, *, at: datetime) -> None:
        """Regular customers are members."""
        for group in self.retailer.groups():
            if group.takes_members:
                row = CustomerGroup.objects.get(code=group.code)
                profiles.join(row, [person.email for person in self.retailer.customers() if person.is_member])
