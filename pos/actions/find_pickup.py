"""A pickup code is scanned, or typed. Guessing is counted (T13)."""

from datetime import datetime

from commerce.kernel.db import action
from commerce.kernel.errors import DomainError
from orders.actions.hand_over import find_by_code
from orders.errors import PickupCodeUnknown
from orders.models import Fulfillment
from pos import code_attempts
from pos.models import Register


def find_pickup(register: Register, code: str, *, at: datetime) -> Fulfillment:
    """The open pickup that the code opens at the register's location. Raises `PickupCodeUnknown`, `CodesBlocked`."""
    found, refusal = _judge(register, code, at=at)
    if refusal:
        raise refusal
    if found is None:
        raise PickupCodeUnknown()
    return found


@action
def _judge(register: Register, code: str, *, at: datetime) -> tuple[Fulfillment | None, DomainError | None]:
    """Returned, not raised: the count of wrong codes has to be committed."""
    blocked = code_attempts.blocked(register, at=at)
    if blocked:
        return None, blocked
    try:
        found = find_by_code(code, register.location)
    except PickupCodeUnknown as error:
        code_attempts.count_wrong(register, at=at)
        return None, error
    code_attempts.forget(register)
    return found, None
