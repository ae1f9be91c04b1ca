"""The stand-ins, running."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.card_network_process import CardNetwork, start_card_network
from tests.sandbox.listener import Listener


@pytest.fixture(scope="session")
def _one_card_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardNetwork]:
    network = start_card_network(tmp_path_factory.mktemp("card_network"))
    yield network
    network.stop()


@pytest.fixture
def card_network(_one_card_network: CardNetwork) -> CardNetwork:
    """A running card network that knows nothing yet."""
    _one_card_network.reset()
    return _one_card_network


@pytest.fixture
def api(card_network: CardNetwork) -> Any:
    """The resources of the real client."""
    return card_network.client().v1


@pytest.fixture
def listener() -> Iterator[Listener]:
    """An endpoint for webhooks that remembers what it was sent."""
    with Listener() as running:
        yield running
