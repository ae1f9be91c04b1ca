"""Sales of five lines from tills to the server: from one till after another's, and from eight tills at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client as Browser

from commerce.catalog.models import Variant
from commerce.company import devices
from commerce.company.models import User
from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from pos.actions.open_shift import open_shift
from pos.actions.pair_register import pair_register
from pos.models import Register, Shift
from tests.bench import bare, machine
from tests.bench.figures import Figure
from tests.bench.load import Api, drive, refusals
from tests.bench.place import Ground
from tests.bench.shop import PRICE, TAX_PPM, Shop
from tests.client import Answer
from tests.factories.company import UserFactory

TILLS = 8
LINES = 5
SOLD_AT = now().isoformat()
DUE = LINES * PRICE * (1_000_000 + TAX_PPM) // 1_000_000


@dataclass
class Till:
    """A paired register with an open shift, which counts its receipts."""

    register: Register
    shift: Shift
    cashier: str
    token: str
    receipts: int

    @classmethod
    def open(cls, shop: Shop, cashier: User, number: int) -> "Till":
        """Pair a new register of the store and open a shift on it."""
        code = f"{shop.store.code}-{number}"
        bare.spread_ids()
        with transaction.atomic(durable=True):
            device = devices.invite(code, shop.store, at=now())
            register = Register.objects.create(code=code, name=code, location=shop.store, device=device)
        register, token = pair_register(device.pairing_code, at=now())
        shift = open_shift(register, uid=new_uid(), float_minor=20_000, currency="USD", person=cashier, at=now())
        return cls(register, shift, cashier.username, token, receipts=number * 10_000)

    @property
    def receipt_number(self) -> str:
        """Of the latest sale."""
        return f"{self.register.code}-{self.receipts:06d}"

    def envelope(self, variants: Sequence[Variant]) -> dict[str, Any]:
        """A cash sale, written down as the till writes it: see `pos.envelope`."""
        self.receipts += 1
        tax = {"code": "us", "name": "US tax", "rate_ppm": TAX_PPM}
        return {
            "id": str(new_uid()),
            "register": self.register.code,
            "shift": str(self.shift.uid),
            "cashier": self.cashier,
            "sold_at": SOLD_AT,
            "receipt_number": self.receipt_number,
            "currency": "USD",
            "lines": [
                {"sku": one.sku, "quantity": 1, "unit_price": _usd(PRICE), "taxes": [tax], "discounts": []}
                for one in variants
            ],
            "tenders": [{"type": "cash", "amount": _usd(DUE), "tendered": _usd(15_000)}],
            "total": _usd(DUE),
            "rounding": 0,
        }


def run(ground: Ground) -> Iterator[Figure]:
    """Two web processes, 1,000 SKUs, each till with its own token and an open shift."""
    ground.say("stocking 1,000 SKUs")
    shop = Shop.open(1_000, units=10_000)
    cashier = UserFactory(username="mina", role="manager", locations=[shop.store])
    tills = [Till.open(shop, cashier, number) for number in range(1, TILLS + 1)]
    site = ground.site(2)
    meter = machine.CpuMeter(lambda: site.pids, ground.postmaster())

    async def sell(api: Api, number: int) -> Answer:
        till = tills[number % len(tills)]
        envelope = till.envelope(_goods(shop, number))
        return await Api(api.session, api.url, till.token).post("/api/v1/sales", envelope)

    drive(sell, ground.size(200, 40), at_once=TILLS, url=site.url, per_connection=10)
    ground.settle(site.pids)
    count = ground.size(300, 40)
    ground.say(f"{count} sales, one after another")
    before = meter.read()
    alone = drive(sell, count, at_once=1, url=site.url, per_connection=50)
    used = meter.read() - before
    ground.say(f"{count * 3} sales from {TILLS} tills")
    crowd = drive(sell, count * 3, at_once=TILLS, url=site.url, per_connection=50)
    refused = sum(refusals(alone.answers + crowd.answers, status=201).values())
    warned = sum(bool(answer.body["warnings"]) for answer in alone.answers if answer.status == 201)
    objections = sum(finding.count for finding in audit.run())

    ground.say("the same writes in bare SQL")
    statements, script = _record(tills, shop)
    before = meter.read()

    def goods(number: int) -> list[Any]:
        till = tills[number % TILLS]
        till.receipts += 1
        return _identify(till, _goods(shop, number))

    bare_alone = bare.repeat(script, goods, count, at_once=1)
    bare_used = meter.read() - before
    bare_crowd = bare.repeat(script, goods, count * 3, at_once=TILLS)

    application, database = used.ms_per(count)
    name = ground.name
    yield Figure(name, "one till: a sale takes, median", alone.at(0.5), "ms", "", 1000 / bare_alone, "bare SQL")
    yield Figure(name, "one till: a sale takes, 95 %", alone.at(0.95), "ms")
    yield Figure(name, "CPU per sale", application + database, "ms", "< 20", 470, "Odoo")
    yield Figure(name, "CPU per sale, application", application, "ms")
    yield Figure(name, "CPU per sale, database", database, "ms", "", bare_used.ms_per(count)[1], "bare SQL")
    yield Figure(name, "SQL statements per sale", statements, "", "≤ 25", script.statements, "of them writes")
    yield Figure(name, "eight tills: sales per second", crowd.per_second, "1/s", "> 40", bare_crowd, "bare SQL")
    yield Figure(name, "eight tills: a sale takes, 95 %", crowd.at(0.95), "ms")
    yield Figure(name, "sales refused", refused, "sales", "= 0")
    yield Figure(name, "sales with a warning", warned, "sales", "= 0")
    yield Figure(name, "rows that the audit objects to", objections, "", "= 0")


def _goods(shop: Shop, number: int) -> list[Variant]:
    """Five different variants, in the order of their keys."""
    places = sorted({(number * 13 + step * 199) % len(shop.variants) for step in range(LINES)})
    return [shop.variants[place] for place in places]


def _identify(till: Till, variants: Sequence[Variant]) -> list[Any]:
    """What stands for a till, its latest receipt and variants among the parameters of statements."""
    register, shift = till.register, till.shift
    of_till = [register.pk, register.code, shift.pk, str(shift.uid), till.receipts, till.receipt_number]
    return of_till + [key for variant in variants for key in (variant.pk, variant.sku)]


def _record(tills: list[Till], shop: Shop) -> tuple[int, bare.Script]:
    """How many statements a sale takes, and its writes as a script. Runs the view in this process."""

    def sell(till: Till, variants: list[Variant]) -> bare.Recording:
        browser = Browser(headers={"Authorization": f"Bearer {till.token}", "Host": "127.0.0.1"})
        bare.spread_ids()
        with bare.recording() as found:
            answer = browser.post("/api/v1/sales", till.envelope(variants), content_type="application/json")
        if answer.status_code != 201:
            raise RuntimeError(f"{answer.status_code} {answer.content!r}")
        return found

    first, second = _goods(shop, 3), _goods(shop, 8)
    sell(tills[0], first)
    recordings = sell(tills[0], first), sell(tills[1], second)
    goods = list(zip(_identify(tills[0], first), _identify(tills[1], second), strict=True))
    return recordings[0].count, bare.Script(*recordings, goods)


def _usd(minor: int) -> dict[str, Any]:
    return {"amount": minor, "currency": "USD"}
