"""What shoppers are written: once, in words and in pictures, and not about what was sold at a till."""

import pytest
from django.core import mail

from commerce.events.models import Event
from commerce.events.tasks import deliver_events
from commerce.kernel.clock import now
from orders.actions.prepare_pickup import prepare_pickup
from storefront import tasks
from tests.concurrency.conftest import audit
from tests.factories.catalog import VariantFactory
from tests.factories.stock import receive
from tests.world import World

pytestmark = [pytest.mark.usefixtures("card_network"), pytest.mark.django_db(transaction=True)]


def test_an_order_is_confirmed_once_in_words_and_pictures() -> None:
    world = World.make()
    order = world.order(world.mug, 2, pickup=True)
    deliver_events()
    event = Event.objects.get(topic="order.placed")
    from django.db import transaction

    with transaction.atomic():
        tasks.email_confirmation(event)
    (message,) = mail.outbox
    assert message.to == ["ada@example.com"]
    assert message.subject == f"Your order {order.number} at Counterpart"
    assert f"Thank you. Your order {order.number} is placed." in message.body
    assert "2 × " in message.body
    assert "Your pickup code: P-" in message.body
    assert "/orders/" in message.body
    page, kind = message.alternatives[0]
    assert kind == "text/html"
    assert "cid:qr-" in page
    assert "<script" not in page
    assert message.attachments[0]["Content-ID"].startswith("<qr-")
    assert order.timeline.filter(kind="emailed").count() == 1


def test_a_length_is_confirmed_in_meters() -> None:
    world = World.make()
    ribbon = VariantFactory(sku="RIBBON", price=1_200, unit="m", unit_scale=100, product__title="Cotton ribbon")
    receive(ribbon, world.store, 1_000)
    order = world.order(ribbon, 35, pickup=True)
    deliver_events()
    (message,) = mail.outbox
    assert "0.35 m × Cotton ribbon: $4.20" in message.body
    assert "0.35 m</span>" in message.alternatives[0][0]
    assert order.lines.get().gross_minor == 420
    assert audit() == ""


def test_the_shopper_is_told_when_it_is_ready() -> None:
    world = World.make()
    order = world.order(world.mug, pickup=True)
    deliver_events()
    prepare_pickup(order.fulfillments.get().uid, person=world.manager, at=now())
    deliver_events()
    _confirmation, message = mail.outbox
    assert message.subject == f"Ready for you at {world.store.name}"
    assert "It waits at the counter; bring the code, nothing else is needed." in message.body
    assert audit() == ""


def test_a_sale_at_the_till_is_not_written_about() -> None:
    world = World.make()
    shift = world.open_shift()
    world.sell(world.mug, shift=shift)
    deliver_events()
    assert mail.outbox == []


def test_a_mail_server_that_is_down_loses_nothing(settings) -> None:
    world = World.make()
    world.order(world.mug)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    deliver_events()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    from commerce.events import delivery
    from commerce.events.models import FailedDelivery

    failed = FailedDelivery.objects.get(subscriber="storefront.tasks.email_confirmation")
    delivery.retry(at=failed.retry_at)
    assert len(mail.outbox) == 1
    assert not FailedDelivery.objects.exists()
