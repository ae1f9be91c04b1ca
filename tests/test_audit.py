"""Every invariant holds after a day's trading, and each can fail: the corruption that it is there to find is found."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from commerce.kernel import audit
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from tests.factories import purchases, transfers, wallets
from tests.factories.catalog import VariantFactory
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db

# A card payment at a register of which no sale knows.
_CARD = (
    "INSERT INTO pos_cardattempt (uid, sale_uid, register_id, currency, amount_minor, state, provider_id, failure_text,"
    " details, created_at, settled_at, taken_at) SELECT gen_random_uuid(), gen_random_uuid(), id, 'USD', 100,"
    " '{state}', 'pi_lost', '', '{{}}', now() - interval '3 hours', {settled}, {taken} FROM pos_register"
)

# A serial number, sold in the store, of which `{moves}` tell.
_SERIAL = (
    "INSERT INTO inventory_serialunit (uid, variant_id, serial, location_id, state, changed_at)"
    " SELECT gen_random_uuid(), min(id), 'SN-1', NULL, 'sold', now() FROM catalog_variant;"
    " INSERT INTO inventory_serialmove (unit_id, state, location_id, source_type, source_uid, created_at)"
    " SELECT id, moved, NULL, 'order', gen_random_uuid(), now() FROM inventory_serialunit,"
    " unnest(ARRAY[{moves}]) AS moved"
)
# A payout of which nothing else tells, and a transaction, and a dispute.
_PAYOUT = (
    "INSERT INTO orders_payout (uid, provider, provider_id, state, currency, amount_minor, is_automatic, arrives_on,"
    " created_at, reported_by, is_complete, failure_text, recorded_at) VALUES (gen_random_uuid(), 'stripe', 'po_1',"
    " 'paid', 'USD', 500, {automatic}, current_date, now(), 'api', true, '', now())"
)
_MOVED = (
    "INSERT INTO orders_networktransaction (uid, provider, provider_id, kind, state, type, category, currency,"
    " gross_minor, fee_minor, net_minor, source_id, intent_id, description, details, account, note, reported_by,"
    " available_at, created_at, recorded_at) VALUES (gen_random_uuid(), 'stripe', 'txn_1', 'other', 'open', 'charge',"
    " 'charge', 'USD', 100, 0, 100, '', '', '', '{}', '', '', 'api', now(), now(), now())"
)
_DISPUTE = (
    "INSERT INTO orders_dispute (uid, provider, provider_id, charge_id, intent_id, state, reason, currency,"
    " amount_minor, fee_minor, money_minor, is_refundable, evidence, created_at) VALUES (gen_random_uuid(), 'stripe',"
    " 'dp_1', 'ch_1', '', 'needs_response', 'fraudulent', 'USD', 100, 0, 100, false, '{}', now())"
)
_FIRST_LEVEL = "WHERE id = (SELECT min(id) FROM inventory_stocklevel)"

# Invariant -> SQL that breaks it behind the product's back. Some are unbreakable by SQL while their constraint stands;
# then the constraint is dropped first, which is the corruption.
CORRUPTIONS = {
    "I31": "ALTER TABLE kernel_idempotencykey DROP CONSTRAINT idempotency_key_once;"
    " INSERT INTO kernel_idempotencykey (scope, key, request_hash, created_at)"
    " VALUES ('s', 'k', 'a', now()), ('s', 'k', 'b', now())",
    "I32": "INSERT INTO events_faileddelivery (subscriber, event_id, attempts, error, retry_at, gave_up)"
    " SELECT 'x', min(id), 8, 'boom', now(), true FROM events_event",
    "I20": "UPDATE ledger_posting SET amount_minor = amount_minor + 1 WHERE id = (SELECT min(id) FROM ledger_posting)",
    "I01": "UPDATE inventory_stocklevel SET on_hand = on_hand + 1"
    " WHERE id = (SELECT min(id) FROM inventory_stocklevel)",
    "I02": "UPDATE inventory_stocklevel SET reserved = reserved + 1"
    " WHERE id = (SELECT min(id) FROM inventory_stocklevel)",
    "I03": "UPDATE inventory_stocklevel SET reserved = on_hand + 1, oversold = true"
    " WHERE id = (SELECT min(id) FROM inventory_stocklevel)",
    "I03b": "UPDATE inventory_stocklevel SET oversold = true WHERE id = (SELECT min(id) FROM inventory_stocklevel)",
    "I04": "UPDATE inventory_reservation SET expires_at = now() - interval '2 hours' WHERE state = 'held'",
    "I05": "ALTER TABLE inventory_reservation DROP CONSTRAINT reservation_state;"
    " UPDATE inventory_reservation SET ended_at = now() WHERE state = 'allocated'",
    "I05b": "UPDATE inventory_reservation SET state = 'consumed', ended_at = now() WHERE state = 'allocated'",
    "I06": "UPDATE inventory_transferline SET written_off = written_off + 1",
    "I06b": "UPDATE inventory_transferline SET received = received + 1, shipped = shipped + 1",
    "I06c": "UPDATE inventory_transfer SET state = 'received', closed_at = now()",
    "I49": "UPDATE inventory_purchaseorderline SET received = received + 1",
    "I07": _SERIAL.format(moves="'in_stock'"),
    "I07b": _SERIAL.format(moves="'sold', 'sold'"),
    "I07c": "UPDATE orders_orderline SET serials = '[\"SN-9\"]'",
    "I07d": _SERIAL.format(moves="'in_stock', 'sold'"),
    "I08": f"UPDATE inventory_stocklevel SET on_hand = -1, oversold = true {_FIRST_LEVEL}",
    "I08b": "UPDATE inventory_stockmovement SET balance_after = -1 WHERE kind = 'fulfillment'",
    "I09b": f"UPDATE inventory_stocklevel SET value_minor = value_minor + 1 {_FIRST_LEVEL}",
    "I09c": "UPDATE inventory_stockmovement SET source_type = ''"
    " WHERE id = (SELECT max(id) FROM inventory_stockmovement)",
    "I48": "INSERT INTO inventory_kitcomponent (kit_id, component_id, quantity)"
    " SELECT min(id), max(id), 1 FROM catalog_variant",
    "I09": "UPDATE inventory_stockmovement SET balance_after = balance_after + 1"
    " WHERE id = (SELECT max(id) FROM inventory_stockmovement)",
    "I50": "UPDATE inventory_stockmovement SET quantity = quantity - 1, balance_after = balance_after - 1"
    " WHERE kind = 'count'",
    "I50b": "UPDATE inventory_countline SET counted = counted + 1, expected = expected + 1 WHERE variance = 0",
    "I50c": "UPDATE inventory_countscan SET position = (SELECT max(id) FROM inventory_stockmovement)",
    "I51": "DELETE FROM inventory_stockmovement WHERE kind = 'adjustment'",
    "I10": "ALTER TABLE orders_orderline DROP CONSTRAINT order_line_not_overfulfilled;"
    " UPDATE orders_orderline SET fulfilled = quantity + 1 WHERE id = (SELECT min(id) FROM orders_orderline)",
    "I11": "UPDATE orders_orderline SET fulfilled = 0, returned = 0 WHERE fulfilled > 0",
    "I12": "UPDATE orders_orderline SET total_minor = total_minor + 1"
    " WHERE id = (SELECT min(id) FROM orders_orderline)",
    "I14": "UPDATE orders_payment SET authorized_minor = authorized_minor + 1, captured_minor = captured_minor + 1"
    " WHERE state = 'captured'",
    "I15e": "UPDATE orders_payment SET state = 'authorized' WHERE state = 'captured' AND tender = 'card_online'",
    "I16": "UPDATE orders_payment SET state = 'captured', settled_at = now() - interval '1 hour',"
    " authorized_minor = amount_minor, captured_minor = amount_minor"
    " WHERE state = 'pending'",
    "I16b": _MOVED,
    "I16c": _PAYOUT.format(automatic="true"),
    "I16d": _PAYOUT.format(automatic="false"),
    "I16e": _DISPUTE,
    "I17": "UPDATE orders_payment SET state = 'processing', check_at = now() - interval '2 hours'"
    " WHERE state = 'pending'",
    "I17b": "UPDATE orders_payment SET state = 'processing', attempt = 1, check_at = now() WHERE state = 'pending'",
    "I17c": "INSERT INTO orders_networkevent (event_id, type, object_id, state, reason, payload, received_at, try_at)"
    " VALUES ('evt_1', 'x', '', 'received', '', '{}', now(), now() - interval '2 hours')",
    "I17d": "INSERT INTO orders_capture (uid, payment_id, state, currency, amount_minor, is_final, failure_code,"
    " failure_text, created_at, send_at) SELECT gen_random_uuid(), max(id), 'pending', 'USD', 1, true, '', '', now(),"
    " now() - interval '2 hours' FROM orders_payment",
    "I18": "UPDATE orders_payment SET currency = 'EUR' WHERE id = (SELECT min(id) FROM orders_payment)",
    "I21": "DELETE FROM ledger_posting"
    " WHERE entry_id = (SELECT min(id) FROM ledger_journalentry WHERE kind = 'payment');"
    " DELETE FROM ledger_journalentry WHERE id = (SELECT min(id) FROM ledger_journalentry WHERE kind = 'payment')",
    "I44": "UPDATE inventory_stocklevel SET value_minor = value_minor + 1"
    " WHERE id = (SELECT level_id FROM inventory_stockmovement WHERE value_minor <> 0 ORDER BY id LIMIT 1)",
    "I44b": "UPDATE inventory_stockmovement SET value_minor = value_minor + 1 WHERE id = (SELECT max(id) FROM"
    " inventory_stockmovement WHERE value_minor <> 0)",
    "I21d": "UPDATE orders_payment SET refunded_minor = refunded_minor + 1 WHERE tender = 'card_online'"
    " AND state = 'captured'",
    "I21e": "UPDATE ledger_posting SET account_id = (SELECT id FROM ledger_account WHERE code = 'refunds_due')"
    " WHERE account_id = (SELECT id FROM ledger_account WHERE code = 'sales')",
    "I39b": "UPDATE ledger_posting SET sub = 'lost' WHERE account_id = (SELECT id FROM ledger_account WHERE code ="
    " 'cash')",
    "I21c": "UPDATE ledger_posting SET sub = '', account_id = (SELECT id FROM ledger_account WHERE code = 'sales')"
    " WHERE account_id = (SELECT id FROM ledger_account WHERE code = 'sales_tax')",
    "I21b": "UPDATE orders_orderline SET fulfilled = quantity WHERE fulfilled = 0",
    "I12b": "UPDATE orders_order SET discount_minor = discount_minor + 1 WHERE state = 'closed'",
    "I13": """UPDATE orders_order SET discounts = '[{"id": "ten", "amount": 5}]' WHERE state = 'closed'""",
    "I13b": """UPDATE orders_orderline SET discounts = '[{"id": "ten", "amount": 5, "scope": "line"}]'""",
    "I10b": "UPDATE orders_order SET canceled_minor = 1 WHERE state = 'open'",
    "I11b": "UPDATE orders_returnline SET quantity = quantity + 1",
    "I15": "UPDATE orders_payment SET refunded_minor = refunded_minor - 1 WHERE refunded_minor > 0",
    "I15b": "UPDATE orders_refund SET currency = 'EUR'",
    "I15c": "UPDATE orders_allowance SET total_minor = 10000000",
    "I15d": "UPDATE orders_returnline SET total_minor = total_minor + 1",
    "I52": "DELETE FROM ledger_posting WHERE entry_id IN (SELECT id FROM ledger_journalentry WHERE kind = 'return');"
    " DELETE FROM ledger_journalentry WHERE kind = 'return'",
    "I52b": "UPDATE orders_refund SET state = 'failed'",
    "I52c": "UPDATE orders_refund SET state = 'pending', settled_at = NULL, created_at = now() - interval '2 days'",
    "I52d": "UPDATE orders_refund SET state = 'pending', settled_at = NULL, tender = 'bank_transfer'",
    "I36": "UPDATE orders_order SET fulfillment_status = 'partly_fulfilled' WHERE state = 'closed'",
    "I46": "UPDATE inventory_reservation SET state = 'released', ended_at = now() WHERE state = 'allocated'",
    "I19": "UPDATE orders_payment SET tendered_minor = amount_minor - 1 WHERE tender = 'cash'",
    "I22": "UPDATE customers_giftcard SET balance_minor = balance_minor + 1",
    "I22b": "UPDATE ledger_posting SET sub = '' WHERE sub IN (SELECT uid::text FROM customers_giftcard)",
    "I22c": "UPDATE customers_wallethold SET state = 'taken', ended_at = now()",
    "I23": "UPDATE customers_storecredit SET balance_minor = balance_minor + 1",
    "I23b": "UPDATE ledger_posting SET sub = '' WHERE sub IN (SELECT uid::text FROM customers_storecredit)",
    "I66": "INSERT INTO customers_savedcard (uid, customer_id, provider, provider_id, brand, last4, exp_month,"
    " exp_year, fingerprint, consent_at, consent_words, source, created_at, updated_at, removed_why)"
    " SELECT gen_random_uuid(), min(id), 'stripe', 'pm_1', 'visa', '4242', 1, 2030, '', now(), 'Yes', 'page', now(),"
    " now(), '' FROM customers_customer",
    "I67": "UPDATE customers_giftcardentry SET amount_minor = amount_minor - 1 WHERE source_type = 'order_line'",
    "I67b": "UPDATE orders_orderline SET gift_card_id = NULL WHERE gift_card_id IS NOT NULL",
    "I26": "UPDATE pos_shift SET expected_minor = expected_minor + 1",
    "I28": "INSERT INTO pos_shift (uid, register_id, opened_by_id, opened_at, currency, note)"
    " SELECT gen_random_uuid(), register_id, opened_by_id, opened_at, currency, '' FROM pos_shift",
    "I30": "DELETE FROM pos_sale",
    "I39": "DELETE FROM pos_cashmovement WHERE kind = 'sale'",
    "I39c": "DELETE FROM pos_cashmovement WHERE kind = 'refund'",
    "I30b": "UPDATE orders_return SET location_id = (SELECT id FROM company_location WHERE code = 'WH-1')",
    "I47": _CARD.format(state="approved", settled="now() - interval '16 minutes'", taken="NULL"),
    "I47b": _CARD.format(state="approved", settled="now()", taken="now()"),
    "I47c": _CARD.format(state="started", settled="NULL", taken="NULL"),
}


@pytest.fixture
def traded(card_network: Server) -> World:
    world = World.make()
    world.live_a_day()
    world.take_back()
    move_goods(world)
    wallets.hold(wallets.gift_card(), 1_200, sale=new_uid())
    wallets.credit()
    world.gift_card_order()
    return world


def move_goods(world: World) -> None:
    """Lamps that were bought, of which some have come; and some of those are on their way to the store."""
    lamp = VariantFactory(sku="LAMP")
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, lamp, 1_200)
    purchases.receive(purchases.placed(supplier, world.warehouse, {lamp: 12}), {lamp: 9})
    transfers.receive(transfers.shipped(world.warehouse, world.store, {lamp: 5}), {lamp: 2})


def broken() -> set[str]:
    return {finding.invariant.code for finding in audit.run() if finding.count}


def test_everything_holds_after_a_day(traded: World) -> None:
    out = io.StringIO()
    call_command("audit", "--json", stdout=out)
    findings = json.loads(out.getvalue())
    assert {finding["code"] for finding in findings if not finding["holds"]} == set()
    assert len(findings) == len(audit.invariants())


def test_each_invariant_can_fail(traded: World) -> None:
    """The negative control of all the tests that ask for a clean audit."""
    unbroken = [code for code in CORRUPTIONS if code not in _broken_by(CORRUPTIONS[code])]
    assert unbroken == []


def _broken_by(sql: str) -> set[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")  # triggers and foreign keys look away
        cursor.execute(sql)
        found = broken()
        transaction.set_rollback(True)
    return found


def test_every_invariant_of_these_rooms_has_its_corruption() -> None:
    elsewhere = {
        invariant.code
        for path in ("commerce.catalog.audit", "commerce.pricing.audit")
        for invariant in __import__(path, fromlist=["INVARIANTS"]).INVARIANTS
    }
    assert {invariant.code for invariant in audit.invariants()} - elsewhere == set(CORRUPTIONS)


def test_a_broken_invariant_names_its_rows_and_fails(traded: World) -> None:
    rows("UPDATE inventory_stocklevel SET on_hand = on_hand + 7 WHERE id = (SELECT min(id) FROM inventory_stocklevel)")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit", stdout=out, no_color=True)
    assert ended.value.code == 1
    assert "I01    BROKEN" in out.getvalue()
    assert "actual=22  expected=15" in out.getvalue()


@pytest.mark.parametrize(
    "table",
    [
        "inventory_stockmovement",
        "inventory_countscan",
        "inventory_stockadjustment",
        "ledger_posting",
        "ledger_journalentry",
        "pos_cashmovement",
        "orders_timelineentry",
        "customers_giftcardentry",
        "customers_storecreditentry",
    ],
)
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET id = id"])
def test_history_cannot_be_rewritten(traded: World, table: str, change: str) -> None:
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        rows(change.format(table))


def test_a_sold_line_stays_as_it_was_sold(traded: World) -> None:
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        rows("UPDATE orders_orderline SET unit_minor = 1")
