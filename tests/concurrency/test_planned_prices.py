"""Two people who plan a price for the same days at once: one does, the other reads what is planned. The negative
controls take the lock away, and then the database says no; without its constraint there are two prices on a day."""

from datetime import date
from functools import partial

import pytest

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.pricing import prices
from commerce.pricing.actions.change_prices import change_prices
from commerce.pricing.models import Price
from commerce.pricing.timeline import Days
from tests.concurrency.conftest import audit
from tests.concurrency.hands import ROUNDS, Deed, let_all_read_first, press
from tests.factories.catalog import VariantFactory
from tests.factories.pricing import MarketFactory

pytestmark = [pytest.mark.timeout(120), pytest.mark.django_db(transaction=True)]
CHRISTMAS = Days(date(2030, 12, 1), date(2030, 12, 25))
ADVENT = Days(date(2030, 11, 29), date(2030, 12, 7))


def unlocked(meet: Deed) -> None:
    setattr(prices, "_hold", lambda price_list_id: None)  # noqa: B010 - mypy's assignment of a function
    let_all_read_first(prices, "_rewrite", meet)


def plans(variants: list[Variant], days: Days, amount: int) -> list[Deed]:
    price_list = MarketFactory().price_list_id
    return [
        partial(change_prices, price_list, {(variant.pk, 1): [(days, (amount, None))]}, person=None, at=now())
        for variant in variants
    ]


@pytest.fixture
def variants(transactional_db: None) -> list[Variant]:
    MarketFactory()
    return [VariantFactory(sku=f"MUG-{number}") for number in range(ROUNDS)]


def test_two_plans_for_the_same_days_at_once(variants: list[Variant]) -> None:
    found = press(plans(variants, CHRISTMAS, 1900), plans(variants, ADVENT, 1800))
    for variant, outcome in zip(variants, found, strict=True):
        assert len(outcome) == 2
        refusal = next(text for text in outcome if text != "done")
        assert "done" in outcome
        assert refusal.startswith(f"{variant.sku}: $1")
        assert "planned from" in refusal
        assert Price.objects.filter(variant=variant).count() == 3
    assert audit() == ""


def test_without_the_lock_the_database_refuses(variants: list[Variant]) -> None:
    """Whoever comes second meets the constraint: an error, but never two prices."""
    found = press(plans(variants[:1], CHRISTMAS, 1900), plans(variants[:1], ADVENT, 1800), without=unlocked)
    assert found == [("IntegrityError", "done")]
    assert audit() == ""


def test_without_lock_and_constraint_there_are_two_prices_on_a_day(variants: list[Variant]) -> None:
    rows("ALTER TABLE pricing_price DROP CONSTRAINT price_once")
    try:
        found = press(plans(variants[:1], CHRISTMAS, 1900), plans(variants[:1], ADVENT, 1800), without=unlocked)
        assert found == [("done", "done")]
        assert "I33 " in audit()
    finally:
        rows("TRUNCATE pricing_price CASCADE")
        rows(
            "ALTER TABLE pricing_price ADD CONSTRAINT price_once EXCLUDE USING gist (int8range(variant_id, variant_id,"
            " '[]') WITH &&, int8range(price_list_id, price_list_id, '[]') WITH &&, int4range(from_quantity,"
            " from_quantity, '[]') WITH &&, during WITH &&) WHERE (withdrawn_at IS NULL)"
        )
