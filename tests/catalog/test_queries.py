"""Codes at the till, words that are learned, and the number by which tills know what changed."""

import pytest
from django.db import transaction

from commerce.catalog import changes, lexicon, queries, tasks
from commerce.catalog.models import Category, Lexicon, Media, Product, Variant
from commerce.events.models import Event
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from tests.factories.catalog import CategoryFactory, MediaFactory, ProductFactory, VariantFactory
from tests.factories.pricing import PriceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["036000291452", "0036000291452", "'036000291452", "]E00036000291452"])
def test_a_scanned_code_however_it_arrives(code: str) -> None:
    variant = VariantFactory(sku="SOCKS", barcode="036000291452")
    VariantFactory()
    assert queries.variants_by_code(code) == [variant]


def test_a_typed_sku() -> None:
    variant = VariantFactory(sku="Blu-01", barcode=False)
    assert queries.variants_by_code(" blu-01 ") == [variant]
    assert queries.variants_by_code("blu-02") == queries.variants_by_code("") == queries.variants_by_code("000") == []


def test_a_barcode_goes_before_another_ones_sku() -> None:
    VariantFactory(sku="4006381333931", barcode=False)
    scanned = VariantFactory(barcode="4006381333931")
    assert queries.variants_by_code("4006381333931") == [scanned]


def test_the_till_is_told_of_what_is_not_sold_any_more() -> None:
    variant = VariantFactory(sku="OLD", is_active=False, product=ProductFactory(status="archived"))
    assert queries.variants_by_code("OLD") == [variant]
    assert queries.products_by_code("OLD") == []


def test_words_are_learned_from_what_changed_and_forgotten_with_it() -> None:
    product = ProductFactory(title="Merino Sweater 42", brand="Northfold", tags=["Wool"])
    VariantFactory(product=product, option_values=["Petrol"])
    ProductFactory(title="Secret", status="draft")
    with transaction.atomic():
        changes.announce([product.pk], at=now())
    event = Event.objects.get(topic="catalog.changed")
    for _delivery in range(2):
        with transaction.atomic():
            tasks.learn_words(event)
    words = set(Lexicon.objects.values_list("word", flat=True))
    assert words == {"merino", "sweater", "northfold", "wool", "petrol"}
    Product.objects.filter(pk=product.pk).update(title="Merino Scarf")
    with transaction.atomic():
        assert lexicon.rebuild() == 5
    assert set(Lexicon.objects.values_list("word", flat=True)) == {"merino", "scarf", "northfold", "wool", "petrol"}


def stamp_as_old() -> None:
    """As if nothing had changed for long: the trigger looks away for once."""
    rows("SET LOCAL session_replication_role = replica")
    Variant.objects.update(change_seq=1)
    rows("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    "change",
    [
        lambda v: Variant.objects.filter(pk=v.pk).update(sku="X"),
        lambda v: Product.objects.filter(pk=v.product_id).update(title="Other"),
        lambda v: Product.objects.filter(pk=v.product_id).update(tax_class="food"),
        lambda v: v.barcodes.create(code="1", key="1"),
        lambda v: v.barcodes.all().delete(),
        lambda v: v.prices.update(amount_minor=1),
        lambda v: v.prices.all().delete(),
        lambda v: Media.objects.filter(product=v.product).update(path="c.svg"),
        lambda v: MediaFactory(product=v.product),
        lambda v: Category.objects.filter(pk=v.product.category_id).update(slug="renamed"),
    ],
)
def test_whatever_a_till_keeps_is_stamped(change: object) -> None:
    variant = VariantFactory(product__category=CategoryFactory())
    MediaFactory(product=variant.product)
    stamp_as_old()
    change(variant)
    variant.refresh_from_db()
    assert variant.change_seq == rows("SELECT pg_current_xact_id()::text::bigint")[0][0]


def test_what_a_till_does_not_keep_is_not_stamped() -> None:
    variant = PriceFactory().variant
    stamp_as_old()
    Product.objects.filter(pk=variant.product_id).update(description_html="x", tags=["x"], facets=["x"])
    variant.refresh_from_db()
    assert variant.change_seq == 1
