"""Many clients at once, over HTTP: as many as wanted, each starting its next errand when the one before is done."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import aiohttp

from tests.bench.figures import percentile
from tests.client import ADDRESS, Answer

T = TypeVar("T")
Errand = Callable[["Api", int], Awaitable[T]]


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What became of the errands: an answer and the milliseconds of each, and the seconds they took together."""

    answers: list[T]
    milliseconds: list[float]
    seconds: float

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def at(self, share: float) -> float:
        """The milliseconds in which `share` of the errands were done."""
        return percentile(self.milliseconds, share)


@dataclass(frozen=True)
class Api:
    """One client on a connection of its own."""

    session: aiohttp.ClientSession
    url: str
    token: str = ""

    async def get(self, path: str) -> Answer:
        """A page, or an answer of the API; a body that is not JSON stays text."""
        return await self._send("GET", path, None)

    async def post(self, path: str, body: Any = None) -> Answer:
        return await self._send("POST", path, body if body is not None else {})

    async def _send(self, method: str, path: str, body: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.session.request(method, f"{self.url}{path}", json=body, headers=headers) as response:
            content = await response.read()
            is_json = "json" in response.headers.get("Content-Type", "")
            return Answer(response.status, json.loads(content) if is_json else content)

    async def cart_with(self, sku: str, quantity: int = 1) -> str:
        cart = str((await self.post("/api/v1/carts")).body["id"])
        added = await self.post(f"/api/v1/carts/{cart}/lines", {"sku": sku, "quantity": quantity})
        assert added.status == 200, added
        return cart

    async def pay(self, cart: str, email: str) -> Answer:
        """Check a cart out for delivery and pay for it; the answer with the order, or the first refusal."""
        wish = {"type": "ship", "address": ADDRESS}
        body = {"email": email, "name": "Ada Example", "fulfillment": wish}
        checked_out = await self.post(f"/api/v1/carts/{cart}/checkout", body)
        if checked_out.status != 200:
            return checked_out
        return await self.post(f"/api/v1/carts/{cart}/complete", {"payment_method": "pm_card_visa"})


def drive(
    errand: Errand[T], count: int, *, at_once: int, url: str, token: str = "", per_connection: int = 1
) -> Outcome[T]:
    """Run `errand(api, n)` for every n below `count`, so many `at_once`; a new connection after every few errands."""
    return asyncio.run(_drive(errand, count, at_once, url, token, per_connection))


def together(errand: Errand[T], count: int, *, url: str, token: str = "") -> Outcome[T]:
    """Run all errands at the same moment: each client connects first, then all are let go."""
    return asyncio.run(_together(errand, count, url, token))


async def _drive(errand: Errand[T], count: int, at_once: int, url: str, token: str, per_connection: int) -> Outcome[T]:
    answers: list[Any] = [None] * count
    milliseconds = [0.0] * count
    waiting = iter(range(count))

    async def client() -> None:
        done = False
        while not done:
            async with _session() as session:
                api = Api(session, url, token)
                for _ in range(per_connection):
                    number = next(waiting, None)
                    if number is None:
                        done = True
                        break
                    began = time.perf_counter()
                    answers[number] = await errand(api, number)
                    milliseconds[number] = (time.perf_counter() - began) * 1000

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(at_once)))
    return Outcome(answers, milliseconds, time.perf_counter() - began)


async def _together(errand: Errand[T], count: int, url: str, token: str) -> Outcome[T]:
    go = asyncio.Event()
    milliseconds = [0.0] * count

    async def client(number: int) -> T:
        async with _session() as session:
            api = Api(session, url, token)
            await api.get("/healthz")
            await go.wait()
            began = time.perf_counter()
            answer = await errand(api, number)
            milliseconds[number] = (time.perf_counter() - began) * 1000
            return answer

    clients = [asyncio.create_task(client(number)) for number in range(count)]
    await asyncio.sleep(1)
    began = time.perf_counter()
    go.set()
    answers = list(await asyncio.gather(*clients))
    return Outcome(answers, milliseconds, time.perf_counter() - began)


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=1),
        timeout=aiohttp.ClientTimeout(total=120),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def refusals(answers: Sequence[Answer], *, status: int) -> dict[str, int]:
    """How often what was answered instead of `status`: problem codes, or HTTP statuses."""
    counted: dict[str, int] = {}
    for answer in answers:
        if answer.status != status:
            code = answer.body.get("code") if isinstance(answer.body, dict) else None
            counted[code or str(answer.status)] = counted.get(code or str(answer.status), 0) + 1
    return counted
