"""F09-F12, T16: words of the card network come twice, out of order, too early, forged, or about somebody else."""

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from django.test import Client as Browser
from django.test import override_settings

from commerce.kernel.clock import now
from orders import gateway, tasks
from orders.models import NetworkEvent, Order, Payment
from storefront.actions.check_out import check_out
from tests.faults.conftest import Api, charges, in_child, together
from tests.sandbox.card_network_process import CardNetwork
from tests.world import World

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]

SECRET = "whsec_counterpart"
SUCCEEDED, PROCESSING, CREATED = "succeeded", "processing", "created"


def event(payment: Payment, kind: str, number: int = 0, **changes: Any) -> bytes:
    """An event about a payment, as bytes that are sent."""
    intent = {"id": payment.provider_id, "object": "payment_intent", "metadata": {"payment": str(payment.uid)}}
    body = {
        "id": f"evt_{payment.uid.hex}{kind}{number}",
        "object": "event",
        "type": f"payment_intent.{kind}",
        "livemode": False,
        "data": {"object": intent},
        **changes,
    }
    return json.dumps(body).encode()


def deliver(
    body: bytes, *, secret: str = SECRET, at: float | None = None, header: str | None = None, works: bool = True
) -> int:
    """Deliver it signed; the status. Then, unless told not to, the queue works it."""
    moment = int(time.time() if at is None else at)
    if header is None:
        signature = stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode(errors='replace')}", secret)
        header = f"t={moment},v1={signature}"
    response = Browser(raise_request_exception=False).post(
        "/api/v1/webhooks/card-network", body, content_type="application/json", headers={"Stripe-Signature": header}
    )
    if works:
        tasks.work_network_events()
    return response.status_code


def paid(world: World) -> Payment:
    """A checkout whose money was taken, which only the card network knows."""
    payment = world.draft(world.mug)
    gateway.client().v1.payment_intents.confirm(
        payment.provider_id, params={"payment_method": "pm_card_visa", "return_url": "http://127.0.0.1/"}
    )
    return payment


@pytest.mark.parametrize("order", list(itertools.permutations([CREATED, PROCESSING, SUCCEEDED])))
def test_any_order_of_events_and_copies_of_each(world: World, network: CardNetwork, order: tuple[str, ...]) -> None:
    payment = paid(world)
    for kind in order:
        assert [deliver(event(payment, kind)) for _copy in range(3)] == [200] * 3
    assert deliver(event(payment, SUCCEEDED, 1)) == 200  # another event about the same fact
    placed = Order.objects.get()
    assert (placed.state, placed.payment_status, placed.timeline.filter(kind="paid").count()) == ("open", "paid", 1)
    assert charges(network) == 1


def test_all_events_at_once_in_eight_threads(world: World, network: CardNetwork) -> None:
    payment = paid(world)
    bodies = [event(payment, kind, copy) for kind in (CREATED, PROCESSING, SUCCEEDED, SUCCEEDED) for copy in range(2)]
    assert together(*[lambda body=body: deliver(body) for body in bodies]) == [200] * 8
    placed = Order.objects.get()
    assert placed.timeline.filter(kind__in=["placed", "paid"]).count() == 2
    assert placed.payments.get().state == "captured"


def test_an_event_that_was_overtaken_takes_nothing_back(world: World) -> None:
    payment = paid(world)
    deliver(event(payment, SUCCEEDED))
    for kind in ("payment_failed", "canceled", "requires_action"):
        assert deliver(event(payment, kind)) == 200
    assert Order.objects.get().payment_status == "paid"


def test_an_event_that_comes_before_our_own_answer(
    world: World, failing: Callable[[str, str], None], network: CardNetwork
) -> None:
    """F11: the intent exists at the card network, its id not yet here; then the process dies, too."""
    api = Api(_token(), {})
    cart = api.cart_with("MUG")
    assert in_child(lambda: api.check_out(cart), storefront__before_intent_saved="kill") == 137
    payment = Payment.objects.get()
    assert payment.provider_id == ""
    payment.provider_id = next(
        intent.id
        for intent in gateway.client().v1.payment_intents.list().data
        if intent.metadata["payment"] == str(payment.uid)
    )
    assert deliver(event(payment, CREATED)) == 200
    assert api.check_out(cart).status == 200
    payment.refresh_from_db()
    assert api.complete(cart).status == 200
    assert charges(network) == 1


def test_an_event_while_the_payment_is_being_settled(world: World, failing: Callable[[str, str], None]) -> None:
    """F11: it waits for the row, and finds everything done."""
    payment = paid(world)
    failing("orders.before_settle", "sleep=0.3")
    assert together(*[lambda: deliver(event(payment, SUCCEEDED))] * 3) == [200] * 3
    assert Order.objects.get().timeline.filter(kind="placed").count() == 1


def _token() -> str:
    from tests.client import new_token

    return new_token()


@pytest.mark.parametrize(
    "change",
    [
        {"header": ""},
        {"header": "nonsense"},
        {"header": "t=1,v1="},
        {"secret": "whsec_wrong"},
        {"secret": ""},
        {"at": -3600.0},
    ],
    ids=["missing", "nonsense", "empty", "wrong", "signed-with-nothing", "an-hour-old"],
)
def test_a_forged_or_old_event_changes_nothing(world: World, change: dict[str, Any]) -> None:
    payment = paid(world)
    if "at" in change:
        change = {"at": time.time() + change["at"]}
    assert deliver(event(payment, SUCCEEDED), **change) == 400
    assert Order.objects.get().state == "draft"
    assert deliver(event(payment, SUCCEEDED)) == 200  # the negative control: the same, signed
    assert Order.objects.get().state == "open"


def test_every_bit_of_the_body_is_under_the_signature(world: World) -> None:
    body = event(paid(world), SUCCEEDED)
    moment = int(time.time())
    header = f"t={moment},v1={stripe.WebhookSignature._compute_signature(f'{moment}.{body.decode()}', SECRET)}"
    for place in range(0, len(body), 17):
        flipped = bytearray(body)
        flipped[place] ^= 1
        assert deliver(bytes(flipped), header=header) == 400
    assert deliver(json.dumps(json.loads(body), indent=1).encode(), header=header) == 400  # serialized anew
    assert deliver(b"\xff\xfe" + body, header=header) == 400
    assert Order.objects.get().state == "draft"


def test_two_secrets_while_one_is_rotated_out_and_never_an_empty_one(world: World) -> None:
    body = event(paid(world), CREATED)
    with override_settings(STRIPE_WEBHOOK_SECRET="whsec_new, whsec_counterpart,"):
        assert [deliver(body, secret=secret) for secret in ("whsec_new", SECRET)] == [200, 200]
        assert [deliver(body, secret=secret) for secret in ("", " ", "whsec_old")] == [400] * 3
    with override_settings(STRIPE_WEBHOOK_SECRET=""):
        assert [deliver(body, secret=secret) for secret in ("", SECRET)] == [400, 400]


def test_an_oversized_body_is_not_looked_at(world: World) -> None:
    payment = paid(world)
    assert deliver(event(payment, SUCCEEDED, padding="x" * 300_000)) == 413
    assert deliver(b"x" * 3_000_000) in (400, 413)
    assert Order.objects.get().state == "draft"


def test_events_that_mean_nothing_to_us_are_taken(world: World) -> None:
    payment = paid(world)
    for kind in ("charge.succeeded", "v1.something.new", "payment_intent.amount_capturable_updated"):
        assert deliver(event(payment, "x", type=kind)) == 200
    stranger = Payment(provider_id="pi_somebody_elses")
    assert deliver(event(stranger, SUCCEEDED)) == 200
    no_data = {"data": {"object": {"id": "pi_x", "object": "payment_intent", "metadata": {"payment": "not a uuid"}}}}
    assert deliver(event(payment, SUCCEEDED, **no_data)) == 200


def test_an_event_of_the_live_mode_is_none_of_a_test_shop(world: World) -> None:
    payment = paid(world)
    assert deliver(event(payment, SUCCEEDED, livemode=True)) == 200
    assert Order.objects.get().state == "draft"
    with override_settings(STRIPE_SECRET_KEY="sk_live_x"):
        assert deliver(event(payment, SUCCEEDED, 1)) == 200
    assert Order.objects.get().state == "draft"
    assert list(NetworkEvent.objects.values_list("state", flat=True)) == ["refused"] * 2


def test_the_stand_in_tells_the_shop_as_the_real_one_would(world: World) -> None:
    """The replacement of a checkout cancels its payment; word of that changes nothing."""
    payment = world.draft(world.mug)
    gateway.cancel(payment.provider_id)
    assert deliver(event(payment, "canceled")) == 200
    payment.refresh_from_db()
    assert payment.state == "canceled"
    # The shopper goes on: the same checkout gets another payment.
    order = payment.order
    from orders.drafts import Contact
    from orders.fulfillment_types.base import Wish
    from tests.client import ADDRESS

    assert order.cart is not None
    _order, renewed = check_out(
        order.cart.uid,
        contact=Contact("ada@example.com", "Ada Example"),
        wish=Wish("ship", address=ADDRESS),
        at=now(),
    )
    assert renewed.pk != payment.pk
    assert renewed.order_id == order.pk
    assert renewed.provider_id
