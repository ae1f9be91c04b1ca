"""Each invariant of the catalog can fail: the corruption it is there to find is found."""

import pytest

from commerce.catalog.audit import INVARIANTS
from commerce.kernel.db import rows
from tests.factories.catalog import CategoryFactory, MediaFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db

CORRUPTIONS = {
    "I34": [
        "UPDATE catalog_variant SET sku = ' ' || sku || ' '; UPDATE catalog_variant SET sku = 'one '",
        "UPDATE catalog_variant SET sku_key = lower(sku_key) || 'x' WHERE id = (SELECT min(id) FROM catalog_variant)",
        "UPDATE catalog_variant SET sku_key = '' WHERE id = (SELECT min(id) FROM catalog_variant)",
    ],
    "I34b": [
        "UPDATE catalog_barcode SET key = '4006381333931' WHERE id = (SELECT min(id) FROM catalog_barcode)",
        "UPDATE catalog_barcode SET key = '036000291452' WHERE id = (SELECT min(id) FROM catalog_barcode)",
        "UPDATE catalog_barcode SET key = '' WHERE id = (SELECT min(id) FROM catalog_barcode)",
    ],
    "I34c": [
        "UPDATE catalog_product SET tsv = NULL WHERE id = (SELECT min(id) FROM catalog_product)",
        "UPDATE catalog_product SET brand = 'Other' WHERE id = (SELECT min(id) FROM catalog_product)",
        "UPDATE catalog_category SET slug = 'renamed'",
    ],
    "I34d": ["UPDATE catalog_variant SET picture_id = (SELECT min(id) FROM catalog_media)"],
}


@pytest.fixture
def shop() -> None:
    MediaFactory(product=ProductFactory(category=CategoryFactory()))
    VariantFactory()
    VariantFactory(barcode=["036000291452", "4006381333932", "INTERNAL-7", "12345670"])


def broken() -> set[str]:
    return {invariant.code for invariant in INVARIANTS if rows(invariant.sql)}


@pytest.mark.parametrize("corruption", [(code, sql) for code, found in CORRUPTIONS.items() for sql in found])
def test_each_invariant_can_fail(corruption: tuple[str, str], shop: None) -> None:
    code, sql = corruption
    assert broken() == set()
    rows("SET CONSTRAINTS ALL IMMEDIATE")
    rows(sql)
    assert code in broken()


def test_every_invariant_has_its_corruption() -> None:
    assert {invariant.code for invariant in INVARIANTS} == set(CORRUPTIONS)
