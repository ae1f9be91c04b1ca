"""Pages and browser files: the payment form in its frame, 3-D Secure, the dashboard and the readers' screens."""

import contextlib
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from . import intents, money
from .errors import CardError, Row
from .network import Network
from .store import Unit

STATIC = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' http: https:; font-src http: https: data:; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self' http: https:; base-uri 'none'"
)


class Pages:
    """What a browser opens on the network's own origin."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def routes(self) -> list[web.RouteDef]:
        """The paths of these pages."""
        return [
            web.get("/", self.dashboard),
            web.get("/readers/{id}", self.reader),
            web.get("/js/", self.library),
            web.get("/js/element", self.element),
            web.get("/assets/{name}", self.asset),
            web.get("/3ds/{id}", self.challenge),
            web.post("/3ds/{id}", self.answer_challenge),
        ]

    async def dashboard(self, request: web.Request) -> web.Response:
        """Recent payments, refunds, readers and deliveries."""
        return _page("dashboard.html")

    async def reader(self, request: web.Request) -> web.Response:
        """The screen of one simulated reader, with the buttons a customer's hands would be."""
        row = self.network.store.of("terminal.reader").get(request.match_info["id"])
        if row is None:
            raise web.HTTPNotFound(text="There is no such reader.")
        return _page("reader.html", id=row["id"], label=row["label"])

    async def library(self, request: web.Request) -> web.Response:
        """The browser library that pages load from STRIPE_JS_URL."""
        return _file("stripe.js")

    async def element(self, request: web.Request) -> web.Response:
        """The payment form; it lives in a frame of this origin, so card numbers never touch the shop's page."""
        return _page("element.html", framed=True)

    async def asset(self, request: web.Request) -> web.Response:
        """Scripts and styles of the pages above."""
        name = request.match_info["name"]
        if name.startswith(".") or not (STATIC / name).is_file() or name.endswith(".html"):
            raise web.HTTPNotFound(text="There is no such file.")
        return _file(name)

    async def challenge(self, request: web.Request) -> web.Response:
        """The bank's question: is it really you?"""
        intent = self._intent(request.match_info["id"], request.query.get("client_secret", ""))
        mode = "redirect" if request.query.get("mode") == "redirect" else "frame"
        if intent["status"] != "requires_action":
            return self._settled(intent, mode)
        amount = money.words(intent["amount"], intent["currency"]) if "amount" in intent else "No charge now"
        method = self.network.store.of("payment_method")[intent["payment_method"]]
        return _page(
            "challenge.html",
            framed=True,
            id=intent["id"],
            secret=intent["client_secret"],
            mode=mode,
            amount=amount,
            card=f"{method['card']['brand'].title()} ending in {method['card']['last4']}",
        )

    async def answer_challenge(self, request: web.Request) -> web.Response:
        """The shopper completed or failed the check."""
        form = await request.post()
        found = self._intent(request.match_info["id"], str(form.get("client_secret", "")))
        if found["status"] == "requires_action":
            unit = Unit(self.network.store)
            intent = unit.edit(found["object"], found["id"])
            with contextlib.suppress(CardError):  # a refusal is written on the intent, where the caller finds it
                intents.answer_challenge(unit, intent, passed=form.get("outcome") == "complete")
            unit.commit()
            await self.network.settled()
            found = intent
        return self._settled(found, "redirect" if form.get("mode") == "redirect" else "frame")

    def _intent(self, identifier: str, secret: str) -> Row:
        for kind in ("payment_intent", "setup_intent"):
            row = self.network.store.of(kind).get(identifier)
            if row is not None and row["client_secret"] == secret:
                return row
        raise web.HTTPNotFound(text="There is no such payment.")

    @staticmethod
    def _settled(intent: Row, mode: str) -> web.Response:
        if mode == "redirect" and intent["_return_url"]:
            raise web.HTTPSeeOther(_return_address(intent))
        return _page("settled.html", framed=True, id=intent["id"])


def _return_address(intent: Row) -> str:
    """The shop's return_url with what the real network adds to it."""
    parts = urlsplit(intent["_return_url"])
    passed = intent["status"] in ("succeeded", "requires_capture", "processing")
    name = intent["object"]
    added = {
        name: intent["id"],
        f"{name}_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if passed else "failed",
    }
    query = "&".join(filter(None, [parts.query, urlencode(added)]))
    return urlunsplit(parts._replace(query=query))


def _page(name: str, *, framed: bool = False, **values: str) -> web.Response:
    """A page from the static folder with its values put in, escaped."""
    text = Template((STATIC / name).read_text()).substitute({key: escape(value) for key, value in values.items()})
    ancestors = "*" if framed else "'none'"
    headers = {"Content-Security-Policy": f"{POLICY}; frame-ancestors {ancestors}", "Cache-Control": "no-store"}
    headers["Referrer-Policy"] = "no-referrer"
    return web.Response(text=text, content_type="text/html", headers=headers)


def _file(name: str) -> web.Response:
    path = STATIC / name
    headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
    headers["X-Content-Type-Options"] = "nosniff"
    return web.Response(text=path.read_text(), content_type=TYPES[path.suffix], charset="utf-8", headers=headers)
