"""A replayed sale cannot be recorded as it is: a case keeps it whole, and a person decides."""

import json
from datetime import datetime
from typing import Any

from commerce.cases.queue import open_case
from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from commerce.kernel.idempotency import fingerprint


@action
def refuse_sale(data: Any, error: DomainError, *, at: datetime) -> None:
    """Open the case; the same sale again opens no second one."""
    uid = data.get("id") if isinstance(data, dict) else None
    open_case(
        "sale_refused",
        subject=str(uid)[:100] if uid else fingerprint(data)[:32],
        text=f"{error.code}: {error}",
        context={"envelope": json.loads(json.dumps(data, default=str)), "code": error.code},
        at=at,
    )
