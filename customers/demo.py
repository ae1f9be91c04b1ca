"""The demo's regular customers, and what some have been given. Those who only ever ordered as guests appear with their
first order."""

from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage
from commerce.kernel.ids import new_uid
from commerce.pricing.models import CustomerGroup
from customers import gift_cards, profiles, store_credit
from customers.models import Customer, GiftCard
from customers.wallets import Source

LOST = "Lost on a train"
CARDS = (
    (2_500, "Prize of the summer raffle"),
    (10_000, "Thanks for the photographs"),
    (5_000, LOST),
    (1_500, "Parcel came a week late"),
)
CREDITS = ((2_000, "Zipper failed twice"), (1_250, "Wrong size sent"), (4_000, "Repair took too long"))
PRINTED = 40


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
        """Regular customers are members; a few have a gift card or credit, and cards wait at the tills to be sold."""
        for group in self.retailer.groups():
            if group.takes_members:
                row = CustomerGroup.objects.get(code=group.code)
                profiles.join(row, [person.email for person in self.retailer.customers() if person.is_member])
        if not GiftCard.objects.exists():
            self._give(at=at)

    def _give(self, *, at: datetime) -> None:
        for number, (amount, reason) in enumerate(CARDS):
            source = Source("decision", new_uid(), reason=reason)
            card = gift_cards.give("USD", amount, source=source, at=at - timedelta(days=9 * (number + 1)))
            if reason == LOST:
                gift_cards.transfer(card, source=source, at=at - timedelta(days=2))
        gift_cards.mint("USD", GiftCard.Origin.PRINTED, at=at, count=PRINTED)
        members = [person.email for person in self.retailer.customers() if person.is_member][: len(CREDITS)]
        for email, (amount, reason) in zip(members, CREDITS, strict=True):
            customer = Customer.objects.get(email_key=profiles.email_key(email))
            source = Source("decision", new_uid(), reason=reason)
            store_credit.give(customer.pk, "USD", amount, source=source, at=at - timedelta(days=5))
