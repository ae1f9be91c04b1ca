"""Collections and customer groups: what promotions and price lists name, and who is in a group."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Collection
from commerce.events.models import Event
from commerce.pricing.models import CustomerGroup
from customers.models import Customer
from tests.factories.offers import promotion
from tests.office.conftest import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(as_staff: Callable[..., Client]) -> Client:
    return as_staff("office")


def test_a_collection_is_made_of_products_and_tells_of_them(office: Client, company: Company) -> None:
    typed = {"name": "Breakfast", "slug": "breakfast", "products": [company.mug.product_id]}
    assert office.post(reverse("admin:catalog_collection_add"), typed).status_code == 302
    row = Collection.objects.get()
    assert list(row.products.all()) == [company.mug.product]
    told = Event.objects.filter(topic="catalog.changed").order_by("-pk")[0]
    assert told.payload == {"products": [str(company.mug.product.uid)]}
    page = reverse("admin:catalog_collection_change", args=[row.pk])
    assert office.post(page, {"name": "Morning", "slug": "other", "products": []}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.slug, row.products.count()) == ("Morning", "breakfast", 0)
    assert ">0<" in office.get(reverse("admin:catalog_collection_changelist")).content.decode()


def test_what_a_promotion_names_is_not_deleted(office: Client, company: Company) -> None:
    row = Collection.objects.create(name="Fall", slug="fall")
    promotion(items=[row])
    office.post(reverse("admin:catalog_collection_delete", args=[row.pk]), {"post": "yes"})
    assert Collection.objects.filter(pk=row.pk).exists()


def test_customers_join_a_group_by_their_addresses_all_or_none(office: Client, company: Company) -> None:
    typed = {"name": "Members", "code": "members", "more": "ada@example.com\nnobody@example.com"}
    refused = office.post(reverse("admin:pricing_customergroup_add"), typed)
    assert "No customer has the address nobody@example.com" in refused.content.decode()
    assert not CustomerGroup.objects.exists()
    office.post(reverse("admin:pricing_customergroup_add"), {**typed, "more": "Ada@example.com"})
    group = CustomerGroup.objects.get()
    ada = Customer.objects.get(email="ada@example.com")
    assert list(group.customers.all()) == [ada]
    page = office.get(reverse("admin:pricing_customergroup_change", args=[group.pk])).content.decode()
    assert "Ada Byron" in page
    found = office.get(reverse("admin:customers_customer_changelist"), {"groups__id__exact": group.pk})
    assert "Ada Byron" in found.content.decode()
    assert "grace@example.com" not in found.content.decode()
