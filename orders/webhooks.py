"""Word from the card network. Signed, unordered, repeated, sometimes missing: it only says where to look."""

import json
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commerce.kernel.clock import now
from orders.actions.settle_payment import settle_payment
from orders.models import Payment

log = logging.getLogger(__name__)
MAX_BODY = 256 * 1024
ANNOUNCED = "payment_intent.created"  # our own doing, of which nothing has come yet


@csrf_exempt
@require_POST
def card_network(request: HttpRequest) -> HttpResponse:
    """Verify the signature on the raw body, find the payment, settle it. Unknown kinds are taken and left alone."""
    if len(request.body) > MAX_BODY:
        return JsonResponse({"error": "too large"}, status=413)
    event = _event(request)
    if event is None:
        return JsonResponse({"error": "signature"}, status=400)
    if bool(event.get("livemode")) != _is_live():
        log.warning("event %s of the other mode was left alone: is a test endpoint pointed at this shop?", event["id"])
    elif event["type"].startswith("payment_intent.") and event["type"] != ANNOUNCED:
        intent = event["data"]["object"]
        uid = _payment_of(intent["id"], (intent.get("metadata") or {}).get("payment", ""))
        if uid:
            settle_payment(uid, at=now())
    return JsonResponse({"received": True})


def _secrets() -> list[str]:
    """Two while one is rotated out. An empty one would let everybody sign, and is none."""
    return [secret for part in settings.STRIPE_WEBHOOK_SECRET.split(",") if (secret := part.strip())]


def _is_live() -> bool:
    return "_live_" in settings.STRIPE_SECRET_KEY


def _event(request: HttpRequest) -> dict[str, Any] | None:
    """The event as plain JSON: the SDK's objects, of which it makes hundreds for each, would be thrown away again."""
    if not any(_is_signed(request, secret) for secret in _secrets()):
        return None
    try:
        event = json.loads(request.body)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("type"), str) else None


def _is_signed(request: HttpRequest, secret: str) -> bool:
    try:
        body, signature = request.body.decode(), request.headers.get("Stripe-Signature", "")
        return stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
    except (ValueError, stripe.SignatureVerificationError):
        return False


def _payment_of(provider_id: str, uid: str) -> UUID | None:
    """By the id that we kept, or, when it comes before our own answer did, by the uid that we had sent along."""
    found = Payment.objects.filter(provider_id=provider_id).values_list("uid", flat=True).first()
    with suppress(ValueError):  # another program's metadata may say anything
        if found is None and uid:
            found = Payment.objects.filter(uid=UUID(str(uid))).values_list("uid", flat=True).first()
    return found
