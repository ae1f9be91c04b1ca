"""The receipt of a recorded sale, for copies, the back office and mail. What is on it is decided in `receipt.py`."""

from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_percent
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commerce.company import shop
from commerce.kernel.money import Money
from orders.models import Payment
from orders.tenders import registry as tenders
from pos.models import Sale
from pos.receipt import receipt_document


def document_of(sale: Sale, *, copy: int = 1) -> dict[str, Any]:
    """The sale's paper as a document of the bridge's protocol; `copy` 0 is the original."""
    order, place = sale.order, sale.order.location
    assert place is not None
    seller = shop.current()

    def money(minor: int) -> str:
        return Money(minor, order.currency).format()

    lines = list(order.lines.all())
    units = sum(line.quantity for line in lines)
    sums = [{"label": _("Subtotal"), "amount": money(order.subtotal_minor)}]
    if order.discount_minor:
        sums.append({"label": _("Discounts"), "amount": money(-order.discount_minor)})
    if not order.prices_include_tax:
        sums.append({"label": _("Tax"), "amount": money(order.tax_minor)})
    if order.rounding_minor:
        sums.append({"label": _("Cash rounding"), "amount": money(order.rounding_minor)})
    at = format_datetime(sale.sold_at, "medium", tzinfo=ZoneInfo(place.time_zone), locale=_locale())
    return receipt_document(
        {
            "kind": "receipt",
            "locale": get_language() or "en-us",
            "currency": order.currency,
            "copy": copy,
            "copy_label": _("COPY %(number)d") % {"number": copy} if copy else "",
            "shop": {
                "name": seller.name,
                "tagline": seller.tagline,
                "logo": seller.receipt_logo,
                "address": [place.line1, f"{place.city} {place.state} {place.postal_code}", place.phone],
                "policy": seller.returns_policy,
                "thanks": "",
            },
            "heading": [
                [at, sale.register.name if sale.register else place.code],
                [
                    _("Receipt %(number)s") % {"number": sale.receipt_number},
                    order.actor.first_name if order.actor else "",
                ],
            ],
            "lines": [
                {
                    "name": line.name,
                    "detail": f"{line.quantity} × {money(line.unit_minor)}" if line.quantity > 1 else "",
                    "amount": money(line.gross_minor),
                    "notes": [{"text": row["label"], "amount": money(-row["amount"])} for row in line.discounts],
                }
                for line in lines
            ],
            "sums": sums,
            "total": {"label": _("Total"), "amount": money(order.total_minor + order.rounding_minor)},
            "tenders": [row for payment in order.payments.all() for row in _tender(payment)],
            "taxes": {
                "header": [_("Tax"), _("Rate"), _("Net"), _("Amount")],
                "rows": [_tax(tax, order.currency) for tax in order.taxes],
            }
            if order.taxes
            else None,
            "items": ngettext("%(count)d item", "%(count)d items", units) % {"count": units},
            "code": sale.receipt_number,
            "link": "",
        }
    )


def _tender(payment: Payment) -> list[dict[str, Any]]:
    tender = tenders()[payment.tender]
    card = (
        f" {payment.details['brand'].title()} ··{payment.details.get('last4', '')}"
        if "brand" in payment.details
        else ""
    )
    given = payment.tendered_minor or payment.amount_minor
    rows: list[dict[str, Any]] = [{"label": f"{tender.label}{card}", "amount": Money(given, payment.currency).format()}]
    if payment.change_minor:
        change = Money(payment.change_minor, payment.currency).format()
        rows.append({"label": _("Change"), "amount": change, "is_change": True})
    return rows


def _tax(tax: dict[str, Any], currency: str) -> list[str]:
    rate = format_percent(tax["rate_ppm"] / 1_000_000, "#,##0.##%", locale=_locale())
    return [tax["name"], rate, Money(tax["base"], currency).format(), Money(tax["amount"], currency).format()]


def _locale() -> str:
    return (get_language() or "en-us").replace("-", "_")
