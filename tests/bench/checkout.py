"""Guest checkouts through the API: a cart, a line, the checkout, the card. And two flash sales."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.request import Request, urlopen

from django.test import Client as Browser

from commerce.kernel import audit
from orders.models import Order, OrderLine
from tests.bench import bare, machine
from tests.bench.figures import Figure
from tests.bench.load import Api, Outcome, drive, refusals, together
from tests.bench.place import Ground
from tests.bench.shop import Shop
from tests.client import ADDRESS, Answer, new_token
from tests.factories.catalog import VariantFactory

AT_ONCE = 8
PROCESSES = 2


def run(ground: Ground) -> Iterator[Figure]:
    """Two web processes, 1,000 SKUs, the card network's webhooks switched on."""
    ground.say("stocking 1,000 SKUs")
    shop = Shop.open(1_000, units=10_000)
    network = ground.card_network()
    site = ground.site(PROCESSES)
    token = new_token("carts")
    meter = machine.CpuMeter(lambda: site.pids, ground.postmaster())

    async def buy(api: Api, number: int) -> Answer:
        cart = await api.cart_with(shop.variants[(number * 7) % 1_000].sku)
        return await api.pay(cart, f"guest-{number}@example.com")

    drive(buy, ground.size(100, 20), at_once=AT_ONCE, url=site.url, token=token)
    ground.settle(site.pids)
    count = ground.size(800, 80)
    ground.say(f"{count} guest checkouts, {AT_ONCE} at once")
    before = meter.read()
    outcome = drive(buy, count, at_once=AT_ONCE, url=site.url, token=token)
    ground.settle(site.pids)
    used = meter.read() - before
    _demand(outcome)

    contested = [*_flash_sale(ground, shop, site.url, token), *_pressed_together(ground, shop, site.url, token)]
    objections = sum(finding.count for finding in audit.run())
    memory = machine.megabytes(site.pids)

    ground.say("the same writes in bare SQL")
    _silence(network.url)  # a webhook that settles the payment first would change what is recorded
    statements, script = _record(token, shop)
    goods = lambda number: _goods(shop, (number * 7) % 1_000)  # noqa: E731
    before = meter.read()
    bare_rate = bare.repeat(script, goods, count, at_once=AT_ONCE)
    bare_used = meter.read() - before

    application, database = used.ms_per(count)
    name = ground.name
    yield Figure(name, "guest checkouts per second", outcome.per_second, "1/s", "> 40", bare_rate, "bare SQL")
    yield Figure(name, "one checkout takes, median", outcome.at(0.5), "ms")
    yield Figure(name, "one checkout takes, 95 %", outcome.at(0.95), "ms")
    yield Figure(name, "CPU per order", application + database, "ms", "< 60", 1_050, "django-oscar")
    yield Figure(name, "CPU per order, application", application, "ms")
    yield Figure(name, "CPU per order, database", database, "ms", "", bare_used.ms_per(count)[1], "bare SQL")
    yield Figure(name, "SQL statements per order", statements, "", "≤ 60", script.statements, "of them writes")
    yield Figure(name, "memory per web process", memory, "MB", "< 120", 94, "django-oscar")
    yield from contested
    yield Figure(name, "rows that the audit objects to", objections, "", "= 0")


def _demand(outcome: Outcome[Answer]) -> None:
    refused = refusals(outcome.answers, status=200)
    if refused:
        raise RuntimeError(f"Checkouts were refused: {refused}")


def _flash_sale(ground: Ground, shop: Shop, url: str, token: str) -> Iterator[Figure]:
    """400 buyers, 16 at a time, for 100 units."""
    ground.say("400 buyers for 100 units")
    variant = VariantFactory(sku="FLASH-100", product=shop.variants[0].product, price=19_900)
    shop.receive({variant.pk: 100}, shop.warehouse)

    async def buy(api: Api, number: int) -> Answer:
        return await api.pay(await api.cart_with(variant.sku), f"flash-{number}@example.com")

    outcome = drive(buy, 400, at_once=16, url=url, token=token)
    yield Figure(ground.name, "flash sale: sold of 100 to 400 buyers", _sold(variant), "units", "= 100", 101, "Saleor")
    yield Figure(ground.name, "flash sale: over after", outcome.seconds, "s", "< 30")
    yield Figure(ground.name, "flash sale: buyers not served in words", _unexplained(outcome), "buyers", "= 0")


def _pressed_together(ground: Ground, shop: Shop, url: str, token: str) -> Iterator[Figure]:
    """40 buyers with filled carts who press "place" at the same moment, for 20 units."""
    ground.say("40 buyers press together for 20 units")
    variant = VariantFactory(sku="FLASH-20", product=shop.variants[0].product, price=19_900)
    shop.receive({variant.pk: 20}, shop.warehouse)

    async def fill(api: Api, number: int) -> str:
        return await api.cart_with(variant.sku)

    carts = drive(fill, 40, at_once=AT_ONCE, url=url, token=token).answers

    async def press(api: Api, number: int) -> Answer:
        return await api.pay(carts[number], f"press-{number}@example.com")

    outcome = together(press, 40, url=url, token=token)
    yield Figure(ground.name, "40 press together: sold of 20", _sold(variant), "units", "= 20", 33, "django-oscar")
    yield Figure(ground.name, "40 press together: answered within", max(outcome.milliseconds) / 1000, "s")
    yield Figure(ground.name, "40 press together: buyers not served in words", _unexplained(outcome), "buyers", "= 0")


def _unexplained(outcome: Outcome[Answer]) -> int:
    """Buyers who got neither the goods nor the true reason why not."""
    refused = refusals(outcome.answers, status=200)
    return sum(refused.values()) - refused.get("insufficient_stock", 0)


def _sold(variant: Any) -> int:
    lines = OrderLine.objects.filter(variant=variant, order__state__in=[Order.State.OPEN, Order.State.CLOSED])
    return sum(lines.values_list("quantity", flat=True))


def _record(token: str, shop: Shop) -> tuple[int, bare.Script]:
    """How many statements a checkout takes, and its writes as a script. Runs the views in this process."""
    browser = Browser(headers={"Authorization": f"Bearer {token}", "Host": "127.0.0.1"})

    def post(path: str, body: Any) -> Any:
        answer = browser.post(f"/api/v1/carts{path}", body, content_type="application/json")
        if answer.status_code not in (200, 201):
            raise RuntimeError(f"{path}: {answer.status_code} {answer.content!r}")
        return answer.json()

    def buy(sku: str, email: str) -> bare.Recording:
        bare.spread_ids()
        with bare.recording() as found:
            cart = post("", {})["id"]
            post(f"/{cart}/lines", {"sku": sku, "quantity": 1})
            wish = {"type": "ship", "address": ADDRESS}
            post(f"/{cart}/checkout", {"email": email, "name": "Ada Example", "fulfillment": wish})
            post(f"/{cart}/complete", {"payment_method": "pm_card_visa"})
        return found

    first, second = shop.variants[10], shop.variants[777]
    buy(shop.variants[5].sku, "warm-up@example.com")
    recordings = buy(first.sku, "first@example.com"), buy(second.sku, "other@example.com")
    goods = list(zip(_goods(shop, 10), _goods(shop, 777), strict=True))
    return recordings[0].count, bare.Script(*recordings, goods)


def _silence(card_network: str) -> None:
    body = json.dumps({"mode": "off"}).encode()
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(f"{card_network}/_control/webhooks", data=body, headers=headers), timeout=10) as answer:
        answer.read()


def _goods(shop: Shop, place: int) -> Sequence[Any]:
    """What stands for a variant among the parameters: its keys, and its SKU."""
    variant = shop.variants[place]
    return [variant.pk, variant.sku]
