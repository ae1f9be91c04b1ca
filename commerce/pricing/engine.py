# ruff: noqa: B905, RUF005 -- MicroPython's zip has no `strict`, its displays no stars
"""The price of a cart: one pure engine for the server, the till and the offline till.

The same file runs under CPython and, in the browser, under MicroPython, and gives the same bytes in both. So: integers,
strings, lists and dicts only; no imports, no floats; nothing depends on the order of a dict or on a stable sort.

Money is an integer of minor units (cents, yen, fils). Rates are integers in parts per million (ppm): 21 % is 210_000.

`price_cart(cart)` takes the shape CART below (fields with a default may be left out, unknown ones are ignored) to::

    engine, currency, tax_included, tax_rounding
    lines    [{ITEM, sku, quantity, unit, compare_at}], and `scale` where it is not 1: `unit` is the price of so many
    charges  [{ITEM, kind, label}]
    ITEM     id, gross, discount, net, tax, total, savings, taxes, adjustments, notes
             gross = unit x quantity / scale; net = after discounts, without tax; net + tax = total = what is paid
             taxes [{code, name, rate_ppm, compound, base, amount}]
             adjustments [{id, source, scope: line|order, kind, value, label, reason, amount}]: amount is taken off
             notes [{code, label, amount, running}]: "why this price"; running = the price after this step; its
             code is price, compare_at, markdown, line_discount, order_discount, tax_added, tax_included (moves nothing)
    adjustments  the order discounts; amount = what all lines together got of it
    subtotal     the lines' gross                shipping_total, fee_total   the charges' gross
    discount_total, net_total, tax_total         sums over lines and charges
    total        subtotal + shipping_total + fee_total - discount_total, and + tax_total when prices are without tax
    taxes        [{code, name, rate_ppm, compound, base, amount}]: per rate, sums of the lines' and charges' shares
    savings      compare-at prices less what is paid, before tax is added
    cash         {step, due, rounding} or None

Rounding happens in `price_of`, `percent_of`, `tax_on`, `tax_within` and `cash_due` and nowhere else, halves away from
zero. What is rounded once for several lines is shared out by `allocate` (largest remainder): parts sum to wholes.

Bad input raises ValueError and its text begins with the field: "lines[0].quantity must be a whole number ...".
"""

ENGINE_VERSION = 1
MILLION = 1_000_000
MAX_MINOR = 1_000_000_000_000
MAX_SCALE = 1000
MAX_EXACT = 9_007_199_254_740_991  # largest whole number that JavaScript holds exactly

# The input. A field is (kind, default, low, high): range of a whole number, length of a text, or the allowed words.
REQUIRED = "required"
ID = ("text", REQUIRED, 1, 100)
WORDS = ("text", "", 0, 500)
PRICE = ("whole", REQUIRED, 0, MAX_MINOR)
# A compound tax is taken on the net plus all taxes before it.
TAX = {"code": ID, "name": WORDS, "rate_ppm": ("whole", REQUIRED, 0, 10 * MILLION), "compound": ("flag", False, 0, 0)}
DISCOUNT = {  # discounts apply in the order given, each on what the one before left
    "id": ID,
    "kind": ("word", REQUIRED, ("percent", "amount"), 0),  # lines: also fixed_price
    "value": PRICE,  # percent: ppm; amount: minor units off the whole line or order; fixed_price: new price of one unit
    "label": WORDS,
    "reason": WORDS,
    "source": ("text", "manual", 1, 100),  # where it comes from: manual, promotion, coupon, price_override, ...
}
LINE = {
    "id": ID,
    "sku": WORDS,
    "quantity": ("whole", REQUIRED, 1, MILLION),  # with a scale that many times more
    "scale": ("whole", 1, 1, MAX_SCALE),
    "unit_minor": PRICE,
    "compare_at_minor": ("whole", None, 0, MAX_MINOR),
    "taxes": [TAX],
    "discounts": [dict(DISCOUNT, kind=("word", REQUIRED, ("percent", "amount", "fixed_price"), 0))],
}
CHARGE: dict = {"id": ID, "label": WORDS, "amount_minor": PRICE, "taxes": [TAX], "discounts": [DISCOUNT]}
CHARGE["kind"] = ("word", REQUIRED, ("shipping", "fee"), 0)
CART = {
    "currency": ("text", REQUIRED, 3, 3),
    "prices_include_tax": ("flag", REQUIRED, 0, 0),  # True: European shelf prices; False: American ones
    # round tax on each line, or per rate over the document
    "tax_rounding": ("word", REQUIRED, ("line", "document"), 0),
    "lines": [LINE],
    "order_discounts": [dict(DISCOUNT, line_ids=("ids", None, 0, 0))],  # line_ids: only these lines take part
    "charges": [CHARGE],
    "cash_rounding": {"step_minor": ("whole", None, 1, MAX_MINOR)},  # smallest coin
}
ITEM_KEYS = ("id", "gross", "discount", "net", "tax", "total", "savings", "taxes", "adjustments", "notes")
LINE_KEYS = ITEM_KEYS + ("sku", "quantity", "unit", "compare_at")
CHARGE_KEYS = ITEM_KEYS + ("kind", "label")


def price_cart(cart: dict) -> dict:
    """Price a whole cart. Input and output are described at the top of this file."""
    order = _read(cart, CART, "")
    _check(order)
    inclusive = order["prices_include_tax"]
    lines = _items(order["lines"], "lines")
    charges = _items(order["charges"], "charges")
    items = lines + charges
    for item in items:
        for discount in item["discounts"]:
            _discount_item(item, discount)
    adjustments = [_spread_discount(discount, lines) for discount in order["order_discounts"]]
    for item in items:
        item["net"] = item["after_discounts"] = item["left"]
    for group in [items] if order["tax_rounding"] == "document" else [[item] for item in items]:
        (_extract_taxes if inclusive else _add_taxes)(group)
    for item in items:
        for tax in item["taxes"]:
            _note(item, "tax_included" if inclusive else "tax_added", tax["name"], tax["amount"])
        item.update(
            discount=item["gross"] - item["after_discounts"], savings=item["reference"] - item["after_discounts"]
        )
        item.update(tax=item["left"] - item["net"], total=item["left"])
    answer = _totals(lines, charges)
    answer.update(engine=ENGINE_VERSION, currency=order["currency"], tax_included=inclusive, cash=None)
    answer.update(tax_rounding=order["tax_rounding"], adjustments=adjustments, taxes=_tax_summary(items))
    step = order["cash_rounding"]["step_minor"]
    if step:
        due = cash_due(answer["total"], step)
        answer["cash"] = {"step": step, "due": due, "rounding": due - answer["total"]}
    return answer


def price_json(text: str) -> str:
    """`price_cart` from JSON text to canonical JSON text: sorted keys, no blanks, plain UTF-8."""
    import json  # the one import: both Pythons have it, and price_cart itself needs none

    try:
        cart = json.loads(text)
    except ValueError:
        raise ValueError("cart is not valid JSON") from None
    return canonical_json(price_cart(cart))


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator (> 0), halves away from zero: 2.5 is 3, -2.5 is -3."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def price_of(unit_minor: int, quantity: int, scale: int) -> int:
    """Rounding point 0, goods that are measured: 0.35 m at 12.00 are 35 x 1200 / 100. Pieces are exact."""
    return round_half_up(unit_minor * quantity, scale)


def percent_of(amount: int, rate_ppm: int) -> int:
    """Rounding point 1, percentage discounts: amount x rate."""
    return round_half_up(amount * rate_ppm, MILLION)


def tax_on(base: int, rate_ppm: int) -> int:
    """Rounding point 2, tax added to a price without it: base x rate (US sales tax)."""
    return round_half_up(base * rate_ppm, MILLION)


def tax_within(amount: int, rate_ppm: int) -> int:
    """Rounding point 3, tax inside a price: amount x rate / (1 + rate), so 121.00 at 21 % contains 21.00. (Directive
    2006/112/EC, articles 73 and 78: the taxable amount is all that the customer pays, except the VAT itself.)"""
    return round_half_up(amount * rate_ppm, MILLION + rate_ppm)


def cash_due(total_minor: int, step_minor: int) -> int:
    """Rounding point 4, cash where the smallest coins are gone: the nearest multiple of `step_minor`, halves away from
    zero, so a refund gives back exactly what the sale took (1.03 at step 5 is 1.05, -1.03 is -1.05)."""
    _whole(total_minor, "total_minor", -MAX_EXACT, MAX_EXACT)
    return round_half_up(total_minor, _whole(step_minor, "step_minor", 1, MAX_MINOR)) * step_minor


def change_due(total_minor: int, tendered_minor: int) -> int:
    """Money to hand back; a refund's total is negative: change_due(-500, 0) is 500. ValueError when short of it."""
    _whole(total_minor, "total_minor", -MAX_EXACT, MAX_EXACT)
    if _whole(tendered_minor, "tendered_minor", -MAX_EXACT, MAX_EXACT) < total_minor:
        raise ValueError(f"tendered_minor is short by {total_minor - tendered_minor}")
    return tendered_minor - total_minor


def quick_cash(total_minor: int, denominations: list, limit: int = 6) -> list:
    """Amounts a customer is likely to hand over, ascending, the exact one first: for every coin or note the smallest
    multiple of it that pays. 17.32 with 1, 5, 10, 20, 50, 100 gives 17.32, 18, 20, 50, 100. Nothing to pay: []."""
    amounts = {_whole(total_minor, "total_minor", -MAX_EXACT, MAX_EXACT)}
    for index, value in enumerate(denominations):
        amounts.add(-(-total_minor // _whole(value, f"denominations[{index}]", 1, MAX_MINOR)) * value)
    return sorted(amounts)[:limit] if total_minor > 0 else []


def allocate(total: int, weights: list, keys: list) -> list:
    """Share `total` >= 0 out in proportion to `weights` >= 0, in whole units that sum to it exactly (largest remainder,
    Hamilton's method). Equal remainders: the heavier weight first, then the smaller key: the list's order is no matter.
    No share exceeds its weight while `total` does not exceed their sum. Without any weight nothing is shared out."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    ranked = sorted([(-(total * weights[i] % whole), -weights[i], keys[i], i) for i in range(len(weights))])
    for rank in range(total - sum(shares)):
        shares[ranked[rank][3]] += 1
    return shares


def _discount_item(item: dict, discount: dict) -> None:
    """Take one discount off a line or charge; never more than is `left` of it."""
    left, value = item["left"], discount["value"]
    if discount["kind"] == "percent":
        wanted = percent_of(left, value)
    else:
        wanted = value if discount["kind"] == "amount" else left - price_of(value, item["quantity"], item["scale"])
    _take_off(item, discount, "line", max(0, min(wanted, left)))


def _spread_discount(discount: dict, lines: list) -> dict:
    """Take an order discount off the lines it is for, in proportion to what is left of each. Returns what was taken."""
    only = discount["line_ids"]
    chosen = [line for line in lines if only is None or line["id"] in only]
    left = [line["left"] for line in chosen]
    wanted = percent_of(sum(left), discount["value"]) if discount["kind"] == "percent" else discount["value"]
    amount = min(wanted, sum(left))
    for line, share in zip(chosen, allocate(amount, left, [line["key"] for line in chosen])):
        if share:
            _take_off(line, discount, "order", share)
    return _adjustment(discount, "order", amount)


def _take_off(item: dict, discount: dict, scope: str, amount: int) -> None:
    item["left"] -= amount
    item["adjustments"].append(_adjustment(discount, scope, amount))
    _note(item, scope + "_discount", discount["label"], -amount)


def _adjustment(discount: dict, scope: str, amount: int) -> dict:
    return dict({key: discount[key] for key in DISCOUNT}, scope=scope, amount=amount)


# Taxes. Each function taxes a group of items together, rounding once per rate; a group of one item is rounding by line.
# `stages` of an item: its simple taxes by code, then its compound taxes one by one.
def _add_taxes(items: list) -> None:
    """Prices without tax: simple taxes are taken on the net, then compound ones, in turn, on the net and all before."""
    for stage in range(max([0] + [len(item["stages"]) for item in items])):
        groups: dict = {}
        for item in items:
            for tax in item["stages"][stage] if stage < len(item["stages"]) else []:
                groups.setdefault((tax["code"], tax["rate_ppm"]), []).append((item, tax, item["left"]))
        for group in sorted(groups):
            bases = [base for _, _, base in groups[group]]
            shares = allocate(tax_on(sum(bases), group[1]), bases, [item["key"] for item, _, _ in groups[group]])
            for (item, tax, base), share in zip(groups[group], shares):
                item["left"] += share
                item["taxes"].append(_taken(tax, base, share))


def _extract_taxes(items: list) -> None:
    """Prices with tax: items with the same taxes are rounded together, and the last compound tax is taken out first."""
    groups: dict = {}
    for item in items:
        stack = [(stage, tax["code"], tax["rate_ppm"]) for stage, taxes in enumerate(item["stages"]) for tax in taxes]
        groups.setdefault(tuple(stack), []).append(item)
    for stack in sorted(groups):
        for stage in reversed(range(len(groups[stack][0]["stages"]))):
            _extract_stage(groups[stack], stage)


def _extract_stage(members: list, stage: int) -> None:
    """Part each item's net into its taxes of one stage and the net below them. The taxes are rounded in one sum and
    parted by their rates; sharing each over what the one before left keeps every net at zero or above."""
    stack = members[0]["stages"][stage]
    contained = tax_within(sum([item["net"] for item in members]), sum([tax["rate_ppm"] for tax in stack]))
    found: list = [[] for _ in members]
    for amount in allocate(contained, [tax["rate_ppm"] for tax in stack], [tax["code"] for tax in stack]):
        shares = allocate(amount, [item["net"] for item in members], [item["key"] for item in members])
        for item, share, taken in zip(members, shares, found):
            item["net"] -= share
            taken.append(share)
    for item, taken in zip(members, found):
        stage_taxes = [_taken(tax, item["net"], share) for tax, share in zip(item["stages"][stage], taken)]
        item["taxes"] = stage_taxes + item["taxes"]


def _taken(tax: dict, base: int, amount: int) -> dict:
    return dict({key: tax[key] for key in TAX}, base=base, amount=amount)


def _items(rows: list, field: str) -> list:
    """Lines or charges ready for pricing."""
    for index, row in enumerate(rows):
        row["quantity"], row["scale"] = row.get("quantity", 1), row.get("scale", 1)
        row["unit"] = row["unit_minor"] if field == "lines" else row["amount_minor"]
        gross = price_of(row["unit"], row["quantity"], row["scale"])
        row["gross"] = row["left"] = _whole(gross, f"{field}[{index}].gross", 0, MAX_EXACT)
        row["compare_at"] = row.get("compare_at_minor")
        row["reference"] = max(gross, price_of(row["compare_at"] or 0, row["quantity"], row["scale"]))
        row["key"] = field + ":" + row["id"]
        simple = sorted([(tax["code"], i) for i, tax in enumerate(row["taxes"]) if not tax["compound"]])
        row["stages"] = [[row["taxes"][i] for _, i in simple]] + [[tax] for tax in row["taxes"] if tax["compound"]]
        row["taxes"], row["adjustments"], row["notes"] = [], [], []
        _note(row, "compare_at" if row["reference"] > row["gross"] else "price", "", row["reference"])
        if row["reference"] > row["gross"]:
            _note(row, "markdown", "", row["gross"] - row["reference"])
    return rows


def _note(item: dict, code: str, label: str, amount: int) -> None:
    running = (item["notes"][-1]["running"] if item["notes"] else 0) + (0 if code == "tax_included" else amount)
    item["notes"].append({"code": code, "label": label, "amount": amount, "running": running})


def _totals(lines: list, charges: list) -> dict:
    totals = {name + "_total": sum([item[name] for item in lines + charges]) for name in ("discount", "net", "tax")}
    for kind in ("shipping", "fee"):
        totals[kind + "_total"] = sum([charge["gross"] for charge in charges if charge["kind"] == kind])
    totals["subtotal"] = _whole(sum([line["gross"] for line in lines]), "subtotal", 0, MAX_EXACT)
    for name in ("total", "savings"):
        totals[name] = _whole(sum([item[name] for item in lines + charges]), name, 0, MAX_EXACT)
    measured = LINE_KEYS + ("scale",)
    totals["lines"] = [{key: line[key] for key in (LINE_KEYS if line["scale"] == 1 else measured)} for line in lines]
    totals["charges"] = [{key: charge[key] for key in CHARGE_KEYS} for charge in charges]
    return totals


def _tax_summary(items: list) -> list:
    rows: dict = {}
    for tax in [tax for item in items for tax in item["taxes"]]:
        row = rows.setdefault((tax["code"], tax["rate_ppm"], tax["compound"]), _taken(tax, 0, 0))
        row["name"] = min(row["name"], tax["name"])
        row.update(base=row["base"] + tax["base"], amount=row["amount"] + tax["amount"])
    return [rows[key] for key in sorted(rows)]


def _read(value, shape, path: str):  # type: ignore[no-untyped-def]  # as the shape says
    """A copy of `value` with the fields of `shape` and its defaults. ValueError for the first field that is wrong."""
    if type(shape) is dict:
        value = {} if value is None and path else value
        if type(value) is not dict:
            raise ValueError(f"{path or 'cart'} must be an object, not {_shown(value)}")
        if shape is LINE and type(value.get("scale")) is int and 1 < value["scale"] <= MAX_SCALE:
            shape = dict(LINE, quantity=("whole", REQUIRED, 1, MILLION * value["scale"]))
        row = {key: _read(value.get(key), shape[key], (path and path + ".") + key) for key in sorted(shape)}
        if row.get("kind") == "percent":
            _whole(row["value"], path + ".value", 0, MILLION)
        return row
    if type(shape) is list:
        if value is not None and type(value) is not list:
            raise ValueError(f"{path} must be a list, not {_shown(value)}")
        rows = [_read(row, shape[0], f"{path}[{index}]") for index, row in enumerate(value or [])]
        names = sorted([row.get("code") or row["id"] for row in rows])
        for index in range(1, len(names)):
            if names[index] == names[index - 1]:
                raise ValueError(f"{path} has {_shown(names[index])} twice")
        return rows
    kind, default, low, high = shape
    if value is None and default == REQUIRED:
        raise ValueError(f"{path} is missing")
    if value is None:
        return default
    return _whole(value, path, low, high) if kind == "whole" else _fitting(value, kind, path, low, high)


def _fitting(value, kind: str, path: str, low, high):  # type: ignore[no-untyped-def]
    if kind == "word" and value not in low:
        raise ValueError(f"{path} must be {' or '.join(low)}, not {_shown(value)}")
    if kind == "flag" and type(value) is not bool:
        raise ValueError(f"{path} must be true or false, not {_shown(value)}")
    if kind == "text" and (type(value) is not str or not low <= len(value) <= high):
        raise ValueError(f"{path} must be a text of {low} to {high} characters, not {_shown(value)}")
    if kind == "ids" and (type(value) is not list or [one for one in value if type(one) is not str]):
        raise ValueError(f"{path} must be a list of line ids, not {_shown(value)}")
    return value


def _whole(value: int, path: str, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{path} must be a whole number from {low} to {high}, not {_shown(value)}")
    return value


def _check(order: dict) -> None:
    """What shapes cannot say: a currency has capital letters, `line_ids` are lines of this cart."""
    if [letter for letter in order["currency"] if letter < "A" or letter > "Z"]:
        raise ValueError(f"currency must be three capital letters, not {_shown(order['currency'])}")
    known = {line["id"] for line in order["lines"]}
    for index, discount in enumerate(order["order_discounts"]):
        if [one for one in discount["line_ids"] or [] if one not in known]:
            raise ValueError(f"order_discounts[{index}].line_ids names a line that is not in the cart")


def _shown(value: object) -> str:
    if type(value) is str:
        return '"' + (value if len(value) <= 40 else value[:40] + "...") + '"'
    kinds = {bool: "true" if value else "false", list: "a list", dict: "an object", float: "a decimal fraction"}
    return "nothing" if value is None else kinds.get(type(value), str(value))


def canonical_json(value, known=None) -> str:  # type: ignore[no-untyped-def]
    """JSON with sorted keys, no blanks, only quotes, backslashes and control characters escaped. Written out because
    MicroPython's json cannot sort keys and escapes other characters than CPython's. `known`: texts quoted so far."""
    kind, known = type(value), {} if known is None else known
    if kind is dict:
        keys = [(known.get(key) or canonical_json(key, known), key) for key in sorted(value)]
        return "{" + ",".join([quoted + ":" + canonical_json(value[key], known) for quoted, key in keys]) + "}"
    if kind is list:
        return "[" + ",".join([canonical_json(one, known) for one in value]) + "]"
    if kind is not str:
        return str(value) if kind is int else "null" if value is None else "true" if value else "false"
    if value not in known:
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        if text and min(text) < " ":
            text = "".join([f"\\u{ord(letter):04x}" if letter < " " else letter for letter in text])
        known[value] = '"' + text + '"'
    return known[value]
