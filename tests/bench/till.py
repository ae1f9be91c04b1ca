"""A till's catalog of 100,000 variants in a real browser: the first load, a warm start, look-ups, memory."""

import os
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from django.db import transaction
from playwright.sync_api import Browser, Page, sync_playwright

from commerce.company import devices
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from pos.models import Register
from tests.bench.data import make_catalog
from tests.bench.figures import Figure
from tests.bench.place import Ground
from tests.chromium import ARGUMENTS, chromium
from tests.factories.company import LocationFactory, UserFactory
from tests.factories.trade import register_at

PAIRING_CODE = "BENCHTLL"
_LOOK_UPS = """async ([codes, queries]) => {
    const {Catalog} = await import("/static/js/till/catalog.js");
    const {Store} = await import("/static/js/till/store.js");
    const catalog = new Catalog(await Store.open(), null);
    const loading = performance.now();
    await catalog.load();
    const loaded = performance.now() - loading;
    const times = {scan: [], search: []};
    catalog.find("warm up");
    for (const code of codes) {
        const began = performance.now();
        if (!catalog.byCode(code)) throw new Error(`not found: ${code}`);
        times.scan.push(performance.now() - began);
    }
    for (const query of queries) {
        const began = performance.now();
        catalog.find(query);
        times.search.push(performance.now() - began);
    }
    return {loaded, size: catalog.size, ...times};
}"""
_QUERIES = ["m", "me", "mer", "merino", "merino ja", "tent black", "BN0123", "200000", "waterproof lamp m", "zzzz"]


def run(ground: Ground) -> Iterator[Figure]:
    """One web process is enough: a single till asks."""
    products = ground.size(33_334, 3_334)
    ground.say(f"making {products * 3:,} variants")
    made = make_catalog(products, 3)
    register = _store()
    site = ground.site(1)
    codes = [key for (key,) in rows("SELECT key FROM catalog_barcode ORDER BY id DESC LIMIT 500")]
    path = chromium()
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's synchronous interface runs an event loop
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield from _figures(ground, browser, f"{site.url}/till/", register, codes, len(made.variants))
        finally:
            browser.close()


def _figures(
    ground: Ground, browser: Browser, url: str, register: Register, codes: list[str], variants: int
) -> Iterator[Figure]:
    ground.say("first load")
    first, page = _first_load(browser, url, register)
    yield Figure("till", "first load, catalog on the disk and tiles drawn", first, "s", "< 3")
    yield Figure("till", "catalog on the wire", _wire(page), "MB", "< 5")
    ground.say("warm starts")
    warm = [_warm_start(page, url) for _ in range(5)]
    yield Figure("till", "warm start, from reload to PIN", median(warm), "s", "< 1")
    yield Figure("till", "JavaScript heap", _heap(page), "MB", "< 120")
    ground.say("look-ups")
    found: dict[str, Any] = page.evaluate(_LOOK_UPS, [codes, _QUERIES * 10])
    if found["size"] != variants:
        raise RuntimeError(f"The till holds {found['size']} of {variants} variants.")
    yield Figure("till", "scan to variant, median", median(found["scan"]), "ms", "< 1")
    yield Figure("till", "type-ahead, median", median(found["search"]), "ms", "< 20")
    yield Figure("till", "type-ahead, slowest", max(found["search"]), "ms", "< 50")


@transaction.atomic
def _store() -> Register:
    store = LocationFactory(code="PDX-1")
    UserFactory(username="jo", role="manager", pin="4711")
    return register_at(store)


@transaction.atomic
def _invite(register: Register) -> None:
    register.device = devices.invite("Bench", register.location, at=now(), code=PAIRING_CODE)
    register.save(update_fields=["device"])


def _first_load(browser: Browser, url: str, register: Register) -> tuple[float, Page]:
    """From the pairing code's answer to a till that could sell: the median of three new browsers, and the last page."""
    times = []
    for attempt in range(3):
        _invite(register)
        page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
        page.goto(url)
        page.wait_for_selector("#till[data-screen=pair]")
        _wait(page, "navigator.serviceWorker.controller !== null")  # the shell's download is not counted
        page.evaluate(
            "() => { window.began = performance.now();"
            " new MutationObserver((_, self) => { if (document.querySelector('#till').dataset.screen !== 'pin') return;"
            " window.took = performance.now() - window.began; self.disconnect(); })"
            ".observe(document.querySelector('#till'), {attributes: true}); }"
        )
        page.fill("#pair-code", PAIRING_CODE)
        _wait(page, "window.took !== undefined")
        times.append(page.evaluate("window.took / 1000"))
        if attempt < 2:
            page.context.close()
    return median(times), page


def _wait(page: Page, expression: str) -> None:
    """Until it is true; asked from outside, as the page's policy lets nobody evaluate a text inside."""
    deadline = time.monotonic() + 120
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{expression} did not come true.")
        page.wait_for_timeout(50)


def _warm_start(page: Page, url: str) -> float:
    page.goto(url)
    page.wait_for_selector("#till[data-screen=pin]")
    page.wait_for_selector(".tile", state="attached")
    return float(page.evaluate("performance.now() / 1000"))


def _heap(page: Page) -> float:
    """What is in use when all that is garbage has been collected."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"]) / 1e6


def _wire(page: Page) -> float:
    entries = "performance.getEntriesByType('resource').filter((one) => one.name.includes('/till/api/catalog'))"
    return float(page.evaluate(f"{entries}.reduce((sum, one) => sum + one.encodedBodySize, 0) / 1e6"))
