"""The style guide, open in Chromium for somebody of the staff."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page

from tests.factories.company import UserFactory

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
FAILS_ON_PURPOSE = "/answer"


@pytest.fixture
def guide(live_server: Any, page: Page) -> Iterator[Callable[..., Page]]:
    """`guide(theme="dark", viewport=PHONE)`: the page, signed in. What the browser complains about fails the test."""
    client = Client()
    client.force_login(UserFactory(is_staff=True))
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        said = f"{message.text} ({message.location['url']})"
        if message.type in ("error", "warning") and FAILS_ON_PURPOSE not in said:
            complaints.append(said)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def opened(theme: Any = "light", viewport: Any = DESKTOP, motion: Any = "no-preference") -> Page:
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        page.context.add_cookies([session])
        page.emulate_media(color_scheme=theme, reduced_motion=motion)
        page.set_viewport_size(viewport)
        page.goto(f"{live_server.url}/styleguide/")
        return page

    yield opened
    assert complaints == []
