"""A checkout page of another origin, under a strict Content-Security-Policy, with the network's payment element."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Checkout</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/shop.css">
<script src="{network}/js/"></script><script type="module" src="/shop.js"></script></head>
<body data-key="pk_test_counterpart"><main><h1>Payment</h1><form id="pay">
<div id="payment"></div><button id="buy">Pay now</button></form>
<p id="outcome" role="status"></p></main></body></html>"""

STYLE = """:root { color-scheme: light dark; }
body { background: light-dark(#f6f5f1, #141412); color: light-dark(#1c1b18, #f2f0ea); font: 16px/1.5 system-ui;
  margin: 0; }
main { margin: 0 auto; max-width: 30rem; padding: 24px; } h1 { font-size: 25px; }
#pay { background: light-dark(#fff, #1d1d1a); border: 1px solid light-dark(#dedbd3, #35342f); border-radius: 12px;
  padding: 20px; }
button { background: light-dark(#0b5d47, #66d1a9); border: 0; border-radius: 8px; color: light-dark(#fff, #05231a);
  font: inherit; font-weight: 500; margin-top: 16px; min-height: 48px; width: 100%; }"""

SCRIPT = """
const query = new URLSearchParams(location.search);
const dark = matchMedia("(prefers-color-scheme: dark)").matches;
const variables = dark
  ? { colorPrimary: "#66d1a9", colorBackground: "#1d1d1a", colorText: "#f2f0ea", colorDanger: "#ff9788" }
  : { colorPrimary: "#0b5d47", colorBackground: "#ffffff", colorText: "#1c1b18", colorDanger: "#b3261e" };
const stripe = Stripe(document.body.dataset.key);
const clientSecret = query.get("secret");
const elements = stripe.elements({ clientSecret, locale: query.get("locale") || "en",
  appearance: { variables: { ...variables, borderRadius: "8px", spacingUnit: "4px" } } });
const element = elements.create("payment", { layout: "tabs" });
const outcome = document.getElementById("outcome");
window.changes = [];
element.on("ready", () => { document.body.dataset.ready = "yes"; });
element.on("change", (state) => window.changes.push(state));
element.mount("#payment");
const show = ({ error, paymentIntent, paymentMethod }) => {
  window.last = { error, paymentIntent, paymentMethod };
  outcome.textContent = error ? `${error.type}: ${error.code || ""}: ${error.message}`
    : paymentIntent ? paymentIntent.status : paymentMethod.id;
};
document.getElementById("pay").addEventListener("submit", async (event) => {
  event.preventDefault();
  outcome.textContent = "";
  const submitted = await elements.submit();
  if (submitted.error) return show(submitted);
  const billing = { name: "Ada Lovelace", email: "ada@example.com" };
  if (query.get("step") === "method") {
    return show(await stripe.createPaymentMethod({ elements, params: { billing_details: billing } }));
  }
  show(await stripe.confirmPayment({ elements, clientSecret, redirect: query.get("redirect") || "if_required",
    confirmParams: { return_url: `${location.origin}/thanks?order=7`,
      payment_method_data: { billing_details: billing } } }));
});
window.next = async () => show(await stripe.handleNextAction({ clientSecret }));
window.retrieve = async () => show(await stripe.retrievePaymentIntent(clientSecret));
"""


@contextmanager
def shop_page(network: str) -> Iterator[str]:
    """Serve the page on a port of its own; yields its origin. ``?secret=`` names the intent to pay."""
    policy = f"default-src 'none'; script-src 'self' {network}; style-src 'self'; connect-src {network}; "
    policy += f"frame-src {network}; form-action 'self'; base-uri 'none'"
    files = {
        "/": ("text/html", PAGE.replace("{network}", network)),
        "/shop.js": ("text/javascript", SCRIPT),
        "/shop.css": ("text/css", STYLE),
        "/thanks": ("text/html", "<!doctype html><title>Thanks</title><h1>Thanks</h1>"),
    }

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = files.get(urlsplit(self.path).path)
            kind, text = found or ("text/plain", "")
            data = text.encode()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
