"""/v1/disputes."""

from .. import disputing, events, listing
from ..call import Call, Route
from ..errors import ApiError, Row
from ..params import LISTING, Field, Flag, Group, Metadata, Text, merged_metadata
from ..shapes import public

UPDATE: dict[str, Field] = {
    "evidence": Group(fields={name: Text(clearable=True, longest=20000) for name in disputing.EVIDENCE}),
    "metadata": Metadata(),
    "submit": Flag(),
}


def retrieve(call: Call) -> Row:
    """One dispute."""
    return public(call.unit, call.unit.get("dispute", call.path["id"], "dispute"))


def update(call: Call) -> Row:
    """Give evidence, and submit it unless told to wait."""
    row = call.unit.edit("dispute", call.path["id"], "dispute")
    if "metadata" in call.params:
        row["metadata"] = merged_metadata(row["metadata"], call.params["metadata"])
    if evidence := call.params.get("evidence"):
        if row["status"] in disputing.CLOSED:
            raise ApiError(f"This dispute is already closed ({row['status']}).")
        row["evidence"] = row["evidence"] | evidence
        row["evidence_details"]["has_evidence"] = True
    if call.params.get("submit", bool(evidence)):
        disputing.submit(call.unit, row)
    elif evidence:
        events.record(call.unit, "charge.dispute.updated", row)
    return public(call.unit, row)


def close(call: Call) -> Row:
    """Give in: the dispute is lost."""
    row = call.unit.edit("dispute", call.path["id"], "dispute")
    disputing.close(call.unit, row, won=False)
    return public(call.unit, row)


def list_disputes(call: Call) -> Row:
    """Disputes, newest first, of a charge or an intent when one is named."""
    wanted = {name: call.params[name] for name in ("charge", "payment_intent") if name in call.params}
    rows = call.unit.rows("dispute")
    rows = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return listing.page(call, rows, "/v1/disputes")


ROUTES = [
    Route("GET", "/v1/disputes", list_disputes, {**LISTING, "charge": Text(), "payment_intent": Text()}),
    Route("GET", "/v1/disputes/{id}", retrieve),
    Route("POST", "/v1/disputes/{id}", update, UPDATE),
    Route("POST", "/v1/disputes/{id}/close", close),
]
