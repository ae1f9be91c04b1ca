"""Which route a method and path name."""

from collections.abc import Iterable

from .call import Route
from .errors import ApiError


class Router:
    """The route table, searched by method and number of segments; fixed words win over placeholders."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._table: dict[tuple[str, int], list[tuple[list[str], Route]]] = {}
        for route in sorted(routes, key=lambda route: route.template.count("{")):
            segments = route.template.strip("/").split("/")
            self._table.setdefault((route.method, len(segments)), []).append((segments, route))

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and the values of its placeholders. Raises ApiError (404) in the real API's words."""
        given = path.strip("/").split("/")
        for segments, route in self._table.get((method, len(given)), []):
            if all(have == want or want.startswith("{") for want, have in zip(segments, given, strict=True)):
                values = zip(segments, given, strict=True)
                return route, {want[1:-1]: have for want, have in values if want.startswith("{")}
        raise ApiError(
            f"Unrecognized request URL ({method}: {path}). This stand-in serves the part of the API that card "
            "payments, readers, refunds, disputes and payouts need.",
            status=404,
        )
