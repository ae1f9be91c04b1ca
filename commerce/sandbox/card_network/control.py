"""The control API under /_control/: how tests and demos make the network misbehave. Described in __main__."""

import json
import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from . import disputing, events, faults, payouts, readers, refunding
from .cards import BY_NUMBER, READER_CARD
from .errors import ApiError, Row
from .network import Network
from .overview import overview, reader_screen, summary
from .shapes import public
from .store import Unit

MODES = ("on", "off", "hold", "silent")
ORDERS = ("created", "reverse", "shuffle")
OUTCOMES = ("approve", "decline", "cancel", "timeout")
VERDICTS = ("won", "lost", "escalate")


class Control:
    """Answers everything under /_control/."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def routes(self) -> list[web.RouteDef]:
        """The paths of the control API."""
        return [
            web.get("/_control/health", self.answering(lambda body, path: {"ok": True, "pid": os.getpid()})),
            web.get("/_control/overview", self.answering(lambda body, path: overview(self._reading()))),
            web.get("/_control/charges", self.answering(self.charges)),
            web.post("/_control/reset", self.answering(self.reset)),
            web.get("/_control/faults", self.answering(self.list_faults)),
            web.post("/_control/faults", self.answering(self.add_fault)),
            web.delete("/_control/faults", self.answering(self.clear_faults)),
            web.get("/_control/webhooks", self.answering(self.show_webhooks)),
            web.post("/_control/webhooks", self.answering(self.script_webhooks)),
            web.post("/_control/webhooks/replay", self.answering(self.replay)),
            web.post("/_control/clock", self.answering(self.advance)),
            web.post("/_control/search", self.answering(self.lag_search)),
            web.post("/_control/refunds", self.answering(self.script_refunds)),
            web.post("/_control/refunds/{id}/fail", self.answering(self.fail_refund)),
            web.post("/_control/disputes", self.answering(self.open_dispute)),
            web.post("/_control/disputes/{id}", self.answering(self.decide_dispute)),
            web.post("/_control/payouts", self.answering(self.send_payouts)),
            web.post("/_control/payouts/{id}/fail", self.answering(self.fail_payout)),
            web.get("/_control/readers/{id}", self.answering(self.show_reader)),
            web.post("/_control/readers/{id}", self.answering(self.script_reader)),
            web.post("/_control/readers/{id}/{gesture}", self.answering(self.touch_reader)),
        ]

    def answering(self, work: Callable[[Row, dict[str, str]], Row | Awaitable[Row]]) -> Callable[[web.Request], Any]:
        """A handler that reads JSON, does the work, waits for the disk and answers JSON."""

        async def answer(request: web.Request) -> web.Response:
            try:
                body = await _body(request)
                shown = work(body, {**request.match_info, **request.query})
                if isinstance(shown, Awaitable):
                    shown = await shown
            except ApiError as error:
                return web.json_response(error.body(), status=error.status)
            except (TypeError, ValueError, KeyError) as error:
                return web.json_response({"error": {"message": f"Not understood: {error}"}}, status=400)
            await self.network.settled()
            return web.json_response(shown, headers={"Cache-Control": "no-store"})

        return answer

    def _reading(self) -> Unit:
        return Unit(self.network.store)

    def charges(self, body: Row, path: dict[str, str]) -> Row:
        """Count and sums of succeeded charges, by a metadata key when one is named."""
        return summary(self._reading(), path.get("metadata_key"))

    async def reset(self, body: Row, path: dict[str, str]) -> Row:
        """Forget everything."""
        await self.network.reset()
        return {"ok": True}

    def list_faults(self, body: Row, path: dict[str, str]) -> Row:
        """The scripted failures still to come."""
        return {"data": self.network.faults.listed()}

    def add_fault(self, body: Row, path: dict[str, str]) -> Row:
        """Script a failure."""
        given = _only(body, kind=str, method=str, path=str, times=int, seconds=(int, float))
        _one_of(given.get("kind"), faults.KINDS, "kind")
        return {"id": self.network.faults.add(**given).id}

    def clear_faults(self, body: Row, path: dict[str, str]) -> Row:
        """A healthy network again."""
        self.network.faults.clear()
        return {"data": []}

    def show_webhooks(self, body: Row, path: dict[str, str]) -> Row:
        """How webhooks behave, and the latest deliveries."""
        unit = self._reading()
        return {"script": events.script(unit), "deliveries": unit.rows("delivery")[-200:]}

    def script_webhooks(self, body: Row, path: dict[str, str]) -> Row:
        """Change how webhooks behave; turning them on lets go of what was held."""
        given = _only(
            body,
            mode=str,
            order=str,
            duplicate=int,
            delay=(int, float),
            window=(int, float),
            concurrency=int,
            omit=list,
        )
        _one_of(given.get("mode", "on"), MODES, "mode")
        _one_of(given.get("order", "created"), ORDERS, "order")
        with self.network.unit() as unit:
            script = unit.add("setting", {**events.script(unit), **given})
            if script["mode"] == "on":
                for row in unit.where("delivery", "state", "held"):
                    unit.edit("delivery", row["id"]).update(state="pending", due=unit.at)
        return {"script": script}

    def replay(self, body: Row, path: dict[str, str]) -> Row:
        """Deliver events again, in the order given, to every endpoint, whatever the mode is."""
        given = _only(body, events=list)
        with self.network.unit() as unit:
            for at, identifier in enumerate(given["events"]):
                event = unit.get("event", identifier)
                for endpoint in unit.rows("webhook_endpoint"):
                    events.deliver(unit, event, endpoint, after=at * 0.001)
        return {"ok": True}

    def advance(self, body: Row, path: dict[str, str]) -> Row:
        """Move the network's clock forward by ``advance`` seconds; what falls due happens."""
        seconds = float(_only(body, advance=(int, float))["advance"])
        if seconds < 0:
            raise ApiError("The clock only goes forward.")
        with self.network.unit() as unit:
            unit.add("setting", {"id": "clock", "offset": self.network.store.clock_offset + seconds})
        return {"now": self.network.store.now()}

    def lag_search(self, body: Row, path: dict[str, str]) -> Row:
        """Let searches miss what is younger than ``lag`` seconds."""
        given = _only(body, lag=(int, float))
        with self.network.unit() as unit:
            return unit.add("setting", {"id": "search", "lag": given["lag"]})

    def script_refunds(self, body: Row, path: dict[str, str]) -> Row:
        """Let the next ``fail_next`` refunds fail half a second after they succeeded."""
        given = _only(body, fail_next=int, reason=str)
        reason = given.get("reason", "expired_or_canceled_card")
        _one_of(reason, refunding.FAILURES, "reason")
        with self.network.unit() as unit:
            return unit.add("setting", {"id": "refunds", "fail_next": given["fail_next"], "reason": reason})

    def fail_refund(self, body: Row, path: dict[str, str]) -> Row:
        """Let a refund fail late."""
        reason = _only(body, reason=str).get("reason", "expired_or_canceled_card")
        _one_of(reason, refunding.FAILURES, "reason")
        with self.network.unit() as unit:
            return public(unit, refunding.fail(unit, path["id"], reason))

    def open_dispute(self, body: Row, path: dict[str, str]) -> Row:
        """Let a cardholder contest a charge, named by itself or by its payment intent."""
        given = _only(body, charge=str, payment_intent=str, reason=str, amount=int, inquiry=bool)
        _one_of(given.get("reason", "fraudulent"), tuple(disputing.REASONS), "reason")
        with self.network.unit() as unit:
            intent = given.pop("payment_intent", None)
            charge = unit.get("payment_intent", intent)["latest_charge"] if intent else given.pop("charge")
            return public(unit, disputing.open_dispute(unit, charge, **given))

    def decide_dispute(self, body: Row, path: dict[str, str]) -> Row:
        """End a dispute as won or lost, or escalate an inquiry."""
        verdict = _only(body, verdict=str)["verdict"]
        _one_of(verdict, VERDICTS, "verdict")
        with self.network.unit() as unit:
            row = unit.edit("dispute", path["id"])
            if verdict == "escalate":
                disputing.escalate(unit, row)
            else:
                disputing.close(unit, row, won=verdict == "won")
            return public(unit, row)

    def send_payouts(self, body: Row, path: dict[str, str]) -> Row:
        """Pay the available balance out now instead of at midnight."""
        with self.network.unit() as unit:
            return {"data": [public(unit, row) for row in payouts.send_available(unit)]}

    def fail_payout(self, body: Row, path: dict[str, str]) -> Row:
        """Let the bank refuse a payout."""
        with self.network.unit() as unit:
            return public(unit, payouts.fail(unit, path["id"]))

    def show_reader(self, body: Row, path: dict[str, str]) -> Row:
        """What the reader's screen shows."""
        return reader_screen(self._reading(), path["id"])

    def script_reader(self, body: Row, path: dict[str, str]) -> Row:
        """Say what the reader, or the customer in front of it, will do."""
        given = _only(body, auto_present=(int, float, type(None)), outcome=str, busy=bool, status=str)
        _one_of(given.get("outcome", "approve"), OUTCOMES, "outcome")
        _one_of(given.get("status", "online"), ("online", "offline"), "status")
        with self.network.unit() as unit:
            row = unit.edit("terminal.reader", path["id"])
            row["status"] = given.pop("status", row["status"])
            row["_script"] = row["_script"] | given
            return public(unit, row) | {"script": row["_script"]}

    def touch_reader(self, body: Row, path: dict[str, str]) -> Row:
        """A customer's hand: present, decline (a card that will be refused) or cancel."""
        given = _only(body, number=str)
        with self.network.unit() as unit:
            row = unit.edit("terminal.reader", path["id"])
            _touch(unit, row, path["gesture"], given.get("number", READER_CARD))
            return reader_screen(unit, row["id"])


def _touch(unit: Unit, row: Row, gesture: str, number: str) -> None:
    _one_of(gesture, ("present", "decline", "cancel"), "gesture")
    if number not in BY_NUMBER:
        raise ApiError("That is not the number of a test card.")
    readers.awaiting(row)
    if gesture == "cancel":
        readers.fail_action(unit, row, "customer_canceled", readers.CANCELED)
    else:
        readers.begin(unit, row, number if gesture == "present" else readers.DECLINING_CARD)


def _only(body: Row, **types: Any) -> Row:
    """The body, when it holds nothing but these names with values of these types. Raises ApiError."""
    for name, value in body.items():
        if name not in types:
            raise ApiError(f"Unknown name '{name[:40]}'; known are {', '.join(types)}.")
        allowed = types[name] if isinstance(types[name], tuple) else (types[name],)
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise ApiError(f"'{name}' must be {' or '.join(one.__name__ for one in allowed)}.")
        if isinstance(value, int | float) and value < 0:
            raise ApiError(f"'{name}' must not be negative.")
    return dict(body)


def _one_of(value: Any, words: tuple[str, ...], name: str) -> None:
    if value not in words:
        raise ApiError(f"'{name}' must be one of {', '.join(words)}.")


async def _body(request: web.Request) -> Row:
    """The JSON object of a request. A page of another origin may not steer the network. Raises ApiError."""
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise ApiError("The control API takes no calls from other pages.", status=403)
    text = await request.text()
    try:
        body = json.loads(text) if text.strip() else {}
    except ValueError:
        raise ApiError("The body must be JSON.") from None
    if not isinstance(body, dict):
        raise ApiError("The body must be a JSON object.")
    return body
