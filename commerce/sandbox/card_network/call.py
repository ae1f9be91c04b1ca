"""What an endpoint gets: the unit to work in, its parameters, and who asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import Row
from .params import Field
from .store import Unit


@dataclass(slots=True)
class Call:
    """One request to one endpoint. ``browser`` is true for a publishable key.

    An endpoint sets ``silent`` when the answer must be lost on the way although the work was done.
    """

    unit: Unit
    params: dict[str, Any]
    path: dict[str, str]
    base_url: str
    browser: bool = False
    reader_delay: float | None = None
    silent: bool = False


Endpoint = Callable[[Call], Row]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path template of the API, the parameters it knows and the function behind it.

    ``browser`` routes may be called with a publishable key.
    """

    method: str
    template: str
    endpoint: Endpoint
    fields: Mapping[str, Field] = field(default_factory=dict)
    browser: bool = False
