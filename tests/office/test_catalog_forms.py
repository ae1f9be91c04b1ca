"""What people type about products: one SKU in two writings is a duplicate, an amount is an amount."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from commerce.catalog.models import Barcode, Product, Variant
from commerce.events.models import Event
from commerce.pricing.models import Market, Price, PriceList, TaxRate
from tests.factories.catalog import VariantFactory
from tests.office import pages
from tests.office.conftest import Company


def inline(prefix: str, rows: list[dict[str, Any]], *, kept: int = 0) -> dict[str, Any]:
    """The fields of a table inside a form; the first `kept` rows exist already."""
    fields = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": kept}
    return fields | {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}


def variant_form(company: Company, **fields: Any) -> dict[str, Any]:
    form = {
        "product": company.tote.product_id, "sku": "NEW-1", "option_values": "Green", "title": "", "swatch": "",
        "weight_grams": 0, "position": 1, "is_active": "on",
    }  # fmt: skip
    return {**form, **inline("barcodes", []), **inline("prices", []), **inline("open_price_limits", []), **fields}


@pytest.fixture
def add(company: Company, as_staff: Callable[..., Client]) -> Callable[..., Any]:
    browser = as_staff("office")
    return lambda **fields: browser.post(reverse("admin:catalog_variant_add"), variant_form(company, **fields))


@pytest.mark.parametrize("sku", [" blu-01", "BLU-01", "ＢＬＵ-01", '="blu-01"', "'BLU-01", "blu\u200b-01"])
def test_an_sku_in_another_writing_is_refused_with_a_link_to_the_variant(
    sku: str, company: Company, add: Callable[..., Any]
) -> None:
    before = Variant.objects.count()
    page = add(sku=sku).content.decode()
    assert f'<a class="office-link" href="{pages.row_of(company.mug)}">BLU-01</a>' in page
    assert "(Enamel Mug). Two variants cannot share one." in page
    assert Variant.objects.count() == before


def test_an_sku_cannot_bring_markup_into_the_message(company: Company, add: Callable[..., Any]) -> None:
    Variant.objects.filter(pk=company.mug.pk).update(sku="<B>X</B>", sku_key="<B>X</B>")
    page = add(sku="<b>x</b>").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;” is the SKU of" in page
    assert "<b>x</b>" not in page
    assert "<B>X</B>" not in page


@pytest.mark.parametrize(
    ("sku", "says"), [("4.00638E+12", "spreadsheet rounded"), ("#N/A", "spreadsheet&#x27;s error")]
)
def test_what_is_no_sku_is_named(sku: str, says: str, company: Company, add: Callable[..., Any]) -> None:
    assert says in add(sku=sku).content.decode()


def test_a_variant_keeps_its_own_sku(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("office")
    barcode = company.mug.barcodes.get()
    price = company.mug.prices.get()
    form = variant_form(company, product=company.mug.product_id, sku="blu-01") | {
        **inline("barcodes", [{"id": barcode.pk, "variant": company.mug.pk, "code": barcode.code}], kept=1),
        **inline(
            "prices",
            [{"id": price.pk, "variant": company.mug.pk, "price_list": price.price_list_id, "price": "$27.50"}],
            kept=1,
        ),
    }
    assert browser.post(pages.row_of(company.mug), form).status_code == 302
    company.mug.refresh_from_db()
    assert (company.mug.sku, company.mug.sku_key, company.mug.title) == ("blu-01", "BLU-01", "Green")
    assert company.mug.prices.get().amount_minor == 2750
    assert Event.objects.filter(topic="catalog.changed").exists()


def test_a_new_variant_with_barcode_and_prices(company: Company, add: Callable[..., Any]) -> None:
    us = PriceList.objects.get(code="us")
    rows = [{"price_list": us.pk, "price": "1,234.50", "compare_at": "$1,500"}]
    assert add(**inline("barcodes", [{"code": "036000291452"}]), **inline("prices", rows)).status_code == 302
    made = Variant.objects.get(sku_key="NEW-1")
    assert made.barcodes.get().key == "00036000291452"
    price = made.prices.get()
    assert (price.amount_minor, price.compare_at_minor) == (123450, 150000)


def test_a_variant_has_serial_numbers_when_it_is_sold_by_the_piece(
    company: Company, add: Callable[..., Any], as_staff: Callable[..., Client]
) -> None:
    assert add(tracks_serials="on").status_code == 302
    made = Variant.objects.get(sku_key="NEW-1")
    assert made.tracks_serials
    Variant.objects.filter(pk=made.pk).update(tracks_serials=False, unit="m", unit_scale=100)
    form = variant_form(company, sku="NEW-1", tracks_serials="on")
    answer = as_staff("manager").post(pages.row_of(made), form)
    assert answer.status_code == 403
    answer = as_staff("admin").post(pages.row_of(made), form)
    assert "Only what is sold by the piece has serial numbers." in answer.content.decode()
    made.refresh_from_db()
    assert not made.tracks_serials


@pytest.mark.parametrize("code", ["0036000291452", " 036000-291452"])
def test_a_barcode_of_another_variant_is_refused_with_a_link(
    code: str, company: Company, add: Callable[..., Any]
) -> None:
    Barcode.objects.create(variant=company.mug, code="036000291452", key="00036000291452")
    page = add(**inline("barcodes", [{"code": code}])).content.decode()
    assert f'scans as <a class="office-link" href="{pages.row_of(company.mug)}">BLU-01</a> already' in page


@pytest.mark.parametrize(("code", "says"), [("036000291453", "should be 2"), ("000000000000", "nothing but zeros")])
def test_what_is_no_barcode_is_named(code: str, says: str, company: Company, add: Callable[..., Any]) -> None:
    assert says in add(**inline("barcodes", [{"code": code}])).content.decode()


@pytest.mark.parametrize(
    ("price", "says"),
    [("abc", "is not an amount"), ("1.234", "too many decimals"), ("-5", "cannot be negative"), ("€5", "not in USD")],
)
def test_what_is_no_price_is_named_beside_its_field(
    price: str, says: str, company: Company, add: Callable[..., Any]
) -> None:
    us = PriceList.objects.get(code="us")
    before = Variant.objects.count()
    page = add(**inline("prices", [{"price_list": us.pk, "price": price}])).content.decode()
    assert says in page
    assert Variant.objects.count() == before


def product_form(**fields: Any) -> dict[str, Any]:
    form = {
        "title": "Storm Lantern", "slug": "", "status": "draft", "category": "", "brand": "", "product_type": "",
        "tags": "light, camp", "description_html": "", "tax_class": "standard", "popularity": 0, "launched_at_0": "",
        "launched_at_1": "",
    }  # fmt: skip
    empty = inline("options", []) | inline("variants", []) | inline("media", [])
    return {**form, **empty, **fields}


def variant_row(sku: str) -> dict[str, Any]:
    return {"sku": sku, "option_values": "", "title": "", "weight_grams": 0, "position": 1, "is_active": "on"}


def test_a_product_with_its_variants_on_one_page(company: Company, as_staff: Callable[..., Client]) -> None:
    rows = inline("variants", [variant_row("LAN-1"), variant_row("LAN-2")])
    answer = as_staff("office").post(reverse("admin:catalog_product_add"), product_form(**rows))
    assert answer.status_code == 302
    made = Product.objects.get(slug="storm-lantern")
    assert made.tags == ["light", "camp"]
    assert sorted(made.variants.values_list("sku_key", flat=True)) == ["LAN-1", "LAN-2"]
    made.refresh_from_db()
    assert "storm" in str(made.tsv)  # the shop's search knows it


def test_what_lists_show_follows_the_forms(company: Company, as_staff: Callable[..., Client], capsys: Any) -> None:
    """After each way to change it, what the shop's lists and search know agrees with the catalog."""
    browser, second = as_staff("office"), VariantFactory(product=company.mug.product, sku="BLU-02", price=900)
    rows = [
        {**variant_row("BLU-01"), "id": company.mug.pk, "product": company.mug.product_id},
        {**variant_row("BLU-02"), "id": second.pk, "product": company.mug.product_id, "is_active": ""},
    ]
    option = company.mug.product.options.get()
    media = company.mug.product.media.get()
    form = product_form(title="Enamel Mug", status="active", on_web="on") | {
        **inline("variants", rows, kept=2),
        **inline("options", [{"id": option.pk, "product": option.product_id, "name": "Color", "position": 1}], kept=1),
        **inline("media", [{"id": media.pk, "product": media.product_id, "path": media.path, "position": 1}], kept=1),
    }
    assert browser.post(pages.row_of(company.mug.product), form).status_code == 302
    assert not Variant.objects.get(pk=second.pk).is_active
    shelf = company.mug.product.category
    renamed = {"name": "Camp kitchen", "slug": shelf.slug, "description": "", "picture": "", "position": 0}
    assert browser.post(pages.row_of(shelf), renamed).status_code == 302
    company.tote.product.refresh_from_db()
    assert "camp" in str(company.tote.product.tsv)
    call_command("audit")  # exits with 1, and says which row, when an invariant is broken


def test_twins_in_one_form_are_refused(company: Company, as_staff: Callable[..., Client]) -> None:
    rows = inline("variants", [variant_row("LAN-1"), variant_row(" lan-1")])
    page = as_staff("office").post(reverse("admin:catalog_product_add"), product_form(**rows)).content.decode()
    assert "This stands twice in the table: “LAN-1”." in page
    assert not Product.objects.filter(title="Storm Lantern").exists()


def test_an_address_in_the_shop_is_made_once(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("office")
    for _n in range(2):
        assert browser.post(reverse("admin:catalog_product_add"), product_form()).status_code == 302
    assert sorted(Product.objects.filter(title="Storm Lantern").values_list("slug", flat=True)) == [
        "storm-lantern",
        "storm-lantern-2",
    ]


def test_a_description_keeps_only_harmless_markup(company: Company, as_staff: Callable[..., Client]) -> None:
    text = '<p hx-get="/x" onclick="x()">Bright<script>alert(1)</script></p>'
    as_staff("office").post(reverse("admin:catalog_product_add"), product_form(description_html=text))
    assert Product.objects.get(title="Storm Lantern").description_html == "<p>Bright</p>"


def test_a_price_is_moved_and_removed_by_the_step(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, price = as_staff("office"), company.mug.prices.get()
    form = {"price_list": price.price_list_id, "variant": company.mug.pk, "price": "19", "compare_at": "18"}
    assert "only makes sense above the price" in browser.post(pages.row_of(price), form).content.decode()
    assert browser.post(pages.row_of(price), {**form, "compare_at": ""}).status_code == 302
    price = company.mug.prices.get()
    assert price.amount_minor == 1900
    other = VariantFactory(product=company.mug.product, price=False)
    assert browser.post(pages.row_of(price), {**form, "compare_at": "", "variant": other.pk}).status_code == 302
    assert list(Price.objects.filter(variant__in=[other, company.mug]).values_list("variant", "amount_minor")) == [
        (other.pk, 1900)
    ]
    assert browser.post(pages.row_of(other.prices.get(), "delete"), {"post": "yes"}).status_code == 302
    assert not other.prices.exists()


def test_a_market_and_a_tax_rate_as_people_write_them(company: Company, as_staff: Callable[..., Client]) -> None:
    browser = as_staff("office")
    form = {
        "name": "US", "code": "us", "countries": "us, ca", "is_default": "on",
        "price_list": company.market.price_list_id,
        "coin": "0.05", "shipping": "$6.95", "free_from": "", "tax_rounding": "document", "time_zone": "UTC",
        "margin_floor": "0", "card_capture": "automatic",
    }  # fmt: skip
    assert browser.post(pages.row_of(company.market), form).status_code == 302
    market = Market.objects.get()
    assert (market.countries, market.cash_step_minor) == (["US", "CA"], 5)
    assert (market.shipping_minor, market.free_shipping_from_minor) == (695, None)
    page = browser.post(pages.row_of(company.market), {**form, "countries": "US, QQ"}).content.decode()
    assert "is no country" in page
    rate = {"name": "WA tax", "code": "wa", "country": "us", "region": "WA", "tax_class": "standard", "percent": "6.5"}
    assert browser.post(reverse("admin:pricing_taxrate_add"), {**rate, "valid_from": "2026-01-01"}).status_code == 302
    assert TaxRate.objects.get(region="WA").rate_ppm == 65_000


def test_a_price_list_with_prices_keeps_its_currency(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, us = as_staff("office"), PriceList.objects.get(code="us")
    page = browser.post(pages.row_of(us), {"name": "US", "code": "us", "currency": "EUR"}).content.decode()
    assert "A list in another currency is a new list." in page
    page = browser.post(pages.row_of(us), {"name": "US", "code": "us", "currency": "XYZW"}).content.decode()
    us.refresh_from_db()
    assert us.currency == "USD"
