"""What is sold by the meter reads in meters on every page of stock, and is written in meters into every field."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from commerce.cases.models import Case
from commerce.catalog.barcodes import normalize_barcode
from commerce.catalog.models import Barcode, Variant
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory import stock
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.count_item import count_item
from inventory.actions.finish_count import finish_count
from inventory.actions.start_count import start_count
from inventory.levels import Demand, Source
from inventory.models import PurchaseOrder, StockLevel, StockMovement, Transfer
from tests.factories import purchases, trade, transfers
from tests.factories.catalog import ProductFactory, VariantFactory
from tests.factories.stock import receive
from tests.office import pages
from tests.office.conftest import Company

Staff = Callable[..., Client]


@pytest.fixture
def ribbon(company: Company) -> Variant:
    """12.5 m of it in Pearl, of which the web is not offered 0.5 m."""
    made = VariantFactory(product=ProductFactory(title="Cotton ribbon"), sku="RIB", unit="m", unit_scale=100)
    receive(made, company.pearl, 1250, safety=50)
    return made


@pytest.fixture
def desk(ribbon: Variant, as_staff: Staff) -> Client:
    return as_staff("office")


def level_of(ribbon: Variant, company: Company) -> StockLevel:
    return StockLevel.objects.get(variant=ribbon, location=company.pearl)


def text_of(desk: Client, address: str) -> str:
    """What a page shows, without its markup."""
    shown = desk.get(address, follow=True)
    assert shown.status_code == 200, address
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", shown.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_levels_and_the_overview_read_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    level = level_of(ribbon, company)
    listed = text_of(desk, reverse("admin:inventory_stocklevel_changelist") + "?q=RIB")
    assert "12.5 m 0 m 0.5 m 12 m In stock" in listed
    opened = text_of(desk, pages.row_of(level))
    assert "On hand 12.5 m Reserved 0 m Safety 0.5 m Available 12 m" in opened
    assert "+12.5 m 12.5 m" in opened
    overview = text_of(desk, reverse("admin:stock-overview") + "?q=RIB")
    assert "RIB Cotton ribbon 12 m of 12.5 m on hand 0.5 m kept back – 12 m of 12.5 m on hand" in overview
    explained = text_of(desk, reverse("admin:stock-explanation", args=[ribbon.pk, company.pearl.pk]))
    assert "12 m available to the web" in explained
    assert "−0.5 m" in explained
    for shown in (listed, opened, overview, explained):
        assert not re.search(r"\b1,?250\b", shown)


def test_three_centimeters_are_few_and_four_meters_are_not(desk: Client, ribbon: Variant, company: Company) -> None:
    few = reverse("admin:inventory_stocklevel_changelist") + "?stand=low&q=RIB"
    assert "RIB" not in text_of(desk, few).split("SKU or product")[-1]
    adjust_stock(level_of(ribbon, company).pk, reason="recount", counted=350, person=None, at=now())
    assert "3.5 m 0 m 0.5 m 3 m Few" in text_of(desk, few)


def test_amounts_are_written_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    level = level_of(ribbon, company)
    adjust = reverse("admin:inventory_stocklevel_adjust_page", args=[level.pk])
    form = desk.get(adjust).content.decode()
    assert "12.5 m on hand" in html.unescape(form)
    assert "Counted on the shelf (m)" in form
    refused = desk.post(adjust, {"counted": "0.355", "change": "", "reason": "recount", "note": ""})
    assert "Cotton ribbon is sold in steps of 0.01 m." in refused.content.decode()
    desk.post(adjust, {"counted": "", "change": "-0,35", "reason": "lost", "note": ""})
    level.refresh_from_db()
    assert level.on_hand == 1215
    desk.post(reverse("admin:inventory_stocklevel_safety_page", args=[level.pk]), {"units": "1.5 m"})
    level.refresh_from_db()
    assert level.safety == 150
    policy = reverse("admin:inventory_stocklevel_policy_page", args=[level.pk])
    desk.post(policy, {"policy": "backorder", "limit": "2.25", "last_day": "", "expected_on": ""})
    level.refresh_from_db()
    assert level.backorder_limit == 225
    assert 'value="2.25"' in desk.get(policy).content.decode()


def test_what_moved_reads_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    level = level_of(ribbon, company)
    adjust_stock(level.pk, reason="damaged", change=-35, person=None, at=now())
    moved = text_of(desk, reverse("admin:inventory_stockmovement_changelist") + "?q=RIB")
    assert "−0.35 m 12.15 m" in moved
    assert "+12.5 m 12.5 m" in moved
    adjusted = text_of(desk, reverse("admin:inventory_stockadjustment_changelist") + "?q=RIB")
    assert "−0.35 m +0.35 m" in adjusted
    assert re.search(r"Damaged: not for sale \S+ 1 0\.35 0 0\.35 ", text_of(desk, reverse("admin:stock-shrink")))


def test_dead_stock_adds_up_in_units(desk: Client, ribbon: Variant, company: Company) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inventory.admin.levels.now", lambda: now() + timedelta(days=45))
        address = reverse("admin:stock-dead") + f"?location={company.pearl.code}"
        assert "No dead stock" in text_of(desk, address)
        shown = text_of(desk, f"{address}&days=30")
        assert shown == text_of(desk, f"{address}&days=30") != text_of(desk, f"{address}&days=x")
    assert "have had no buyer for 30 days." in shown
    assert re.search(r"RIB Cotton ribbon Never \S+ \S+ \S+ \S+ \S+ 12\.5 m", shown)
    assert "1,250" not in shown


def test_a_reorder_is_suggested_and_ordered_in_whole_packs_of_meters(
    desk: Client, ribbon: Variant, company: Company
) -> None:
    purchases.item(purchases.SupplierFactory(), ribbon, 250, pack=25)
    StockLevel.objects.filter(pk=level_of(ribbon, company).pk).update(reorder_point=2000, reorder_up_to=5000)
    address = reverse("admin:stock-reorder") + f"?location={company.pearl.code}"
    shown = text_of(desk, address)
    assert "12.5 m 0 m 0 m 20 m 50 m" in shown
    assert "Buy from Northfold, in packs of 25 m" in shown
    assert "Its own reorder point is 20 m." in shown
    field = re.search(rf'name="units-{ribbon.pk}" value="([^"]+)"', desk.get(address).content.decode())
    assert field
    assert field[1] == "50"
    sent = {"location": company.pearl.code, "pick": [ribbon.pk], f"units-{ribbon.pk}": "50"}
    desk.post(reverse("admin:stock-reorder"), sent)
    line = PurchaseOrder.objects.get().lines.get()
    assert line.ordered == 5000


def test_a_transfer_reads_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    sent = transfers.shipped(company.pearl, company.ballard, {ribbon: 135, company.mug: 2})
    transfers.receive(sent, {ribbon: 100, company.mug: 2})
    page = text_of(desk, pages.row_of(sent))
    assert "3 of 3.35" in page
    assert "RIB 1.35 m 1.35 m 1 m 0.35 m" in page
    assert "3 of 3.35" in text_of(desk, reverse("admin:inventory_transfer_changelist"))


def test_a_purchase_order_costs_what_its_meters_cost(desk: Client, ribbon: Variant, company: Company) -> None:
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, ribbon, 250, sku="NF-RIB")
    order = purchases.placed(supplier, company.pearl, {ribbon: 1030})
    purchases.receive(order, {ribbon: 500})
    page = text_of(desk, pages.row_of(order))
    assert "$25.75" in page  # 10.3 m at $2.50
    assert "NF-RIB 10.3 m 5 m 5.3 m $2.50 / m $25.75" in page
    assert "5 of 10.3" in page
    assert "5 m × RIB" in page
    listed = text_of(desk, reverse("admin:inventory_purchaseorder_changelist"))
    assert "5 of 10.3" in listed
    assert "$25.75" in listed
    assert "10.3 m $2.50 / m $25.75" in text_of(desk, reverse("admin:inventory_purchaseorder_print", args=[order.pk]))
    file = desk.get(reverse("admin:inventory_purchaseorder_csv", args=[order.pk])).content.decode()
    assert "NF-RIB,RIB,Cotton ribbon,10.3,2.50" in file
    came = StockMovement.objects.get(source_type="purchase_order")
    assert (came.quantity, came.value_minor) == (500, 1250)


def test_packs_of_measured_goods_are_refused_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    supplier = purchases.SupplierFactory()
    purchases.item(supplier, ribbon, 250, pack=25)
    with pytest.raises(Exception, match=r"RIB comes in packs of 25 m: order 25 m or 50 m\."):
        purchases.drafted(supplier, company.pearl, {ribbon: 3000})


def test_an_order_and_its_fulfillment_read_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    placed = trade.order_on_web(
        company.market, [(ribbon, 250), (company.mug, 2)], email="ada@example.com", at=now(), pickup_at=company.pearl
    )
    page = text_of(desk, pages.row_of(placed))
    assert "RIB 2.5 m 0 m $25.00 / m – $0.00 $62.50" in page
    assert "2.5 m × Cotton ribbon" in page
    assert "2 × Enamel Mug" in page
    listed = text_of(desk, f"{pages.lists()['orders.fulfillment']}?q={placed.number}")
    assert re.search(rf"{placed.number}\b.* 4\.5 ", listed)


def test_a_count_reads_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    count = start_count(company.pearl, kind="full", person=None, at=now() - timedelta(hours=1), is_blind=False)
    count_item(count.pk, uid=new_uid(), code="RIB", quantity="12.15", person=None, at=now())
    scan = reverse("admin:inventory_stockcount_scan", args=[count.pk])
    said = desk.post(scan, {"uid": new_uid(), "code": "RIB", "quantity": "0.3"}, headers={"HX-Request": "true"})
    shown = " ".join(re.sub(r"<[^>]+>", " ", said.content.decode()).split())
    assert "the books say 12.5 m" in shown
    assert "+0.3 m 12.45 m" in shown
    mugs = StockLevel.objects.get(variant=company.mug, location=company.pearl).on_hand
    count_item(count.pk, uid=new_uid(), code="BLU-01", quantity=str(mugs + 7), person=None, at=now())
    finish_count(count.pk, person=None, at=now())
    page = text_of(desk, pages.row_of(count) + "?show=all").replace("-", "−")
    assert "−0.05 m 12.45 m 12.5 m" in page
    assert "Units missing 0.05 Units extra 7 " in page


def test_a_box_is_packed_and_unpacked_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    sent = transfers.requested(company.pearl, company.ballard, {ribbon: 235, company.mug: 2})

    def sheet(name: str) -> str:
        return reverse(f"admin:inventory_transfer_{name}", args=[sent.pk])

    opened = desk.get(sheet("approve")).content.decode()
    assert f'name="units-{ribbon.pk}" value="2.35" placeholder="0" min="0" max="2.35" step="0.01"' in opened
    assert "of 2.35 m" in opened
    assert "12 m free at Portland Pearl" in opened
    refused = desk.post(sheet("approve"), {"do": "book", f"units-{ribbon.pk}": "1.355"})
    assert "RIB: Cotton ribbon is sold in steps of 0.01 m." in refused.content.decode()
    desk.post(sheet("approve"), {"do": "book", f"units-{ribbon.pk}": "1,35", f"units-{company.mug.pk}": "2"})
    everything = desk.post(sheet("ship"), {"do": "all"}).content.decode()
    assert f'name="units-{ribbon.pk}" value="1.35"' in everything
    desk.post(sheet("ship"), {"do": "book", f"units-{ribbon.pk}": "1.35", f"units-{company.mug.pk}": "2"})
    told = desk.post(sheet("receive"), {"do": "add", "code": "RIB"}).content.decode()
    assert "RIB: write how much of it there is." in told
    body = {"uid": new_uid(), "do": "book", f"units-{ribbon.pk}": "1", f"units-{company.mug.pk}": "2"}
    received = desk.post(sheet("receive"), body, follow=True).content.decode()
    assert "Received. 0.35 more are on the way." in received
    assert "1 m × RIB" in received
    desk.post(reverse("admin:inventory_transfer_missing", args=[sent.pk]))
    case = Case.objects.get(kind="transfer_short")
    assert "0.35 unit" in case.text
    assert case.context["missing"] == ["0.35 m × RIB"]
    lost = reverse("admin:inventory_transfer_settle", args=[sent.pk, "lost"])
    assert "0.35 m on the way" in desk.get(lost).content.decode()
    desk.post(lost, {f"units_{ribbon.pk}": "0.3", "reason": "Cut off."})
    left = desk.post(lost, {f"units_{ribbon.pk}": "0.06", "reason": "Cut off."}).content.decode()
    assert "has 0.05 m of RIB on the way, not 0.06 m." in left
    sent.refresh_from_db()
    assert sent.lines.get(variant=ribbon).on_the_way == 5
    # 0.3 m are gone
    assert re.search(r"Lost on the way \S+ 1 0\.30 0 0 ", text_of(desk, reverse("admin:stock-shrink")))


def test_a_rolls_own_barcode_stands_for_its_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    roll = Barcode.objects.create(variant=ribbon, code="ROLL-25", key=normalize_barcode("ROLL-25").value, units=2500)
    sent = transfers.shipped(company.pearl, company.ballard, {ribbon: 1000})
    sheet = reverse("admin:inventory_transfer_receive", args=[sent.pk])
    assert f"{roll.key}\t25" in desk.get(sheet).content.decode()
    assert desk.get(sheet, {"code": roll.code}).json()["per"] == "25"
    added = desk.post(sheet, {"do": "add", "code": roll.code}).content.decode()
    assert f'name="units-{ribbon.pk}" value="25"' in added


@pytest.mark.parametrize(
    ("items", "requested", "says"),
    [
        ("RIB 2.5\nBLU-01 2", 250, ""),
        ("RIB 2,5", 250, ""),
        ("RIB", 0, "Line 1: “RIB”: Write how much of it there is."),
        ("RIB 0.355", 0, "Line 1: “RIB 0.355”: Cotton ribbon is sold in steps of 0.01 m."),
    ],
)
def test_a_list_names_meters(
    desk: Client, ribbon: Variant, company: Company, items: str, requested: int, says: str
) -> None:
    sent = {"source": company.pearl.pk, "destination": company.ballard.pk, "items": items}
    answer = desk.post(reverse("admin:inventory_transfer_request_page"), sent)
    assert says in html.unescape(answer.content.decode())
    found = Transfer.objects.filter(lines__variant=ribbon)
    assert [transfer.lines.get(variant=ribbon).requested for transfer in found] == ([requested] if requested else [])


def test_what_is_missing_of_a_promise_is_said_in_meters(desk: Client, ribbon: Variant, company: Company) -> None:
    transfers.approved(company.pearl, company.ballard, {ribbon: 1000})
    adjust_stock(level_of(ribbon, company).pk, reason="recount", counted=965, person=None, at=now())
    case = Case.objects.filter(kind="oversell").latest("pk")
    assert "took RIB. Missing for orders: 0.35 m." in case.text
    assert case.context["missing"] == "0.35"
    with transaction.atomic():
        stock.sell([Demand(ribbon.pk, company.ballard.pk, 35)], source=Source("sale", new_uid()), at=now())
    below = Case.objects.get(kind="negative_stock")
    assert below.text == "The books say -0.35 m of RIB at SEA-1. Count the shelf, then adjust."
