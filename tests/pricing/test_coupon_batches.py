"""Making coupons: as many as were asked for and no more, hard to guess, each once; own codes with their rows named."""

from datetime import date

import pytest
from django.db import transaction

from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.pricing import coupon_batches
from commerce.pricing.actions.deactivate_coupons import deactivate_coupons
from commerce.pricing.actions.make_coupons import add_coupons
from commerce.pricing.coupon_batches import ALPHABET, Terms, codes_in
from commerce.pricing.coupons import find
from commerce.pricing.errors import CouponEnded
from commerce.pricing.models import Coupon, Promotion
from tests.factories.offers import promotion

pytestmark = pytest.mark.django_db
FALL = Terms(batch="Fall")


@pytest.fixture
def welcome() -> Promotion:
    return promotion(needs_coupon=True)


def make(row: Promotion, count: int, *, most: int = 10_000, terms: Terms = FALL, **shape: object) -> int:
    asked: dict[str, object] = {"prefix": "", "length": 8, **shape}
    with transaction.atomic():
        return coupon_batches.generate(row, terms, count=count, most=most, at=now(), **asked)  # type: ignore[arg-type]


def test_codes_are_made_part_by_part_and_never_too_many(welcome: Promotion) -> None:
    assert [make(welcome, 2500, most=1000) for _part in range(5)] == [1000, 2000, 2500, 2500, 2500]
    assert Coupon.objects.values("code_key").distinct().count() == 2500
    coupon = Coupon.objects.first()
    assert coupon is not None
    assert (coupon.max_uses, coupon.batch, coupon.used) == (1, "Fall", 0)
    letters = "".join(Coupon.objects.values_list("code_key", flat=True))
    assert set(letters) == set(ALPHABET)
    assert not set("0O1IL") & set(ALPHABET)


def test_a_code_is_written_in_groups_and_found_without_them(welcome: Promotion) -> None:
    make(welcome, 1, prefix="fall", length=8)
    code = Coupon.objects.get().code
    assert [len(part) for part in code.split("-")] == [4, 4, 4]
    assert code.startswith("FALL-")
    assert find(code.replace("-", " ").lower(), today=date(2026, 5, 3)).code == code


def test_a_code_that_is_taken_is_made_anew(welcome: Promotion, monkeypatch: pytest.MonkeyPatch) -> None:
    make(welcome, 1)
    (taken,) = Coupon.objects.values_list("code", flat=True)
    codes = iter([taken, taken, "ABCD-EFGH"])
    monkeypatch.setattr(coupon_batches, "_code", lambda prefix, length: next(codes))
    assert make(welcome, 1, terms=Terms(batch="More")) == 1
    assert Coupon.objects.filter(code="ABCD-EFGH").exists()


@pytest.mark.parametrize(
    ("count", "shape", "terms", "field"),
    [
        (0, {}, FALL, "count"),
        (100_001, {}, FALL, "count"),
        (100_000, {"length": 6}, FALL, "length"),
        (1, {"length": 5}, FALL, "length"),
        (1, {"prefix": "a/b"}, FALL, "prefix"),
        (1, {}, Terms(batch=" "), "batch"),
        (1, {}, Terms(batch="x", max_uses=0), "max_uses"),
        (1, {}, Terms(batch="x", starts_on=date(2026, 5, 3), ends_on=date(2026, 5, 2)), "ends_on"),
    ],
)
def test_what_cannot_be_made_is_refused_at_its_field(
    welcome: Promotion, count: int, shape: dict[str, object], terms: Terms, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        make(welcome, count, terms=terms, **shape)
    assert list(caught.value.fields) == [field]


def test_own_codes_are_taken_over_all_or_none_and_the_rows_are_named(welcome: Promotion) -> None:
    assert add_coupons(welcome, FALL, codes_in("code,note\nWELCOME10,x\n\nspring-20\n"), person=None, at=now()) == 2
    with pytest.raises(InvalidInput) as caught:
        add_coupons(welcome, FALL, codes_in("NEW\nwelcome 10\n!?\nnew\n"), person=None, at=now())
    assert caught.value.fields["codes"] == [
        f"Row 2: “welcome 10” is a coupon of “{welcome.name}” already.",
        "Row 3: “!?” is no code. Use letters and figures, at most 40.",
        "Row 4: “new” stands in row 1 already.",
    ]
    assert Coupon.objects.count() == 2
    with pytest.raises(InvalidInput):
        add_coupons(welcome, FALL, [], person=None, at=now())


def test_a_batch_is_called_off_and_the_others_stay(welcome: Promotion) -> None:
    make(welcome, 3)
    add_coupons(welcome, Terms(batch="Own"), [(1, "KEEP")], person=None, at=now())
    assert deactivate_coupons(welcome, "Fall", person=None) == 3
    gone = Coupon.objects.filter(batch="Fall").values_list("code", flat=True)[0]
    with pytest.raises(CouponEnded):
        find(gone, today=date(2026, 5, 3))
    assert find("keep", today=date(2026, 5, 3)).code == "KEEP"
