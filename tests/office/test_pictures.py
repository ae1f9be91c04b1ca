"""Pictures on a product's page: chosen, described, ordered, given to a variant, taken away; shop and tills follow."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from commerce.catalog.models import Media, Product, Variant
from tests.office import pages
from tests.office.conftest import Company
from tests.office.test_catalog_forms import inline, product_form, variant_row


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(color: str = "teal", name: str = "front.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (400, 500), color).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def mug_form(company: Company, **fields: Any) -> dict[str, Any]:
    """The page of the mug as it is."""
    product = company.mug.product
    option = product.options.get()
    media = [
        {"id": row.pk, "product": product.pk, "alt": row.alt, "position": row.position} for row in product.media.all()
    ]
    variant = {**variant_row("BLU-01"), "id": company.mug.pk, "product": product.pk}
    return product_form(title="Enamel Mug", status="active", on_web="on") | {
        **inline("options", [{"id": option.pk, "product": product.pk, "name": "Color", "position": 1}], kept=1),
        **inline("variants", [variant], kept=1),
        **inline("media", media, kept=len(media)),
        **fields,
    }


@pytest.mark.django_db(transaction=True)
def test_several_pictures_at_once_come_behind_those_there_are(
    company: Company, as_staff: Callable[..., Client]
) -> None:
    product, before = company.mug.product, Variant.objects.get(pk=company.mug.pk).change_seq
    files = [photo("teal"), photo("navy", "side.jpg"), photo("teal", "again.jpg")]
    form = mug_form(company, new_pictures=files, new_alt="Enamel mug")
    assert as_staff("office").post(pages.row_of(product), form).status_code == 302
    first, second, third = product.media.all()
    assert first.path == "office/mug.svg"
    assert (second.alt, second.position, third.position) == ("Enamel mug", 2, 3)
    assert second.is_ours
    shown = Client().get(f"/media/{second.path}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert Variant.objects.get(pk=company.mug.pk).change_seq > before  # tills fetch it anew


@pytest.mark.django_db
def test_pictures_are_served_from_where_they_are_written_now(settings: Any, tmp_path: Any) -> None:
    """Whichever test or program made the address table first, and under whatever settings."""
    assert Client().get("/media/office/side.webp").status_code == 404
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    default_storage.save("office/side.webp", ContentFile(b"RIFF"))
    shown = Client().get("/media/office/side.webp")
    assert (shown.status_code, shown["Content-Type"], b"".join(shown)) == (200, "image/webp", b"RIFF")


def test_a_picture_comes_with_a_new_product(company: Company, as_staff: Callable[..., Client]) -> None:
    form = product_form(new_pictures=[photo()])
    page = as_staff("office").post(reverse("admin:catalog_product_add"), form, follow=True).content.decode()
    assert Product.objects.get(title="Storm Lantern").media.count() == 1
    assert "1 picture does not say what it shows." in page


def test_files_survive_a_mistake_elsewhere_on_the_page(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, address = as_staff("office"), reverse("admin:catalog_product_add")
    answer = browser.post(address, product_form(title="", new_pictures=[photo()], new_alt="Lantern"))
    page = answer.content.decode()
    assert "1 picture is kept and will be added when you save." in page
    token = page.split('name="new_pictures_waiting" value="')[1].split('"')[0]
    form = product_form(new_pictures_waiting=token, new_pictures=[photo("navy")], new_alt="Lantern")
    assert browser.post(address, form).status_code == 302
    assert Product.objects.get(title="Storm Lantern").media.count() == 2
    forged = product_form(title="Other", new_pictures_waiting="['/etc/passwd']:x")
    assert "have been put away" in browser.post(address, forged).content.decode()
    assert not Product.objects.filter(title="Other").exists()


def test_a_file_that_is_no_picture_is_named_and_the_others_wait(
    company: Company, as_staff: Callable[..., Client]
) -> None:
    drawing = SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")
    form = mug_form(company, new_pictures=[drawing, photo()])
    page = as_staff("office").post(pages.row_of(company.mug.product), form).content.decode()
    assert "“logo.svg”: SVG drawings are not taken" in page
    assert "1 picture is kept" in page
    assert company.mug.product.media.count() == 1


def test_they_are_described_ordered_and_taken_away(company: Company, as_staff: Callable[..., Client]) -> None:
    product, browser = company.mug.product, as_staff("office")
    browser.post(pages.row_of(product), mug_form(company, new_pictures=[photo()]))
    old, new = product.media.all()
    form = mug_form(company) | {"media-0-position": 2, "media-1-position": 1, "media-1-alt": "From the side"}
    assert browser.post(pages.row_of(product), form).status_code == 302
    assert [row.pk for row in product.media.all()] == [new.pk, old.pk]
    assert product.media.first().alt == "From the side"
    form = mug_form(company)
    row = next(name for name in form if name.startswith("media-") and form[name] == new.pk)
    assert browser.post(pages.row_of(product), form | {row.replace("-id", "-DELETE"): "on"}).status_code == 302
    assert list(product.media.all()) == [old]


def test_a_variant_shows_one_of_its_products_pictures(company: Company, as_staff: Callable[..., Client]) -> None:
    browser, mine = as_staff("office"), company.mug.product.media.get()
    form = mug_form(company) | {"variants-0-picture": mine.pk}
    assert browser.post(pages.row_of(company.mug.product), form).status_code == 302
    company.mug.refresh_from_db()
    assert company.mug.picture == mine
    foreign = Media.objects.create(product=company.tote.product, path="office/tote.svg")
    answer = browser.post(pages.row_of(company.mug.product), form | {"variants-0-picture": foreign.pk})
    assert "Select a valid choice" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_pictures_in_a_browser(desk: Callable[..., Page], company: Company) -> None:
    page = desk(pages.row_of(company.mug.product))
    page.get_by_label("Choose pictures").set_input_files(
        [
            {"name": n, "mimeType": "image/jpeg", "buffer": photo(c).read()}
            for n, c in (("a.jpg", "teal"), ("b.jpg", "navy"))
        ]
    )
    page.get_by_label("What they show").fill("Enamel mug in blue")
    page.get_by_role("button", name="Save and continue editing").click()
    images = page.locator("img.thumbnail--large")
    expect(images).to_have_count(3)
    for index in range(3):
        images.nth(index).scroll_into_view_if_needed()
    page.wait_for_function("[...document.querySelectorAll('img.thumbnail--large')].every((one) => one.naturalWidth)")
    handles = page.locator("#media-data tbody.form-group:not(.template) .cursor-move")
    expect(handles).to_have_count(3)
    handles.nth(2).scroll_into_view_if_needed()
    handles.nth(2).drag_to(handles.nth(0))
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    first, *rest = company.mug.product.media.all()
    assert first.alt == "Enamel mug in blue"
    assert rest[0].path == "office/mug.svg"


def test_who_only_reads_moves_nothing(company: Company, as_staff: Callable[..., Client]) -> None:
    page = as_staff("manager", company.pearl).get(pages.row_of(company.mug.product)).content.decode()
    assert "office/mug.svg" in page
    for tool in ("new_pictures", "x-sort", "cursor-move"):
        assert tool not in page
