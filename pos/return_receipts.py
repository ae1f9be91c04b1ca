"""The paper of a return: what came back, what is given back for it and how, and when a card has it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog import units
from commerce.company import shop
from commerce.kernel.money import Money
from orders.models import Return, ReturnLine
from orders.returnable import label_of
from orders.tenders import registry as tenders
from orders.tenders.base import Back
from pos import receipts
from pos.receipt import receipt_document


def document_of(record: Return, *, copy: int = 0, cards: Mapping[int, str] | None = None) -> dict[str, Any]:
    """The return's paper as a document of the bridge's protocol; `copy` 0 is the original, which is the customer's.

    `cards` are the numbers of gift cards that were made for its refunds (by primary key): the paper is the card.
    """
    lines = list(record.lines.select_related("order_line"))
    pieces = sum(units.pieces_in(line.quantity, line.order_line.unit) for line in lines)
    document = receipt_document(
        {
            "kind": "return_receipt",
            "locale": receipts.locale(),
            "currency": record.currency,
            "copy": copy,
            "copy_label": _("COPY %(number)d") % {"number": copy} if copy else "",
            "shop": {**receipts.shop_at(record.location), "policy": _arrival(record), "thanks": ""},
            "heading": _heading(record),
            "lines": [_line(line, record.currency) for line in lines],
            "sums": _sums(record),
            "total": {"label": _("Given back"), "amount": record.total.format()},
            "tenders": [_refund(row) for row in record.refunds.select_related("payment").order_by("pk")],
            "taxes": receipts.tax_table(record.taxes, record.currency),
            "items": ngettext("%(count)s item came back", "%(count)s items came back", pieces) % {"count": pieces},
            "code": record.number,
            "link": "",
        }
    )
    document["title"] = _("Return %(number)s") % {"number": record.number}
    headline = {"type": "text", "text": _("RETURN"), "align": "center", "size": "large", "bold": True}
    place = next(at for at, block in enumerate(document["blocks"]) if block["type"] == "columns")
    document["blocks"][place:place] = [headline, {"type": "feed"}]
    for number in (cards or {}).values():
        document["blocks"][-1:] = [*_card(number), document["blocks"][-1]]
    return document


def _card(number: str) -> list[dict[str, Any]]:
    label = {"type": "text", "text": _("Your gift card"), "align": "center", "bold": True}
    figures = {"type": "text", "text": number, "align": "center", "size": "tall", "bold": True}
    code = {"type": "qr", "data": number, "size": "small"}
    return [label, figures, code, {"type": "feed"}]


def store_copy_of(record: Return) -> dict[str, Any] | None:
    """The store's own paper of a return that gave cash, for the customer to sign; None where no cash went over the
    counter. It lies in the drawer until the count."""
    cash = [row for row in record.refunds.order_by("pk") if tenders()[row.tender].opens_drawer]
    if not cash:
        return None
    given = Money(sum(row.amount_minor for row in cash), record.currency).format()
    lines = record.lines.select_related("order_line")
    blocks: list[dict[str, Any]] = [
        {"type": "banner", "text": _("STORE COPY")},
        {"type": "feed"},
        {"type": "text", "text": f"{shop.current().name} · {record.location.name}", "align": "center"},
        {"type": "feed"},
        {"type": "text", "text": _("RETURN"), "align": "center", "size": "large", "bold": True},
        {"type": "feed"},
        *(_columns(left, right) for left, right in _heading(record)),
        {"type": "rule"},
        *(_goods(line, record.currency) for line in lines),
        {"type": "rule"},
        {"type": "total", "label": _("Given back"), "amount": record.total.format()},
        {"type": "total", "label": _("In cash"), "amount": given, "emphasis": "grand"},
        {"type": "text", "text": _("I have received this amount in cash.")},
        *_signature(_("Customer's name and signature")),
        *_signature(_("Given by %(name)s") % {"name": record.actor.get_full_name() if record.actor else ""}),
    ]
    if record.approved_by:
        blocks.append(
            {"type": "text", "text": _("Approved by %(name)s") % {"name": record.approved_by.get_full_name()}}
        )
    blocks += [{"type": "feed"}, {"type": "barcode", "symbology": "code128", "data": record.number}]
    return {
        "version": 1,
        "kind": "return_receipt",
        "title": _("Return %(number)s, store copy") % {"number": record.number},
        "locale": receipts.locale(),
        "currency": record.currency,
        "blocks": blocks,
    }


def _goods(line: ReturnLine, currency: str) -> dict[str, Any]:
    shown = _line(line, currency)
    notes = [*({"text": text} for text in shown.pop("serials")), *({"text": row["text"]} for row in shown.pop("notes"))]
    return {"type": "line_item", **shown, "notes": notes}


def _columns(left: str, right: str) -> dict[str, Any]:
    return {"type": "columns", "cells": [{"text": left}, {"text": right, "align": "right", "width": 0}]}


def _signature(words: str) -> list[dict[str, Any]]:
    return [{"type": "feed", "lines": 3}, {"type": "rule"}, {"type": "text", "text": words, "size": "small"}]


def _heading(record: Return) -> list[list[str]]:
    sale = getattr(record.order, "sale", None)
    came = getattr(record, "till_return", None)
    bought = (
        _("Of receipt %(number)s") % {"number": sale.receipt_number}
        if sale
        else _("Of order %(number)s") % {"number": record.order.number}
    )
    who = record.actor.first_name if record.actor else ""
    return [
        [receipts.written_at(record.created_at, record.location), came.register.name if came else record.location.code],
        [_("Return %(number)s") % {"number": record.number}, who],
        [bought, ""],
    ]


def _line(line: ReturnLine, currency: str) -> dict[str, Any]:
    sold = line.order_line
    detail = units.text_of(line.quantity, sold)
    return {
        "name": sold.name,
        "detail": "" if sold.unit == units.PIECE and line.quantity == 1 else detail,
        "amount": Money(line.total_minor, currency).format(),
        "serials": [_("No. %(serial)s") % {"serial": serial} for serial in line.serials],
        "notes": [{"text": str(line.get_reason_display()), "amount": ""}],
    }


def _sums(record: Return) -> list[dict[str, str]]:
    amounts = [(_("Goods, with tax"), record.goods_minor)]
    if record.shipping_minor:
        amounts.append((_("Shipping and fees"), record.shipping_minor))
    if record.rounding_minor:
        amounts.append((_("Cash rounding"), record.rounding_minor))
    if len(amounts) == 1:
        return []
    return [{"label": label, "amount": Money(minor, record.currency).format()} for label, minor in amounts]


def _refund(row: Any) -> dict[str, str]:
    label = label_of(row.payment) if row.tender == row.payment.tender else str(tenders()[row.tender].label)
    return {"label": label, "amount": row.amount.format()}


def _arrival(record: Return) -> str:
    """When a card has its money, for the customer to take home; else what the shop says of returns."""
    if any(tenders()[row.tender].back == Back.NETWORK for row in record.refunds.all()):
        return _("The refund was sent to the card. The bank shows it within 5 to 10 days.")
    return shop.current().returns_policy
