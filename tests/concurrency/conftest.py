import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command

from commerce.catalog.models import Variant
from commerce.company.models import Location
from tests.client import Client, new_token
from tests.concurrency.hands import warehouse
from tests.factories.catalog import VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive
from tests.servers import Server, Site


@pytest.fixture
def store(transactional_db: None) -> Location:
    MarketFactory(tax=80_000)
    return LocationFactory(code="PDX-1")


@pytest.fixture
def tent(store: Location) -> Variant:
    return VariantFactory(sku="TENT-2P", price=19_900)


@pytest.fixture
def mug(store: Location) -> Variant:
    """A hundred of them are in the warehouse."""
    mug: Variant = VariantFactory(sku="MUG")
    receive(mug, warehouse(), 100)
    return mug


@pytest.fixture
def shop(serve: Callable[..., Site], card_network: Server) -> Callable[..., Client]:
    """`shop(processes=2, FAILPOINTS="…")`: a client of web servers of the test's own."""

    def start(processes: int = 2, **variables: str) -> Client:
        return Client(serve(processes, **variables).url, new_token())

    return start


@pytest.fixture
def audit_after(transactional_db: None) -> Iterator[None]:
    """After the race, everything still agrees with itself."""
    yield
    assert audit() == ""


def audit() -> str:
    """The offences that `manage.py audit` finds, as it prints them; nothing when all is well."""
    out = io.StringIO()
    try:
        call_command("audit", stdout=out, no_color=True)
    except SystemExit:
        return out.getvalue()
    return ""


def money(minor: int) -> dict[str, Any]:
    return {"amount": minor, "currency": "USD"}
