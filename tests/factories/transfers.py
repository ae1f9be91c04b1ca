"""Transfers at every stage, made as people make them."""

from datetime import datetime

from commerce.catalog.models import Variant
from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.ids import new_uid
from inventory.actions.approve_transfer import approve_transfer
from inventory.actions.receive_transfer import receive_transfer
from inventory.actions.request_transfer import request_transfer
from inventory.actions.ship_transfer import ship_transfer
from inventory.models import Transfer

Wanted = dict[Variant, int]


def requested(source: Location, destination: Location, wanted: Wanted, *, at: datetime | None = None) -> Transfer:
    units = {variant.pk: quantity for variant, quantity in wanted.items()}
    return request_transfer(source=source, destination=destination, units=units, person=None, at=at or now())


def approved(source: Location, destination: Location, wanted: Wanted) -> Transfer:
    transfer = requested(source, destination, wanted)
    approve_transfer(transfer.uid, person=None, at=now())
    return Transfer.objects.get(pk=transfer.pk)


def shipped(source: Location, destination: Location, wanted: Wanted) -> Transfer:
    transfer = approved(source, destination, wanted)
    ship_transfer(transfer.uid, person=None, at=now())
    return Transfer.objects.get(pk=transfer.pk)


def receive(transfer: Transfer, arrived: Wanted) -> Transfer:
    units = {variant.pk: quantity for variant, quantity in arrived.items()}
    receive_transfer(transfer.uid, units, reception=new_uid(), person=None, at=now())
    return Transfer.objects.get(pk=transfer.pk)
