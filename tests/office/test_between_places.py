"""The location of goods on their way is nobody's shelf: wherever a person names a location, it is refused."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from commerce.company.models import Location, User
from commerce.kernel.clock import now
from commerce.kernel.errors import InvalidInput
from commerce.kernel.ids import new_uid
from commerce.sync.models import ImportRun
from inventory.actions.adjust_stock import adjust_stock
from inventory.actions.draft_purchase_order import draft_purchase_order
from inventory.actions.name_serials import name_serials
from inventory.actions.request_transfer import request_transfer
from inventory.actions.set_policy import set_policy
from inventory.actions.set_safety_stock import set_safety_stock
from inventory.actions.start_count import start_count
from inventory.models import PurchaseOrder, StockCount, StockLevel, Transfer
from pos.models import Register
from tests.api.test_contract import Api, new_token_in_test
from tests.factories import purchases, transfers
from tests.office import pages
from tests.office.conftest import Company
from tests.snapshot import written
from tests.sync.conftest import FILES

SAYS = (
    "“In transit” only stands for goods between two locations. Choose a store or a warehouse; what is on the way is"
    " received, or settled, on the page of its transfer."
)
Staff = Callable[..., Client]


@pytest.fixture
def between(company: Company) -> Location:
    """Three mugs are there."""
    transfers.shipped(company.pearl, company.ballard, {company.mug: 3})
    return Location.objects.get(kind="transit")


def deeds(company: Company, between: Location) -> dict[str, tuple[str, Callable[..., Any]]]:
    """What somebody might do there: the field that is refused, and the deed."""
    level, mug = StockLevel.objects.get(location=between), company.mug.pk
    move = partial(request_transfer, units={mug: 1})
    order = partial(draft_purchase_order, supplier=purchases.SupplierFactory(), units={mug: 1})
    return {
        "adjust": ("location", partial(adjust_stock, level.pk, reason="lost", change=-1)),
        "count it off": ("location", partial(adjust_stock, level.pk, reason="recount", counted=0)),
        "keep back": ("location", partial(set_safety_stock, level.pk, 1)),
        "promise": ("location", partial(set_policy, mug, between.pk, policy="backorder", limit=1)),
        "name serial numbers": ("location", partial(name_serials, level.pk, found=["A-1"])),
        "count": ("location", partial(start_count, between, kind="full")),
        "order": ("location", partial(order, location=between)),
        "send from": ("source", partial(move, source=between, destination=company.pearl)),
        "send to": ("destination", partial(move, source=company.pearl, destination=between)),
    }


@pytest.mark.parametrize(
    "name",
    [
        *("adjust", "count it off", "keep back", "promise", "name serial numbers", "count", "order"),
        *("send from", "send to"),
    ],
)
def test_no_deed_reaches_it(name: str, company: Company, between: Location, staff: Callable[..., User]) -> None:
    field, deed = deeds(company, between)[name]
    person, before = staff("admin"), written()
    with pytest.raises(InvalidInput) as refused:
        deed(person=person, at=now())
    assert refused.value.fields == {field: [SAYS]}
    assert written() == before


def test_an_import_does_not_fill_it(company: Company, between: Location, tmp_path: Path) -> None:
    before = written()
    for file in ("shopify_products.csv", "shopify_inventory_columns.csv"):
        for options in ([], ["--dry-run"]):
            with pytest.raises(CommandError) as refused:
                call_command("import_catalog", str(FILES / file), "--format=shopify", "--location=in-transit", *options)
            assert str(refused.value) == SAYS
    with pytest.raises(CommandError) as refused:
        call_command("import_catalog", str(FILES / "shopify_products.csv"), "--format=shopify", "--location=NOPE")
    assert str(refused.value) == "There is no location “NOPE”. There are: PDX-1, SEA-1."
    assert written() == before


def upload(code: str) -> dict[str, Any]:
    file = SimpleUploadedFile("export.csv", (FILES / "shopify_products.csv").read_bytes(), "text/csv")
    return {"file": file, "file_format": "shopify", "location": code, "market": ""}


@pytest.mark.parametrize(
    ("page", "form", "rows"),
    [
        ("sync_importrun_upload_page", lambda place, _other: upload(place.code), ImportRun),
        (
            "inventory_stockcount_start_page",
            lambda place, _other: {"location": place.pk, "kind": "full", "is_blind": "yes"},
            StockCount,
        ),
        (
            "inventory_purchaseorder_draft_page",
            lambda place, _other: {
                "supplier": purchases.SupplierFactory().pk,
                "location": place.pk,
                "items": "BLU-01 3",
            },
            PurchaseOrder,
        ),
        (
            "inventory_transfer_request_page",
            lambda place, other: {"source": place.pk, "destination": other.pk, "items": "BLU-01 3"},
            Transfer,
        ),
        (
            "inventory_transfer_request_page",
            lambda place, other: {"source": other.pk, "destination": place.pk, "items": "BLU-01 3"},
            Transfer,
        ),
        ("pos_register_add", lambda place, _other: {"name": "Back", "code": "B-1", "location": place.pk}, Register),
    ],
)
def test_no_form_offers_or_takes_it(
    page: str, form: Callable[..., dict[str, Any]], rows: Any, company: Company, between: Location, as_staff: Staff
) -> None:
    browser, address, before = as_staff("admin"), reverse(f"admin:{page}"), rows.objects.count()
    shown = browser.get(address).content.decode()
    assert "Pearl" in shown
    assert "In transit" not in shown
    answer = browser.post(address, form(between, company.pearl))
    assert answer.status_code in (200, 422)
    assert "Select a valid choice." in answer.content.decode()
    assert rows.objects.count() == before


def test_on_its_levels_page_an_adjustment_is_refused_in_words(
    company: Company, between: Location, as_staff: Staff
) -> None:
    level = StockLevel.objects.get(location=between)
    answer = as_staff("admin").post(
        pages.row_of(level, "adjust_page"), {"change": "-1", "reason": "lost", "note": "Fell off the van."}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert SAYS in page
    assert "Fell off the van." in page
    level.refresh_from_db()
    assert level.on_hand == 3


def test_nobody_makes_another_one_or_works_there(company: Company, between: Location, as_staff: Staff) -> None:
    browser = as_staff("admin")
    page = browser.get(pages.row_of(company.pearl)).content.decode()
    assert 'value="warehouse"' in page
    assert 'value="transit"' not in page
    person = User.objects.get(username="cashier")
    page = browser.get(pages.row_of(person)).content.decode()
    assert f'value="{company.pearl.pk}"' in page
    assert "IN-TRANSIT" not in page


def test_programs_and_tills_are_refused(company: Company, between: Location) -> None:
    api = Api(new_token_in_test())
    before = written("company_apitoken")
    status, problem = api("POST", "/sales", sale("BLU-01", "IN-TRANSIT"))
    assert (status, problem["code"], problem["fields"]) == (422, "invalid_input", {"location": [SAYS]})
    for path in ("/availability?sku=BLU-01", "/availability/explain?sku=BLU-01"):
        status, problem = api("GET", f"{path}&location=IN-TRANSIT")
        assert (status, problem["detail"]) == (404, "There is no location IN-TRANSIT.")
    assert written("company_apitoken") == before


def sale(sku: str, code: str) -> dict[str, Any]:
    price = {"amount": 2_500, "currency": "USD"}
    line = {"sku": sku, "quantity": 1}
    more = {"sold_at": now().isoformat(), "currency": "USD", "lines": [line]}
    return {"id": str(new_uid()), "location": code, "tenders": [{"type": "cash", "amount": price}], **more}
