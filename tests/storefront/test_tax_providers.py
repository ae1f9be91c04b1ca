"""A market's tax provider: asked before anything is locked; when it fails the table answers, and it is flagged."""

import json
import socket
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from commerce.cases.models import Case
from commerce.kernel.clock import now
from commerce.kernel.db import action
from commerce.pricing import tax_providers
from commerce.pricing.models import Market
from commerce.pricing.tax_providers import TaxQuestion
from commerce.pricing.tax_providers.base import NoAnswer
from commerce.pricing.tax_providers.breaker import Breaker
from commerce.pricing.tax_providers.web_service import PROVIDER
from orders.models import Order
from tests.concurrency.conftest import audit
from tests.factories.company import UserFactory
from tests.servers import Server
from tests.storefront.conftest import DETAILS, Shop, words
from tests.storefront.test_checkout import buy

AUSTIN = TaxQuestion("US", "TX", "78704", "Austin", ("food", "standard"), date(2026, 11, 23))
SECONDS = 0.5


class Office:
    """The stand-in, and what it is told to do."""

    def __init__(self, server: Server) -> None:
        self.url = server.url

    def call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_control/{path}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return dict(json.load(answer))

    def script(self, kind: str, times: int = 1, **more: Any) -> None:
        self.call("script", {"kind": kind, "times": times, **more})

    @property
    def asked(self) -> list[dict[str, Any]]:
        return list(self.call("asked")["asked"])


@pytest.fixture(scope="module")
def process() -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    variables = {"TAX_OFFICE_PORT": str(port), "TAX_OFFICE_KEY": "secret"}
    command = [sys.executable, "-m", "commerce.sandbox.tax_office"]
    server = Server("tax-office", command, f"http://127.0.0.1:{port}", variables=variables)
    server.start(path="/_control/health")
    yield server
    server.stop()


@pytest.fixture
def office(process: Server, settings: Any) -> Iterator[Office]:
    """Set up as the provider of every market that names none."""
    found = Office(process)
    found.call("reset", {})
    settings.TAX_PROVIDERS = [f"commerce.pricing.tax_providers.{name}" for name in ("table", "web_service")]
    settings.TAX_PROVIDER, settings.TAX_PROVIDER_SECONDS = "web_service", SECONDS
    settings.TAX_SERVICE_URL, settings.TAX_SERVICE_KEY = process.url, "secret"
    forget()
    yield found
    forget()


def forget() -> None:
    cache.clear()
    tax_providers.registry.cache_clear()
    tax_providers.breaker_of.cache_clear()


def test_it_says_places_and_rates(office: Office) -> None:
    place, rows = PROVIDER.rates(AUSTIN)
    assert place == ["US", "US-TX", "US-TX-AUSTIN"]
    assert {(row["jurisdiction"], row["tax_class"], row["rate_ppm"]) for row in rows} == {
        ("US-TX", "standard", 70_000),
        ("US-TX-AUSTIN", "standard", 15_000),
        ("US-TX", "food", 0),
        ("US-TX-AUSTIN", "food", 0),
    }
    assert office.asked[0]["day"] == "2026-11-23"


RATE = {"jurisdiction": "US", "tax_class": "standard", "code": "a", "name": "A", "rate_ppm": 1, "compound": False}


def say(**rate: Any) -> dict[str, Any]:
    return {"body": json.dumps({"place": ["US"], "rates": [{**RATE, **rate}]})}


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        ("delay", {"seconds": 3}, "did not answer within 0.5 seconds"),
        ("drip", {"seconds": 3}, "did not answer within 0.5 seconds"),
        ("error", {}, "answered 500"),
        ("refuse", {}, "answered 422"),
        ("cut", {}, "cannot be reached"),
        ("say", {"body": "<html>"}, "is not JSON"),
        ("say", {"body": "[]"}, "cannot be understood"),
        ("say", {"body": '{"place": ["NL"], "rates": []}'}, "the place is not in US"),
        ("say", {"body": '{"place": [], "rates": []}'}, "the place is not in US"),
        ("say", say(rate_ppm=1_000_001), "1000001 is no rate"),
        ("say", say(rate_ppm=-1), "is no rate"),
        ("say", say(rate_ppm="7"), "is no rate"),
        ("say", say(rate_ppm=True), "is no rate"),
        ("say", say(jurisdiction="US-CA"), "was not asked for"),
        ("say", say(tax_class="weapons"), "was not asked for"),
        ("say", say(name=""), "without a name"),
        ("say", {"body": json.dumps({"place": ["US"], "rates": [RATE, RATE]})}, "said twice"),
        ("say", {"body": json.dumps({"place": ["US"], "rates": [RATE] * 501})}, "501 rates"),
    ],
)
def test_whatever_else_it_does_is_no_answer_and_soon(
    office: Office, kind: str, more: dict[str, Any], says: str
) -> None:
    office.script(kind, **more)
    began = time.monotonic()
    with pytest.raises(NoAnswer, match=says):
        PROVIDER.rates(AUSTIN)
    assert time.monotonic() - began < SECONDS + 1
    assert PROVIDER.rates(AUSTIN)[0]  # the next question is answered


def test_a_provider_that_is_not_there(office: Office, settings: Any) -> None:
    settings.TAX_SERVICE_KEY = "wrong"
    with pytest.raises(NoAnswer, match="answered 401"):
        PROVIDER.rates(AUSTIN)
    settings.TAX_SERVICE_URL = "http://127.0.0.1:1"
    with pytest.raises(NoAnswer, match="cannot be reached"):
        PROVIDER.rates(AUSTIN)
    settings.TAX_SERVICE_URL = ""
    with pytest.raises(NoAnswer, match="Nobody has said where it is"):
        PROVIDER.rates(AUSTIN)


def test_a_breaker_rests_and_lets_one_try() -> None:
    breaker, at = Breaker(2, timedelta(seconds=30)), now()
    breaker.failed(at)
    assert breaker.may_ask(at)
    breaker.failed(at)
    assert not breaker.may_ask(at + timedelta(seconds=29))
    later = at + timedelta(seconds=30)
    assert [breaker.may_ask(later), breaker.may_ask(later)] == [True, False]
    breaker.answered()
    assert breaker.may_ask(later)


def test_answers_are_kept_and_failures_are_not(office: Office, shop: Shop) -> None:
    for _n in range(3):
        answer = tax_providers.ask(shop.us, AUSTIN, at=now())
        assert (answer.provider, answer.fell_back, len(answer.rows)) == ("web_service", False, 4)
    assert len(office.asked) == 1
    cache.clear()
    office.script("error", 3)
    at = now()
    for _n in range(5):
        answer = tax_providers.ask(shop.us, AUSTIN, at=at)
        assert answer.fell_back
        assert [row["code"] for row in answer.rows if row["jurisdiction"] == "US-TX"] == ["us-tx"]
    assert len(office.asked) == 4  # three failures, then it is left alone
    assert not tax_providers.ask(shop.us, AUSTIN, at=at + timedelta(minutes=1)).fell_back


def test_a_provider_that_breaks_does_not_break_the_shop(
    office: Office, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(asked: TaxQuestion) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(PROVIDER, "rates", broken)
    answer = tax_providers.ask(shop.us, AUSTIN, at=now())
    assert (answer.fell_back, answer.reason) == (True, "It broke: ZeroDivisionError.")


def test_nobody_is_asked_inside_a_transaction(office: Office, shop: Shop) -> None:
    @action
    def careless() -> None:
        tax_providers.ask(shop.us, AUSTIN, at=now())

    with pytest.raises(RuntimeError, match="inside a transaction"):
        careless()
    assert office.asked == []


def test_a_market_may_name_the_table(office: Office, shop: Shop) -> None:
    Market.objects.filter(pk=shop.us.pk).update(tax_provider="table")
    shop.us.refresh_from_db()
    answer = tax_providers.ask(shop.us, AUSTIN, at=now())
    assert (answer.provider, answer.fell_back) == ("table", False)
    assert office.asked == []


@pytest.mark.usefixtures("card_network")
def test_an_order_is_taxed_by_the_provider(office: Office, fill: Callable[..., Client], shop: Shop) -> None:
    client = fill("MUG", 2)
    # 7 % and 1.5 % of 32.00
    said = "Subtotal $32.00 Delivery $7.00 City tax $0.48 State tax $2.24 Total $41.72"
    assert said in words(client.get("/checkout/summary/", {**DETAILS, "method": "ship"}))
    assert said in words(buy(client))
    order = Order.objects.placed().get()
    assert (order.tax_provider, order.tax_fallback) == ("web_service", False)
    assert office.asked[-1]["city"] == "Austin"
    assert not Case.objects.exists()
    assert audit() == ""


@pytest.mark.usefixtures("card_network")
def test_an_outage_is_flagged_and_nobody_is_turned_away(
    office: Office, fill: Callable[..., Client], shop: Shop
) -> None:
    office.script("error", 99)
    client = fill("MUG", 2)
    assert "Texas sales tax $2.64 Total $41.64" in words(buy(client))
    order = Order.objects.placed().get()
    assert (order.tax_provider, order.tax_fallback) == ("web_service", True)
    case = Case.objects.get()
    assert (case.kind, case.subject, case.owner_role) == ("tax_outage", "web_service", "office")
    assert "The tax provider of United States did not answer. It answered 500." in case.text
    browser = Client()
    browser.force_login(UserFactory(username="maren", role="office"))
    page = words(browser.get(f"/admin/orders/order/{order.pk}/change/"))
    assert "Taxed by the table: the tax provider did not answer" in page
    fill("MUG")
    buy(client)
    assert Case.objects.count() == 1
    assert audit() == ""
