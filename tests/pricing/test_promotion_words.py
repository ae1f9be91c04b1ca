"""The rule read back, what it may not mean, and which promotions stand in each other's way."""

from datetime import date, time, timedelta
from time import perf_counter
from typing import Any

import pytest

from commerce.catalog.models import Collection
from commerce.pricing import costs
from commerce.pricing.costs import Costs
from commerce.pricing.promotion_cautions import cautions
from commerce.pricing.promotion_conflicts import Offer, conflicts
from commerce.pricing.promotion_drafts import Draft, Item, Tier
from commerce.pricing.promotion_margins import below_cost
from commerce.pricing.promotion_words import Names, read_back
from tests.factories.catalog import CategoryFactory, ProductFactory, VariantFactory
from tests.factories.company import LocationFactory
from tests.factories.offers import draft, item
from tests.factories.pricing import MarketFactory, PriceFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 30)


@pytest.fixture(autouse=True)
def market() -> Any:
    return MarketFactory()


def said(described: Draft) -> str:
    return read_back(described, Names([described]))


def test_the_whole_rule_is_read_back() -> None:
    socks = CategoryFactory(name="Socks")
    described = draft(
        "buy_get", items=[socks], channels=("pos",), weekdays=(5,), ends_on=DAY, is_exclusive=True, max_times=2
    )
    assert said(described) == (
        "Buy 2, get 1 free in Socks, in stores, on Saturday, until Nov. 30, 2026."
        " At most 2 times in one order. Not together with other offers."
    )


@pytest.mark.parametrize(
    ("described", "sentence"),
    [
        (draft(), "20% off everything."),
        (draft(scope="order", min_spend={"USD": 10_000}), "20% off the order, from $100.00 on."),
        (draft("amount", scope="order", needs_coupon=True), "$5.00 off the whole order, with a coupon."),
        (draft("amount", amounts={"USD": 500, "EUR": 450}), "$5.00 / €4.50 off each piece of everything."),
        (draft("free_shipping", min_spend={"USD": 15_000}), "Free shipping, from $150.00 on."),
        (draft("buy_get", percent_ppm=500_000), "Buy 2, get 1 50% off in everything."),
        (
            draft("tiers", tier_kind="percent", tiers=(Tier(3, 100_000), Tier(6, 125_000))),
            "Everything: 10% off from 3 pieces, 12.5% off from 6 pieces.",
        ),
        (draft(daily_from=time(9), daily_until=time(11)), "20% off everything, between 9 a.m. and 11 a.m."),
        (draft(weekdays=(0, 1, 2, 3, 4), best_of="sale"), ("20% off everything, on weekdays."
          " Of the offers called “sale” only the best one is given.")),
    ],
)  # fmt: skip
def test_each_kind_has_its_sentence(described: Draft, sentence: str) -> None:
    assert said(described) == sentence


def test_things_and_places_are_called_by_their_names() -> None:
    tent, mat = (VariantFactory(product=ProductFactory(title=title)) for title in ("Tent", "Mat"))
    store = LocationFactory(name="Pearl")
    bundle = draft("bundle", items=[item(tent, "part"), item(mat, "part", 1, 2)], locations=(store.pk,))
    assert said(bundle) == f"1 of {tent.name} and 2 of {mat.name} together for $5.00, at Pearl."
    other = VariantFactory(product=mat.product)
    whole = draft(items=[mat, other, tent])
    assert said(whole) == f"20% off Mat and {tent.name}."
    assert said(draft(items=[mat])) == f"20% off {mat.name}."
    gift = draft("gift", items=[item(mat), item(tent, "qualify")])
    assert said(gift) == f"1 {mat.name} as a gift with {tent.name}."


def test_a_price_that_lowers_nothing_is_named() -> None:
    cheap, dear = (PriceFactory(amount_minor=minor).variant for minor in (500, 900))
    (text,) = cautions(draft("fixed_price", items=[cheap, dear]))
    assert cheap.sku in text
    assert dear.sku not in text
    (text,) = cautions(draft("amount", items=[cheap, dear]))
    assert cheap.sku in text
    (text,) = cautions(draft("bundle", amounts={"USD": 1400}, items=[item(cheap, "part"), item(dear, "part", 1)]))
    assert "$14.00" in text
    assert cautions(draft("bundle", amounts={"USD": 1399}, items=[item(cheap, "part"), item(dear, "part", 1)])) == []
    assert cautions(draft(items=[cheap])) == []


def kinds(*drafts: Draft) -> list[str]:
    return [found.kind for found in conflicts([Offer(number, each) for number, each in enumerate(drafts, 1)])]


def test_exclusive_offers_on_the_same_goods_and_days_are_told() -> None:
    shelf = CategoryFactory()
    below = CategoryFactory(parent=shelf)
    variant = VariantFactory(product=ProductFactory(category=below))
    collection = Collection.objects.create(name="Fall", slug="fall")
    collection.products.add(variant.product)
    wide = draft(items=[shelf], is_exclusive=True, label="a")
    for narrow in (below, variant, collection):
        other = draft(items=[narrow], is_exclusive=True, label="b")
        assert kinds(wide, other) == ["exclusive"]
        assert kinds(wide, draft(items=[narrow], label="b")) == []
    elsewhere = CategoryFactory()
    assert kinds(wide, draft(items=[elsewhere], is_exclusive=True, label="b")) == []
    first = draft(items=[shelf], is_exclusive=True, label="a", ends_on=DAY)
    later = draft(items=[shelf], is_exclusive=True, label="b", starts_on=DAY + timedelta(days=1))
    assert kinds(first, later) == []
    without = draft(items=[below, item(variant, "exclude")], is_exclusive=True, label="c")
    assert kinds(draft(items=[variant], is_exclusive=True, label="b"), without) == []


def test_an_offer_that_a_better_one_always_hides_is_told() -> None:
    shelf = CategoryFactory()
    small = draft(name="Small", items=[shelf], best_of="sale", percent_ppm=100_000, label="a")
    great = draft(name="Great", best_of="sale", percent_ppm=300_000, label="b")
    (found,) = conflicts([Offer(1, small), Offer(2, great)])
    assert found.kind == "hidden"
    assert "“Small” is never given" in found.text
    saturdays = draft(name="Great", best_of="sale", percent_ppm=300_000, label="b", weekdays=(5,))
    assert kinds(small, saturdays) == []


def test_a_coupon_that_goes_below_the_cost_beside_another_offer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    mug = PriceFactory(amount_minor=2000).variant
    monkeypatch.setattr(costs, "of", lambda keys: Costs("USD", {mug.pk: 801}))
    coupon = draft(name="Letter", needs_coupon=True, percent_ppm=500_000, scope="order")

    def told(**fields: Any) -> list[str]:
        other = draft(**{"name": "Sale", "items": [mug], "percent_ppm": 200_000, **fields})
        return [found.text for found in below_cost([Offer(1, coupon), Offer(2, other)])]

    assert told() == [f"“Letter” and “Sale” together sell {mug.sku} for $8.00, below its cost of $8.01."]
    assert told(percent_ppm=199_000) == []
    assert told(is_exclusive=True) == []
    assert told(items=[VariantFactory(price=False)]) == []
    monkeypatch.setattr(costs, "of", lambda keys: Costs())
    assert told() == []
    assert told(percent_ppm=1_000_000) == [f"“Letter” and “Sale” together give {mug.sku} away for $0.00."]


def test_the_same_words_on_the_receipt_are_told() -> None:
    assert kinds(draft(label="Sale"), draft("buy_get", label="sale", items=[CategoryFactory()])) == ["label"]


def test_two_hundred_promotions_are_compared_in_a_few_statements(django_assert_max_num_queries: Any) -> None:
    shelves = [CategoryFactory().pk for _ in range(20)]
    offers = [
        Offer(number, draft(label=str(number), items=[Item("category", shelves[number % 20])], is_exclusive=True))
        for number in range(200)
    ]
    begun = perf_counter()
    with django_assert_max_num_queries(4):
        found = conflicts(offers)
    assert len(found) == 20 * 45
    assert perf_counter() - begun < 2
