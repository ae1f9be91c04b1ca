"""Word from the card network: verified, kept and answered, all within one statement. It is worked later."""

import json
import logging
from typing import Any

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commerce.kernel.clock import now
from commerce.kernel.http import address_of
from orders.actions.keep_network_event import count_refused_word, keep_network_event
from orders.models import RefusedWord

log = logging.getLogger(__name__)
MAX_BODY = 256 * 1024
STATUS = {RefusedWord.Reason.SIZE: 413}


@csrf_exempt
@require_POST
def card_network(request: HttpRequest) -> HttpResponse:
    """Verify the signature on the raw body and keep the event. What is signed is taken, whatever it says: the card
    network would only send it again. What is not is refused, and counted."""
    reason = _problem(request)
    if reason:
        log.warning("word of the card network from %s refused: %s", address_of(request), reason)
        count_refused_word(reason, address=address_of(request), at=now())
        return JsonResponse({"error": str(reason)}, status=STATUS.get(reason, 400))
    is_new = keep_network_event(json.loads(request.body), at=now())
    return JsonResponse({"received": True, "new": is_new})


def _problem(request: HttpRequest) -> RefusedWord.Reason | None:
    """Why this is no word of the card network's; None when it is one."""
    if len(request.body) > MAX_BODY:
        return RefusedWord.Reason.SIZE
    try:
        body = request.body.decode()
    except ValueError:
        return RefusedWord.Reason.SIGNATURE
    signature = request.headers.get("Stripe-Signature", "")
    if not any(_is_signed(body, signature, secret, tolerance=None) for secret in _secrets()):
        return RefusedWord.Reason.SIGNATURE
    tolerance = stripe.Webhook.DEFAULT_TOLERANCE
    if not any(_is_signed(body, signature, secret, tolerance=tolerance) for secret in _secrets()):
        return RefusedWord.Reason.STALE
    return None if _is_event(body) else RefusedWord.Reason.SHAPE


def _secrets() -> list[str]:
    """Two while one is rotated out. An empty one would let everybody sign, and is none."""
    return [secret for part in settings.STRIPE_WEBHOOK_SECRET.split(",") if (secret := part.strip())]


def _is_signed(body: str, signature: str, secret: str, *, tolerance: int | None) -> bool:
    try:
        return stripe.WebhookSignature.verify_header(body, signature, secret, tolerance)
    except (ValueError, stripe.SignatureVerificationError):
        return False


def _is_event(body: str) -> bool:
    """Plain JSON: the SDK's objects, of which it makes hundreds for each event, would be thrown away again."""
    try:
        event: Any = json.loads(body)
    except ValueError:
        return False
    return isinstance(event, dict) and all(isinstance(event.get(name), str) and event[name] for name in ("id", "type"))
