"""Pages speak what the market speaks: words, and how amounts and days are written."""

import pytest
from django.test import Client

from commerce.pricing.models import Market
from storefront import frame
from storefront.languages import language_of
from tests.storefront.conftest import Shop


@pytest.mark.parametrize(
    ("languages", "accepted", "found"),
    [
        ([], "de", ""),
        (["en"], "de,nl;q=0.8", "en"),
        (["de", "nl"], "nl;q=0.4,de;q=0.9", "de"),
        (["de", "nl"], "nl-BE,de;q=0.3", "nl"),
        (["nl", "de"], "", "nl"),
        (["nl", "de"], "no such; header", "nl"),
    ],
)
def test_the_browser_chooses_among_what_the_market_speaks(languages: list[str], accepted: str, found: str) -> None:
    assert language_of(languages, accepted) == found


@pytest.mark.django_db
@pytest.mark.parametrize(("languages", "spoken"), [([], "de"), (["en"], "en"), (["nl", "en"], "nl")])
def test_a_page_is_written_as_the_market_speaks(shop: Shop, languages: list[str], spoken: str) -> None:
    Market.objects.update(languages=languages)
    frame.forget()
    answer = Client().get("/cart/", headers={"Accept-Language": "de"})
    assert answer.headers["Content-Language"] == spoken
    assert f'<html lang="{spoken}"' in answer.content.decode()
