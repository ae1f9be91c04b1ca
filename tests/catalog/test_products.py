"""Writing the catalog: what is new, what differs, what stays; whose a SKU or barcode is."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commerce.catalog import products
from commerce.catalog.drafts import CategoryDraft, MediaDraft, ProductDraft, VariantDraft
from commerce.catalog.models import Barcode, Category, Product, Variant
from commerce.events.models import Event
from commerce.kernel.db import rows
from tests.factories.catalog import ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def put(*drafts: ProductDraft) -> list[int]:
    with transaction.atomic():
        return products.put(list(drafts), at=AT)


def sweater(**changes: object) -> ProductDraft:
    draft = ProductDraft(
        "moss-sweater",
        title="Moss Sweater",
        description_html="<p onclick=evil()>Warm</p><script>evil()</script>",
        brand=" North   fold ",
        tags=("wool", "wool", " winter "),
        status="active",
        options=("Color", "Size"),
        media=[MediaDraft("moss/front.svg", "Front", 1), MediaDraft("https://cdn.example.com/back.jpg")],
        variants=[
            VariantDraft("NF-1-M", ("Moss", "M"), ("4006381333931",), 400, "#5a6b3f", "moss/front.svg"),
            VariantDraft("NF-1-L", ("Moss", "L"), weight_grams=420),
        ],
    )
    for name, value in changes.items():
        setattr(draft, name, value)
    return draft


def problems(draft: ProductDraft) -> list[str]:
    return [problem.code for variant in draft.variants for problem in variant.problems]


def test_a_new_product_with_everything() -> None:
    draft = sweater()
    assert put(draft) == [draft.id]
    product = Product.objects.get(slug="moss-sweater")
    assert (product.title, product.brand, product.tags) == ("Moss Sweater", "North fold", ["wool", "winter"])
    assert product.description_html == "<p>Warm</p>"
    assert product.launched_at == AT
    assert [option.name for option in product.options.all()] == ["Color", "Size"]
    assert [(m.path, m.alt, m.position) for m in product.media.all()] == [
        ("moss/front.svg", "Front", 1),
        ("https://cdn.example.com/back.jpg", "", 2),
    ]
    medium, large = product.variants.all()
    assert (medium.sku, medium.title, medium.weight_grams, medium.swatch) == ("NF-1-M", "Moss / M", 400, "#5a6b3f")
    assert medium.picture.path == "moss/front.svg"
    assert [(barcode.code, barcode.key) for barcode in medium.barcodes.all()] == [("4006381333931", "04006381333931")]
    assert (large.position, large.picture, large.option_values) == (2, None, ["Moss", "L"])
    assert product.facets == [
        "option:color=Moss",
        "option:size=L",
        "option:size=M",
        "brand:North fold",
    ]
    assert [draft.outcome, *(v.outcome for v in draft.variants)] == ["created"] * 3


def test_the_same_again_writes_nothing() -> None:
    put(sweater())
    before = _versions()
    again = sweater()
    assert put(again) == []
    assert _versions() == before
    assert [again.outcome, *(v.outcome for v in again.variants), *(m.outcome for m in again.media)] == ["unchanged"] * 5
    assert Event.objects.filter(topic="catalog.changed").count() == 1


def _versions() -> list[tuple[object, ...]]:
    """Every row's version: a row that was written, even with the same values, has another."""
    tables = ("product", "variant", "barcode", "media", "option", "listing")
    return [
        row for table in tables for row in rows(f"SELECT '{table}', id, xmin::text FROM catalog_{table} ORDER BY id")
    ]


def test_only_what_differs_is_written() -> None:
    put(sweater())
    before = {row[:2]: row[2] for row in _versions()}
    changed = sweater()
    changed.variants[1].weight_grams = 430
    put(changed)
    rewritten = {row[:2] for row in _versions() if before[row[:2]] != row[2]}
    assert rewritten == {("variant", Variant.objects.get(sku="NF-1-L").pk)}
    assert [v.outcome for v in changed.variants] == ["unchanged", "updated"]
    assert changed.outcome == "unchanged"


def test_what_a_draft_does_not_mention_stays() -> None:
    put(sweater())
    put(ProductDraft("moss-sweater", variants=[VariantDraft("NF-1-XL", ("Moss", "XL"))]))
    product = Product.objects.get(slug="moss-sweater")
    assert (product.title, product.status, product.tags) == ("Moss Sweater", "active", ["wool", "winter"])
    assert [v.sku for v in product.variants.all()] == ["NF-1-M", "NF-1-L", "NF-1-XL"]
    assert [v.position for v in product.variants.all()] == [1, 2, 3]


def test_one_event_tells_of_a_whole_batch() -> None:
    put(sweater(), ProductDraft("mug", title="Mug"), ProductDraft("tent", title="Tent"))
    event = Event.objects.get(topic="catalog.changed")
    assert event.key == "many"
    assert event.payload == {"products": [str(p.uid) for p in Product.objects.order_by("pk")]}
    put(ProductDraft("mug", title="Large Mug"))
    last = Event.objects.filter(topic="catalog.changed").latest("id")
    assert last.key == str(Product.objects.get(slug="mug").uid)


def test_a_product_needs_a_title_to_begin_with() -> None:
    draft = ProductDraft("nameless", variants=[VariantDraft("X-1")])
    assert put(draft) == []
    assert draft.refused is not None
    assert draft.refused.code == "title_missing"
    assert not Product.objects.filter(slug="nameless").exists()


def test_a_sku_belongs_to_whoever_had_it_first() -> None:
    VariantFactory(sku="NF-1-M")
    draft = sweater()
    draft.variants[0].sku = " nf-1-m "
    put(draft)
    assert problems(draft) == ["sku_taken"]
    assert Variant.objects.get(product__slug="moss-sweater", title="Moss / M").sku == "MOSS-SWEATER-MOSS-M"
    again = sweater()
    again.variants[0].sku = "NF-1-M"
    assert put(again) == []


def test_a_sku_twice_in_one_product_and_the_same_file_again() -> None:
    def twice() -> ProductDraft:
        return sweater(variants=[VariantDraft("SAME", ("Moss", "M")), VariantDraft("SAME", ("Moss", "L"))])

    first = twice()
    put(first)
    assert problems(first) == ["sku_taken"]
    assert [v.sku for v in Variant.objects.order_by("position")] == ["SAME", "MOSS-SWEATER-MOSS-L"]
    assert put(twice()) == []


def test_a_variant_without_sku_is_found_again_by_its_options() -> None:
    def without(weight: int) -> ProductDraft:
        return sweater(variants=[VariantDraft("", ("Moss", "M"), weight_grams=weight)])

    put(without(400))
    variant = Variant.objects.get()
    assert variant.sku == "MOSS-SWEATER-MOSS-M"
    later = without(500)
    put(later)
    assert Variant.objects.get().pk == variant.pk
    assert problems(later) == ["sku_missing"]
    put(sweater(variants=[VariantDraft("REAL-1", ("Moss", "M"))]))
    variant.refresh_from_db()
    assert (variant.sku, variant.sku_key, variant.weight_grams) == ("REAL-1", "REAL-1", 500)


def test_a_renamed_option_value_keeps_the_variant() -> None:
    put(sweater())
    variant = Variant.objects.get(sku="NF-1-M")
    put(sweater(variants=[VariantDraft("NF-1-M", ("Fern", "M"))]))
    variant.refresh_from_db()
    assert (variant.title, variant.option_values) == ("Fern / M", ["Fern", "M"])


def test_the_same_combination_twice_counts_once() -> None:
    draft = sweater(variants=[VariantDraft("A-1", ("Moss", "M")), VariantDraft("A-2", ("Moss", "M"))])
    put(draft)
    assert [v.outcome for v in draft.variants] == ["created", "refused"]
    assert (
        draft.variants[1].problems[0].text
        == "The variant “Moss / M” of this product is in the file already, further up."
    )


@pytest.mark.parametrize(
    ("written", "kept", "problem"),
    [
        ("'4006381333931", ("4006381333931", "04006381333931"), []),
        ("036000291452", ("036000291452", "00036000291452"), []),
        ("'13652285", ("13652285", "13652285"), ["barcode_not_gtin"]),
        ("4006381333932", ("4006381333932", "4006381333932"), ["barcode_not_gtin"]),
        ("0000000000000", None, ["barcode_unusable"]),
        ("x" * 80, None, ["barcode_unusable"]),
        ("  ", None, []),
    ],
)
def test_barcodes(written: str, kept: tuple[str, str] | None, problem: list[str]) -> None:
    draft = sweater(variants=[VariantDraft("A-1", (), (written,))])
    put(draft)
    assert list(Barcode.objects.values_list("code", "key")) == ([kept] if kept else [])
    assert problems(draft) == problem


def test_a_barcode_that_is_taken_is_left_out() -> None:
    VariantFactory(barcode="4006381333931")
    draft = sweater()
    put(draft)
    assert problems(draft) == ["barcode_taken"]
    assert (
        draft.variants[0].problems[0].text
        == "Another variant has the barcode 4006381333931 already; it was left out here."
    )
    assert Barcode.objects.count() == 1


def test_upc_and_ean_of_one_article_are_one_barcode() -> None:
    draft = sweater(
        variants=[VariantDraft("A-1", ("M",), ("036000291452",)), VariantDraft("A-2", ("L",), ("0036000291452",))]
    )
    put(draft)
    assert problems(draft) == ["barcode_taken"]


def test_statements_do_not_grow_with_the_batch(django_assert_num_queries: object) -> None:

    def batch(start: int, size: int) -> list[ProductDraft]:
        return [
            ProductDraft(
                f"p-{n}", title=f"P {n}", options=("Size",), variants=[VariantDraft(f"P-{n}", ("M",), (f"C{n}",))]
            )
            for n in range(start, start + size)
        ]

    counts = []
    for start, size in ((0, 2), (10, 300)):
        with CaptureQueriesContext(connection) as captured:
            put(*batch(start, size))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 18


def test_steps_insist_on_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="must run inside a transaction"):
        products.put([sweater()], at=AT)


def test_categories_and_what_stands_on_them() -> None:
    shelves = [
        CategoryDraft("clothing", "Clothing"),
        CategoryDraft("knitwear", "Knitwear", parent="clothing", position=2),
    ]
    with transaction.atomic():
        keys = products.put_categories(shelves, at=AT)
    product = ProductFactory(category_id=keys["knitwear"])
    assert product.category.parent.slug == "clothing"
    product.refresh_from_db()
    assert product.facets[:2] == ["category:clothing", "category:knitwear"]
    with transaction.atomic():
        products.put_categories([CategoryDraft("clothing", "Apparel")], at=AT)
    assert Category.objects.get(slug="clothing").name == "Apparel"
    assert rows("SELECT tsv @@ catalog_query('apparel') FROM catalog_product") == [(True,)]
    with pytest.raises(ValueError, match="parent 'nowhere' that does not exist"), transaction.atomic():
        products.put_categories([CategoryDraft("x", "X", parent="nowhere")], at=AT)
