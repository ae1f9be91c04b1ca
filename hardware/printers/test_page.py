"""Papers that the bridge prints of its own accord."""

from typing import Any

from hardware.protocol import DOCUMENT_VERSION, ReceiptDocument

_HEADER: dict[str, Any] = {"version": DOCUMENT_VERSION, "kind": "test_page", "locale": "en", "currency": "USD"}


def test_document(columns: int) -> ReceiptDocument:
    """Ruler, styles, characters of many languages, barcode and QR code: what to look at when a printer is set up."""
    ruler = "".join(str(number % 10) for number in range(1, columns + 1))
    blocks: list[dict[str, Any]] = [
        {"type": "banner", "text": "Printer test"},
        {"type": "feed"},
        {"type": "text", "text": f"{columns} characters per line", "align": "center"},
        {"type": "text", "text": ruler},
        {"type": "rule"},
        {"type": "text", "text": "Bold", "bold": True},
        {"type": "text", "text": "Wide", "size": "wide"},
        {"type": "text", "text": "Tall", "size": "tall"},
        {"type": "text", "text": "Large", "size": "large"},
        {"type": "text", "text": "Small, for addresses and fine print", "size": "small"},
        {"type": "rule", "style": "dashed"},
        {"type": "line_item", "name": "Crème brûlée", "detail": "2 × 3,45 €", "amount": "6,90 €"},
        {"type": "line_item", "name": "Žluťoučký kůň · Größe · niño · Łódź", "amount": "£1.00"},
        {"type": "line_item", "name": "Ελληνικά · Кириллица", "amount": "1,00 €"},
        {"type": "line_item", "name": "日本語 中文 한국어", "amount": "¥100"},
        {"type": "line_item", "name": "العربية", "amount": "1.00"},
        {"type": "total", "label": "Total", "amount": "12,34 €", "emphasis": "grand"},
        {"type": "feed"},
        {"type": "barcode", "symbology": "ean13", "data": "4006381333931"},
        {"type": "feed"},
        {"type": "barcode", "symbology": "code128", "data": "TEST-000123"},
        {"type": "feed"},
        {"type": "qr", "data": "Printer test", "caption": "Both codes should scan at the first try."},
    ]
    return {**_HEADER, "title": "Printer test", "blocks": blocks}  # type: ignore[typeddict-item]


def code_document(code: str) -> ReceiptDocument:
    """The pairing code, to be typed into the till."""
    blocks: list[dict[str, Any]] = [
        {"type": "text", "text": "Pairing code", "align": "center"},
        {"type": "feed"},
        {"type": "text", "text": f"{code[:3]} {code[3:]}", "align": "center", "size": "large", "bold": True},
        {"type": "feed"},
        {"type": "text", "text": "Type it into the till within 5 minutes.", "align": "center"},
    ]
    return {**_HEADER, "title": "Pairing code", "blocks": blocks}  # type: ignore[typeddict-item]
