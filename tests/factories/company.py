"""Locations and staff."""

import factory

from commerce.company.models import Location, User


class LocationFactory(factory.django.DjangoModelFactory):
    """A store in Portland; `LocationFactory(warehouse=True)` is a warehouse."""

    class Meta:
        model = Location
        django_get_or_create = ("code",)

    class Params:
        warehouse = factory.Trait(kind="warehouse", offers_pickup=False)

    code = factory.Sequence(lambda number: f"PDX-{number + 1}")
    name = factory.LazyAttribute(lambda row: f"Portland {row.code}")
    kind = "store"
    line1 = "1 Burnside Street"
    city = "Portland"
    state = "OR"
    postal_code = "97204"
    country = "US"
    latitude = "45.523064"
    longitude = "-122.676483"
    time_zone = "America/Los_Angeles"
    offers_pickup = True
    position = factory.Sequence(lambda number: number)


class UserFactory(factory.django.DjangoModelFactory):
    """An associate; `UserFactory(role="manager", locations=[store], pin="4711")`."""

    class Meta:
        model = User
        django_get_or_create = ("username",)
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number + 1}")
    first_name = factory.Sequence(lambda number: f"Person {number + 1}")
    last_name = "Example"
    email = factory.LazyAttribute(lambda row: f"{row.username}@example.com")
    role = "associate"

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if extracted is not None:
            self.set_password(extracted)
            self.save(update_fields=["password"])

    @factory.post_generation
    def pin(self, create, extracted, **kwargs):
        if extracted is not None:
            from django.db import transaction

            from commerce.company import pins

            with transaction.atomic():
                pins.set_pin(self, extracted)

    @factory.post_generation
    def locations(self, create, extracted, **kwargs):
        if extracted:
            self.locations.set(extracted)
