"""What the demo sells by the meter: every amount of it can be cut, and kits take their length off the reel."""

import random
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.sandbox.retailer import history, initial_stock, parts_of, products, variants_by_sku
from commerce.sandbox.retailer.measures import about, asked, from_maker, from_warehouse, slip, spoiled
from commerce.sandbox.retailer.records import SaleLine
from commerce.sandbox.retailer.replenishment import Stockroom

CUT = {sku: variant for sku, (_product, variant) in variants_by_sku().items() if variant.reel}
KITS = {sku: variant for sku, (_product, variant) in variants_by_sku().items() if variant.parts}
CORD = CUT["STAY-OCH"]
lengths = st.sampled_from(sorted(CUT)).map(CUT.__getitem__)
dice = st.integers(0, 10**6).map(random.Random)


@pytest.fixture(scope="module")
def past():
    return history(date(2026, 9, 21))


def can_be_cut(quantity, scale) -> bool:
    return quantity * scale == int(quantity * scale)


def test_three_products_are_sold_by_the_meter_in_colors_and_one_comes_in_coils() -> None:
    made = [product for product in products() if product.variants[0].reel]
    assert len(made) == 3
    for product in made:
        assert len(product.looks) >= 3
        assert {(variant.unit, variant.unit_scale) for variant in product.variants} == {("m", 100)}
        assert {variant.reel for variant in product.variants} <= {20, 30, 50}
    assert [product.key for product in made if product.variants[0].packs] == ["stay-guy-line"]
    assert {length for variant in CUT.values() for _code, length in variant.packs} == {10}


@given(dice, lengths, st.booleans())
def test_what_somebody_asks_for_can_be_cut(dice, variant, by_hand) -> None:
    wanted = asked(dice, variant, by_hand=by_hand)
    assert 0 < wanted <= max(variant.reel // 5 + Decimal("0.5"), 10)
    assert can_be_cut(wanted, variant.unit_scale)
    if not by_hand:
        assert wanted % Decimal("0.5") == 0


@given(dice, lengths, st.floats(0.05, 500))
def test_what_is_there_goes_wrong_or_is_sent_can_be_cut(dice, variant, wanted) -> None:
    there = about(wanted, variant)
    for amount in (there, slip(dice), spoiled(dice)):
        assert amount > 0
        assert can_be_cut(amount, variant.unit_scale)
    assert abs(float(there) - wanted) <= 0.026
    reels = from_maker(there, variant)
    assert reels % variant.reel == 0
    assert there <= reels < there + variant.reel
    assert from_warehouse(there, variant) == int(there)


def test_pieces_stay_pieces() -> None:
    mug = next(variant for _product, variant in variants_by_sku().values() if variant.unit == "each")
    assert about(2.6, mug) == 3
    assert from_maker(7, mug) == from_warehouse(7, mug) == 7


def test_every_amount_of_the_history_is_a_multiple_of_the_smallest(past) -> None:
    told = [line for sale in past.sales for line in sale.lines]
    told += [line for sent in past.deliveries for line in (*sent.lines, *sent.arrived)]
    told += [SaleLine(sku, off) for counted in past.counts for sku, off in counted.found]
    told += [SaleLine(lost.sku, lost.quantity) for lost in past.mishaps]
    told += [SaleLine(line.sku, line.quantity) for line in (*initial_stock(), *past.closing_stock)]
    for line in told:
        variant = variants_by_sku()[line.sku][1]
        assert can_be_cut(line.quantity, variant.unit_scale)
        assert variant.reel or isinstance(line.quantity, int)


def test_lengths_are_sold_in_both_channels_at_the_counter_to_the_centimeter(past) -> None:
    sold = {"pos": [], "web": []}
    for sale in past.sales:
        sold[sale.channel] += [line.quantity for line in sale.lines if line.sku in CUT]
    assert len(sold["pos"]) > 100
    assert len(sold["web"]) > 40
    odd = {channel: sum(quantity % Decimal("0.5") != 0 for quantity in found) for channel, found in sold.items()}
    assert odd["pos"] > len(sold["pos"]) / 3
    assert odd["web"] < len(sold["web"]) / 10  # the rest of a reel
    assert 10 in sold["pos"]


def test_makers_send_reels_and_the_warehouse_whole_meters(past) -> None:
    sent = {True: 0, False: 0}
    for delivery in past.deliveries:
        for line in delivery.lines:
            if line.sku in CUT:
                sent[bool(delivery.source_code)] += 1
                assert line.quantity % (1 if delivery.source_code else CUT[line.sku].reel) == 0
    assert sent[True] > 5
    assert sent[False] > 5


def test_every_count_measures_one_reel_and_finds_it_off_now_and_then(past) -> None:
    found = []
    for counted in past.counts:
        measured = [off for sku, off in counted.found if sku in CUT]
        assert len(measured) == 1
        found += measured
    assert 0.2 < sum(off != 0 for off in found) / len(found) < 0.8
    assert min(found) < 0 < max(found)


def test_nobody_falls_off_a_shelf_that_hangs_on_a_reel() -> None:
    notes = {
        (lost.sku in CUT, lost.note)
        for year in range(2024, 2030)
        for lost in history(date(year, 9, 21), 60, 0.1).mishaps
    }
    cut, pieces = ({note for is_cut, note in notes if is_cut == which} for which in (True, False))
    assert "The outer turns of the reel were frayed." in cut
    assert not cut & pieces


def test_a_kit_is_its_parts_and_has_no_stock_of_its_own(past) -> None:
    assert len(KITS) == 3
    assert not {line.sku for line in past.closing_stock} & set(KITS)
    assert parts_of("AWNS-SND", 2) == [("AWN-SND", 2), ("STAY-OCH", 15)]
    for kit in KITS.values():
        alone = sum(each * variants_by_sku()[sku][1].price_usd for sku, each in kit.parts)
        assert kit.price_usd < alone
    sold = {line.sku for sale in past.sales for line in sale.lines}
    assert sold & set(KITS)


def test_a_kit_cannot_be_had_beyond_what_the_basket_leaves_of_its_parts() -> None:
    room = Stockroom(random.Random(1), 1.0)
    room.on_hand["WH-1", "AWN-SND"], room.on_hand["WH-1", "STAY-OCH"] = 3, Decimal("17.35")
    assert room.free("WH-1", "AWNS-SND", {}) == 2
    assert room.free("WH-1", "AWNS-SND", {}, kept=2) == 1
    assert room.free("WH-1", "AWNS-SND", {"STAY-OCH": Decimal("2.40")}) == 1
    assert room.free("WH-1", "STAY-OCH", {"AWNS-SND": 2}) == Decimal("2.35")
    room.take("WH-1", (SaleLine("AWNS-SND", 2),))
    assert (room.on_hand["WH-1", "AWN-SND"], room.on_hand["WH-1", "STAY-OCH"]) == (1, Decimal("2.35"))
    with pytest.raises(ValueError, match="WH-1 has too few of STAY-OCH"):
        room.take("WH-1", (SaleLine("AWNS-SND", 1),))
