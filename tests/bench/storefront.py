"""The shop's pages over 20,000 products and 60,000 variants, for sixteen shoppers at once."""

from collections.abc import Callable, Iterator

from django.test import Client as Browser

from commerce.kernel.db import rows
from tests.bench import bare, machine
from tests.bench.data import ADJECTIVES, NOUNS, SHELVES, make_catalog
from tests.bench.figures import Figure
from tests.bench.load import Api, Outcome, drive, refusals
from tests.bench.place import Ground
from tests.client import Answer
from tests.factories.company import LocationFactory
from tests.factories.pricing import TaxRateFactory

AT_ONCE = 16
STORES = 5
# Page, its address by number, the peers' best CPU ms, and the goals: CPU ms, requests per second.
PAGES: list[tuple[str, Callable[[int], str], float, str, float, str]] = [
    ("list page", lambda n: f"/categories/{_shelf(n)}/", 394, "< 15", 4.2, "> 200"),
    ("product page", lambda n: f"/products/bench-{1 + n * 7919 % 2_000}/", 93, "< 10", 17.6, "> 300"),
    ("search, one word", lambda n: f"/search/?q={_word(n)}", 353, "< 20", 4.8, "> 150"),
]


def run(ground: Ground) -> Iterator[Figure]:
    """Two web processes. A warehouse and five stores have everything in stock."""
    products = ground.size(20_000, 2_000)
    ground.say(f"making {products:,} products with {products * 3:,} variants")
    make_catalog(products, 3)
    TaxRateFactory(country="US", rate_ppm=80_000)
    _stock()
    site = ground.site(2)
    meter = machine.CpuMeter(lambda: site.pids, ground.postmaster())
    for page, address, peer_cpu, cpu_goal, peer_rate, rate_goal in PAGES:
        count = ground.size(1_200, 100)
        ground.say(f"{count} times: {page}, {AT_ONCE} at once")

        async def visit(api: Api, number: int, address: Callable[[int], str] = address) -> Answer:
            return await api.get(address(number))

        drive(visit, ground.size(300, 60), at_once=AT_ONCE, url=site.url)
        before = meter.read()
        outcome = drive(visit, count, at_once=AT_ONCE, url=site.url, per_connection=25)
        application, database = (meter.read() - before).ms_per(count)
        _demand(page, outcome)
        name = ground.name
        yield Figure(name, f"{page}: CPU", application + database, "ms", cpu_goal, peer_cpu, "Saleor")
        yield Figure(name, f"{page}: CPU, application", application, "ms")
        yield Figure(name, f"{page}: CPU, database", database, "ms")
        peer = "django-oscar" if page == "product page" else "Saleor"
        yield Figure(name, f"{page}: requests per second", outcome.per_second, "1/s", rate_goal, peer_rate, peer)
        yield Figure(name, f"{page}: takes, median", outcome.at(0.5), "ms")
        yield Figure(name, f"{page}: takes, 95 %", outcome.at(0.95), "ms")
        yield Figure(name, f"{page}: SQL statements", _statements(address), "", "≤ 8", 21 if "product" in page else 23)
    yield Figure(ground.name, "memory per web process", machine.megabytes(site.pids), "MB", "< 120", 94, "django-oscar")


def _shelf(number: int) -> str:
    """One list in five is of a whole department, the others of a shelf in it."""
    department, shelf = 1 + number % SHELVES, number // SHELVES % 5
    return f"shelf-{department}-{shelf}" if shelf else f"shelf-{department}"


def _word(number: int) -> str:
    words = NOUNS if number % 2 else ADJECTIVES
    return words[number // 2 % len(words)].lower()


def _stock() -> None:
    """Units of everything in a warehouse and in every store, with the movements that brought them."""
    LocationFactory(code="WH-1", warehouse=True)
    for number in range(1, STORES + 1):
        LocationFactory(code=f"PDX-{number}")
    rows(
        "INSERT INTO inventory_stocklevel (variant_id, location_id, on_hand, reserved, safety, oversold)"
        " SELECT v.id, l.id, (v.id * 7 + l.id) %% 12, 0, 0, FALSE FROM catalog_variant v, company_location l",
        [],
    )
    rows(
        "INSERT INTO inventory_stockmovement"
        " (level_id, quantity, kind, source_type, source_uid, balance_after, created_at)"
        " SELECT id, on_hand, 'receipt', 'goods_receipt', gen_random_uuid(), on_hand, now()"
        " FROM inventory_stocklevel WHERE on_hand > 0"
    )
    rows("ANALYZE")


def _demand(page: str, outcome: Outcome[Answer]) -> None:
    refused = refusals(outcome.answers, status=200)
    bare_bones = sum(len(answer.body) < 5_000 for answer in outcome.answers)
    if refused or bare_bones:
        raise RuntimeError(f"The {page} was not shown: {refused}, {bare_bones} almost empty")


def _statements(address: Callable[[int], str]) -> int:
    """How many statements a page takes in a process that is warm."""
    browser = Browser(headers={"Host": "127.0.0.1"})
    for number in range(3):
        answer = browser.get(address(number))
        assert answer.status_code == 200, answer
    with bare.recording() as found:
        browser.get(address(5))
    return found.count
