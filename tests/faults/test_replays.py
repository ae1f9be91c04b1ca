"""F27-F29: sales that were made offline come late, twice, shuffled, beside a poisoned one, and into a changed world.

A sale at a till is a fact: it is recorded once and as it was; what it breaks becomes a case.
"""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from commerce.cases.models import Case
from commerce.company.models import User
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.models import StockLevel
from orders.models import Order
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import CashMovement, Register, Sale, Shift
from tests.client import new_token
from tests.concurrency.conftest import audit
from tests.faults.conftest import Api, pair, sale, together
from tests.world import World

pytestmark = [pytest.mark.timeout(60), pytest.mark.usefixtures("clean_afterwards")]


def till_of(world: World) -> Api:
    """The register's till, at the API for sales."""
    return Api(pair(world.register, "TILLAAAA").token, {})


def on_hand(world: World) -> int:
    return StockLevel.objects.get(variant=world.mug, location=world.store).on_hand


POISONS: list[Callable[[dict[str, Any]], Any]] = [
    lambda one: {**one, "lines": [{"sku": "NO-SUCH", "quantity": 1}]},
    lambda one: {**one, "lines": [{"sku": "MUG\u0000", "quantity": 1}]},
    lambda one: {**one, "note": "\ud800 \u0000"},
    lambda one: {**one, "tenders": [*one["tenders"], {"type": "cash", "amount": {"amount": 1, "currency": "USD"}}]},
    lambda one: {**one, "sold_at": "0001-01-01T00:00:00+14:00"},
    lambda one: {**one, "cashier": 7, "lines": "none"},
    lambda one: "not even an object",
    lambda one: None,
    lambda one: {**one, "id": ["a", "list"]},
]


@pytest.mark.parametrize("poison", POISONS, ids=range(len(POISONS)))
def test_a_batch_three_times_from_two_clients_shuffled_with_a_poison(
    world: World, poison: Callable[[dict[str, Any]], Any]
) -> None:
    good = [sale(world, receipt_number=f"PDX-1-1-{number:06d}") for number in range(1, 6)]
    bad = poison(sale(world))
    clients = [Api(new_token(), {}), till_of(world)]

    def replay(client: Api, seed: int) -> dict[str, int]:
        batch = [*good, bad]
        random.Random(seed).shuffle(batch)
        answer = client.post("/sales/batch", {"sales": batch})
        assert answer.status == 200, answer
        assert len(answer.body["results"]) == 6
        return {str(result["id"]): result["status"] for result in answer.body["results"]}

    for seed in range(3):
        replays = [lambda c=client, s=seed: replay(c, s) for client in clients]
        for statuses in together(*replays):
            assert {statuses[one["id"]] for one in good} == {201}
    recorded = Order.objects.count()
    assert recorded in (5, 6)  # some poisons only look like one
    assert Sale.objects.count() == recorded
    assert on_hand(world) == 20 - recorded
    assert Case.objects.filter(kind="sale_refused").exists() == (recorded == 5)


def test_a_bug_in_one_sale_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = sale(world), sale(world)

    def breaks(envelope: Any, **given: Any) -> Any:
        if str(envelope.uid) == bad["id"]:
            raise ZeroDivisionError
        return record_sale(envelope, **given)

    monkeypatch.setattr("pos.api.record_sale", breaks)
    answer = Api(new_token(), {}).post("/sales/batch", {"sales": [bad, good]})
    assert [result["status"] for result in answer.body["results"]] == [500, 201]
    assert Case.objects.get(kind="sale_refused").context["envelope"]["id"] == bad["id"]
    monkeypatch.undo()
    assert Api(new_token(), {}).post("/sales", bad).status == 201


def test_the_stock_is_gone(world: World) -> None:
    world.order(world.mug, 19)
    answer = till_of(world).post("/sales", sale(world, quantity=20))
    assert answer.status == 201
    assert on_hand(world) == 0
    level = StockLevel.objects.get(variant=world.mug, location=world.store)
    if level.reserved:
        assert [warning["code"] for warning in answer.body["warnings"]] == ["promised_to_web"]
    below = till_of_again(world).post("/sales", sale(world, quantity=3))
    assert below.status == 201
    assert on_hand(world) == -3


def till_of_again(world: World) -> Api:
    return Api(new_token(), {})


def test_price_and_tax_have_changed(world: World) -> None:
    before = sale(
        world,
        lines=[
            {
                "sku": "MUG",
                "quantity": 1,
                "unit_price": {"amount": 1_000, "currency": "USD"},
                "taxes": [{"code": "us", "name": "old tax", "rate_ppm": 50_000}],
            }
        ],
        tenders=[{"type": "cash", "amount": {"amount": 1_050, "currency": "USD"}}],
    )
    answer = till_of(world).post("/sales", before)
    assert answer.status == 201
    order = Order.objects.get()
    assert (order.total_minor, order.tax_minor) == (1_050, 50)
    assert "\n" in Case.objects.get(kind="price_drift").text  # both differences are told


@pytest.mark.parametrize("since", ["dismissed", "moved", "another role", "unknown"])
def test_the_cashier_may_not_sell_any_more(world: World, since: str) -> None:
    made = sale(world)
    people = User.objects.filter(pk=world.manager.pk)
    if since == "dismissed":
        people.update(is_active=False)
    elif since == "moved":
        world.manager.locations.set([world.warehouse])
    elif since == "another role":
        people.update(role="office")
    else:
        made["cashier"] = "nobody"
    answer = till_of(world).post("/sales", made)
    assert answer.status == 201
    assert [warning["code"] for warning in answer.body["warnings"]] == ["cashier_not_allowed"]
    assert Case.objects.get().kind == "cashier_not_allowed"
    assert Order.objects.get().actor_id == (None if since == "unknown" else world.manager.pk)


def test_the_register_was_renamed(world: World) -> None:
    till = till_of(world)
    shift = world.open_shift()
    made = sale(world, shift=str(shift.uid), receipt_number="PDX-1-1-000001")
    Register.objects.update(code="FRONT")
    assert till.post("/sales", made).status == 201
    recorded = Sale.objects.get()
    assert recorded.register is not None
    assert recorded.register.code == "FRONT"
    assert recorded.shift == shift
    assert recorded.receipt_number == "PDX-1-1-000001"
    # Without the device's word, the shift says which register it was.
    other = sale(world, shift=str(shift.uid))
    other["register"] = "PDX-1-1"
    assert Api(new_token(), {}).post("/sales", other).status == 201
    # A name that is another register's by now is not taken for it.
    Register.objects.create(code="PDX-1-1", name="Back", location=world.store)
    assert till.post("/sales", made).status == 403


def test_the_shift_was_counted(world: World) -> None:
    shift = world.open_shift(float_minor=10_000)
    world.sell(world.mug, shift=shift)
    made = sale(world, shift=str(shift.uid))
    world.close_shift(shift, 10_000 + 2 * 1_728)  # the drawer held the cash of both
    answer = till_of(world).post("/sales", made)
    assert [warning["code"] for warning in answer.body["warnings"]] == ["shift_closed"]
    assert Case.objects.get().kind == "sale_after_count"
    counted = Shift.objects.get()
    assert counted.expected_minor == 10_000 + 1_728
    assert "BROKEN" not in audit()


def test_sales_while_the_shift_is_counted(world: World) -> None:
    """A sale is in the count or after it, never half: expected cash is what the movements up to the close add up to."""
    api = Api(new_token(), {})
    for _round in range(5):
        shift = world.open_shift()
        sales = [lambda s=shift: api.post("/sales", sale(world, shift=str(s.uid))).status for _n in range(3)]
        outcome = together(*sales, lambda s=shift: world.close_shift(s, 10_000))
        assert outcome[:3] == [201] * 3
        assert "BROKEN" not in audit()
    assert CashMovement.objects.filter(kind="sale").count() == 15


@pytest.mark.parametrize("days", [-1, 1, -400, -20_000])
def test_the_tills_clock_is_wrong(world: World, days: int) -> None:
    """F29: a day late may be an offline sale and stands; the future and the distant past cannot be."""
    told = now() + timedelta(days=days)
    answer = till_of(world).post("/sales", sale(world, sold_at=told.isoformat()))
    assert answer.status == 201
    order = Order.objects.get()
    assert order.business_date is not None
    assert Sale.objects.get().sold_at == told  # the claim is kept
    if days == -1:
        assert abs(order.business_date - told.date()) <= timedelta(days=1)
        assert answer.body["warnings"] == []
    else:
        assert abs(order.business_date - now().date()) <= timedelta(days=1)
        assert [warning["code"] for warning in answer.body["warnings"]] == ["clock_wrong"]


def test_the_leap_day_and_the_hour_that_comes_twice_are_days_like_others(world: World) -> None:
    for told in ("2028-02-29T23:30:00-08:00", "2027-11-07T01:30:00-07:00", "2027-11-07T01:30:00-08:00"):
        at = parse_envelope(sale(world, sold_at=told)).sold_at
        record_sale(parse_envelope(sale(world, sold_at=told)), at=at)
    days = sorted(str(day) for day in Order.objects.values_list("business_date", flat=True))
    assert days == ["2027-11-07", "2027-11-07", "2028-02-29"]


def test_one_receipt_number_on_two_papers_at_once(world: World) -> None:
    api = Api(new_token(), {})
    answers = together(*[lambda: api.post("/sales", sale(world, receipt_number="PDX-1-1-000001"))] * 4)
    assert [answer.status for answer in answers] == [201] * 4
    assert len({answer.body["receipt_number"] for answer in answers}) == 4
    assert Case.objects.filter(kind="receipt_number_clash").count() == 1


def test_a_card_payment_counts_once(world: World) -> None:
    """Two tenders of one sale cannot both be the same card payment; and no sale takes another's."""
    from pos.models import CardAttempt

    made = sale(world, quantity=2)
    attempt = CardAttempt.objects.create(
        uid=new_uid(),
        sale_uid=made["id"],
        register=world.register,
        currency="USD",
        amount_minor=1_728,
        state="approved",
        provider_id="pi_x",
        actor=world.manager,
        created_at=now(),
        settled_at=now(),
    )
    part = {"type": "card_present", "amount": {"amount": 1_728, "currency": "USD"}, "attempt": str(attempt.uid)}
    api = Api(new_token(), {})
    assert api.post("/sales", {**made, "tenders": [part, part]}).body["code"] == "card_not_paid"
    assert api.post("/sales", {**sale(world), "tenders": [part]}).body["code"] == "card_not_paid"
    cash = {"type": "cash", "amount": {"amount": 1_728, "currency": "USD"}}
    assert api.post("/sales", {**made, "tenders": [part, cash]}).status == 201


@pytest.mark.parametrize(
    "tender",
    [
        {"type": "cash", "tendered": {"amount": 1, "currency": "USD"}},
        {"type": "card_present", "tendered": {"amount": 2_000, "currency": "USD"}},
    ],
)
def test_change_is_given_for_cash_only(world: World, tender: dict[str, Any]) -> None:
    part = {"amount": {"amount": 1_728, "currency": "USD"}, **tender}
    answer = Api(new_token(), {}).post("/sales", sale(world, tenders=[part]))
    assert (answer.status, list(answer.body["fields"])) == (422, ["tenders.0.tendered"])


def test_a_rounding_that_no_coin_explains_is_looked_at(world: World) -> None:
    part = {"type": "cash", "amount": {"amount": 1, "currency": "USD"}}
    answer = Api(new_token(), {}).post("/sales", sale(world, rounding=1 - 1_728, tenders=[part]))
    assert [warning["code"] for warning in answer.body["warnings"]] == ["price_drift"]
    connection.close()
