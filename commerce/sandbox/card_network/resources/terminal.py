"""/v1/terminal/locations and connection tokens."""

from .. import listing
from ..call import Call, Route
from ..errors import Row
from ..ids import new_id, token
from ..methods import EMPTY_ADDRESS
from ..params import ADDRESS, PAGING, Field, Group, Metadata, Text, merged_metadata
from ..shapes import public

PLACE = Group(required=True, fields={**ADDRESS, "country": Text(required=True, longest=2)})
CREATE: dict[str, Field] = {
    "address": PLACE,
    "display_name": Text(required=True, longest=1000),
    "metadata": Metadata(),
    "phone": Text(clearable=True),
}
UPDATE: dict[str, Field] = {
    "address": Group(fields=ADDRESS),
    "display_name": Text(longest=1000),
    "metadata": Metadata(),
    "phone": Text(clearable=True),
}


def create_location(call: Call) -> Row:
    """A place where readers stand."""
    row = {
        "id": new_id("terminal.location"),
        "object": "terminal.location",
        "address": EMPTY_ADDRESS | call.params["address"],
        "display_name": call.params["display_name"],
        "livemode": False,
        "metadata": merged_metadata({}, call.params.get("metadata", {})),
        "phone": call.params.get("phone"),
        "created": call.unit.now,
    }
    return public(call.unit, call.unit.add("terminal.location", row))


def retrieve_location(call: Call) -> Row:
    """One location."""
    return public(call.unit, call.unit.get("terminal.location", call.path["id"], "location"))


def update_location(call: Call) -> Row:
    """Change a location."""
    row = call.unit.edit("terminal.location", call.path["id"], "location")
    for name in ("display_name", "phone"):
        if name in call.params:
            row[name] = call.params[name]
    row["address"] = row["address"] | call.params.get("address", {})
    row["metadata"] = merged_metadata(row["metadata"], call.params.get("metadata", {}))
    return public(call.unit, row)


def delete_location(call: Call) -> Row:
    """Remove a location; its readers stand nowhere."""
    row = call.unit.get("terminal.location", call.path["id"], "location")
    for reader in call.unit.rows("terminal.reader"):
        if reader["location"] == row["id"]:
            call.unit.edit("terminal.reader", reader["id"])["location"] = None
    call.unit.drop("terminal.location", row["id"])
    return {"id": row["id"], "object": "terminal.location", "deleted": True}


def list_locations(call: Call) -> Row:
    """Locations, newest first."""
    return listing.page(call, call.unit.rows("terminal.location"), "/v1/terminal/locations")


def create_token(call: Call) -> Row:
    """A token with which a reader's software connects."""
    location = call.params.get("location")
    if location:
        call.unit.get("terminal.location", location, "location")
    row: Row = {"object": "terminal.connection_token", "secret": f"pst_test_{token(24)}"}
    return row | {"location": location} if location else row


ROUTES = [
    Route("POST", "/v1/terminal/locations", create_location, CREATE),
    Route("GET", "/v1/terminal/locations", list_locations, PAGING),
    Route("GET", "/v1/terminal/locations/{id}", retrieve_location),
    Route("POST", "/v1/terminal/locations/{id}", update_location, UPDATE),
    Route("DELETE", "/v1/terminal/locations/{id}", delete_location),
    Route("POST", "/v1/terminal/connection_tokens", create_token, {"location": Text()}),
]
