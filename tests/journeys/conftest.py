"""The whole house, running: web server, card network, bridge, receipt printer, and people at their screens."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from commerce.company import devices
from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.kernel.db import action
from pos.models import Register
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.pricing import MarketFactory, TaxRateFactory
from tests.hardware.conftest import RunningBridge, SimulatedPrinter
from tests.servers import Server, Site


@dataclass
class House:
    """One store with one register, and everything that runs."""

    site: Site
    printer: SimulatedPrinter
    store: Location
    register: Register
    associate: User

    @property
    def url(self) -> str:
        return self.site.url


@pytest.fixture
def house(serve: Callable[..., Site], card_network: Server, tmp_path: Path, context: BrowserContext) -> Iterator[House]:
    MarketFactory()
    TaxRateFactory(region="OR", rate_ppm=0, name="OR sales tax")
    store = LocationFactory(code="PDX-1", name="Portland Alberta")
    register = Register.objects.create(code="PDX-1-1", name="Front", location=store)
    associate = UserFactory(username="mina", first_name="Mina", last_name="Okafor", role="lead", pin="4711")
    site = serve(2)
    printer = SimulatedPrinter(tmp_path / "printer", "journey-printer")
    printer.start()
    bridge = RunningBridge(
        tmp_path / "bridge",
        "journey-bridge",
        int(os.environ["BRIDGE_PORT"]),
        BRIDGE_ORIGINS=site.url,
        BRIDGE_PRINTER=f"network://127.0.0.1:{printer.port}",
    )
    bridge.start()
    context.grant_permissions(["local-network-access"])
    yield House(site, printer, store, register, associate)
    bridge.stop()
    printer.stop()


@action
def pairing_code(register: Register) -> str:
    """A code that pairs the next browser with this register."""
    device = devices.invite(register.name, register.location, at=now())
    register.device = device
    register.save(update_fields=["device"])
    return device.pairing_code


def open_till(page: Page, house: House, *, float_amount: str = "100.00") -> None:
    """Pair the browser, enter the PIN, open the shift: the sell screen is ready for a scan."""
    page.goto(f"{house.url}/till/")
    page.get_by_label("Pairing code").fill(pairing_code(house.register))
    page.get_by_role("button", name=re.compile("Mina")).click()
    page.locator("#pin").press_sequentially("4711", delay=90)
    page.locator("#pin").press("Enter")
    page.locator("#open-total").fill(float_amount)
    page.locator("#open-submit").click()
    expect(page.locator("#search")).to_be_visible()


def scan(page: Page, code: str) -> None:
    """What a scanner does: all digits at once, then Enter; in one go, so that a busy machine cannot pull it apart."""
    page.wait_for_load_state()  # modules have run: before, a real scan would be typed into the field and sent as a form
    page.evaluate(
        """(code) => {
            for (const key of [...code, "Enter"]) {
                const target = document.activeElement ?? document.body;
                target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
            }
        }""",
        code,
    )


def fill_in_card(page: Page, number: str = "4242424242424242") -> None:
    """Type a card into the payment element, which is a frame of the card network's own."""
    frame = page.frame_locator("iframe").first
    for label, value in (("Card number", number), ("Expir", "12 / 34"), ("Security code", "123")):
        frame.get_by_label(re.compile(label, re.I)).first.press_sequentially(value)
    postal = frame.get_by_label(re.compile("ZIP|Postal", re.I))
    if postal.count():
        postal.first.fill("97205")


def check_out_for_delivery(page: Page, *, email: str = "ada@example.com") -> None:
    """From the cart to the payment step."""
    answers = {
        "email": email,
        "name": "Ada Example",
        "line1": "12 Alder Street",
        "city": "Portland",
        "postal_code": "97205",
    }
    for name, answer in answers.items():
        page.locator(f"input[name={name}]").fill(answer)
    page.locator("select[name=state]").select_option("OR")
    page.get_by_role("button", name="Continue to payment").click()
