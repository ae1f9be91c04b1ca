"""Settings of what the shop talks to outside of itself, and of what a browser may load: part of `commerce.settings`."""

import os

from commerce.runtime import ports

# Payments: with no key of a real account the same code talks to the stand-in on loopback.
STRIPE_SECRET_KEY = os.environ.get("STRIPE_SECRET_KEY", "sk_test_counterpart")
STRIPE_PUBLISHABLE_KEY = os.environ.get("STRIPE_PUBLISHABLE_KEY", "pk_test_counterpart")
_real_stripe = "STRIPE_SECRET_KEY" in os.environ and "STRIPE_API_BASE" not in os.environ
# Several while one is rotated out, with commas. A real account has no default: everybody could read it here.
STRIPE_WEBHOOK_SECRET = os.environ.get("STRIPE_WEBHOOK_SECRET", "" if _real_stripe else "whsec_counterpart")
STRIPE_API_BASE = os.environ.get(
    "STRIPE_API_BASE", "https://api.stripe.com" if _real_stripe else f"http://127.0.0.1:{ports.card_network()}"
)
STRIPE_JS_URL = os.environ.get(
    "STRIPE_JS_URL", "https://js.stripe.com/v3/" if _real_stripe else f"http://127.0.0.1:{ports.card_network()}/js/"
)
STRIPE_ACCOUNT = os.environ.get("STRIPE_ACCOUNT", "")  # only where events of several accounts come to one address
STRIPE_TIMEOUT_SECONDS = int(os.environ.get("STRIPE_TIMEOUT_SECONDS", "20"))
_stripe_origins = (
    ["https://js.stripe.com", "https://api.stripe.com", "https://hooks.stripe.com"]
    if _real_stripe
    else [f"http://127.0.0.1:{ports.card_network()}"]
)
BRIDGE_URL = os.environ.get("BRIDGE_URL", f"http://127.0.0.1:{ports.bridge()}")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'", *_stripe_origins],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *_stripe_origins, BRIDGE_URL, BRIDGE_URL.replace("http", "ws", 1)],
        "frame-src": _stripe_origins,
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

# Below /admin/ only; why it differs is said in commerce.office.middleware.
OFFICE_CONTENT_SECURITY_POLICY = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'"],
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
