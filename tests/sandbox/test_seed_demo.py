"""The demo: made once, consistent down to the last unit and cent, and open to whoever reads its log-ins."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Sum
from django.test import override_settings

from commerce.cases.models import Case
from commerce.catalog.models import Barcode, Media, Product, Variant
from commerce.company import shop
from commerce.company.models import Device, Location, User
from commerce.events import delivery
from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from commerce.ledger.models import Posting
from commerce.pricing.engine import price_of
from commerce.pricing.models import Market
from commerce.pricing.till_catalog import till_catalog
from commerce.sandbox.models import Seeding
from commerce.sandbox.retailer import card_readers, demo_logins, variants_by_sku
from customers.models import Customer
from inventory import numbered
from inventory.models import (
    CountLine,
    CountScan,
    KitComponent,
    PurchaseOrder,
    SerialUnit,
    StockAdjustment,
    StockCount,
    StockLevel,
    StockMovement,
    Supplier,
    SupplierItem,
    Transfer,
    TransferLine,
)
from orders.demo_history import card_payments
from orders.models import Fulfillment, Order, OrderLine, Payment
from pos.actions.check_pin import check_pin
from pos.actions.pair_register import pair_register
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import CardAttempt, Register, Shift

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("demo", "db")]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, media: Path) -> Iterator[str]:
    """The demo, made once for this module and rolled back as a whole; what the command said."""
    said = io.StringIO()
    around = transaction.atomic()
    around._from_testcase = True  # as Django's own test cases mark theirs: actions find no transaction of ours
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=str(media)), around:
        call_command("seed_demo", "--scale", "0.08", stdout=said)
        connection.check_constraints()  # what a commit would check
        yield said.getvalue()
        transaction.set_rollback(True)


def test_the_command_tells_how_far_it_is(demo: str) -> None:
    assert "Pictures: 0 %" in demo
    assert "60 days of trading: " in demo
    assert demo.rstrip().endswith("a retailer with 60 days of trading at scale 0.08")


def test_the_retailer_is_all_there() -> None:
    assert shop.current().name == "Hadlo"
    assert Product.objects.filter(status="active", on_web=True).count() >= 75
    assert Variant.objects.count() >= 300
    assert Variant.objects.filter(barcodes=None).count() == 0
    assert Location.objects.filter(kind="store").count() == 5
    assert Location.objects.filter(kind="warehouse").count() == 1
    assert Location.objects.filter(kind="store", country="NL", offers_pickup=True).count() == 1
    assert dict(Market.objects.values_list("price_list__currency", "prices_include_tax")) == {"USD": False, "EUR": True}
    for market in Market.objects.all():
        priced = Variant.objects.filter(is_open_price=False)
        assert priced.exclude(prices__price_list=market.price_list_id).count() == 0
    assert Customer.objects.count() >= 80
    assert Customer.objects.exclude(phone="").count() >= 60
    busiest = Customer.objects.annotate(placed=Count("orders")).aggregate(most=Max("placed"))
    assert busiest["most"] >= 3


def test_every_picture_is_a_file(media: Path) -> None:
    paths = set(Media.objects.values_list("path", flat=True))
    assert len(paths) >= 300
    current = shop.current()
    for path in paths | {current.wordmark, current.home_banner, current.home_banner_tall}:
        assert (media / path).read_text().startswith("<svg"), path
    assert Variant.objects.filter(picture=None).count() == 0


def test_sixty_days_of_trading_end_now() -> None:
    made = Seeding.objects.get()
    for channel, least in (("pos", 100), ("web", 40)):
        placed = Order.objects.filter(channel=channel)
        times = placed.aggregate(first=Min("placed_at"), last=Max("placed_at"), n=Count("pk"))
        assert times["n"] >= least
        assert timedelta(days=56) < times["last"] - times["first"] < timedelta(days=62)
        assert made.began_at - timedelta(days=2) < times["last"] <= made.began_at
    assert Order.objects.filter(channel="pos", currency="EUR").exists()
    assert Order.objects.filter(channel="web", currency="EUR", prices_include_tax=True).exists()
    for order in Order.objects.filter(channel="pos").select_related("location")[:50]:
        assert abs((order.business_date - order.placed_at.date()).days) <= 1


def test_shifts_are_counted_and_sometimes_wrong() -> None:
    closed = Shift.objects.filter(closed_at__isnull=False)
    assert closed.count() >= 80
    wrong = [shift for shift in closed if shift.counted_minor != shift.expected_minor]
    assert 0 < len(wrong) < closed.count() / 3
    assert Payment.objects.filter(tender="cash").count() > 10
    cards = Payment.objects.filter(tender="card_present")
    assert cards.count() == CardAttempt.objects.filter(state="approved").count() > 30
    assert cards.filter(provider_id="").count() == 0


def test_there_is_something_to_do() -> None:
    for place in Location.objects.filter(kind="store"):
        waiting = Fulfillment.objects.filter(location=place, type="pickup")
        assert waiting.filter(state="pending").exists()
        assert waiting.filter(state="ready").exists()
    assert Fulfillment.objects.filter(type="ship", state="pending").exists()
    assert {case.kind for case in Case.objects.filter(status="open")} == {
        "oversell", "price_drift", "receipt_number_clash", "refund_failed", "transfer_short",
    }  # fmt: skip


def test_the_card_network_can_be_told_of_every_card_payment() -> None:
    told = list(card_payments())
    made_up = Payment.objects.filter(provider="stripe", captured_minor__gt=0)
    assert {row["id"] for row in told} == set(made_up.values_list("provider_id", flat=True))
    assert len([row for row in told if row["dispute"]]) == 1


def test_stock_has_its_history() -> None:
    kinds = dict(StockMovement.objects.values_list("source_type").annotate(n=Count("pk")))
    assert kinds["opening"] > 1000
    assert kinds["purchase_order"] > 50
    moved = StockMovement.objects.filter(source_type="transfer", kind="transfer")
    assert moved.count() > 50
    assert moved.aggregate(sum=Sum("quantity"))["sum"] == 0
    assert not StockLevel.objects.filter(on_hand__gt=0, value_minor=0).exists()
    assert StockLevel.objects.filter(on_hand=0).exists()
    assert StockLevel.objects.filter(location__code="AMS-1", safety=2).exists()


def test_goods_were_bought_and_sent_and_some_are_open() -> None:
    for model, states in (
        (Transfer, {"requested", "approved", "shipped", "received", "canceled"}),
        (PurchaseOrder, {"draft", "ordered", "received"}),
    ):
        assert set(model.objects.values_list("state", flat=True)) == states
    assert Case.objects.filter(kind="transfer_short", status="open").exists()
    parts = PurchaseOrder.objects.filter(state="ordered", lines__received__gt=0)
    assert parts.exists()
    assert Supplier.objects.count() == 6
    assert Supplier.objects.filter(currency="EUR").exists()
    assert Variant.objects.filter(supplier_items=None, components=None, is_open_price=False).count() == 0


def test_shelves_were_counted_and_two_counts_go_on() -> None:
    assert dict(StockCount.objects.values_list("state").annotate(n=Count("pk"))) == {
        "approved": StockCount.objects.count() - 2, "open": 1, "review": 1,
    }  # fmt: skip
    approved = StockCount.objects.filter(state="approved")
    assert approved.count() > 20
    assert CountLine.objects.filter(count__in=approved, counted=None).count() == 0
    assert CountLine.objects.filter(count__in=approved, variance__lt=0).exists()
    assert CountLine.objects.filter(count__in=approved, variance__gt=0).exists()
    for count in approved.select_related("location"):
        assert not CountScan.objects.filter(line__count=count, counted_by=count.approved_by).exists() or not (
            User.objects.filter(role__in=["associate", "lead"], locations=count.location).exists()
        )
    for count in StockCount.objects.exclude(state="approved"):
        lines = count.lines.annotate(scanned=Count("scans"))
        assert lines.filter(scanned__gt=0).exists()
        assert lines.filter(scanned=0).exists()


def test_things_broke_and_some_still_stand_there_damaged() -> None:
    reasons = set(StockAdjustment.objects.values_list("reason", flat=True))
    assert {"damaged", "lost"} <= reasons
    assert StockAdjustment.objects.filter(note="").count() == 0
    assert StockLevel.objects.filter(damaged__gt=0).count() > 5


def test_some_goods_have_serial_numbers_from_the_first_day() -> None:
    tracked = Variant.objects.filter(tracks_serials=True)
    assert set(tracked.values_list("product__slug", flat=True)) == {"cinder-stove", "tern-binoculars"}
    levels = StockLevel.objects.filter(variant__in=tracked)
    for standing in numbered.standing_of(levels.values_list("pk", flat=True)).values():
        assert (standing.nameless, standing.excess) == (0, 0)
    assert SerialUnit.objects.filter(state="in_stock", location__kind="store").count() > 10
    for line in OrderLine.objects.filter(variant__in=tracked, fulfilled__gt=0):
        assert len(line.serials) == line.fulfilled, (line.order.number, line.sku)


def test_goods_by_the_meter_went_every_way() -> None:
    lengths = Variant.objects.filter(unit="m", unit_scale=100)
    assert lengths.count() == 10
    assert Barcode.objects.filter(variant__in=lengths, units=1_000).count() == 3
    for channel in ("pos", "web"):
        sold = OrderLine.objects.filter(order__channel=channel, variant__in=lengths)
        assert sold.exists()
        for line in sold:
            paid = price_of(line.unit_minor, line.quantity, 100)
            assert (line.unit, line.unit_scale, line.gross_minor) == ("m", 100, paid)
    assert CountLine.objects.filter(variant__in=lengths, count__state="approved").count() > 10
    assert TransferLine.objects.filter(variant__in=lengths, transfer__state="received").exists()
    assert TransferLine.objects.filter(variant__in=lengths, transfer__state="requested").exists()
    assert set(SupplierItem.objects.filter(variant__in=lengths).values_list("pack", flat=True)) == {20, 30, 50}
    levels = StockLevel.objects.filter(variant__in=lengths, location__kind="store")
    assert levels.exclude(on_hand=F("on_hand") / 100 * 100).exists()
    for level in levels.select_related("variant"):
        cost = variants_by_sku()[level.variant.sku][1].cost_usd
        assert level.value_minor == pytest.approx(cost * level.on_hand / 100, rel=0.05, abs=2)
    assert KitComponent.objects.filter(component__in=lengths, quantity=750).count() == 3
    assert not StockLevel.objects.filter(variant__components__isnull=False, on_hand__gt=0).exists()


def test_the_books_balance_and_the_audit_is_clean() -> None:
    assert Posting.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 0
    assert Posting.objects.count() > 500
    call_command("audit", stdout=io.StringIO())


def test_nobody_gets_mail_about_the_past() -> None:
    assert Event.objects.filter(topic="order.placed").count() > 150
    for subscriber, topics in delivery.topics_by_subscriber().items():
        assert delivery.deliver(subscriber, topics, at=now()) == 0
    assert mail.outbox == []


def test_a_second_run_changes_nothing(media: Path) -> None:
    before = {model: model.objects.count() for model in (Product, Order, Event, StockMovement, Device, User, Customer)}
    written = {path: path.stat().st_mtime_ns for path in media.rglob("*.svg")}
    said = io.StringIO()
    call_command("seed_demo", "--scale", "3", stdout=said)
    assert "up to date" in said.getvalue()
    assert "made at scale 0.08" in said.getvalue()
    assert {model: model.objects.count() for model in before} == before
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*.svg")} == written


def test_the_printed_log_ins_work() -> None:
    for login in demo_logins():
        if login.where == "/admin/":
            person = authenticate(username=login.user, password=login.secret)
            assert person is not None, login
    register, _token = pair_register("TEST-PDXA", at=now())
    assert register.code == "PDX-1-R1"
    pins = [login for login in demo_logins() if login.user and login.where == "/till/ PDX-1"]
    assert len(pins) == 4
    for login in pins:
        assert check_pin(register, register.device, login.user, login.secret, at=now()).username == login.user


def test_pairing_codes_work_again_after_every_start() -> None:
    pair_register("TEST-AMSB", at=now())
    Device.objects.filter(pairing_code="TESTBKNA").update(pairing_expires_at=now() - timedelta(days=1))
    call_command("seed_demo", "--on-start", stdout=io.StringIO())
    codes = {login.secret for login in demo_logins() if not login.user}
    assert len(codes) == Register.objects.count() == 11
    for code in codes:
        pair_register(code, at=now())


def test_every_register_has_its_reader() -> None:
    assert {reader.id for reader in card_readers()} == set(Register.objects.values_list("card_reader", flat=True))


def test_a_till_goes_on_where_the_history_ended() -> None:
    level = StockLevel.objects.filter(location__code="PDX-1", reserved=0, on_hand__gt=3).select_related("variant")[0]
    price = level.variant.prices.get(price_list__code="us").amount_minor
    envelope = {
        "id": str(new_uid()),
        "register": "PDX-1-R1",
        "cashier": "june",
        "sold_at": now().isoformat(),
        "currency": "USD",
        "lines": [{"sku": level.variant.sku, "quantity": 1}],
        "tenders": [{"type": "cash", "amount": {"amount": price, "currency": "USD"}}],
    }
    answer = record_sale(parse_envelope(envelope), at=now())
    assert answer["warnings"] == []
    assert answer["tax"]["amount"] == 0  # Oregon
    before = Register.objects.get(code="PDX-1-R1").sales.exclude(receipt_number=answer["receipt_number"])
    assert answer["receipt_number"] > max(before.values_list("receipt_number", flat=True))


def test_the_repair_bench_is_sold_at_the_till_at_a_price_that_is_said(demo: str) -> None:
    market = Market.objects.get(is_default=True)
    rows = [row for chunk in till_catalog(market, at=now())[1] for row in json.loads(chunk) if row[1] == "REPR-SOLE"]
    assert rows[0][5] == []
    assert rows[0][-1]["open"] == {"all": False, "note": True, "least": 6_000, "most": 22_000}
    assert not Product.objects.get(slug="repair-bench").on_web
    assert not StockLevel.objects.filter(variant__sku__startswith="REPR").exists()
