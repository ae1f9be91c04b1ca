"""The API's front door: key, parameters, idempotency, scripted faults, the endpoint, the disk, and then the answer."""

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from . import forms, params
from .call import Call, Route
from .errors import ApiError, Forbidden, Missing, ParamError, Row, Unauthorized
from .events import API_VERSION
from .faults import Struck
from .idempotency import LONGEST_KEY, Keys, Saved, fingerprint
from .ids import token
from .journal import JournalError
from .network import Network
from .resources import ROUTES
from .router import Router
from .shapes import expanded
from .store import Unit

log = logging.getLogger("card_network")
SILENT_ANSWERS = 3
CORS_REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, Stripe-Version"


@dataclass(slots=True)
class Asked:
    """One request, understood."""

    route: Route
    path: dict[str, str]
    params: Row
    given: Row
    browser: bool
    key: str | None
    base_url: str
    request_id: str


@dataclass(slots=True)
class Answer:
    """A status and body on their way out; ``silent`` ones are never sent."""

    status: int
    body: str
    silent: bool = False
    replay_of: str | None = None


class Api:
    """Answers everything under /v1/."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.router = Router(ROUTES)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The response to one API request."""
        request_id = f"req_{token(14)}"
        if request.method == "OPTIONS":
            return self._finish(request, Answer(204, ""), request_id)
        struck = self.network.faults.strike(request.method, request.path)
        browser = _key_of(request) == self.network.config.publishable_key
        if struck.has("drop"):
            return await _cut(request, browser=browser)
        try:
            asked = await self._understand(request, request_id)
            answer = await self._serve(request, asked, struck)
        except ApiError as error:
            answer = Answer(error.status, json.dumps(error.body()))
        except JournalError as error:
            log.error("%s", error)
            answer = Answer(503, json.dumps({"error": {"type": "api_error", "message": str(error)}}))
        await struck.wait("delay_after")
        if answer.silent or struck.has("drop_after"):
            return await _cut(request, browser=browser)
        return self._finish(request, answer, request_id)

    async def _understand(self, request: web.Request, request_id: str) -> Asked:
        browser = self._identify(request)
        route, path = self.router.match(request.method, request.path)
        if browser and not route.browser:
            raise Forbidden(
                "This API call cannot be made with a publishable API key. Please use a secret API key. You can find a "
                "list of your API keys at https://dashboard.stripe.com/account/apikeys."
            )
        given = forms.decode(request.query_string) | forms.decode(await _form(request))
        given.pop("key", None)
        known = params.read(route.fields, given)
        params.refuse_retired(known, request.headers.get("Stripe-Version", API_VERSION))
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        if key is not None and not 0 < len(key) <= LONGEST_KEY:
            raise ParamError(f"Idempotency keys must be between 1 and {LONGEST_KEY} characters long.")
        base_url = f"{request.scheme}://{request.host}"
        return Asked(route, path, known, given, browser, key, base_url, request_id)

    def _identify(self, request: web.Request) -> bool:
        """Whether the caller is a browser with the publishable key. Raises Unauthorized."""
        key = _key_of(request)
        if key is None:
            raise Unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
            )
        config = self.network.config
        if key not in (config.secret_key, config.publishable_key):
            shown = f"{key[:8]}{'*' * max(4, len(key) - 12)}{key[-4:]}" if len(key) > 12 else "****"
            raise Unauthorized(f"Invalid API Key provided: {shown}")
        return key == config.publishable_key

    async def _serve(self, request: web.Request, asked: Asked, struck: Struck) -> Answer:
        keys, network = self.network.keys, self.network
        print_ = fingerprint(request.method, request.path, asked.given)
        if asked.key is None:
            answer = await self._run(asked, struck, "")
            await network.settled()
            return answer
        saved = keys.claim(asked.key, print_)
        if saved is not None:
            await network.journal.durable()
            silent = network.faults.is_silent(asked.key)
            return Answer(saved.status, saved.body, silent=silent, replay_of=saved.request_id)
        try:
            answer = await self._run(asked, struck, print_)
            await network.settled()
        finally:
            keys.release(asked.key)
        if answer.silent:
            network.faults.silence(asked.key, SILENT_ANSWERS - 1)
        return answer

    async def _run(self, asked: Asked, struck: Struck, print_: str) -> Answer:
        """Do the work and commit it together with the remembered answer."""
        await struck.wait("delay")
        if struck.has("error"):
            return _broken(None)
        unit = Unit(self.network.store, request_id=asked.request_id, idempotency_key=asked.key)
        call = Call(
            unit=unit,
            params=asked.params,
            path=asked.path,
            base_url=asked.base_url,
            browser=asked.browser,
            reader_delay=self.network.config.reader_auto_present,
        )
        answer, keep, remember = _attempt(asked.route.endpoint, call)
        if struck.has("error_after"):
            answer = _broken(asked.key)
        if not keep:
            unit = Unit(self.network.store, request_id=asked.request_id, idempotency_key=asked.key)
        if asked.key and remember:
            Keys.remember(unit, asked.key, print_, Saved(answer.status, answer.body, asked.request_id))
        unit.commit()
        return answer

    def _finish(self, request: web.Request, answer: Answer, request_id: str) -> web.Response:
        headers = {"Request-Id": request_id, "Cache-Control": "no-store"}
        headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
        if key := request.headers.get("Idempotency-Key"):
            headers["Idempotency-Key"] = key
        if answer.replay_of:
            headers |= {"Idempotent-Replayed": "true", "Original-Request": answer.replay_of}
        if answer.status >= 500:
            headers["Stripe-Should-Retry"] = "false" if key else "true"
        headers |= self._cors(request)
        return web.Response(
            status=answer.status, text=answer.body or None, headers=headers, content_type="application/json"
        )

    def _cors(self, request: web.Request) -> dict[str, str]:
        """What lets a shop's page on this machine read browser answers; the secret key is never for browsers."""
        origin = request.headers.get("Origin")
        if not origin or not self.network.config.allows_origin(origin):
            return {}
        if request.method != "OPTIONS" and _key_of(request) == self.network.config.secret_key:
            return {}
        allowed = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "Request-Id, Idempotent-Replayed",
            "Vary": "Origin",
        }
        if request.method == "OPTIONS":
            allowed["Access-Control-Allow-Headers"] = CORS_REQUEST_HEADERS
            allowed["Access-Control-Allow-Methods"] = "GET, POST"
            allowed["Access-Control-Max-Age"] = "300"
        return allowed


def _attempt(endpoint: Callable[[Call], Row], call: Call) -> tuple[Answer, bool, bool]:
    """The answer, whether what was written stays written, and whether an idempotency key remembers it."""
    try:
        shown = expanded(call.unit, endpoint(call), call.params.get("expand", []))
        return Answer(200, json.dumps(shown), silent=call.silent), True, True
    except ApiError as error:
        if isinstance(error, Missing) and error.identifier in call.path.values():
            error.status = 404
        return Answer(error.status, json.dumps(error.body())), error.commits, error.replayable
    except Exception:
        log.exception("An endpoint failed")
        return _broken(None), False, True


def _broken(key: str | None) -> Answer:
    where = f" (key {key})" if key else ""
    error: Any = {"type": "api_error", "message": f"An unknown error occurred{where}. Please try again."}
    return Answer(500, json.dumps({"error": error}))


def _key_of(request: web.Request) -> str | None:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials:
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials).decode().split(":")[0] or None
        except ValueError:
            return None
    return None


async def _form(request: web.Request) -> str:
    if request.method == "GET" or not request.can_read_body:
        return ""
    if request.content_type not in ("application/x-www-form-urlencoded", "application/octet-stream"):
        raise ParamError(
            "Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have "
            "questions, we can help at https://support.stripe.com/."
        )
    try:
        return (await request.read()).decode()
    except UnicodeDecodeError:
        raise ParamError("Invalid UTF-8 in the request body.") from None


async def _cut(request: web.Request, *, browser: bool) -> web.StreamResponse:
    """Close the connection without an answer.

    Browsers quietly repeat a request whose reused connection breaks before any answer, and would so heal what is to be
    lost. They get the head of an answer and then nothing, which they take for a network error at once.
    """
    if browser:
        response = web.StreamResponse(headers={"Content-Length": "4096"})
        await response.prepare(request)
        if request.transport is not None:
            request.transport.close()
        return response
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)
