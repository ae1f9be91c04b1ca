"""The receipt of a recorded sale, for copies, the back office and mail. What is on it is decided in `receipt.py`."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_percent
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commerce.catalog import units
from commerce.company import shop
from commerce.company.models import Location
from commerce.kernel.money import Money
from orders import fees
from orders.models import Order, OrderLine, Payment
from orders.tenders import registry as tenders
from pos.models import Sale
from pos.receipt import receipt_document


def document_of(sale: Sale, *, copy: int = 1) -> dict[str, Any]:
    """The sale's paper as a document of the bridge's protocol; `copy` 0 is the original."""
    order = sale.order
    pieces = sum(units.pieces_in(line.quantity, line.unit) for line in order.lines.all())
    return receipt_document(
        {
            "kind": "receipt",
            "locale": locale(),
            "currency": order.currency,
            "copy": copy,
            "copy_label": _("COPY %(number)d") % {"number": copy} if copy else "",
            "shop": {**shop_at(_place(order)), "thanks": ""},
            "heading": _heading(sale),
            "lines": [_line(line, order.currency, _override(sale, line)) for line in order.lines.all()],
            "sums": _sums(order),
            "total": {"label": _("Total"), "amount": _money(order.total_minor + order.rounding_minor, order.currency)},
            "tenders": [row for payment in order.payments.all() for row in _tender(payment)],
            "taxes": tax_table(order.taxes, order.currency),
            "items": ngettext("%(count)d item", "%(count)d items", pieces) % {"count": pieces},
            "code": sale.receipt_number,
            "link": "",
        }
    )


def _money(minor: int, currency: str) -> str:
    return Money(minor, currency).format()


def _place(order: Order) -> Location:
    assert order.location is not None
    return order.location


def locale() -> str:
    """The language of the page, as documents name it."""
    return get_language() or "en-us"


def shop_at(place: Location) -> dict[str, Any]:
    """The head of every paper of a place."""
    seller = shop.current()
    return {
        "name": seller.name,
        "tagline": seller.tagline,
        "logo": seller.receipt_logo,
        "address": [place.line1, f"{place.city} {place.state} {place.postal_code}".replace("  ", " "), place.phone],
        "policy": seller.returns_policy,
    }


def _heading(sale: Sale) -> list[list[str]]:
    place, person = _place(sale.order), sale.order.actor
    at = written_at(sale.sold_at, place)
    number = _("Receipt %(number)s") % {"number": sale.receipt_number}
    return [[at, sale.register.name if sale.register else place.code], [number, person.first_name if person else ""]]


def written_at(at: datetime, place: Location) -> str:
    """A moment by the clock of a place."""
    return format_datetime(at, "medium", tzinfo=ZoneInfo(place.time_zone), locale=_locale())


def _override(sale: Sale, line: OrderLine) -> dict[str, Any] | None:
    """The price that a line had before somebody set another one, as the till told it."""
    lines = sale.envelope.get("lines", [])
    told = lines[line.position - 1] if 0 < line.position <= len(lines) else {}
    override = told.get("override")
    return override if isinstance(override, dict) else None


def _notes(line: OrderLine, currency: str, override: dict[str, Any] | None) -> list[dict[str, str]]:
    """What reduced a line, below it; a price set by hand with the one it had."""
    notes = [
        {"text": row["label"] or _("Discount"), "amount": _money(-row["amount"], currency)}
        for row in _own_discounts(line)
    ]
    if not override:
        return notes
    was = {"price": _money(override["original"], currency), "reason": override.get("reason", "")}
    return [{"text": _("Price was %(price)s: %(reason)s") % was, "amount": ""}, *notes]


def _line(line: OrderLine, currency: str, override: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "name": line.name,
        "detail": _detail(line, _money(line.unit_minor, currency)),
        "amount": _money(line.gross_minor, currency),
        "serials": [_("No. %(serial)s") % {"serial": serial} for serial in line.serials],
        "notes": _notes(line, currency, override),
    }


def _own_discounts(line: OrderLine) -> list[dict[str, Any]]:
    """What was taken off this line alone; shares of the whole sale's discounts stand below the subtotal."""
    return [row for row in line.discounts if row.get("scope", "line") == "line" and row["amount"]]


def _detail(line: OrderLine, price: str) -> str:
    """Such as "3 × $12.00", "0.35 m × $12.00/m"; nothing for one piece, whose price stands beside it."""
    if line.unit == units.PIECE:
        return f"{line.quantity} × {price}" if line.quantity > 1 else ""
    return f"{units.text_of(line.quantity, line)} × {price}/{units.symbol(line.unit)}"


def _sums(order: Order) -> list[dict[str, str]]:
    own = sum(row["amount"] for line in order.lines.all() for row in _own_discounts(line))
    amounts = [(_("Subtotal"), order.subtotal_minor - own)]
    amounts += [(row["label"] or _("Discount"), -row["amount"]) for row in order.discounts if row["amount"]]
    amounts += [(fee.words(order.currency), fee.amount_minor) for fee in fees.of_order(order)]
    if not order.prices_include_tax:
        amounts.append((_("Tax"), order.tax_minor))
    if order.rounding_minor:
        amounts.append((_("Cash rounding"), order.rounding_minor))
    return [{"label": label, "amount": _money(minor, order.currency)} for label, minor in amounts]


def tax_table(taxes: list[dict[str, Any]], currency: str) -> dict[str, Any] | None:
    """A row for each rate; None where nothing is taxed."""
    if not taxes:
        return None
    header = [_("Tax"), _("Rate"), _("Net"), _("Amount")]
    return {"header": header, "rows": [_tax(tax, currency) for tax in taxes]}


def _tender(payment: Payment) -> list[dict[str, Any]]:
    tender = tenders()[payment.tender]
    card = "".join(f" {word}" for word in _card(payment.details) if word)
    given = payment.tendered_minor or payment.amount_minor
    rows: list[dict[str, Any]] = [{"label": f"{tender.label}{card}", "amount": Money(given, payment.currency).format()}]
    if payment.change_minor:
        change = Money(payment.change_minor, payment.currency).format()
        rows.append({"label": _("Change"), "amount": change, "is_change": True})
    return rows


def _card(details: dict[str, Any]) -> tuple[str, str]:
    brand, last4 = str(details.get("brand", "")), details.get("last4")
    return brand.title(), f"··{last4}" if last4 else ""


def _tax(tax: dict[str, Any], currency: str) -> list[str]:
    rate = format_percent(tax["rate_ppm"] / 1_000_000, "#,##0.##%", locale=_locale())
    return [tax["name"], rate, Money(tax["base"], currency).format(), Money(tax["amount"], currency).format()]


def _locale() -> str:
    return (get_language() or "en-us").replace("-", "_")
