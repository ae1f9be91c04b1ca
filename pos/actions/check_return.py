"""What became of a return at a till, asked after a silence: its refunds are sent, or asked for, once more."""

from datetime import datetime
from uuid import UUID

from commerce.kernel.errors import NotFound
from orders.actions.settle_refund import settle_all
from orders.models import Return
from pos.models import Register


def check_return(register: Register, uid: UUID, *, at: datetime) -> Return:
    """The return as it is now. Raises `NotFound`: then nothing was taken back."""
    record = Return.objects.filter(uid=uid, till_return__register=register).first()
    if record is None:
        raise NotFound(what="return", key=str(uid))
    settle_all(record.refunds.filter(state="pending").values_list("uid", flat=True), at=at)
    return record
