"""What lists and pages of returns, allowances and refunds have in common: filters, and where the money is."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from commerce.company import locations
from commerce.office.columns import chip
from commerce.office.filters import ValuesFilter
from orders import tenders
from orders.models import Order, Refund, ReturnLine

State = Refund.State
OWED, MOVING, DONE = "owed", "moving", "done"
_MONEY = {OWED: (_("Still owed"), "danger"), MOVING: (_("On its way"), "accent"), DONE: (_("Given back"), "positive")}


def money_state(total_minor: int, refunds: Iterable[Refund]) -> str:
    """Where the money of a return or an allowance is: `owed`, `moving` or `done`."""
    counted = [row for row in refunds if row.state != State.FAILED]
    if sum(row.amount_minor for row in counted) < total_minor:
        return OWED
    return DONE if all(row.state == State.SUCCEEDED for row in counted) else MOVING


def money_chip(total_minor: int, refunds: Iterable[Refund]) -> str:
    """The same as a word; what is owed to nobody needs none."""
    if not total_minor:
        return chip(_("Nothing to give back"))
    label, tone = _MONEY[money_state(total_minor, refunds)]
    return chip(label, tone, "triangle-alert" if tone == "danger" else "")


def tender_name(code: str) -> str:
    """What a tender is called."""
    tender = tenders.registry().get(code)
    return str(tender.label) if tender else code


def buyer(order: Order) -> str:
    """Who bought it."""
    return (order.customer.name if order.customer else "") or order.email or str(_("Walk-in"))


def of_customer(term: str, order: str = "order__") -> Q:
    """Rows whose order is of somebody, by what people have at hand: order or receipt number, e-mail address, name."""
    return (
        Q(**{f"{order}number__istartswith": term})
        | Q(**{f"{order}email__istartswith": term})
        | Q(**{f"{order}sale__receipt_number__istartswith": term})
        | Q(**{f"{order}customer__name__icontains": term})
    )


class MoneyFilter(ValuesFilter):
    """Where the money of a return or an allowance is."""

    title, parameter_name = _("money"), "money"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [(code, label) for code, (label, _tone) in _MONEY.items()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if self.value() not in _MONEY:
            return queryset
        name = "return_record" if queryset.model.__name__ == "Return" else "allowance"
        counted = Refund.objects.exclude(state=State.FAILED).filter(**{f"{name}__isnull": False})
        moving = counted.filter(state__in=[State.PENDING, State.SENT]).values(name)
        owed = queryset.model._default_manager.filter(total_minor__gt=0).exclude(pk__in=_paid(counted, name))
        if self.value() == OWED:
            return queryset.filter(pk__in=owed.values("pk"))
        found = queryset.exclude(pk__in=owed.values("pk"))
        return found.filter(pk__in=moving) if self.value() == MOVING else found.exclude(pk__in=moving)


def _paid(counted: "QuerySet[Refund]", name: str) -> Any:
    """The documents whose refunds come to their total."""
    sums = counted.order_by().values(name).annotate(sum=Sum("amount_minor"))
    return sums.filter(sum__gte=F(f"{name}__total_minor")).values(name)


class TenderFilter(ValuesFilter):
    """By what money went back; of a return, by any of its refunds."""

    title, parameter_name, field = _("tender"), "tender", "tender"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [(tender.code, tender.label) for tender in tenders.registry().values()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if not self.value() or queryset.model is Refund:
            return super().queryset(request, queryset)
        return queryset.filter(pk__in=Refund.objects.filter(tender=self.value()).values("return_record"))


class ReasonFilter(ValuesFilter):
    title, parameter_name = _("reason"), "reason"

    def choices_of(self) -> list[tuple[str, Any]]:
        return list(ReturnLine.Reason.choices)

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        if not self.value():
            return queryset
        return queryset.filter(pk__in=ReturnLine.objects.filter(reason=self.value()).values("return_record"))


class PlaceFilter(ValuesFilter):
    """Where money was given back: the place of the return, else of the order."""

    title, parameter_name = _("location"), "place"

    def choices_of(self) -> list[tuple[str, Any]]:
        return [(place.code, place.name) for place in locations.places().order_by("position", "pk")]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        code = self.value()
        if not code:
            return queryset
        return queryset.filter(
            Q(return_record__location__code=code) | Q(return_record=None, order__location__code=code)
        )


def by(rows: Iterable[Refund], name: str) -> dict[int, list[Refund]]:
    """Refunds by the primary key of their return or allowance (`name`)."""
    found: dict[int, list[Refund]] = {}
    for row in rows:
        found.setdefault(getattr(row, f"{name}_id"), []).append(row)
    return found


def of_places(rows: "QuerySet[Any]", places: Sequence[int], at: Q) -> "QuerySet[Any]":
    """Rows at `places`, or of orders that were sold there."""
    return rows.filter(at | Q(order__location__in=places))
