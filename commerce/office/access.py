"""Who sees which list of the back office: one table, in the words of the permission matrix.

`view` opens the rows; `edit` lets a person type into them. Where `edit` is empty the rows are history or belong to a
step: they change by actions only, whoever asks.
"""

from dataclasses import dataclass

from django.db.models import Model

from commerce.company.models import User
from commerce.company.permissions import MATRIX, may


@dataclass(frozen=True, slots=True)
class Access:
    view: str
    edit: str = ""
    delete: str = ""


ACCESS = {
    "company.shop": Access("company.view", "company.edit"),
    "company.location": Access("company.view", "company.edit"),
    "company.user": Access("staff.view", "staff.edit"),
    "company.device": Access("company.view"),
    "company.apitoken": Access("token.issue"),
    "catalog.category": Access("catalog.view", "catalog.edit", "catalog.edit"),
    "catalog.collection": Access("catalog.view", "catalog.edit", "catalog.edit"),
    "catalog.product": Access("catalog.view", "catalog.edit"),
    "catalog.variant": Access("catalog.view", "catalog.edit"),
    "catalog.option": Access("catalog.view", "catalog.edit", "catalog.edit"),
    "catalog.media": Access("catalog.view", "catalog.edit", "catalog.edit"),
    "catalog.barcode": Access("catalog.view", "catalog.edit", "catalog.edit"),
    "pricing.pricelist": Access("catalog.view", "price.edit"),
    "pricing.price": Access("catalog.view", "price.edit", "price.edit"),
    "pricing.openpricelimit": Access("catalog.view", "price.edit", "price.edit"),
    "pricing.market": Access("catalog.view", "price.edit"),
    "pricing.taxrate": Access("catalog.view", "price.edit", "price.edit"),
    "pricing.promotion": Access("catalog.view", "price.edit"),
    "pricing.taxarea": Access("catalog.view", "price.edit", "price.edit"),
    "pricing.exchangerate": Access("catalog.view", "price.edit", "price.edit"),
    "pricing.fee": Access("catalog.view", "price.edit", "price.edit"),
    "pricing.customergroup": Access("customer.view", "price.edit"),
    "customers.customer": Access("customer.view", "price.edit"),
    "customers.giftcard": Access("wallet.view"),
    "customers.storecredit": Access("wallet.view"),
    "customers.taxcertificate": Access("customer.view", "price.edit", "price.edit"),
    "inventory.stocklevel": Access("stock.view"),
    "inventory.kitcomponent": Access("catalog.view"),
    "inventory.stockmovement": Access("stock.view"),
    "inventory.reservation": Access("stock.view"),
    "inventory.serialunit": Access("stock.view"),
    "inventory.stockcount": Access("stock.count"),
    "inventory.stockadjustment": Access("stock.view"),
    "inventory.transfer": Access("transfer.view"),
    "inventory.purchaseorder": Access("purchase.view"),
    "inventory.supplier": Access("purchase.edit", "purchase.edit"),
    "inventory.supplieritem": Access("purchase.edit", "purchase.edit", "purchase.edit"),
    "orders.order": Access("order.view"),
    "orders.return": Access("order.view"),
    "orders.refund": Access("order.view"),
    "orders.allowance": Access("order.view"),
    "orders.payment": Access("ledger.view"),
    "orders.networkevent": Access("event.view"),
    "orders.refusedword": Access("event.view"),
    "orders.payout": Access("ledger.view"),
    "orders.networktransaction": Access("ledger.view"),
    "orders.payoutfile": Access("ledger.view"),
    "orders.dispute": Access("ledger.view"),
    "orders.fulfillment": Access("order.view"),
    "pos.register": Access("company.view", "company.edit"),
    "pos.shift": Access("shift.view"),
    "pos.sale": Access("shift.view"),
    "pos.openpricesale": Access("shift.view"),
    "ledger.account": Access("ledger.view"),
    "ledger.journalentry": Access("ledger.view"),
    "ledger.exportbatch": Access("ledger.view"),
    "sync.importrun": Access("import.run"),
    "sync.importrow": Access("import.run"),
    "cases.case": Access("case.view"),
    "events.event": Access("event.view"),
    "events.faileddelivery": Access("event.view"),
}
NOBODY = Access("nobody")
# Roles that have a desk at all: those whose permissions open at least one list.
ROLES_WITH_A_DESK = frozenset(
    role for role, permissions in MATRIX.items() if permissions & {access.view for access in ACCESS.values()}
)


def of(model: type[Model]) -> Access:
    """The row of a model; a model that was forgotten is nobody's."""
    return ACCESS.get(model._meta.label_lower, NOBODY)


def may_enter(person: User) -> bool:
    """True when there is anything in the back office for this person."""
    return person.is_active and (person.is_superuser or person.role in ROLES_WITH_A_DESK)


def may_view(person: User, model: type[Model]) -> bool:
    return may(person, of(model).view)


def may_edit(person: User, model: type[Model]) -> bool:
    edit = of(model).edit
    return bool(edit) and may(person, edit)


def may_delete(person: User, model: type[Model]) -> bool:
    delete = of(model).delete
    return bool(delete) and may(person, delete)


def bound_to(person: User) -> list[int]:
    """Primary keys of the locations whose rows alone this person sees; empty means everywhere."""
    return [] if person.is_superuser else [place.pk for place in person.locations.all()]
