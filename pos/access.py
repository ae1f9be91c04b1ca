"""Who is at the till: the paired device by its token, the person by a PIN, which gives a pass for this device."""

from typing import cast
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from commerce.company.models import Device, User
from commerce.company.tokens import Client
from commerce.kernel.errors import DomainError
from pos.errors import NoRegister
from pos.models import Register

SALT = "pos.person"
PASS_SECONDS = 14 * 3600
APPROVAL_SALT = "pos.approval"
APPROVAL_SECONDS = 600


class PinNeeded(DomainError):
    code = "pin_needed"
    status = 401
    message = _("Enter your PIN to go on. The sale on the screen is kept.")


class ApprovalNeeded(DomainError):
    code = "approval_needed"
    status = 403
    message = _("The approval has lapsed, or was for something else. Ask the colleague for their PIN again.")


def register_of(request: Request) -> Register:
    """The register that the calling browser is paired with. Raises `NoRegister`."""
    device = cast(Client, request.user).device
    register = Register.objects.select_related("location").filter(device=device).first() if device else None
    if register is None:
        raise NoRegister()
    return register


def make_pass(person: User, device: Device) -> str:
    """What the till sends along after a right PIN; of no use on another device."""
    return signing.dumps({"person": person.pk, "device": device.pk, "pin": person.pin_hash[-12:]}, salt=SALT)


def person_of(request: Request) -> User:
    """The person whose pass came with the request; a new PIN or a dismissal ends it. Raises `PinNeeded`."""
    device = cast(Client, request.user).device
    try:
        shown = signing.loads(request.headers.get("X-Person", ""), salt=SALT, max_age=PASS_SECONDS)
    except signing.BadSignature as error:
        raise PinNeeded() from error
    person = User.objects.with_places().filter(pk=shown["person"], is_active=True).first()
    if person is None or device is None or shown["device"] != device.pk or shown["pin"] != person.pin_hash[-12:]:
        raise PinNeeded()
    return person


def make_approval(person: User, device: Device, *, permission: str, subject: UUID) -> str:
    """What the till sends along after a colleague's right PIN, for one thing; of no use on another device, or later."""
    shown = {"person": person.pk, "device": device.pk, "permission": permission, "subject": str(subject)}
    return signing.dumps(shown, salt=APPROVAL_SALT)


def approver_of(proof: str, device: Device, *, permission: str, subject: UUID) -> User:
    """Who allowed this thing. Raises `ApprovalNeeded`."""
    wanted = {"device": device.pk, "permission": permission, "subject": str(subject)}
    try:
        shown = signing.loads(proof, salt=APPROVAL_SALT, max_age=APPROVAL_SECONDS)
    except signing.BadSignature as error:
        raise ApprovalNeeded() from error
    person = User.objects.with_places().filter(pk=shown.pop("person"), is_active=True).first()
    if shown != wanted or person is None:
        raise ApprovalNeeded()
    return person
