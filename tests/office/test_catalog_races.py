"""Two people who give away the same code at once: one gets it, the other reads who has it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Barcode, Category, Product, Variant
from tests.office.conftest import Company
from tests.office.test_catalog_forms import inline, product_form, variant_form, variant_row

pytestmark = pytest.mark.django_db(transaction=True)
Browsers = list[Client]


@pytest.fixture
def browsers(company: Company, as_staff: Callable[..., Client]) -> Browsers:
    return [as_staff("office"), as_staff("office", company.pearl), as_staff("admin"), as_staff("admin", company.pearl)]


def at_once(browsers: Browsers, address: str, forms: list[dict[str, Any]]) -> list[Any]:
    """The answers to forms that are sent at the same moment."""
    barrier = Barrier(len(browsers))

    def send(browser: Client, form: dict[str, Any]) -> Any:
        try:
            barrier.wait()
            return browser.post(address, form)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as pool:
        return list(pool.map(send, browsers, forms))


def refusals(answers: list[Any]) -> list[str]:
    """The pages of those who were refused; the others were taken."""
    assert sorted(answer.status_code for answer in answers) == [200] * (len(answers) - 1) + [302]
    return [answer.content.decode() for answer in answers if answer.status_code == 200]


@pytest.mark.parametrize("round_", range(3))
def test_a_new_sku_is_given_away_once(round_: int, browsers: Browsers, company: Company) -> None:
    address = reverse("admin:catalog_variant_add")
    answers = at_once(browsers, address, [variant_form(company, sku=sku) for sku in ("N-1", "n-1", " N-1", "Ｎ-1")])
    assert all("Two variants cannot share one." in page for page in refusals(answers))
    assert Variant.objects.filter(sku_key="N-1").count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_a_barcode_is_given_away_once(round_: int, browsers: Browsers, company: Company) -> None:
    code = inline("barcodes", [{"code": "036000291452"}])
    forms = [variant_form(company, sku=f"N-{number}", **code) for number in range(4)]
    answers = at_once(browsers, reverse("admin:catalog_variant_add"), forms)
    assert all("already" in page for page in refusals(answers))
    assert Barcode.objects.filter(key="00036000291452").count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_products_get_one_sku_and_addresses_of_their_own(round_: int, browsers: Browsers, company: Company) -> None:
    form = product_form(**inline("variants", [variant_row("LAN-1")]))
    answers = at_once(browsers, reverse("admin:catalog_product_add"), [form] * 4)
    assert all("Two variants cannot share one." in page for page in refusals(answers))
    answers = at_once(browsers, reverse("admin:catalog_product_add"), [product_form(title="Tent")] * 4)
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len(set(Product.objects.filter(title="Tent").values_list("slug", flat=True))) == 4


def test_a_category_has_an_address_of_its_own(browsers: Browsers, company: Company) -> None:
    form = {"name": "Tents", "slug": "tents", "description": "", "picture": "", "position": 0}
    answers = at_once(browsers, reverse("admin:catalog_category_add"), [form] * 4)
    assert all("already exists" in page for page in refusals(answers))
    assert Category.objects.filter(slug="tents").count() == 1


def test_who_waits_too_long_for_an_import_loses_nothing(browsers: Browsers, company: Company) -> None:
    """Somebody else holds the catalog for longer than a lock may take: the form comes back as it was typed."""
    words = {**connection.settings_dict}
    given = {"host": words["HOST"], "port": words["PORT"], "user": words["USER"], "password": words["PASSWORD"]}
    given = {name: value for name, value in given.items() if value}
    with psycopg.connect(dbname=words["NAME"], **given) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('catalog.products'))")
        answer = browsers[0].post(reverse("admin:catalog_variant_add"), variant_form(company, sku="N-9"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Please save once more." in page
    assert 'value="N-9"' in page
    assert not Variant.objects.filter(sku_key="N-9").exists()
    assert browsers[0].post(reverse("admin:catalog_variant_add"), variant_form(company, sku="N-9")).status_code == 302
