"""The network as one whole: its store, its script of faults, and what runs by itself behind the API."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

import aiohttp

from . import charging, disputing, events, history, intents, payouts, readers, refunding, timers
from .config import Config
from .errors import ApiError
from .faults import Faults
from .idempotency import Keys
from .journal import COMPACT_ABOVE, Journal
from .resources.events import endpoint_row
from .resources.readers import reader_row
from .store import Store, Unit
from .webhooks import Dispatcher

log = logging.getLogger("card_network")
ENVIRONMENT_ENDPOINT = "we_environment"
DAY_SECONDS = 86400

VERBS: dict[str, Callable[..., Any]] = {
    "charge.settle_late": charging.settle_late,
    "dispute.open": disputing.open_dispute,
    "intent.expire_hold": intents.expire_hold,
    "payout.arrive": payouts.arrive,
    "payout.send_nightly": payouts.send_nightly,
    "reader.decide": readers.decide,
    "reader.present_by_itself": readers.present_by_itself,
    "refund.arrive": refunding.arrive,
    "refund.fail": refunding.fail,
}


class Network:
    """Everything that lives as long as the process."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.journal = Journal(config.data)
        self.store = Store(self.journal)
        self.keys = Keys(self.store)
        self.faults = Faults()
        self.dispatcher = Dispatcher(self.store, config.webhook_retries)
        self._stirred = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._compacted_size = 0

    async def start(self) -> None:
        """Read the journal, then begin to deliver and to keep time."""
        self.store.load()
        self._prepare()
        await self.compact()
        session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        self._tasks = [
            asyncio.create_task(self._keep_time(), name="clock"),
            asyncio.create_task(self.dispatcher.run(session), name="webhooks"),
        ]

    async def stop(self) -> None:
        """Stop what runs by itself; what is unfinished continues at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.dispatcher.close()
        with contextlib.suppress(Exception):
            await self.journal.durable()
        self.journal.close()

    def _prepare(self) -> None:
        """The rows every network has: the endpoint and readers named by the environment and the nightly timers."""
        unit = Unit(self.store)
        if self.config.webhook_url:
            row = endpoint_row(
                unit.now, self.config.webhook_url, ["*"], name=ENVIRONMENT_ENDPOINT, secret=self.config.webhook_secret
            )
            unit.add("webhook_endpoint", row)
        elif unit.find("webhook_endpoint", ENVIRONMENT_ENDPOINT):
            unit.drop("webhook_endpoint", ENVIRONMENT_ENDPOINT)
        for identifier, label in self.config.readers:
            if not unit.find("terminal.reader", identifier):
                unit.add("terminal.reader", reader_row(unit, identifier, label=label))
        if not any(timer["verb"] == "payout.send_nightly" for timer in unit.rows("timer")):
            timers.schedule(unit, DAY_SECONDS - unit.at % DAY_SECONDS, "payout.send_nightly")
        self._learn_history(unit)
        self.keys.prune(unit)
        events.prune(unit)
        unit.commit()

    def _learn_history(self, unit: Unit) -> None:
        if self.config.history is None:
            return
        try:
            history.load(unit, self.config.history)
        except (OSError, ValueError, KeyError) as error:
            log.warning("%s tells of no past: %r", self.config.history, error)

    @contextlib.contextmanager
    def unit(self) -> Iterator[Unit]:
        """A unit for work that no API request asked for; committed unless it raises."""
        unit = Unit(self.store)
        yield unit
        unit.commit()
        self.stir()

    def stir(self) -> None:
        """Something changed: look again at timers and deliveries."""
        self._stirred.set()
        self.dispatcher.stir()

    async def settled(self) -> None:
        """Return when everything committed so far is on the disk, and let its webhooks go."""
        await self.journal.durable()
        self.stir()
        if self.journal.size > max(COMPACT_ABOVE, 4 * self._compacted_size):
            await self.compact()

    async def compact(self) -> None:
        """Rewrite the journal so that it holds each object once."""
        await self.journal.compact(self.store.snapshot())
        self._compacted_size = self.journal.size

    async def reset(self) -> None:
        """Forget everything that ever happened; the settings from the environment stay."""
        self.store.clear()
        self.faults.clear()
        self.keys.running.clear()
        self._prepare()
        await self.compact()
        self.stir()

    async def _keep_time(self) -> None:
        while True:
            self._stirred.clear()
            due = self._run_due()
            if due:
                await self.journal.durable()
                self.dispatcher.stir()
                continue
            waits = [timer["due"] - self.store.now() for timer in self.store.of("timer").values()]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), max(0.01, min([*waits, 3600.0])))

    def _run_due(self) -> int:
        """Run every timer whose time has come, oldest first; returns how many."""
        now = self.store.now()
        due = sorted((one for one in self.store.of("timer").values() if one["due"] <= now), key=lambda one: one["due"])
        for timer in due:
            unit = Unit(self.store)
            try:
                VERBS[timer["verb"]](unit, **timer["details"])
            except ApiError as error:
                log.warning("%s was not done: %s", timer["verb"], error.message)
                unit = Unit(self.store)
            unit.drop("timer", timer["id"])
            unit.commit()
        return len(due)
