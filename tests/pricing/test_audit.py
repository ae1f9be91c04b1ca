"""Each invariant of prices can fail: the corruption it is there to find is found."""

import pytest
from django.db import transaction

from commerce.kernel import audit
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from commerce.kernel.ids import new_uid
from commerce.pricing import coupons, prices
from commerce.pricing.audit import INVARIANTS
from tests.factories.catalog import VariantFactory
from tests.factories.pricing import MarketFactory
from tests.factories.promotions import coupon, promotion

pytestmark = pytest.mark.django_db

CORRUPTIONS = {
    "I25": [
        "UPDATE pricing_coupon SET used = used + 1",
        "DELETE FROM pricing_couponuse",
        "UPDATE pricing_couponuse SET released_at = now()",
        """ALTER TABLE pricing_coupon DROP CONSTRAINT coupon_not_overused;
        UPDATE pricing_coupon SET max_uses = 0""",
    ],
    "I25b": [
        """INSERT INTO pricing_couponuse (coupon_id, source_uid, customer_key, used_at)
        SELECT coupon_id, gen_random_uuid(), customer_key, now() FROM pricing_couponuse"""
    ],
    "I33": [
        """ALTER TABLE pricing_price DROP CONSTRAINT price_once;
        INSERT INTO pricing_price (price_list_id, variant_id, amount_minor)
        SELECT price_list_id, variant_id, 1 FROM pricing_price WHERE withdrawn_at IS NULL"""
    ],
    "I33b": [
        "UPDATE catalog_listing SET from_minor = from_minor - 1",
        "DELETE FROM catalog_listing",
        "UPDATE catalog_variant SET is_active = FALSE",
        "UPDATE pricing_price SET amount_minor = 1",
    ],
    "I33c": ["UPDATE pricing_price SET during = '[2026-11-23,)' WHERE withdrawn_at IS NULL AND NOT is_limited"],
    "I35": [
        "ALTER TABLE pricing_price ALTER amount_minor TYPE numeric(12, 2)",
        "ALTER TABLE catalog_product ADD weight real",
    ],
    "I35b": ["UPDATE pricing_price SET compare_at_minor = amount_minor"],
    "I35c": ["UPDATE pricing_market SET is_default = FALSE"],
}


def use_a_coupon() -> None:
    coupon("TEN", promotion("ten", percent_ppm=100_000), max_uses=2, max_uses_per_customer=1)
    with transaction.atomic():
        coupons.take(["TEN"], source_uid=new_uid(), customer_key="ada@example.com", at=now())


def broken() -> set[str]:
    return {finding.invariant.code for finding in audit.run() if finding.count and finding.invariant in INVARIANTS}


@pytest.mark.parametrize("corruption", [(code, sql) for code, found in CORRUPTIONS.items() for sql in found])
def test_each_invariant_can_fail(corruption: tuple[str, str]) -> None:
    code, sql = corruption
    assert broken() == set()
    MarketFactory()
    MarketFactory(eu=True)
    mug = VariantFactory(price=(1999, 2999))
    with transaction.atomic():
        prices.put(mug.prices.get().price_list_id, {mug.pk: (1899, 2999)}, at=now())
    use_a_coupon()
    assert broken() == set()
    rows("SET CONSTRAINTS ALL IMMEDIATE")
    rows(sql)
    assert code in broken()


def test_every_invariant_has_its_corruption() -> None:
    assert {invariant.code for invariant in INVARIANTS} == set(CORRUPTIONS)
