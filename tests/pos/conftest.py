"""A store with a register, people and goods, and everything that stands on its counter, running."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.conf import settings
from playwright.sync_api import BrowserContext, Page

from commerce.catalog.models import Variant
from commerce.company import devices
from commerce.company.models import Device, Location, User
from commerce.kernel.clock import now
from commerce.kernel.db import action
from pos.models import Register
from tests.factories.catalog import CategoryFactory, MediaFactory, ProductFactory, VariantFactory
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory
from tests.factories.stock import receive
from tests.factories.trade import register_at
from tests.hardware.conftest import RunningBridge, SimulatedPrinter
from tests.pos.till_page import TillPage
from tests.servers import Server, Site

PAIRING_CODE = "ABCDEFGH"
TENT_CODE, MUG_CODE = "4006381333931", "4012345678901"


@dataclass
class Counter:
    """What a journey needs to know of the store."""

    store: Location
    register: Register
    manager: User
    associate: User
    tent: Variant
    mug: Variant


@action
def invite(register: Register, code: str = PAIRING_CODE) -> Device:
    """A pairing code for the register's till."""
    device = devices.invite(register.name, register.location, at=now(), code=code)
    Register.objects.filter(pk=register.pk).update(device=device)
    return device


@action
def revoke(device: Device) -> None:
    devices.revoke(device, at=now())


@pytest.fixture
def counter(transactional_db: None) -> Counter:
    """A store in Portland: 8 % tax, a tent at 199.00 (5 there) and a mug at 14.50 in two colors (3 and none)."""
    MarketFactory(tax=80_000)
    store = LocationFactory(code="PDX-1", name="Alberta Street")
    other = LocationFactory(code="SEA-1", name="Pike Street")
    camp = CategoryFactory(name="Camp", slug="camp")
    tent = VariantFactory(
        product=ProductFactory(title="Alder tent", category=camp), sku="TENT-2P", price=19_900, barcode=TENT_CODE
    )
    MediaFactory(product=tent.product)
    cups = ProductFactory(
        title="Trail mug", category=CategoryFactory(name="Kitchen", slug="kitchen"), options=["Color"]
    )
    mug = VariantFactory(product=cups, sku="MUG-R", option_values=["Rust"], price=1_450, barcode=MUG_CODE)
    oat = VariantFactory(product=cups, sku="MUG-O", option_values=["Oat"], price=1_450, position=2)
    receive(tent, store, 5)
    receive(mug, store, 3)
    receive(oat, other, 4)
    register = register_at(store)
    invite(register)
    return Counter(
        store=store,
        register=register,
        manager=UserFactory(username="jo", first_name="Jo", role="manager", locations=[store], pin="4711"),
        associate=UserFactory(username="mara", first_name="Mara", role="associate", locations=[store], pin="123456"),
        tent=tent,
        mug=mug,
    )


@pytest.fixture
def reader(counter: Counter, card_network: Server) -> str:
    """The register's card reader at the card network; its customer does what a test says."""
    terminal = stripe.StripeClient(settings.STRIPE_SECRET_KEY, base_addresses={"api": card_network.url}).v1.terminal
    address = {"line1": "1 Main", "city": "Portland", "state": "OR", "country": "US", "postal_code": "97201"}
    place = terminal.locations.create({"display_name": "Store", "address": address})  # type: ignore[typeddict-item]
    made = terminal.readers.create({"registration_code": "simulated-wpe", "label": "Front", "location": place.id})
    Register.objects.filter(pk=counter.register.pk).update(card_reader=made.id)
    return str(made.id)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    """The receipt printer on the counter."""
    simulated = SimulatedPrinter(tmp_path / "paper", f"till-printer-{os.getpid()}-{tmp_path.name}")
    simulated.start(path="/healthz")
    yield simulated
    simulated.stop()


@pytest.fixture
def start_bridge(tmp_path: Path) -> Iterator[Callable[..., RunningBridge]]:
    """`start_bridge(origin, BRIDGE_PRINTER=…)`: the bridge where the site's pages look for it."""
    started: list[RunningBridge] = []

    def start(origin: str, **variables: str) -> RunningBridge:
        port = int(os.environ["BRIDGE_PORT"])
        name = f"till-bridge-{os.getpid()}-{tmp_path.name}"
        bridge = RunningBridge(tmp_path / "bridge", name, port, BRIDGE_ORIGINS=origin, **variables)
        started.append(bridge)
        bridge.start()
        return bridge

    yield start
    for bridge in started:
        bridge.stop()


@pytest.fixture
def bridge(site: Site, printer: SimulatedPrinter, start_bridge: Callable[..., RunningBridge]) -> RunningBridge:
    """The bridge on the till's computer, with the printer."""
    return start_bridge(site.url, BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}")


@pytest.fixture
def open_till(context: BrowserContext, counter: Counter) -> Iterator[Callable[..., TillPage]]:
    """`open_till(site.url)`: a till in a browser of its own; ends with no error that nobody saw."""
    opened: list[TillPage] = []

    def start(url: str, page: Page | None = None) -> TillPage:
        till = TillPage(page or context.new_page(), url)
        opened.append(till)
        return till

    yield start
    for till in opened:
        assert till.errors == []


@pytest.fixture
def till(site: Site, open_till: Callable[..., TillPage]) -> TillPage:
    """A till that sells: paired, Jo at it, a shift open with 200.00."""
    till = open_till(site.url)
    till.ready()
    return till


@pytest.fixture
def viewport() -> dict[str, Any]:
    return {"width": 1366, "height": 768}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], viewport: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": viewport, "locale": "en-US"}
