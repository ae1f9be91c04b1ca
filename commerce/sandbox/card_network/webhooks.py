"""Webhooks: signed events, posted to whoever listens, again and again until somebody says 2xx."""

import asyncio
import contextlib
import hashlib
import hmac
import random
import time

import aiohttp

from . import events
from .errors import Row
from .store import Store, Unit

TIMEOUT = aiohttp.ClientTimeout(total=10)


def signature(body: bytes, secret: str, at: int) -> str:
    """The Stripe-Signature header: ``t=…,v1=…`` over time and body."""
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


class Dispatcher:
    """Sends what is due. At least once, in the order of the script, and never because of one that fails, late."""

    def __init__(self, store: Store, retries: tuple[float, ...]) -> None:
        self.store = store
        self.retries = retries
        self._stirred = asyncio.Event()
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._gate = asyncio.Semaphore(4)
        self._width = 4

    def stir(self) -> None:
        """Look again for what is due."""
        self._stirred.set()

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Send until canceled."""
        self._session = session
        while True:
            self._stirred.clear()
            script = events.script(Unit(self.store))
            due, wait = self._due()
            if due and script["order"] != "created":
                await asyncio.sleep(script["window"])
                due, wait = self._due()
            for delivery in self._ordered(due, script["order"]):
                self._start(delivery["id"], script)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), max(0.02, min(wait, 3600.0)))
            await asyncio.sleep(0.005)

    def _due(self) -> tuple[list[Row], float]:
        """Pending deliveries whose time has come, and the seconds until the next one's."""
        now = self.store.now()
        rows = [self.store.of("delivery")[one] for one in self.store.ids_where("delivery", "state", "pending")]
        rows = [row for row in rows if row["id"] not in self._sending]
        waits = [row["due"] - now for row in rows if row["due"] > now]
        return [row for row in rows if row["due"] <= now], min(waits, default=3600.0)

    @staticmethod
    def _ordered(due: list[Row], order: str) -> list[Row]:
        if order == "reverse":
            return due[::-1]
        return random.sample(due, len(due)) if order == "shuffle" else due

    def _start(self, identifier: str, script: Row) -> None:
        if script["concurrency"] != self._width:
            self._width = script["concurrency"]
            self._gate = asyncio.Semaphore(self._width)
        task = asyncio.create_task(self._send(identifier, copies=script["duplicate"] + 1, gate=self._gate))
        self._sending[identifier] = task
        task.add_done_callback(lambda _: self._done(identifier))

    def _done(self, identifier: str) -> None:
        self._sending.pop(identifier, None)
        self.stir()

    async def _send(self, identifier: str, *, copies: int, gate: asyncio.Semaphore) -> None:
        async with gate:
            unit = Unit(self.store)
            delivery = unit.find("delivery", identifier)
            event = unit.find("event", delivery["event"]) if delivery else None
            endpoint = unit.find("webhook_endpoint", delivery["endpoint"]) if delivery else None
            if delivery is None or event is None or delivery["state"] != "pending":
                return
            if endpoint is None or endpoint["status"] != "enabled":
                self._note(identifier, "The endpoint is gone.", final=True)
                return
            body = events.body(unit, event)
            answers = await asyncio.gather(*(self._post(endpoint, body) for _ in range(copies)))
            self._note(identifier, next((one for one in answers if _arrived(one)), answers[0]))
            await self.store.journal.durable()

    async def _post(self, endpoint: Row, body: bytes) -> int | str:
        """The status of the answer, or in words why there is none."""
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (Counterpart card network)",
            "Stripe-Signature": signature(body, endpoint["_secret"], int(time.time())),
        }
        assert self._session is not None
        try:
            async with self._session.post(
                endpoint["url"], data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            return f"{type(error).__name__}: {error}"[:200]

    def _note(self, identifier: str, answer: int | str, *, final: bool = False) -> None:
        """Write the outcome of an attempt down and plan the next."""
        unit = Unit(self.store)
        if unit.find("delivery", identifier) is None:
            return
        row = unit.edit("delivery", identifier)
        row["attempts"] += 1
        row["answer"] = answer
        if _arrived(answer):
            row["state"] = "delivered"
        elif final or row["attempts"] > len(self.retries):
            row["state"] = "failed"
        else:
            row["due"] = unit.at + self.retries[row["attempts"] - 1]
        unit.commit()

    async def close(self) -> None:
        """Stop sending; what is on its way is sent again at the next start."""
        tasks = list(self._sending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()


def _arrived(answer: int | str) -> bool:
    return isinstance(answer, int) and 200 <= answer < 300
