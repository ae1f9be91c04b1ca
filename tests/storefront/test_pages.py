"""What the shop's pages say, without a browser."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commerce.catalog.models import Product
from commerce.events import outbox
from commerce.events.models import Event
from tests.factories.stock import receive
from tests.storefront.conftest import Shop, words

PAGES = ["/", "/categories/camp/", "/search/?q=tent", "/products/alder-tent/", "/stores/", "/stores/PDX-1/", "/cart/",
         "/country/", "/about/", "/returns/", "/contact/"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_complete_html_with_title_description_and_no_session(
    client: Client, shop: Shop, path: str
) -> None:
    answer = client.get(path)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<h1") == 1
    assert re.search(r"<title>\S.* · Counterpart</title>", page)
    assert '<meta name="description" content="' in page
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    ("path", "most"),
    [("/", 8), ("/categories/camp/", 8), ("/categories/tents/?f=option:color%3DMoss", 8), ("/search/?q=tent", 8),
     ("/products/alder-tent/", 8), ("/cart/", 8)],
)  # fmt: skip
def test_pages_stay_within_their_statement_budgets(client: Client, shop: Shop, settings, path: str, most: int) -> None:
    settings.SHOP_FRAME_SECONDS = 30
    client.post("/cart/lines/", {"sku": "MUG"})
    client.get("/cart/")  # the rules of prices are made once per change
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    assert 0 < len(seen) <= most, "\n".join(query["sql"][:160] for query in seen)


def test_adding_to_the_cart_stays_within_its_budget(client: Client, shop: Shop) -> None:
    with CaptureQueriesContext(connection) as first:
        assert client.post("/cart/lines/", {"sku": "MUG"}).status_code == 302
    with CaptureQueriesContext(connection) as second:
        assert client.post("/cart/lines/", {"sku": "TENT-MOSS"}).status_code == 302
    assert 0 < len(first) <= 12
    assert 0 < len(second) <= 12


def test_a_category_shows_its_shelves_products_and_filters(client: Client, shop: Shop) -> None:
    text = words(client.get("/categories/camp/"))
    assert "2 products" in text
    assert "Alder tent" in text
    assert "Enamel mug" in text
    assert "$289.00" in text
    assert "Moss 1" in text
    assert "Tents 1" in text


def test_filters_stand_in_the_address_and_can_be_taken_back(client: Client, shop: Shop) -> None:
    page = client.get("/categories/camp/?f=option:color%3DMoss&sort=price")
    assert "1 product" in words(page)
    assert "Enamel mug" not in words(page)
    assert 'href="?sort=price"' in page.content.decode()
    assert "Clear all" in words(page)
    assert '<meta name="robots" content="noindex,follow">' in page.content.decode()


def test_a_list_asked_for_by_htmx_is_the_list_alone(client: Client, shop: Shop) -> None:
    part = client.get("/categories/camp/", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="list").content.decode()
    assert part.lstrip().startswith('<div id="list"')
    back = client.get(
        "/categories/camp/",
        HTTP_HX_REQUEST="true",
        HTTP_HX_TARGET="list",
        HTTP_HX_HISTORY_RESTORE_REQUEST="true",
    )
    assert "<html" in back.content.decode()


@pytest.mark.parametrize(
    "query", ["?page=999999999999", "?page=-1", "?sort=drop+table", "?f=x&f=:", "?q=" + "a" * 5000]
)
def test_nonsense_in_an_address_is_read_as_nothing(client: Client, shop: Shop, query: str) -> None:
    assert client.get(f"/categories/camp/{query}").status_code == 200
    assert client.get(f"/search/{query}").status_code == 200


def test_search_finds_corrects_and_helps(client: Client, shop: Shop) -> None:
    assert "Alder tent" in words(client.get("/search/?q=tent"))
    corrected = words(client.get("/search/?q=aldre"))
    assert "Showing results for alder" in corrected
    assert "Alder tent" in corrected
    nothing = words(client.get("/search/?q=xylophone"))
    assert "We found nothing for “xylophone”" in nothing
    assert "Results for" not in nothing
    assert "Try fewer or other words" in nothing
    assert "Camp" in nothing


@pytest.mark.parametrize("code", ["TENT-OCHRE", "tent-ochre"])
def test_a_code_leads_straight_to_its_product(client: Client, shop: Shop, code: str) -> None:
    answer = client.get(f"/search/?q={code}")
    assert (answer.status_code, answer["Location"]) == (302, "/products/alder-tent/")
    barcode = shop.ochre.barcodes.get().code
    assert client.get(f"/search/?q={barcode}")["Location"] == "/products/alder-tent/"


def test_suggestions_name_products_and_categories(client: Client, shop: Shop) -> None:
    text = words(client.get("/search/suggest/?q=te"))
    assert "Tents" in text
    assert "Alder tent" in text
    assert "See 1 result" in text
    assert words(client.get("/search/suggest/?q=t")) == ""


def test_a_product_says_where_it_can_be_had(client: Client, shop: Shop) -> None:
    text = words(client.get("/products/alder-tent/?variant=TENT-MOSS"))
    assert "$289.00" in text
    assert "plus sales tax · free delivery" in text
    assert "23 ready to ship" in text
    assert re.search(r"ready to ship , arriving \w+, \w+ \d+ – ", text)
    assert "3 at Alberta Street , ready in about 1 hour" in text
    assert "None at Burnside" in text
    assert "Haarlemmerdijk" not in text


def test_options_are_links_that_work_without_script(client: Client, shop: Shop) -> None:
    page = client.get("/products/alder-tent/?variant=TENT-MOSS").content.decode()
    assert 'href="?variant=TENT-OCHRE"' in page
    chosen = client.get("/products/alder-tent/?variant=TENT-OCHRE").content.decode()
    assert 'name="sku" value="TENT-OCHRE"' in chosen
    assert "Color: " in words(client.get("/products/alder-tent/"))


def test_what_is_sold_out_says_so_everywhere(client: Client, shop: Shop) -> None:
    lamp = shop.variant(shop.product("Old lamp", category=shop.camp), "LAMP", 4_000, [])
    text = words(client.get("/products/old-lamp/"))
    assert "Sold out" in text
    assert "Not available for delivery right now" in text
    assert "Add to cart" not in text
    for beside in ("/categories/camp/", "/products/enamel-mug/", "/search/?q=zzzzqqq"):
        assert "Sold out Old lamp" in words(client.get(beside)), beside
    receive(lamp, shop.warehouse, 1)
    assert "Add to cart" in words(client.get("/products/old-lamp/"))


def test_structured_data_is_the_page_s_own_price_and_availability(client: Client, shop: Shop) -> None:
    page = client.get("/products/alder-tent/").content.decode()
    product, trail = (json.loads(text) for text in re.findall(r'(?s)ld\+json">(.*?)</script>', page))
    offers = {offer["sku"]: offer for offer in product["offers"]}
    assert offers["TENT-MOSS"]["price"] == "289.00"
    assert offers["TENT-MOSS"]["priceCurrency"] == "USD"
    assert offers["TENT-MOSS"]["availability"] == "https://schema.org/InStock"
    assert [step["name"] for step in trail["itemListElement"]] == ["Camp", "Tents", "Alder tent"]


def test_hostile_descriptions_and_names_stay_words(client: Client, shop: Shop) -> None:
    shop.product("</script><script>alert(1)</script>", slug="evil", category=shop.camp)
    Product.objects.filter(slug="evil").update(
        description_html='<p onclick="x()" hx-get="/">Hi</p><script>y()</script>'
    )
    shop.variant(Product.objects.get(slug="evil"), "EVIL", 100, [])
    page = client.get("/products/evil/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<script>y()" not in page
    assert "<p>Hi</p>" in page


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_the_web_does_not_sell_is_not_there(client: Client, shop: Shop, status: str) -> None:
    Product.objects.filter(pk=shop.tent.pk).update(status=status)
    assert client.get("/products/alder-tent/").status_code == 404
    for path in ("/products/none/", "/categories/none/", "/stores/NONE/", "/orders/none/", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "There is nothing at this address" in words(answer)
        assert 'action="/search/"' in answer.content.decode()
        assert 'href="/categories/camp/"' in answer.content.decode()


def test_a_shop_that_sells_nowhere_yet_still_says_what_is_not_there(client: Client, db: None) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is nothing at this address" in words(answer)


def test_a_failure_is_told_without_the_database_and_with_ways_on() -> None:
    page = render_to_string("errors/500.html")
    assert 'action="/search/"' in page
    for way in ("/", "/cart/", "/stores/", "/contact/"):
        assert f'href="{way}"' in page


def test_a_store_is_chosen_and_remembered(client: Client, shop: Shop) -> None:
    answer = client.get("/stores/PDX-2/choose/?next=/products/alder-tent/")
    assert answer["Location"] == "/products/alder-tent/"
    text = words(client.get("/products/alder-tent/"))
    assert text.index("None at Burnside") < text.index("3 at Alberta Street")
    assert client.get("/stores/PDX-2/choose/?next=https://evil.example/")["Location"] == "/stores/"


def test_another_country_changes_currency_stores_and_cart(client: Client, shop: Shop) -> None:
    client.post("/cart/lines/", {"sku": "MUG", "quantity": 2})
    assert "$32.00" in words(client.get("/cart/"))
    answer = client.post("/country/", {"country": "NL", "next": "/cart/"})
    assert answer["Location"] == "/cart/"
    cart = words(client.get("/cart/"))
    assert "€34.00" in cart
    assert "incl. VAT" in cart
    product = words(client.get("/products/alder-tent/"))
    assert "€290.00 incl. VAT" in product
    assert "None at Haarlemmerdijk" in product
    assert "Alberta" not in product


def test_what_another_market_does_not_sell_leaves_the_cart_and_is_named(client: Client, shop: Shop) -> None:
    shop.moss.prices.filter(price_list__code="eu").delete()
    client.post("/cart/lines/", {"sku": "TENT-MOSS"})
    client.post("/cart/lines/", {"sku": "MUG"})
    client.post("/country/", {"country": "DE", "next": "/cart/"})
    text = words(client.get("/cart/"))
    assert "Alder tent – Moss is not sold there and was taken out of your cart." in text
    assert "Enamel mug" in text


def test_machines_find_their_way(client: Client, shop: Shop) -> None:
    assert "Disallow: /checkout" in client.get("/robots.txt").content.decode()
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/products/alder-tent/</loc>" in sitemap
    assert "/categories/tents/</loc>" in sitemap
    assert client.get("/favicon.ico").status_code == 302
    page = client.get("/products/alder-tent/?variant=TENT-OCHRE").content.decode()
    assert re.search(r'<link rel="canonical" href="http://127.0.0.1:\d+/products/alder-tent/">', page)


def test_a_page_hears_of_what_changed_after_it_was_made_and_before_it_listens(client: Client, shop: Shop) -> None:
    found = re.search(r'data-live-stream="([^"]+)"', client.get("/products/alder-tent/").content.decode())
    assert found
    after = outbox.Cursor.parse(parse_qs(urlsplit(unescape(found[1])).query)["after"][0])
    receive(shop.moss, shop.alberta, 1)
    missed = Event.objects.filter(
        RawSQL("(tx, id) > (%s, %s)", [after.tx, after.event_id], output_field=BooleanField())
    )
    told = [(event.payload["sku"], event.payload["on_hand"]) for event in missed if event.topic == "stock.changed"]
    assert ("TENT-MOSS", 4) in told
