"""One is sold at the till, the last one on the web, from one stock, with both windows open."""

import gzip
import re
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect

from commerce.catalog.models import Variant
from commerce.kernel.clock import now
from commerce.kernel.db import action, rows
from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.levels import Source
from inventory.models import StockLevel, StockMovement
from orders.models import Order
from tests.concurrency.conftest import audit
from tests.factories.company import UserFactory
from tests.journeys.conftest import House, check_out_for_delivery, fill_in_card, open_till, scan

pytestmark = pytest.mark.timeout(240)
SHARED = Path(__file__).parents[3] / "shared/data/catalog/shopify/golden_aura_boutique_products_export.csv.gz"
HEADER = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,"
    "Variant Inventory Qty,Variant Price,Variant Barcode,Image Src,Status"
)
ROW = "linen-scarf,Linen scarf,,Own,Scarves,linen,true,Title,Default Title,SCARF-1,120,4,38.00,2000000000015,,active"
OWN = f"{HEADER}\n{ROW}\n"


@pytest.fixture
def imported(house: House, tmp_path: Path) -> Variant:
    """A real shop's export, imported; of one of its articles exactly two are left."""
    if SHARED.exists():
        file, text = SHARED, gzip.decompress(SHARED.read_bytes()).decode("utf-8-sig")
        assert "Variant Barcode" in text
    else:
        file = tmp_path / "export.csv"
        file.write_text(OWN)
    call_command("import_catalog", str(file), format="shopify", location="PDX-1")
    on_sale = Variant.objects.filter(product__status="active", product__on_web=True, barcodes__key__regex="^[0-9]{14}$")
    variant = on_sale.filter(product__variants__isnull=False, prices__amount_minor__gt=500).order_by("sku").first()
    assert variant is not None
    set_stock(variant, house, 2)
    return variant


@action
def set_stock(variant: Variant, house: House, wanted: int) -> None:
    level = StockLevel.objects.filter(variant=variant, location=house.store).first()
    stock.move(
        {(variant.pk, house.store.pk): wanted - (level.on_hand if level else 0)},
        kind=StockMovement.Kind.ADJUSTMENT,
        source=Source("adjustment", new_uid()),
        at=now(),
    )


def test_one_at_the_till_and_the_last_one_on_the_web(
    house: House, imported: Variant, page: Page, context: BrowserContext
) -> None:
    shop, till, office = page, context.new_page(), context.new_page()
    product = f"{house.url}/products/{imported.product.slug}/?variant={imported.sku}"
    shop.goto(product)
    availability = shop.locator("#availability")
    expect(availability).to_contain_text("2 at Portland Alberta")

    open_till(till, house)
    scan(till, imported.barcodes.get().code)
    expect(till.locator("#lines li")).to_have_count(1)
    till.locator("#pay").click()
    till.locator("#quick-cash button").first.click()
    expect(till.locator("#new-sale")).to_be_visible()
    sold_at = time.monotonic()
    expect(availability).to_contain_text("1 at Portland Alberta", timeout=4_000)
    assert time.monotonic() - sold_at < 2.0

    expect(till.locator("#receipt-picture")).to_be_visible()
    expect(till.locator("#print-state")).to_contain_text("Receipt printed")
    paper = house.printer.receipts[0]
    assert any(imported.product.title.split()[0].lower() in line.lower() for line in paper["lines"])
    till.locator("#new-sale").click()

    with shop.expect_response(re.compile("/cart/lines/")):
        shop.get_by_role("button", name="Add to cart").click()
    shop.goto(f"{house.url}/checkout/")
    check_out_for_delivery(shop)
    fill_in_card(shop)
    shop.get_by_role("button", name=re.compile("^Pay")).click()
    expect(shop).to_have_url(re.compile("/orders/"), timeout=20_000)

    scan(till, imported.barcodes.get().code)
    expect(till.locator("#lines")).to_contain_text(re.compile("none left|promised", re.I))
    shop.goto(product)
    expect(availability).to_contain_text("None at Portland Alberta")

    UserFactory(username="owner", is_staff=True, is_superuser=True, password="a long demo password")
    office.goto(f"{house.url}/admin/orders/order/")
    office.get_by_label("Username").fill("owner")
    office.get_by_label("Password").fill("a long demo password")
    office.get_by_role("button", name=re.compile("Log in", re.I)).click()
    for order in Order.objects.placed():
        expect(office.get_by_role("link", name=str(order.number), exact=True)).to_be_visible()

    assert [order.channel for order in Order.objects.placed().order_by("pk")] == ["pos", "web"]
    level = StockLevel.objects.get(variant=imported, location=house.store)
    assert (level.on_hand, level.reserved) == (1, 1)
    assert rows("SELECT sum(amount_minor) FROM ledger_posting") == [(0,)]
    assert audit() == ""
