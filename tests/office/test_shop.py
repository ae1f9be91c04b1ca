"""The shop's own words, on one page."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from commerce.company import shop
from commerce.company.models import Shop
from tests.office.conftest import Company


def test_the_shop_is_named_on_one_page(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("admin")
    page = reverse("admin:company_shop_change", args=[1])
    assert browser.get(reverse("admin:company_shop_changelist"))["Location"] == page
    assert browser.get(page).status_code == 200
    shop.current()  # remembered: the change must be seen at once
    form = {"name": "Fern & Pine", "tagline": "For long walks", "email": "hello@example.com"}
    assert browser.post(page, form).status_code == 302
    assert (Shop.objects.get().name, shop.current().tagline) == ("Fern & Pine", "For long walks")
    assert "This field is required" in browser.post(page, {"name": ""}).content.decode()
    assert browser.get(reverse("admin:company_shop_change", args=[2])).status_code == 302


def test_a_manager_reads_and_does_not_write(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("manager", company.pearl)
    page = reverse("admin:company_shop_change", args=[1])
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"name": "Mine"}).status_code == 403
    assert not Shop.objects.exists()
