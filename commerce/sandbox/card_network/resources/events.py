"""/v1/events and /v1/webhook_endpoints."""

from urllib.parse import urlsplit

from .. import events, listing
from ..call import Call, Route
from ..errors import ApiError, Row
from ..ids import new_id, token
from ..params import LISTING, PAGING, Choice, Field, Flag, Items, Metadata, Text, merged_metadata
from ..shapes import public

FILTERS: dict[str, Field] = {"delivery_success": Flag(), "type": Text(), "types": Items(of=Text())}
CREATE: dict[str, Field] = {
    "api_version": Choice(words=(events.API_VERSION,)),
    "description": Text(clearable=True),
    "enabled_events": Items(of=Text(), required=True),
    "metadata": Metadata(),
    "url": Text(required=True),
}
UPDATE: dict[str, Field] = {
    "description": Text(clearable=True),
    "disabled": Flag(),
    "enabled_events": Items(of=Text()),
    "metadata": Metadata(),
    "url": Text(),
}


def retrieve_event(call: Call) -> Row:
    """One event of the last thirty days."""
    return public(call.unit, call.unit.get("event", call.path["id"]))


def list_events(call: Call) -> Row:
    """Events of the last thirty days, newest first; ``delivery_success=false`` gives those nobody has received."""
    types = [*call.params.get("types", []), *([call.params["type"]] if "type" in call.params else [])]
    rows = [row for row in call.unit.rows("event") if call.unit.now - row["created"] <= events.KEPT_SECONDS]
    if types:
        rows = [row for row in rows if any(_matches(row["type"], wanted) for wanted in types)]
    if "delivery_success" in call.params:
        rows = [row for row in rows if events.delivered(call.unit, row) == call.params["delivery_success"]]
    return listing.page(call, rows, "/v1/events")


def _matches(name: str, wanted: str) -> bool:
    return name == wanted or wanted == "*" or (wanted.endswith(".*") and name.startswith(wanted[:-1]))


def create_endpoint(call: Call) -> Row:
    """An address that is told of events; the answer holds the signing secret, this once."""
    row = endpoint_row(call.unit.now, _checked_url(call.params["url"]), call.params["enabled_events"])
    row["description"] = call.params.get("description")
    row["metadata"] = merged_metadata({}, call.params.get("metadata", {}))
    call.unit.add("webhook_endpoint", row)
    return public(call.unit, row) | {"secret": row["_secret"]}


def endpoint_row(now: int, url: str, enabled: list[str], *, name: str | None = None, secret: str | None = None) -> Row:
    """A webhook endpoint as it is stored."""
    return {
        "id": name or new_id("webhook_endpoint"),
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": now,
        "description": None,
        "enabled_events": enabled,
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": url,
        "_secret": secret or f"whsec_{token(32)}",
    }


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ApiError("Invalid URL: URL must be a full address that starts with http or https.", param="url")
    return url


def retrieve_endpoint(call: Call) -> Row:
    """One endpoint, without its secret."""
    return public(call.unit, call.unit.get("webhook_endpoint", call.path["id"]))


def update_endpoint(call: Call) -> Row:
    """Change where and of what an endpoint is told."""
    row = call.unit.edit("webhook_endpoint", call.path["id"])
    if "url" in call.params:
        row["url"] = _checked_url(call.params["url"])
    for name in ("enabled_events", "description"):
        if name in call.params:
            row[name] = call.params[name]
    if "disabled" in call.params:
        row["status"] = "disabled" if call.params["disabled"] else "enabled"
    row["metadata"] = merged_metadata(row["metadata"], call.params.get("metadata", {}))
    return public(call.unit, row)


def delete_endpoint(call: Call) -> Row:
    """Tell an address no more."""
    row = call.unit.get("webhook_endpoint", call.path["id"])
    call.unit.drop("webhook_endpoint", row["id"])
    return {"id": row["id"], "object": "webhook_endpoint", "deleted": True}


def list_endpoints(call: Call) -> Row:
    """Endpoints, newest first."""
    return listing.page(call, call.unit.rows("webhook_endpoint"), "/v1/webhook_endpoints")


ROUTES = [
    Route("GET", "/v1/events", list_events, {**LISTING, **FILTERS}),
    Route("GET", "/v1/events/{id}", retrieve_event),
    Route("POST", "/v1/webhook_endpoints", create_endpoint, CREATE),
    Route("GET", "/v1/webhook_endpoints", list_endpoints, PAGING),
    Route("GET", "/v1/webhook_endpoints/{id}", retrieve_endpoint),
    Route("POST", "/v1/webhook_endpoints/{id}", update_endpoint, UPDATE),
    Route("DELETE", "/v1/webhook_endpoints/{id}", delete_endpoint),
]
