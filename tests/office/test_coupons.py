"""The pages of a promotion's coupons: made in parts, added from a file, downloaded, searched and called off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commerce.kernel.clock import now
from commerce.pricing import coupons
from commerce.pricing.actions import make_coupons
from commerce.pricing.models import Coupon, Promotion
from tests.factories.offers import promotion
from tests.office.conftest import Company

pytestmark = pytest.mark.django_db
BATCH = {"batch": "Fall", "count": "25", "prefix": "FALL", "length": "8", "max_uses": "1"}


@pytest.fixture
def office(as_staff: Callable[..., Client]) -> Client:
    return as_staff("office")


@pytest.fixture
def welcome(company: Company) -> Promotion:
    return promotion(name="Welcome", needs_coupon=True)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_batch_is_made_and_downloaded(office: Client, welcome: Promotion) -> None:
    made = office.post(reverse("admin:coupon-generation", args=[welcome.pk]), BATCH)
    assert made.url == reverse("admin:coupons", args=[welcome.pk])
    page = text(office.get(made.url))
    assert "25 codes are made" in page
    file = b"".join(office.get(reverse("admin:coupon-file", args=[welcome.pk]), {"batch": "Fall"}).streaming_content)
    lines = file.decode("utf-8-sig").splitlines()
    assert lines[0] == "code,batch,max_uses,used,first_day,last_day,active"
    assert len(lines) == 26
    again = office.post(reverse("admin:coupon-generation", args=[welcome.pk]), BATCH)
    assert again.status_code == 422
    assert "There is a batch of this name already" in text(again)


def test_a_large_batch_goes_on_part_by_part(
    office: Client, welcome: Promotion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_coupons, "AT_ONCE", 10)
    address = reverse("admin:coupon-generation", args=[welcome.pk])
    page = office.post(address, BATCH)
    assert "10 of 25" in text(page)
    order = page.context["order"]
    part = office.post(address, {"order": order}, headers={"hx-request": "true"})
    assert "20 of 25" in text(part)
    last = office.post(address, {"order": order}, headers={"hx-request": "true"})
    assert last["HX-Redirect"] == reverse("admin:coupons", args=[welcome.pk])
    office.post(address, {"order": order})
    assert Coupon.objects.count() == 25
    other = promotion(name="Other", needs_coupon=True)
    assert office.post(reverse("admin:coupon-generation", args=[other.pk]), {"order": order}).status_code == 404
    assert office.post(address, {"order": order + "x"}).status_code == 404


def test_own_codes_come_from_a_file_with_wrong_rows_named(office: Client, welcome: Promotion) -> None:
    address = reverse("admin:coupon-own", args=[welcome.pk])
    file = SimpleUploadedFile("codes.csv", b"code\nWELCOME10\nwelcome-10\n")
    refused = office.post(address, {"own-file": file, "own-batch": "Own"})
    assert refused.status_code == 422
    assert "Row 3: “welcome-10” stands in row 2 already." in text(refused)
    assert office.post(address, {"own-codes": "WELCOME10", "own-max_uses_per_customer": "1"}).status_code == 302
    coupon = Coupon.objects.get()
    assert (coupon.code, coupon.max_uses, coupon.max_uses_per_customer) == ("WELCOME10", None, 1)
    bad = office.post(address, {"own-file": SimpleUploadedFile("x.csv", b"\xff\xfe\x00")})
    assert "This is no text in UTF-8" in text(bad)


def test_uses_lead_to_their_orders_and_codes_are_found(office: Client, welcome: Promotion, company: Company) -> None:
    Coupon.objects.create(promotion=welcome, code="WELCOME10", code_key="WELCOME10", created_at=now())
    with transaction.atomic():
        coupons.take(["welcome10"], source_uid=company.shipped.uid, customer_key="ada@example.com", at=now())
    page = text(office.get(reverse("admin:coupons", args=[welcome.pk]), {"q": "welcome-1"}))
    assert "used once" in page
    assert "ada@example.com" in page
    assert reverse("admin:document", args=["order", UUID(str(company.shipped.uid))]) in page
    assert "Welcome</" in text(office.get("/admin/pricing/promotion/", {"q": "welcome-10"}))


def test_a_batch_is_called_off(office: Client, welcome: Promotion) -> None:
    office.post(reverse("admin:coupon-generation", args=[welcome.pk]), BATCH)
    address = reverse("admin:coupon-deactivation", args=[welcome.pk]) + "?batch=Fall"
    assert "Call off “Fall”" in text(office.get(address))
    office.post(address)
    assert not Coupon.objects.filter(is_active=True).exists()


def test_others_only_look(as_staff: Callable[..., Client], welcome: Promotion) -> None:
    manager = as_staff("manager")
    assert "Make codes" not in text(manager.get(reverse("admin:coupons", args=[welcome.pk])))
    assert manager.post(reverse("admin:coupon-generation", args=[welcome.pk]), BATCH).status_code == 403
    assert manager.post(reverse("admin:coupon-own", args=[welcome.pk]), {"own-codes": "A"}).status_code == 403
