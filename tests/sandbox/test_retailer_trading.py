"""The demo's history: it happened in opening hours, by people on duty, and out of stock that was there."""

import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from commerce.sandbox.retailer import (
    customers,
    deliveries,
    history,
    initial_stock,
    locations,
    parts_of,
    registers,
    settle,
    staff,
    trading,
    variants_by_sku,
)
from commerce.sandbox.retailer.records import SaleLine, Tender
from commerce.sandbox.retailer.replenishment import Stockroom
from commerce.sandbox.retailer.tendering import goods_value
from inventory.adjustments import REASONS

START = date(2026, 9, 21)
SPLIT = (Tender("cash", 4000, 1000), Tender("card_present"))
PLACES = {location.code: location for location in locations()}


@pytest.fixture(scope="module")
def past():
    return history(START)


def test_sixty_days_have_thousands_of_baskets_in_both_channels(past) -> None:
    per_channel = Counter(sale.channel for sale in past.sales)
    assert 40 <= per_channel["pos"] / 60 <= 95
    assert 15 <= per_channel["web"] / 60 <= 40
    assert {sale.fulfillment_type for sale in past.sales} == {"counter", "pickup", "curbside", "ship"}
    assert {sale.location_code for sale in past.sales} == set(PLACES)
    assert {len(sale.lines) for sale in past.sales} == {1, 2, 3, 4, 5}


def test_no_sale_takes_what_is_not_there_and_the_closing_stock_adds_up(past) -> None:
    on_hand = {(line.location_code, line.sku): line.quantity for line in initial_stock()}
    events = [(sale.at, sale.location_code, -1, sale.lines, sale) for sale in past.sales]
    for sent in past.deliveries:
        if sent.source_code:
            events.append((sent.sent_at, sent.source_code, -1, sent.lines, sent))
        if sent.at:
            events.append((sent.at, sent.location_code, 1, sent.arrived, sent))
    for counted in past.counts:
        found = tuple(SaleLine(sku, units) for sku, units in counted.found)
        events += [(counted.at, counted.location_code, 1, (line,), None) for line in found if line.quantity]
    events += [(lost.at, lost.location_code, 1, (SaleLine(lost.sku, lost.quantity),), None) for lost in past.mishaps]
    for _at, code, sign, lines, event in sorted(events, key=lambda event: event[0]):
        is_web = getattr(event, "channel", "") == "web"
        for line in lines:
            assert line.quantity > 0 or event is None
            for sku, quantity in parts_of(line.sku, line.quantity):
                on_hand[code, sku] += sign * quantity
                kept = PLACES[code].safety_stock if is_web else 0
                assert on_hand[code, sku] >= kept, f"{event or 'Somebody'} oversold {sku}"
    assert on_hand == {(line.location_code, line.sku): line.quantity for line in past.closing_stock}


def test_the_stockroom_refuses_to_oversell() -> None:
    room = Stockroom(random.Random(1), 1.0)
    sku = next(iter(variants_by_sku()))
    there = room.on_hand["WH-1", sku]
    room.take("WH-1", (SaleLine(sku, there),))
    with pytest.raises(ValueError, match=f"WH-1 has too few of {sku}"):
        room.take("WH-1", (SaleLine(sku, 1),))


def test_shelves_are_neither_full_nor_empty_at_the_end(past) -> None:
    for code in PLACES:
        units = [line.quantity for line in past.closing_stock if line.location_code == code]
        assert sum(units) > 1000
        assert units.count(0) < 90
    assert any(line.quantity == 0 for line in past.closing_stock)


def test_numbers_and_times_go_up_together(past) -> None:
    assert [sale.number for sale in past.sales] == list(range(1, len(past.sales) + 1))
    for times in ([sale.at for sale in past.sales], [sent.sent_at for sent in past.deliveries]):
        assert all(earlier <= later for earlier, later in pairwise(times))
        assert all(time.tzinfo is UTC for time in times)


def test_deliveries_come_after_they_were_sent_and_are_sometimes_short(past) -> None:
    came = [sent for sent in past.deliveries if sent.at]
    assert len(came) > 50
    assert any(sent.at is None for sent in past.deliveries)
    lead = {bool(sent.source_code): sent.at - sent.sent_at for sent in came}
    assert timedelta(hours=10) < lead[True] < timedelta(hours=30)
    assert timedelta(days=4) < lead[False] < timedelta(days=6)
    outcome = Counter()
    for sent in came:
        there, here = (sum(line.quantity for line in lines) for lines in (sent.lines, sent.arrived))
        outcome[bool(sent.source_code), (here > there) - (here < there)] += 1
    assert outcome[True, 1] == 0
    assert 0 < outcome[True, -1] < outcome[True, 0]
    assert 0 < outcome[False, -1] < outcome[False, 0]
    assert outcome[False, 1] > 0


def test_every_location_is_counted_now_and_then_and_mostly_right(past) -> None:
    assert {counted.location_code for counted in past.counts} == set(PLACES)
    found = [difference for counted in past.counts for _sku, difference in counted.found]
    assert 0.6 < found.count(0) / len(found) < 0.98
    pieces = {off for counted in past.counts for sku, off in counted.found if not variants_by_sku()[sku][1].reel}
    assert pieces == {-1, 0, 1}
    for counted in past.counts:
        clock = counted.at.astimezone(ZoneInfo(PLACES[counted.location_code].time_zone))
        assert clock.hour < 8
        assert len({sku for sku, _difference in counted.found}) == len(counted.found)


def test_things_break_and_get_lost_everywhere_and_some_turn_up(past) -> None:
    assert {lost.location_code for lost in past.mishaps} == set(PLACES)
    reasons = Counter(lost.reason for lost in past.mishaps)
    assert reasons.keys() <= REASONS.keys()
    assert reasons["damaged"] > 5
    assert {"lost", "found"} <= reasons.keys()
    for lost in past.mishaps:
        assert lost.quantity * REASONS[lost.reason].sign > 0
        assert lost.note


def test_stores_sell_in_their_opening_hours_by_people_on_duty(past) -> None:
    home_of = {register.code: register.location_code for register in registers()}
    team = {person.key: person.location_code for person in staff()}
    for sale in past.sales:
        if sale.channel == "web":
            assert (sale.register_code, sale.cashier) == ("", "")
            continue
        place = PLACES[sale.location_code]
        clock = sale.at.astimezone(ZoneInfo(place.time_zone))
        opens, closes = place.opening_hours[clock.weekday()]
        assert opens <= clock.hour * 60 + clock.minute < closes
        assert home_of[sale.register_code] == team[sale.cashier] == sale.location_code


def test_saturdays_are_busier_than_mondays_and_growth_shows(past) -> None:
    counts = Counter(sale.at.date() for sale in past.sales if sale.channel == "pos")
    by_weekday = defaultdict(list)
    for day, count in counts.items():
        by_weekday[day.weekday()].append(count)
    assert sum(by_weekday[5]) / len(by_weekday[5]) > 1.4 * sum(by_weekday[0]) / len(by_weekday[0])
    week = [sum(counts[START + timedelta(days=7 * turn + offset)] for offset in range(7)) for turn in range(8)]
    assert sum(week[6:8]) > sum(week[0:2])
    assert week[5] > 1.2 * week[4]
    assert {sale.at.date() for sale in past.sales if sale.campaign} <= {
        START + timedelta(days=offset) for offset in range(34, 43)
    }


def test_popular_things_sell_most_and_everything_sells(past) -> None:
    units = Counter()
    for sale in past.sales:
        for line in sale.lines:
            product = variants_by_sku()[line.sku][0]
            assert product.launched_on <= sale.at.date()
            units[product.key] += 1 if product.variants[0].reel else line.quantity
    top = sum(count for _, count in units.most_common(len(units) // 5))
    assert top > 0.4 * sum(units.values())
    assert min(units.values()) > 0


def test_pieces_with_numbers_of_their_own_are_sold_in_both_channels(past) -> None:
    numbered = {sku for sku, (product, _variant) in variants_by_sku().items() if product.has_serials}
    channels = Counter(sale.channel for sale in past.sales for line in sale.lines if line.sku in numbered)
    assert min(channels["pos"], channels["web"]) > 20


def test_nothing_is_sold_before_its_launch() -> None:
    early = trading(date(2024, 1, 1), 10)
    sold = {variants_by_sku()[line.sku][0].key for sale in early for line in sale.lines}
    assert "lodge-hoodie" not in sold
    assert "merino-tee" in sold


def test_web_orders_belong_to_customers_and_are_handed_over_when_someone_is_there(past) -> None:
    people = {person.key: person for person in customers()}
    steps = Counter()
    for sale in past.sales:
        if sale.channel == "pos":
            assert sale.customer == "" or people[sale.customer].home_store == sale.location_code
            continue
        shopper = people[sale.customer]
        assert shopper.market == sale.market == PLACES[sale.location_code].market
        if sale.fulfillment_type != "ship":
            assert shopper.home_store == sale.location_code
            assert sale.fulfillment_type in PLACES[sale.location_code].services
        if sale.ready_at:
            assert sale.at < sale.ready_at
        if sale.handed_over_at:
            assert sale.ready_at < sale.handed_over_at
        steps[sale.ready_at is not None, sale.handed_over_at is not None] += 1
    assert steps[False, True] == 0
    assert steps[True, True] > 1000
    assert 0 < steps[False, False] + steps[True, False] < 60


def test_a_history_can_end_in_the_middle_of_a_day(past) -> None:
    noon = datetime(2026, 11, 12, 18, 0, tzinfo=UTC)
    cut = history(START, until=noon)
    assert cut.sales[-1].at <= noon
    assert [sale.lines for sale in cut.sales] == [sale.lines for sale in past.sales[: len(cut.sales)]]
    for sale in cut.sales:
        assert sale.ready_at is None or sale.ready_at <= noon
        assert sale.handed_over_at is None or sale.handed_over_at <= noon
    assert any(sale.ready_at is None for sale in cut.sales)
    assert all(shift.opened_at < noon and (shift.closed_at is None or shift.closed_at <= noon) for shift in cut.shifts)
    assert {shift.business_date for shift in cut.shifts if shift.closed_at is None} == {noon.date()}


def test_till_shifts_cover_every_sale_at_a_counter(past) -> None:
    shifts = defaultdict(list)
    for shift in past.shifts:
        assert shift.opened_at < shift.closed_at
        shifts[shift.register_code].append(shift)
    for sale in past.sales:
        if sale.channel == "pos":
            around = [shift for shift in shifts[sale.register_code] if shift.opened_at <= sale.at <= shift.closed_at]
            assert len(around) == 1
            assert around[0].opened_by == sale.cashier
    assert 0.6 < sum(shift.difference_minor == 0 for shift in past.shifts) / len(past.shifts) < 0.98


def test_tenders_add_up_whatever_the_total(past) -> None:
    kinds = Counter()
    for sale in past.sales:
        total = goods_value(sale.lines, sale.market) * 108 // 100
        settled = settle(total, sale.tenders)
        assert sum(tender.amount_minor for tender in settled) == total
        for tender in settled:
            assert tender.handed_minor - tender.change_minor == tender.amount_minor
            assert tender.kind == "cash" or tender.change_minor == 0
            kinds[sale.channel, tender.kind] += 1
    assert set(kinds) == {("pos", "cash"), ("pos", "card_present"), ("web", "card_online")}
    assert 0.08 < kinds["pos", "cash"] / (kinds["pos", "cash"] + kinds["pos", "card_present"]) < 0.35


@pytest.mark.parametrize(
    ("total", "tenders", "expected"),
    [
        (1840, (Tender("cash", None, 500),), [("cash", 1840, 2000, 160)]),
        (1840, (Tender("cash", None, 1),), [("cash", 1840, 1840, 0)]),
        (9000, SPLIT, [("cash", 4000, 4000, 0), ("card_present", 5000, 5000, 0)]),
        (3000, SPLIT, [("cash", 3000, 3000, 0)]),
        (0, (Tender("card_present"),), []),
    ],
)
def test_a_tender_becomes_amounts(total, tenders, expected) -> None:
    found = settle(total, tenders)
    assert [(one.kind, one.amount_minor, one.handed_minor, one.change_minor) for one in found] == expected


def test_other_seeds_and_scales_tell_other_stories(past) -> None:
    assert trading(START, 3, seed=1) != trading(START, 3, seed=2)
    assert len(trading(START, 7, scale=3)) > 2 * len(trading(START, 7, scale=1))
    assert len(trading(START, 7, scale=0.2)) < 0.4 * len(trading(START, 7, scale=1))
    assert deliveries(START) == past.deliveries
    assert trading(START) == past.sales
