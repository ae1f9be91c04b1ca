"""The demo's retailer as data: complete, consistent, and always the same."""

import os
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
from stdnum import ean

from commerce.sandbox.retailer import (
    categories,
    colors,
    company,
    customers,
    demo_logins,
    initial_stock,
    locations,
    par_levels,
    products,
    registers,
    staff,
    tax_rates,
    variants_by_sku,
)
from commerce.sandbox.retailer.catalog.builder import barcode
from commerce.sandbox.retailer.places import TAX_CLASSES
from commerce.sandbox.retailer.records import Variant

STORES = [location for location in locations() if location.kind == "store"]
VARIANTS = [variant for product in products() for variant in product.variants]
KEPT = [variant for variant in VARIANTS if not variant.parts]


def codes_of(variant: Variant) -> list[str]:
    return [variant.barcode, *variant.alternate_barcodes, *(code for code, _length in variant.packs)]


def test_the_catalogue_has_the_size_of_a_real_shop() -> None:
    assert 80 <= len(products()) <= 100
    assert len(VARIANTS) >= 300
    assert len([category for category in categories() if not category.parent]) == 10
    assert len({product.brand for product in products()}) == 6


def test_categories_have_two_levels_and_none_is_empty() -> None:
    top = {category.slug for category in categories() if not category.parent}
    leaves = {category.slug for category in categories() if category.parent}
    assert {category.parent for category in categories() if category.parent} == top
    assert not top & leaves
    assert {product.category for product in products()} == leaves


def test_skus_and_barcodes_are_all_distinct() -> None:
    normalized = [variant.sku.upper().replace("-", "") for variant in VARIANTS]
    codes = [code for variant in VARIANTS for code in codes_of(variant)]
    assert len(set(normalized)) == len(VARIANTS) == len(variants_by_sku())
    assert len(set(codes)) == len(codes) > len(VARIANTS)
    assert len({product.key for product in products()}) == len(products())


def test_barcodes_are_valid_and_kept_for_use_inside_the_company() -> None:
    for variant in VARIANTS:
        for code in codes_of(variant):
            assert len(code) == 13
            assert ean.is_valid(code)
            assert code.startswith(("200", "201", "202"))


def test_a_barcode_is_made_of_its_parts() -> None:
    assert barcode(101, 7) == "2000101000075"


@pytest.mark.parametrize("product", products(), ids=lambda product: product.key)
def test_a_product_is_described_and_its_variants_fill_its_options(product) -> None:
    assert 80 <= len(product.description) <= 420
    assert product.description.endswith(".")
    assert product.materials
    assert product.care
    assert product.tags
    expected = 1
    for option in product.options:
        assert len(set(option.values)) == len(option.values)
        expected *= len(option.values)
    assert len({variant.options for variant in product.variants}) == len(product.variants) == expected
    for variant in product.variants:
        assert [name for name, _ in variant.options] == [option.name for option in product.options]
        assert dict(product.looks)[dict(variant.options)[product.picture_option]] == variant.color


def test_prices_leave_a_margin_and_are_not_converted() -> None:
    ratios = set()
    for variant in VARIANTS:
        assert variant.cost_usd < variant.price_usd * 0.6
        assert variant.weight_grams > 0
        ratios.add(round(variant.price_eur / variant.price_usd, 3))
        for price, before in (
            (variant.price_usd, variant.compare_at_usd),
            (variant.price_eur, variant.compare_at_eur),
        ):
            assert before is None or before > price
    assert len(ratios) > 30
    assert sum(variant.compare_at_usd is not None for variant in VARIANTS) > 20


def test_demand_is_uneven_as_in_a_shop() -> None:
    weights = sorted((product.popularity for product in products()), reverse=True)
    assert sum(weights[: len(weights) // 5]) > 0.38 * sum(weights)
    assert all(0 < product.return_rate < 0.3 for product in products())


def test_colors_are_distinct_and_used() -> None:
    palette = {color.key for color in colors()}
    assert len({color.code for color in colors()}) == len({color.hex for color in colors()}) == len(palette)
    assert {variant.color for variant in VARIANTS} == palette


def test_locations_are_one_warehouse_and_five_stores_two_currencies() -> None:
    assert [location.kind for location in locations()].count("warehouse") == 1
    assert len(STORES) == 5
    assert {location.country for location in locations()} == {"US", "NL"}
    assert {location.currency for location in STORES} == {"USD", "EUR"}
    for location in locations():
        ZoneInfo(location.time_zone)
        assert len(location.opening_hours) == 7
        assert location.email.endswith(".example")
        assert -180 < location.longitude < 180
        assert 20 < location.latitude < 60
        if location.country == "US":
            assert " 555 01" in location.phone
    assert len({location.code for location in locations()}) == 6


def test_every_store_has_registers_a_manager_and_someone_to_sell() -> None:
    for store in STORES:
        team = [person for person in staff() if person.location_code == store.code]
        assert [person.role for person in team].count("manager") == 1
        assert len(team) >= 3
        assert len([register for register in registers() if register.location_code == store.code]) >= 2
    assert {register.receipt_columns for register in registers()} == {32, 42}


def test_log_ins_are_distinct_and_cover_till_and_office() -> None:
    people = staff()
    assert 18 <= len(people) <= 25
    for field in ("username", "pin", "password", "email"):
        assert len({getattr(person, field) for person in people}) == len(people)
    assert all(len(person.pin) == 6 and person.pin.isdigit() for person in people)
    assert all(person.username not in person.password for person in people)
    printed = demo_logins()
    assert {login.role for login in printed if login.where == "/admin/"} >= {"Administrator", "Store manager"}
    assert {login.where for login in printed} == {"/admin/"} | {f"/till/ {store.code}" for store in STORES}
    known = {person.username: {person.pin, person.password} for person in people}
    known[""] = {f"{register.pairing_code[:4]}-{register.pairing_code[4:]}" for register in registers()}
    assert all(login.secret in known[login.user] for login in printed)
    assert {login.secret for login in printed if not login.user} == known[""]


def test_customers_can_be_reached_by_nobody() -> None:
    people = customers()
    assert 110 <= len(people) <= 130
    assert len({person.key for person in people}) == len({person.email for person in people}) == len(people)
    codes = {location.code for location in STORES}
    for person in people:
        assert person.email.split("@")[1] in ("example.com", "example.org", "example.net")
        assert person.email.isascii()
        assert person.home_store in codes | {""}
        assert (person.state != "") == (person.country == "US")
        assert " 555 01" in person.phone or " 0" in person.phone
        assert person.is_member or not person.accepts_marketing
    assert {person.market for person in people} == {"US", "EU"}


def test_taxes_are_known_wherever_there_is_a_store_and_for_every_class() -> None:
    rates = {(rate.country, rate.state, rate.tax_class): rate for rate in tax_rates()}
    assert len(rates) == len(tax_rates())
    for location in locations():
        for tax_class in TAX_CLASSES:
            assert (location.country, location.state, tax_class) in rates
    assert {product.tax_class for product in products()} == set(TAX_CLASSES)
    assert rates["US", "OR", "standard"].rate_ppm == 0
    assert rates["US", "MN", "clothing"].rate_ppm == 0
    assert rates["US", "NY", "clothing"].exempt_below_minor == 11000
    assert (rates["NL", "", "standard"].rate_ppm, rates["NL", "", "books"].rate_ppm) == (210000, 90000)


def test_opening_stock_is_uneven() -> None:
    stock = {(line.location_code, line.sku): line.quantity for line in initial_stock()}
    assert set(stock) == set(par_levels())
    assert min(stock.values()) == 0
    for store in STORES:
        units = [stock[store.code, variant.sku] for variant in KEPT]
        assert 15 <= units.count(0) <= 120
        assert sum(0 < quantity < 3 for quantity in units) >= 20
        assert max(units) >= 8
    few, many = (sum(int(line.quantity) for line in initial_stock(scale)) for scale in (1, 3))
    assert many > 1.5 * few


def test_the_company_is_complete_and_at_an_example_address() -> None:
    facts = company()
    assert len(facts.name) <= 8
    assert facts.returns_days == 60
    assert str(facts.returns_days) in facts.returns_policy
    assert facts.website.endswith(".example")
    assert facts.email.endswith(".example")


WORLD = """
import sys, hashlib
from datetime import date
from commerce.sandbox import retailer
from commerce.sandbox.retailer import illustrations
parts = [retailer.products(), retailer.customers(), retailer.initial_stock(), retailer.history(date(2026, 3, 2), 4)]
pictures = [illustrations.draw("squall-shell", "ochre", view) for view in illustrations.VIEWS]
print(hashlib.sha256(repr((parts, pictures)).encode()).hexdigest())
assert not [name for name in sys.modules if name.split(".")[0] == "django"], "Django was imported"
"""


def test_the_world_is_the_same_in_every_process_and_needs_no_django() -> None:
    told = set()
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        run = subprocess.run(
            [sys.executable, "-c", WORLD], env=environment, capture_output=True, text=True, check=False, timeout=60
        )
        assert run.returncode == 0, run.stderr
        told.add(run.stdout)
    assert len(told) == 1
