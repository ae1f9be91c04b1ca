"""Finding products, in exact results and statements."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from commerce.catalog import lexicon, search
from commerce.catalog.models import Product
from commerce.kernel.clock import now
from commerce.kernel.db import rows
from tests.factories.catalog import CategoryFactory, MediaFactory, ProductFactory, VariantFactory
from tests.factories.pricing import MarketFactory, PriceFactory

pytestmark = pytest.mark.django_db


def sell(title: str, *, price: int = 2500, options: tuple[str, ...] = ("Color", "Size"), **more: object) -> Product:
    """A product with a variant in moss/M and one in clay/L."""
    product = ProductFactory(title=title, options=options, **more)
    for color, size in (("Moss", "M"), ("Clay", "L")):
        VariantFactory(product=product, option_values=[color, size], price=price)
    return product


@pytest.fixture
def here() -> dict[str, Any]:
    return {"market": MarketFactory().pk, "at": now()}


def titles(page: search.Page) -> list[str]:
    return [card.title for card in page.products]


def facets(page: search.Page, group: str) -> dict[str, int]:
    return {facet.label: facet.count for found in page.facets if found.key == group for facet in found.facets}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Women’s  Mérinó e-Bike", "womens merino e bike"),
        ("Straße ÆRØ Łódź", "strasse aero lodz"),
        ("ﬁne ½ №5", "fine 1 2 no5"),
        ("北京 Ёлка", "北京 елка"),
        ("  ", ""),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert rows("SELECT catalog_fold(%s)", [text]) == [(folded,)]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("boots", "'boots':* | 'boot'"),
        ("the boots", "'boots':* | 'boot'"),
        ("running shoes", "( 'running' | 'run' ) & ( 'shoes':* | 'shoe' )"),
        ("the", "'the':*"),
        ("s", "'s'"),
        ("b' | c:*", "'b' & 'c'"),
        ("!&|()<->*", None),
    ],
)
def test_the_grammar_of_queries(text: str, query: str | None) -> None:
    assert rows("SELECT catalog_query(%s)::text", [text]) == [(query,)]


@pytest.mark.parametrize(
    "text", ["merino", "Mérino", "MERINOS", "meri", "sweater merino", "northfold", "knit", "moss", "wool"]
)
def test_a_word_however_it_is_written(text: str, here: dict[str, Any]) -> None:
    sell("Merino Sweater", category=CategoryFactory(name="Knitwear", slug="knitwear"), tags=["wool"])
    sell("Oak Chair", brand="Eastwood", options=())
    page = search.search(text, **here)
    assert (titles(page), page.total, page.corrected_to) == (["Merino Sweater"], 1, None)


def test_the_name_counts_more_than_a_tag(here: dict[str, Any]) -> None:
    sell("Wool Scarf", tags=["moss"])
    sell("Moss Lamp", popularity=0, options=())
    sell("Warm Blanket", tags=["moss"], popularity=900)
    assert titles(search.search("moss", **here))[0] == "Moss Lamp"


def test_exact_codes_come_first(here: dict[str, Any]) -> None:
    product = sell("Merino Sweater")
    VariantFactory(product=product, sku="NF 100/XL", barcode="036000291452")
    sell("Chair NF 100 XL")
    for code in ("nf 100/xl", "036000291452", "0036000291452", "'036000291452"):
        page = search.search(code, **here)
        assert (titles(page), page.exact) == (["Merino Sweater"], True)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("mernio", "merino"),
        ("merinno", "merino"),
        ("swaeter", "sweater"),
        ("merno sweatr", "merino sweater"),
        ("waterprof", "waterproof"),
        ("Wåterprooff", "waterproof"),
    ],
)
def test_typing_errors(typed: str, meant: str, here: dict[str, Any]) -> None:
    sell("Waterproof Merino Sweater")
    sell("Oak Chair")
    with transaction.atomic():
        lexicon.rebuild()
    page = search.search(typed, **here)
    assert (page.corrected_to, titles(page)) == (meant, ["Waterproof Merino Sweater"])


def test_nonsense_finds_nothing_and_says_so(here: dict[str, Any]) -> None:
    sell("Merino Sweater")
    with transaction.atomic():
        lexicon.rebuild()
    for text in ("zzzzqqqq", "%", "q\0q", "'; DROP TABLE x; --", "x" * 5000, "🧦"):
        page = search.search(text, **here)
        assert (page.total, page.products, page.corrected_to) == (0, [], None)


def test_only_what_the_market_sells_is_shown(here: dict[str, Any]) -> None:
    shown = sell("Merino Sweater")
    sell("Merino Draft", status="draft")
    sell("Merino Till Only", on_web=False)
    eu = MarketFactory(eu=True)
    abroad = ProductFactory(title="Merino Abroad")
    PriceFactory(price_list=eu.price_list, variant=VariantFactory(product=abroad, price=False), amount_minor=1900)
    assert titles(search.search("merino", **here)) == [shown.title]
    page = search.search("merino", market=eu.pk, at=now())
    assert [(card.title, card.from_minor) for card in page.products] == [("Merino Abroad", 1900)]


def test_facets_count_what_ticking_them_would_leave(here: dict[str, Any]) -> None:
    sell("Red Sweater", brand="Northfold")
    sell("Blue Sweater", brand="Eastwood")
    page = search.search("sweater", **here)
    assert facets(page, "brand") == {"Eastwood": 1, "Northfold": 1}
    assert facets(page, "option:size") == {"M": 2, "L": 2}
    assert [group.label for group in page.facets] == ["Color", "Size", "Brand"]
    chosen = search.search("sweater", **here, facets=["brand:Northfold"])
    assert titles(chosen) == ["Red Sweater"]
    assert facets(chosen, "brand") == {"Northfold": 1, "Eastwood": 1}  # the other brand may still be added
    assert facets(chosen, "option:size") == {"M": 1, "L": 1}
    both = search.search("sweater", **here, facets=["brand:Northfold", "brand:Eastwood"])
    assert both.total == 2
    none = search.search("sweater", **here, facets=["brand:Northfold", "option:size=XS"])
    assert none.total == 0
    assert facets(none, "option:size") == {"XS": 0, "M": 1, "L": 1}  # what was chosen can be taken back


def test_a_shelf_holds_what_stands_on_the_shelves_below(here: dict[str, Any]) -> None:
    clothing = CategoryFactory(name="Clothing", slug="clothing")
    knitwear = CategoryFactory(name="Knitwear", slug="knitwear", parent=clothing)
    sell("Sweater", category=knitwear)
    sell("Shirt", category=clothing)
    sell("Lamp")
    page = search.search(**here, facets=["category:clothing"], sort="name")
    assert titles(page) == ["Shirt", "Sweater"]
    assert facets(page, "category") == {"Clothing": 2, "Knitwear": 1}
    assert titles(search.search(**here, facets=["category:knitwear"])) == ["Sweater"]
    assert search.search(**here, facets=["category:nowhere"]).total == 0


def test_sorting_and_paging(here: dict[str, Any]) -> None:
    for title, price, popularity in (("Anvil", 300, 5), ("Bell", 100, 9), ("Cup", 200, 1)):
        sell(title, price=price, popularity=popularity)

    def listed(**asked: object) -> list[str]:
        return titles(search.search(**here, **asked))

    assert listed(sort="popularity") == listed(sort="no such order") == ["Bell", "Anvil", "Cup"]
    assert listed(sort="price") == ["Bell", "Cup", "Anvil"]
    assert listed(sort="price_desc") == ["Anvil", "Cup", "Bell"]
    assert listed(sort="name") == ["Anvil", "Bell", "Cup"]
    assert listed(sort="name", offset=1, limit=1) == ["Bell"]
    assert listed(sort="name", offset=99) == []
    assert listed(offset=-5, limit=-1) == []
    assert search.search(**here, sort="name", offset=2).total == 3


def test_cards_show_price_range_pictures_and_colors(here: dict[str, Any]) -> None:
    product = ProductFactory(title="Sweater", options=["Colour", "Size"])
    VariantFactory(product=product, option_values=["Moss", "M"], swatch="#5a6b3f", price=(1999, 2999), position=1)
    VariantFactory(product=product, option_values=["Moss", "L"], price=2499, position=2)
    VariantFactory(product=product, option_values=["Clay", "M"], price=2100, position=3)
    VariantFactory(product=product, option_values=["Old", "M"], price=100, is_active=False, position=4)
    MediaFactory(product=product, path="https://cdn.example.com/foreign.jpg", position=1)
    MediaFactory(product=product, path="b.svg", alt="Back", position=3)
    MediaFactory(product=product, path="a.svg", alt="Front", position=2)
    (card,) = search.search(**here).products
    assert (card.from_minor, card.to_minor, card.compare_at_minor, card.has_price_range) == (1999, 2499, 2999, True)
    assert [(swatch.name, swatch.hex) for swatch in card.swatches] == [("Moss", "#5a6b3f"), ("Clay", "")]
    assert (card.cover.path, card.second_picture.path, card.variants) == ("a.svg", "b.svg", 3)


@pytest.mark.parametrize(("text", "statements"), [("", 3), ("sweater", 4), ("swaeter", 6)])
def test_statements_do_not_depend_on_how_much_is_shown(text: str, statements: int, here: dict[str, Any]) -> None:
    with transaction.atomic():
        for number in range(12):
            sell(f"Sweater {number}", category=CategoryFactory(name="Knitwear", slug="knitwear"))
        lexicon.rebuild()
    with CaptureQueriesContext(connection) as captured:
        page = search.search(text, **here, facets=["category:knitwear"])
    assert page.total == 12
    assert len(captured) == statements


def test_refreshing_what_has_not_changed_writes_nothing() -> None:
    product = sell("Merino Sweater")
    before = rows("SELECT xmin::text FROM catalog_product")
    with transaction.atomic():
        search.refresh([product.pk])
    assert rows("SELECT xmin::text FROM catalog_product") == before
