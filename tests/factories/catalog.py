"""Categories, products and variants that can be sold: scanned, priced, found by search."""

import factory
from django.db import transaction

from commerce.catalog import search
from commerce.catalog.barcodes import make_ean13, normalize_barcode
from commerce.catalog.models import Barcode, Category, Collection, Media, Option, Product, Variant
from commerce.catalog.skus import normalize_sku


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("slug",)

    name = factory.Sequence(lambda number: f"Category {number + 1}")
    slug = factory.LazyAttribute(lambda row: row.name.lower().replace(" ", "-"))


class ProductFactory(factory.django.DjangoModelFactory):
    """An active product without variants, in the search index."""

    class Meta:
        model = Product
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    title = factory.Sequence(lambda number: f"Product {number + 1}")
    slug = factory.LazyAttribute(lambda row: row.title.lower().replace(" ", "-"))
    description_html = "<p>Made to last.</p>"
    brand = "Northfold"
    status = "active"
    category = None

    @factory.post_generation
    def options(self, create, extracted, **kwargs):
        for position, name in enumerate(extracted or (), start=1):
            Option.objects.create(product=self, name=name, position=position)

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        with transaction.atomic():
            search.refresh([instance.pk])


class MediaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Media

    product = factory.SubFactory(ProductFactory)
    path = factory.Sequence(lambda number: f"demo/picture-{number + 1}.svg")
    alt = "The product from the front"
    position = 1


class VariantFactory(factory.django.DjangoModelFactory):
    """A variant with an own EAN-13 and a price of 25.00 on the price list "us".

    `VariantFactory(price=1999)`, `price=(1999, 2999)` with a compare-at price, `price=False` for none;
    `barcode="4006381333931"`, a list of them, or `barcode=False` for none.
    """

    class Meta:
        model = Variant
        skip_postgeneration_save = True

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda number: f"SKU-{number + 1:04d}")
    sku_key = factory.LazyAttribute(lambda row: normalize_sku(row.sku).value)
    title = factory.LazyAttribute(lambda row: " / ".join(row.option_values))
    option_values = factory.LazyFunction(list)

    @factory.post_generation
    def barcode(self, create, extracted, **kwargs):
        if extracted is None:
            extracted = make_ean13("200", self.pk)
        for code in [extracted] if isinstance(extracted, str) else extracted or ():
            Barcode.objects.create(variant=self, code=code, key=normalize_barcode(code).value)

    @factory.post_generation
    def price(self, create, extracted, **kwargs):
        from tests.factories.pricing import PriceFactory

        if extracted is None:
            extracted = 2500
        if extracted is not False:
            amount, compare_at = extracted if isinstance(extracted, tuple) else (extracted, None)
            PriceFactory(variant=self, amount_minor=amount, compare_at_minor=compare_at)

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        with transaction.atomic():
            search.refresh([instance.product_id])


class CollectionFactory(factory.django.DjangoModelFactory):
    """`CollectionFactory(slug="winter", products=[product])`."""

    class Meta:
        model = Collection
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    name = factory.LazyAttribute(lambda row: row.slug.title())
    slug = factory.Sequence(lambda number: f"collection-{number + 1}")

    @factory.post_generation
    def products(self, create, extracted, **kwargs):
        self.products.add(*(extracted or ()))
