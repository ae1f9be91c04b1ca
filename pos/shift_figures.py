"""What a shift came to: the figures of its X report while it goes on, and of its Z report for good.

Read from what sales, returns and the drawer wrote down, which the daily control page holds against the books; nothing
is taken from a till's own memory. Amounts are minor units of the shift's currency.
"""

from typing import Any

from django.db.models import Count, QuerySet, Sum

from commerce.kernel.db import rows
from orders.models import OrderLine, Payment, Refund, Return
from orders.tenders import registry as tenders
from pos import drawer
from pos.models import CashMovement, Sale, Shift

_SOLD = "JOIN pos_sale s ON s.order_id = o.id WHERE s.shift_id = %(shift)s"
_BACK = "JOIN pos_tillreturn t ON t.return_record_id = o.id WHERE t.shift_id = %(shift)s"


def figures(shift: Shift) -> dict[str, Any]:
    """As JSON keeps it. The number of statements does not depend on how much was sold; of a closed shift it is what was
    so when it was closed, whatever arrived later."""
    return shift.report or _read(shift)


def number_of(shift: Shift) -> int:
    """Z reports of a register are numbered without a gap: shifts come one after the other and are never removed."""
    return Shift.objects.filter(register=shift.register_id, pk__lte=shift.pk).count()


def means(shift: Shift) -> list[dict[str, Any]]:
    """What a shift took and gave back by each means of payment that was used, in the usual order of means."""
    taken = _by_tender(Payment.objects.filter(order__sale__shift=shift))
    back = _by_tender(Refund.objects.filter(return_record__till_return__shift=shift).exclude(state="failed"))
    return [
        {
            "type": code,
            "label": str(tender.label),
            "taken_minor": taken.get(code, {}).get("sum", 0),
            "given_back_minor": back.get(code, {}).get("sum", 0),
            "count": taken.get(code, {}).get("n", 0),
        }
        for code, tender in tenders().items()
        if code in taken or code in back
    ]


def read_at_closing(shift: Shift) -> dict[str, Any]:
    """The figures that a shift is closed with. The caller holds the shift, so that no sale is on its way into it."""
    return _read(shift)


def _read(shift: Shift) -> dict[str, Any]:
    sales = Sale.objects.filter(shift=shift)
    sold = sales.aggregate(
        n=Count("pk"),
        total=Sum("order__total_minor"),
        tax=Sum("order__tax_minor"),
        rounding=Sum("order__rounding_minor"),
        fees=Sum("order__fee_minor"),
    )
    lines = OrderLine.objects.filter(order__sale__shift=shift)
    cards = lines.filter(gift_card__isnull=False).aggregate(sum=Sum("total_minor"))["sum"]
    back = Return.objects.filter(till_return__shift=shift).aggregate(
        n=Count("pk"), total=Sum("total_minor"), tax=Sum("tax_minor")
    )
    receipts = sales.order_by("pk").values_list("receipt_number", flat=True)
    return {
        "sales": {name: value or 0 for name, value in sold.items()},
        "gift_cards": cards or 0,
        "discounts": _discounts(shift),
        "taxes": _taxes("orders_order", _SOLD, shift),
        "returns": {name: value or 0 for name, value in back.items()},
        "returned_taxes": _taxes("orders_return", _BACK, shift),
        "means": means(shift),
        "drawer": _drawer(shift),
        "expected": drawer.expected(shift) if shift.expected_minor is None else shift.expected_minor,
        "receipts": [receipts.first() or "", receipts.last() or ""],
        "slips": [
            {"recorded": row.recorded_minor, "batch": row.batch_minor}
            for row in shift.batches.filter(tender="external_terminal")
        ],
    }


def _by_tender(money: "QuerySet[Any]") -> dict[str, dict[str, int]]:
    summed = money.order_by().values("tender").annotate(sum=Sum("amount_minor"), n=Count("pk"))
    return {row["tender"]: row for row in summed}


def _discounts(shift: Shift) -> list[dict[str, Any]]:
    """What was taken off goods, by what for: an offer, a coupon, or somebody's hand; the largest first."""
    found = rows(
        "SELECT coalesce(d->>'label', ''), sum((d->>'amount')::bigint)::bigint, count(DISTINCT o.id)"
        " FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id"
        f" CROSS JOIN LATERAL jsonb_array_elements(l.discounts) d {_SOLD}"
        " AND (d->>'amount')::bigint <> 0 GROUP BY 1 ORDER BY 2 DESC, 1",
        {"shift": shift.pk},
    )
    return [{"label": label, "amount": amount, "n": n} for label, amount, n in found]


def _taxes(table: str, of_shift: str, shift: Shift) -> list[dict[str, Any]]:
    """Net and tax by rate, as documents keep them."""
    found = rows(
        "SELECT x->>'name', (x->>'rate_ppm')::bigint, sum((x->>'base')::bigint)::bigint,"
        f" sum((x->>'amount')::bigint)::bigint FROM {table} o CROSS JOIN LATERAL jsonb_array_elements(o.taxes) x"
        f" {of_shift} GROUP BY x->>'code', 1, 2 ORDER BY 1, 2",
        {"shift": shift.pk},
    )
    return [{"name": name, "rate_ppm": rate, "base": base, "amount": amount} for name, rate, base, amount in found]


def _drawer(shift: Shift) -> list[dict[str, Any]]:
    """Cash in and out of the drawer, by kind of movement."""
    moved = CashMovement.objects.filter(shift=shift).order_by().values("kind").annotate(sum=Sum("amount_minor"))
    sums = {row["kind"]: row["sum"] for row in moved}
    return [{"kind": kind, "amount": sums[kind]} for kind in CashMovement.Kind.values if kind in sums]
