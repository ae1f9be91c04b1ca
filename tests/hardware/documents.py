"""Documents to print in tests."""

from typing import Any

from hardware.protocol import ReceiptDocument


def document(*blocks: dict[str, Any], **header: Any) -> ReceiptDocument:
    """A document of these blocks with an ordinary header."""
    meta = {"version": 1, "kind": "receipt", "title": "Receipt 4-000217", "locale": "en-US", "currency": "USD"}
    return {**meta, "blocks": list(blocks), **header}  # type: ignore[typeddict-item]


def sale_receipt(**header: Any) -> ReceiptDocument:
    """A whole sale: store, lines, discounts, taxes, tenders, policy, code."""
    return document(
        {"type": "text", "text": "Alder & Vale", "align": "center", "size": "large", "bold": True},
        {"type": "text", "text": "Goods for home and trail", "align": "center"},
        {"type": "feed"},
        {
            "type": "text",
            "text": "1420 NW Lovejoy St, Portland, OR 97209\n(503) 555-0142",
            "align": "center",
            "size": "small",
        },
        {"type": "feed"},
        {
            "type": "columns",
            "cells": [{"text": "Nov 23, 2026 2:41 PM"}, {"text": "Register 2", "align": "right", "width": 0}],
        },
        {
            "type": "columns",
            "cells": [{"text": "Receipt 4-000217"}, {"text": "Served by Mina", "align": "right", "width": 0}],
        },
        {"type": "rule"},
        {
            "type": "line_item",
            "name": "Merino Crew Sweater",
            "amount": "$118.00",
            "detail": "Moss / M",
            "notes": [{"text": "Member price", "amount": "−$11.80"}],
        },
        {
            "type": "line_item",
            "name": "Enamel Camp Mug, 12 oz, with the long name of a mug",
            "amount": "$48.00",
            "detail": "3 × $16.00 · Cream",
        },
        {
            "type": "line_item",
            "name": "Café Crème Candle",
            "amount": "$24.00",
            "detail": "Ships to you by Nov 28",
        },
        {"type": "line_item", "name": "Paper bag", "amount": "$0.10"},
        {"type": "rule"},
        {"type": "total", "label": "Subtotal", "amount": "$190.10"},
        {"type": "total", "label": "Discounts", "amount": "−$11.80"},
        {"type": "total", "label": "Tax", "amount": "$14.26"},
        {"type": "feed"},
        {"type": "total", "label": "Total", "amount": "$192.56", "emphasis": "grand"},
        {"type": "feed"},
        {"type": "total", "label": "Gift card ··4410", "amount": "$50.00"},
        {"type": "total", "label": "Visa ··4242", "amount": "$42.56"},
        {"type": "total", "label": "Cash", "amount": "$120.00"},
        {"type": "total", "label": "Change", "amount": "$20.00", "emphasis": "bold"},
        {"type": "rule", "style": "dashed"},
        {
            "type": "table",
            "header": ["Tax", "Rate", "Net", "Tax"],
            "rows": [["State", "6.0%", "$178.20", "$10.69"], ["City", "2.0%", "$178.20", "$3.57"]],
        },
        {"type": "rule", "style": "dashed"},
        {"type": "text", "text": "6 items · You saved $11.80", "align": "center", "bold": True},
        {"type": "text", "text": "Returns within 30 days with this receipt.", "align": "center"},
        {"type": "feed"},
        {"type": "barcode", "symbology": "code128", "data": "R4-000217"},
        {"type": "feed"},
        {
            "type": "qr",
            "data": "https://shop.example/r/7c1d9be2a4f04c3f",
            "caption": "Scan for returns, care and your digital receipt",
        },
        **header,
    )
