"""The catalog that the benchmarks stand on keeps every invariant, and lists take as few statements on it as on any."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commerce.catalog.models import Product, Variant
from commerce.catalog.search import search
from commerce.kernel import audit
from commerce.kernel.clock import now
from tests.bench.data import make_catalog

pytestmark = pytest.mark.django_db


def test_a_made_catalog_is_sound_and_listed_in_three_statements() -> None:
    made = make_catalog(200, 3)
    assert (len(made.products), len(made.variants)) == (200, 600)
    assert Product.objects.count() == 200
    assert Variant.objects.exclude(barcodes=None).exclude(prices=None).count() == 600
    assert [finding.invariant.code for finding in audit.run() if finding.count] == []
    with CaptureQueriesContext(connection) as captured:
        page = search(market=made.market, at=now(), facets=["category:shelf-1"], sort="price", limit=24)
    assert len(captured) == 3
    assert len(page.products) == min(24, page.total) > 0
    prices = [card.from_minor for card in page.products]
    assert prices == sorted(prices)
