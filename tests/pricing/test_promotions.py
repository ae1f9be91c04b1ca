"""Writing promotions: what is refused beside its field, what is told, and the states that follow from days."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput, NotAllowed
from commerce.pricing import promotions
from commerce.pricing.actions.discard_promotion import discard_promotion
from commerce.pricing.actions.pause_promotion import pause_promotion
from commerce.pricing.actions.save_promotion import save_promotion
from commerce.pricing.actions.start_promotion import start_promotion
from commerce.pricing.models import Coupon, Promotion
from commerce.pricing.promotion_drafts import WITH_RELATED, Tier, draft_of, state_of
from tests.factories.catalog import CategoryFactory, VariantFactory
from tests.factories.company import UserFactory
from tests.factories.offers import draft, item, promotion
from tests.factories.pricing import MarketFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 3)


@pytest.fixture(autouse=True)
def market() -> Any:
    return MarketFactory()


def refused(described: Any) -> dict[str, list[str]]:
    """The texts by field with which a draft is refused."""
    with pytest.raises(InvalidInput) as caught, transaction.atomic():
        promotions.put(described, at=now())
    return caught.value.fields


def test_what_was_described_is_read_back_the_same() -> None:
    shelf, sock = CategoryFactory(), VariantFactory()
    described = draft(
        "tiers",
        code="three-and-six",
        tier_kind="percent",
        tiers=(Tier(3, percent_ppm=100_000), Tier(6, percent_ppm=150_000)),
        items=[shelf, item(sock, "exclude")],
        weekdays=(5, 6),
        channels=("pos",),
        daily_from=time(16),
        daily_until=time(19),
        ends_on=TODAY,
        max_times=3,
        min_spend={"USD": 5000},
    )
    with transaction.atomic():
        row = promotions.put(described, at=now())
    again = draft_of(Promotion.objects.prefetch_related(*WITH_RELATED).get(pk=row.pk))
    assert replace(again, items=tuple(sorted(again.items, key=lambda each: each.role))) == replace(
        described, items=tuple(sorted(described.items, key=lambda each: each.role))
    )


def test_a_change_of_a_promotion_is_told_in_the_same_transaction() -> None:
    row = promotion(active=False)
    person = UserFactory(role="office")
    start_promotion(row, person=person, today=TODAY, at=now())
    pause_promotion(row, person=person, at=now())
    told = Event.objects.filter(topic="rules.changed")
    assert [event.key for event in told] == [row.code] * 3
    refused(draft(percent_ppm=0))
    assert told.count() == 3


@pytest.mark.parametrize(
    ("described", "field"),
    [
        (draft(percent_ppm=0), "percent"),
        (draft(percent_ppm=1_000_001), "percent"),
        (draft(name=" "), "name"),
        (draft(label=""), "label"),
        (draft("amount", amounts={}), "amount_USD"),
        (draft("fixed_price", amounts={"EUR": 100}), "amount_USD"),
        (draft("amount", min_spend={"EUR": 100}), "min_spend_USD"),
        (draft("buy_get", buy_quantity=0), "buy_quantity"),
        (draft("buy_get", get_quantity=0), "get_quantity"),
        (draft("gift"), "select"),
        (draft("bundle"), "part_0"),
        (draft("tiers"), "tiers"),
        (draft(starts_on=TODAY, ends_on=TODAY - timedelta(days=1)), "ends_on"),
        (draft(daily_from=time(9), daily_until=time(9)), "daily_until"),
        (draft(max_times=0), "max_times"),
        (draft("buy_get", scope="order"), "scope"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(described: Any, field: str) -> None:
    assert list(refused(described)) == [field]


@pytest.mark.parametrize(
    ("tiers", "words"),
    [
        ((Tier(6, 100_000), Tier(3, 200_000)), "ascend"),
        ((Tier(3, 200_000), Tier(3, 300_000)), "ascend"),
        ((Tier(3, 200_000), Tier(6, 100_000)), "more off"),
        ((Tier(3, 1_500_000),), "between 0 and 100"),
    ],
)
def test_tiers_that_do_not_ascend_are_refused_with_their_row(tiers: Any, words: str) -> None:
    (text,) = refused(draft("tiers", tier_kind="percent", tiers=tiers))["tiers"]
    assert words in text
    assert f"Row {len(tiers)}" in text


def test_an_amount_is_asked_for_in_every_currency_of_the_chosen_markets() -> None:
    abroad = MarketFactory(eu=True)
    assert list(refused(draft("amount"))) == ["amount_EUR"]
    assert promotion("amount", markets=(MarketFactory().pk,)).code == "a-amount-offer"
    assert list(refused(draft("amount", markets=(abroad.pk,)))) == ["amount_EUR"]


def test_two_promotions_never_have_one_code() -> None:
    promotion(code="boots")
    assert list(refused(draft(code="boots"))) == ["code"]
    assert [promotion(name="Boots").code, promotion(name="Boots").code] == ["boots-2", "boots-3"]


def test_a_code_stays_because_orders_name_it() -> None:
    row = promotion(code="boots")
    with transaction.atomic():
        promotions.put(draft(code="hats", name="Hats"), promotion=row, at=now())
    row.refresh_from_db()
    assert (row.code, row.name) == ("boots", "Hats")


def test_one_that_needs_a_coupon_is_let_run_when_there_is_one() -> None:
    row = promotion(needs_coupon=True, active=False)
    with pytest.raises(InvalidInput) as caught:
        start_promotion(row, person=None, today=TODAY, at=now())
    assert list(caught.value.fields) == ["needs_coupon"]
    Coupon.objects.create(promotion=row, code="A", code_key="A", created_at=now())
    start_promotion(row, person=None, today=TODAY, at=now())
    row.refresh_from_db()
    assert row.is_active


def test_one_whose_days_are_over_is_not_let_run() -> None:
    row = promotion(ends_on=TODAY - timedelta(days=1), active=False)
    with pytest.raises(InvalidInput) as caught:
        start_promotion(row, person=None, today=TODAY, at=now())
    assert list(caught.value.fields) == ["ends_on"]


def test_only_a_draft_can_be_deleted() -> None:
    untouched, running = promotion(active=False), promotion(name="Runs")
    discard_promotion(untouched, person=None, at=now())
    with pytest.raises(promotions.PromotionInUse):
        discard_promotion(running, person=None, at=now())
    assert list(Promotion.objects.all()) == [running]


def test_the_state_follows_from_days_and_from_what_was_done() -> None:
    day = timedelta(days=1)
    assert state_of(promotion(active=False), today=TODAY) == "draft"
    assert state_of(promotion(starts_on=TODAY + day), today=TODAY) == "scheduled"
    assert state_of(promotion(starts_on=TODAY, ends_on=TODAY), today=TODAY) == "running"
    assert state_of(promotion(ends_on=TODAY - day), today=TODAY) == "ended"
    paused = promotion()
    pause_promotion(paused, person=None, at=now())
    paused.refresh_from_db()
    assert state_of(paused, today=TODAY) == "paused"


def test_only_who_may_change_prices_writes_promotions() -> None:
    with pytest.raises(NotAllowed):
        save_promotion(draft(), person=UserFactory(role="manager"), at=now())
    assert save_promotion(draft(), person=UserFactory(role="office"), at=now()).pk
