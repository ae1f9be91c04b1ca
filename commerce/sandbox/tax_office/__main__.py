"""Run the tax office: ``python -m commerce.sandbox.tax_office``. Point TAX_SERVICE_URL at it.

Settings (environment)
    TAX_OFFICE_PORT   8005          TAX_OFFICE_HOST   127.0.0.1          TAX_OFFICE_KEY   asked for when set

It answers ``POST /v1/rates`` as `commerce.pricing.tax_providers.web_service` describes it: 7 % of the state and 1.5 %
of the city, food free. Control API (JSON)
    POST /_control/script   {kind, times, seconds, body}: what the next ``times`` (1) questions get.
         delay     the answer after ``seconds``          drip      the answer byte by byte, for ``seconds``
         error     500                                   refuse    422
         cut       the connection is closed              say       ``body`` as it is, with 200
    GET  /_control/asked    the questions so far         POST /_control/reset   forget script and questions
"""

import asyncio
import json
import os
import sys
from typing import Any

from aiohttp import web

KINDS = ("delay", "drip", "error", "refuse", "cut", "say")


class Office:
    """The script of what goes wrong next, and what was asked."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.script: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.post("/v1/rates", self.rates),
                web.post("/_control/script", self.plan),
                web.get("/_control/asked", self.tell),
                web.post("/_control/reset", self.reset),
                web.get("/_control/health", self.tell),
            ]
        )
        return app

    async def rates(self, request: web.Request) -> web.StreamResponse:
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": "unknown key"}, status=401)
        question = await request.json()
        self.asked.append(question)
        fault = self._next()
        kind = fault.get("kind")
        if kind == "cut":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        if kind in ("error", "refuse"):
            return web.json_response({"error": kind}, status=500 if kind == "error" else 422)
        if kind == "say":
            return web.Response(text=fault["body"], content_type="application/json")
        if kind == "delay":
            await asyncio.sleep(fault["seconds"])
        answer = json.dumps(answer_to(question)).encode()
        if kind == "drip":
            return await _drip(request, answer, fault["seconds"])
        return web.Response(body=answer, content_type="application/json")

    async def plan(self, request: web.Request) -> web.Response:
        fault = {"times": 1, "seconds": 0.0, "body": "", **await request.json()}
        if fault["kind"] not in KINDS:
            return web.json_response({"error": f"kind is one of {', '.join(KINDS)}"}, status=400)
        self.script.append(fault)
        return web.json_response({"script": self.script})

    async def tell(self, request: web.Request) -> web.Response:
        return web.json_response({"asked": self.asked})

    async def reset(self, request: web.Request) -> web.Response:
        self.script.clear()
        self.asked.clear()
        return web.json_response({})

    def _next(self) -> dict[str, Any]:
        if not self.script:
            return {}
        self.script[0]["times"] -= 1
        return self.script[0] if self.script[0]["times"] else self.script.pop(0)


def answer_to(question: dict[str, Any]) -> dict[str, Any]:
    """The rates of a place: the same everywhere, named after it."""
    country, region = question["country"], question["region"]
    state = f"{country}-{region}" if region else country
    city = f"{state}{'' if region else '-'}-{(question['city'] or 'town').upper()}"
    rates = []
    for tax_class in question["classes"]:
        for jurisdiction, code, name, rate in (
            (state, "state", "State tax", 70_000),
            (city, "city", "City tax", 15_000),
        ):
            told = {"jurisdiction": jurisdiction, "tax_class": tax_class, "code": code, "name": name}
            rates.append({**told, "rate_ppm": 0 if tax_class == "food" else rate, "compound": False})
    return {"place": list(dict.fromkeys([country, state, city])), "rates": rates}


async def _drip(request: web.Request, answer: bytes, seconds: float) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for byte in answer:
        await response.write(bytes([byte]))
        await asyncio.sleep(seconds / len(answer))
    return response


def main() -> int:
    """The process: 0 after an interruption, 1 with a sentence when it cannot start."""
    host, port = os.environ.get("TAX_OFFICE_HOST", "127.0.0.1"), os.environ.get("TAX_OFFICE_PORT", "8005")
    if not port.isdecimal():
        print(f"TAX_OFFICE_PORT={port} is not a port.", file=sys.stderr)
        return 1
    try:
        web.run_app(
            Office(os.environ.get("TAX_OFFICE_KEY", "")).app(), host=host, port=int(port), print=None, access_log=None
        )
    except OSError as error:
        print(f"The tax office cannot start: {error.strerror or error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
