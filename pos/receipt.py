"""What stands on a customer's paper. Pure, and run unchanged by the till's MicroPython, so that both print the same.

No imports; dicts, lists and strings only. The words and amounts come formatted by the caller: Babel on the server, Intl
in the browser. The blocks are those of `hardware/protocol.py`.
"""


def receipt_document(sale: dict) -> dict:
    """The document to print, from `sale`:

    locale, currency, kind ("receipt" or "gift_receipt"), copy (0: the original), copy_label
    shop      {name, tagline, logo (base64 PNG or ""), address [lines], policy, thanks}
    heading   [[left, right], ...]                      date and register, receipt number and cashier
    lines     [{name, detail, amount, serials [lines of text], notes [{text, amount}]}]
    sums      [{label, amount}]                         subtotal, discounts, tax
    total     {label, amount}
    tenders   [{label, amount}]                         change is the last, if any
    taxes     {header [...], rows [[...]]} or None      items  one line of text
    code      the sale's code, as Code 128 and QR       link   what the QR code opens, or ""
    """
    shop = sale["shop"]
    gift = sale["kind"] == "gift_receipt"
    blocks = []
    if shop["logo"]:
        blocks.append({"type": "image", "png_base64": shop["logo"], "align": "center", "width": 60})
    else:
        blocks.append({"type": "text", "text": shop["name"], "align": "center", "size": "large", "bold": True})
    if shop["tagline"]:
        blocks.append({"type": "text", "text": shop["tagline"], "align": "center"})
    address = "\n".join([line for line in shop["address"] if line])
    if address:
        blocks.append({"type": "feed"})
        blocks.append({"type": "text", "text": address, "align": "center", "size": "small"})
    blocks.append({"type": "feed"})
    for left, right in sale["heading"]:
        cells = [{"text": left}, {"text": right, "align": "right", "width": 0}]
        blocks.append({"type": "columns", "cells": cells})
    blocks.append({"type": "rule"})
    blocks.extend([_line(line, gift) for line in sale["lines"]])
    blocks.append({"type": "rule"})
    if not gift:
        blocks.extend(_money(sale))
    blocks.append({"type": "text", "text": sale["items"], "align": "center", "bold": True})
    if shop["policy"]:
        blocks.append({"type": "text", "text": shop["policy"], "align": "center"})
    if shop["thanks"]:
        blocks.append({"type": "text", "text": shop["thanks"], "align": "center"})
    blocks.append({"type": "feed"})
    blocks.append({"type": "barcode", "symbology": "code128", "data": sale["code"]})
    if sale["link"]:
        blocks.append({"type": "feed"})
        blocks.append({"type": "qr", "data": sale["link"], "size": "small"})
    return {
        "version": 1,
        "kind": sale["kind"],
        "title": "Receipt " + sale["code"],
        "locale": sale["locale"],
        "currency": sale["currency"],
        "copy": sale["copy"],
        "copy_label": sale["copy_label"],
        "blocks": blocks,
    }


def _line(line: dict, gift: bool) -> dict:
    block = {"type": "line_item", "name": line["name"]}
    if line["detail"]:
        block["detail"] = line["detail"]
    if not gift:
        block["amount"] = line["amount"]
    notes = _serials(line.get("serials", []))
    if not gift:
        notes.extend(line["notes"])
    if notes:
        block["notes"] = notes
    return block


def _serials(texts: list) -> list:
    """One below the other; of very many several beside each other, as a line of the paper has 50 notes at most."""
    beside = (len(texts) + 39) // 40
    return [{"text": ", ".join(texts[at : at + beside])} for at in range(0, len(texts), beside)] if texts else []


def _money(sale: dict) -> list:
    blocks = [{"type": "total", "label": row["label"], "amount": row["amount"]} for row in sale["sums"]]
    total = sale["total"]
    blocks.append({"type": "feed"})
    blocks.append({"type": "total", "label": total["label"], "amount": total["amount"], "emphasis": "grand"})
    blocks.append({"type": "feed"})
    for row in sale["tenders"]:
        emphasis = "bold" if row.get("is_change") else "normal"
        blocks.append({"type": "total", "label": row["label"], "amount": row["amount"], "emphasis": emphasis})
    blocks.append({"type": "rule", "style": "dashed"})
    if sale["taxes"]:
        blocks.append({"type": "table", "header": sale["taxes"]["header"], "rows": sale["taxes"]["rows"]})
        blocks.append({"type": "rule", "style": "dashed"})
    return blocks
