# ruff: noqa: B905, RUF005 -- MicroPython's zip has no `strict`, its displays no stars
"""The price of a cart: one pure engine for the server, the till and the offline till.

The same file runs under CPython and, in the browser, under MicroPython, and gives the same bytes in both. So: integers,
strings, lists and dicts only; no imports, no floats; nothing depends on the order of a dict or on a stable sort.

Money is an integer of minor units (cents, yen, fils). Rates are integers in parts per million (ppm): 21 % is 210_000.

`price(basket, rules)` decides and computes: which price list, which promotions, which taxes and fees. The shapes BASKET
and RULES below are its input. It gives what `price_cart` gives, and

    rules    the version of the rules
    cart     what was decided, as input for `price_cart`: priced again it comes to the same, whatever the rules are then
    trace    promotions [{id, fired, why, amount, missing, by}]   missing: minor units or pieces still to go
             prices     [{id, list, amount, considered: [{list, amount, why}]}]
             below_floor [ids of lines that are sold below their cost and the market's margin]
             with basket["explain"] all promotions and prices, else what a shopper or a cashier may want to know

Times are the wall clock of the place where goods change hands, "2026-05-03T14:10:00", and are compared as texts; a day
stands for its midnight. A period is [starts, ends), "" is open. So all rules begin at each store's own midnight.

Which price: of the prices whose list counts here (currency, market, store, channel, customer group, days) and whose own
days and quantity (of the SKU in all) fit, 1. the list with the higher rank, 2. the more specific list: for a
customer group, then a store, then a channel, then a market, and a base list last, 3. the larger quantity, 4. the later
start, 5. the lower price, 6. the list's code. A list derived from another offers that one's price x factor, brought to
its ending (x.99), where it has no row of its own.

Which reductions, in this order: a price set by hand, after which no promotion takes part; promotions on items, by
priority, then what saves more, then id; discounts by hand on lines; promotions on the order; discounts by hand on the
order; promotions on shipping. Then taxes. Items that an exclusive promotion reduced get no other one. Of promotions
with the same `best_of` only the one that saves most is given. A piece counts for one of buy_get, bundle and gift only,
costs what the promotions before left of its price, and of those that may be free the cheapest are. A gift does not
count as bought. Goods by measure are no pieces.

Which taxes: of the item's place (a list of jurisdictions, the country first) every code whose row for the class, else
for "standard", is in force; where two jurisdictions have the same code the more local one counts. "zero" and "exempt"
never become standard. An exempt customer does not pay them; where prices hold them they are taken off the price.

`price_cart(cart)` only computes; it takes the shape CART (fields with a default may be left out, unknown ones are
ignored) to::

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
    subtotal     the lines' gross                shipping_total, fee_total   the charges' gross (fees with deposits)
    discount_total, net_total, tax_total         sums over lines and charges
    total        subtotal + shipping_total + fee_total - discount_total, and + tax_total when prices are without tax
    taxes        [{code, name, rate_ppm, compound, base, amount}]: per rate, sums of the lines' and charges' shares
    savings      compare-at prices less what is paid, before tax is added
    cash         {step, due, rounding} or None

Rounding happens in `price_of`, `percent_of`, `tax_on`, `tax_within`, `cash_due` and `price_point` and nowhere else,
halves away from zero. What is rounded once for several lines is shared out by `allocate` (largest remainder): parts sum
to wholes.

Bad input raises ValueError and its text begins with the field: "lines[0].quantity must be a whole number ...".
"""

ENGINE_VERSION = 2
MILLION = 1_000_000
MAX_MINOR = 1_000_000_000_000
MAX_PLAIN = 1_000_000_000  # below it comparing is quick everywhere
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
    "value": (
        "whole",
        REQUIRED,
        0,
        MAX_EXACT,
    ),  # percent: ppm; amount: minor units off the whole line or order; fixed_price: new price of one unit
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
CHARGE["kind"] = ("word", REQUIRED, ("shipping", "fee", "deposit"), 0)
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
TEXTS: tuple = ("texts", [], 0, 0)
DAY = ("text", "", 0, 19)  # "2026-12-01" or "2026-12-01T14:00:00"; "" is open
HOUR = ("text", "", 0, 5)
COUNT = ("whole", 0, 0, MILLION)
AMOUNT = ("whole", 0, 0, MAX_MINOR)
PRICE_ROW = (("text", 1, 100), ("whole", 0, MAX_MINOR), ("whole", 0, MAX_MINOR), ("whole", 1, MAX_MINOR), DAY, DAY)
BASKET = {
    "at": ("text", REQUIRED, 19, 19),
    "explain": ("flag", False, 0, 0),
    "with_cart": ("flag", True, 0, 0),
    "with_notes": ("flag", True, 0, 0),  # else notes are empty: who shows none need not wait for them
    "channel": ("text", "web", 1, 20),
    "location": ("text", "", 0, 100),
    "market": ("text", "", 0, 100),
    "currency": ("text", REQUIRED, 3, 3),
    "groups": TEXTS,
    "coupons": [{"code": ID, "promotion": ID}],  # codes that were entered, and what they are for
    "place": TEXTS,  # where goods change hands: ["US", "US-CA", "US-CA-ALAMEDA"]
    "exempt": {"certificate": WORDS, "jurisdictions": TEXTS},  # no jurisdictions: everywhere
    "lines": [
        {
            "id": ("text", REQUIRED, 1, 50),
            "sku": WORDS,
            "quantity": ("whole", REQUIRED, 1, MILLION),
            "scale": ("whole", 1, 1, MAX_SCALE),
            "categories": TEXTS,  # with those above them
            "collections": TEXTS,
            "tax_class": ("text", "standard", 0, 40),
            "prices": ("prices", [], 0, 0),  # [list, price, compare-at, from quantity, starts, ends], the end left out
            "override_minor": ("whole", None, 0, MAX_MINOR),  # agreed by hand, or an open price
            "cost_minor": ("whole", None, 0, MAX_MINOR),
            "discountable": ("flag", True, 0, 0),
            "place": TEXTS,  # where a shipped line goes; none: the basket's
            "discounts": LINE["discounts"],
        }
    ],
    "order_discounts": CART["order_discounts"],
    "charges": [
        {
            "id": ID,
            "kind": CHARGE["kind"],
            "label": WORDS,
            "amount_minor": PRICE,
            "tax_class": ("text", "", 0, 40),  # none: not taxed
            "place": TEXTS,
            "free_from_minor": ("whole", None, 0, MAX_MINOR),  # not charged when the goods come to that
            "discounts": [DISCOUNT],
        }
    ],
    "cash_rounding": CART["cash_rounding"],
}
SELECT = {"skus": TEXTS, "categories": TEXTS, "collections": TEXTS}  # all empty: everything
SCOPE = {"markets": TEXTS, "locations": TEXTS, "channels": TEXTS, "groups": TEXTS, "starts": DAY, "ends": DAY}
OFF = ("percent", "amount", "fixed_price")
PROMOTION = {
    "id": ID,
    "label": WORDS,
    "kind": ("word", REQUIRED, OFF + ("buy_get", "bundle", "tiers", "gift", "free_shipping"), 0),
    "scope": ("word", "line", ("line", "order", "shipping"), 0),
    "value": AMOUNT,  # percent, buy_get, gift: ppm; amount: off each unit or the order; fixed_price, bundle: the price
    "currency": ("text", "", 0, 3),  # of all amounts here
    "select": SELECT,  # what is reduced
    "exclude": SELECT,
    "qualify": SELECT,  # what has to be bought; none: what is reduced, for a gift anything else
    "buy_quantity": COUNT,
    "get_quantity": COUNT,
    "parts": [{"id": ("text", "", 0, 100), "select": SELECT, "quantity": ("whole", 1, 1, MILLION)}],
    "tiers": [{"id": ("text", "", 0, 100), "from_quantity": ("whole", REQUIRED, 1, MILLION), "value": PRICE}],
    "tier_kind": ("word", "percent", OFF, 0),
    "min_spend_minor": AMOUNT,  # of what has to be bought, after the reductions so far
    "min_quantity": COUNT,
    "max_times": ("whole", None, 1, MILLION),
    "max_minor": ("whole", None, 1, MAX_MINOR),
    "weekdays": ("days", [], 0, 6),  # 0 is Monday
    "daily_from": HOUR,
    "daily_until": HOUR,
    "needs_coupon": ("flag", False, 0, 0),
    "priority": ("whole", 100, 0, MILLION),  # the smaller comes first
    "exclusive": ("flag", False, 0, 0),
    "best_of": WORDS,
}
PROMOTION.update(SCOPE)
PRICE_LIST = {
    "code": ID,
    "name": WORDS,
    "currency": ("text", REQUIRED, 3, 3),
    "rank": ("whole", 0, -MILLION, MILLION),
    "is_base": ("flag", False, 0, 0),
    "base": WORDS,  # the list that it is derived from
    "factor_ppm": ("whole", MILLION, 1, 100 * MILLION),
    "step_minor": AMOUNT,
    "ending_minor": AMOUNT,
}
PRICE_LIST.update(SCOPE)
RULES: dict = {
    "version": WORDS,
    "market": {
        "currency": ("text", REQUIRED, 3, 3),
        "prices_include_tax": ("flag", REQUIRED, 0, 0),
        "tax_rounding": CART["tax_rounding"],
        "margin_floor_ppm": ("whole", 0, 0, MILLION - 1),
    },
    "lists": [PRICE_LIST],
    "promotions": [PROMOTION],
    "taxes": ("rows", [], 0, 0),  # of TAX_RULE, read by `with_taxes`; the same code may stand there several times
    "fees": [
        {
            "code": ("text", REQUIRED, 1, 44),  # with an id of a line it makes the id of a charge
            "label": WORDS,
            "kind": ("word", "fee", ("fee", "deposit"), 0),
            "amount_minor": PRICE,  # per unit
            "currency": ("text", REQUIRED, 3, 3),
            "tax_class": ("text", "", 0, 40),
            "select": SELECT,
            "jurisdictions": TEXTS,
        }
    ],
}
TAX_RULE = {
    "jurisdiction": ID,
    "tax_class": ("text", "standard", 1, 40),
    "code": ID,
    "name": WORDS,
    "rate_ppm": ("whole", REQUIRED, 0, MILLION),
    "compound": ("flag", False, 0, 0),
    "starts": DAY,
    "ends": DAY,
}
NEVER_STANDARD = ("zero", "exempt")
TOLD = ("fired", "min_spend", "min_quantity", "incomplete", "exclusive", "better_offer", "no_saving")
ITEM_KEYS = ("id", "gross", "discount", "net", "tax", "total", "savings", "taxes", "adjustments", "notes")
LINE_KEYS = ITEM_KEYS + ("sku", "quantity", "unit", "compare_at")
CHARGE_KEYS = ITEM_KEYS + ("kind", "label")


class NoPrice(ValueError):
    """No price of a line (by its place) counts here."""

    def __init__(self, line: int) -> None:
        super().__init__(f"lines[{line}].prices has no price that counts here")
        self.line = line


def price_cart(cart: dict) -> dict:
    """Price a whole cart. Input and output are described at the top of this file."""
    order = _read_whole(cart, CART, "cart")
    _check(order)
    lines = _items(order["lines"], "lines")
    charges = _items(order["charges"], "charges")
    for item in lines + charges:
        for discount in item["discounts"]:
            _discount_item(item, discount)
    adjustments = [_spread_discount(discount, lines) for discount in order["order_discounts"]]
    return _settle(order, lines, charges, adjustments, True)


def price(basket: dict, rules: dict) -> dict:
    """Decide and price a whole basket. `rules` is a set of rules, or what `prepare` made of it."""
    known = prepare(rules)
    asked = _read_basket(basket, known)
    trace: dict = {"promotions": [], "prices": [], "below_floor": []}
    lines = _open_lines(asked, known, trace)
    charges = _open_charges(asked, known, lines)
    fired = _run_promotions(asked, known, lines, charges)
    adjustments = fired["adjustments"]
    decided = {name: known["market"][name] for name in ("currency", "prices_include_tax", "tax_rounding")}
    decided.update(order_discounts=fired["order_discounts"], cash_rounding=asked["cash_rounding"])
    for item in lines + charges:
        _decide_taxes(item, decided["prices_include_tax"])
    if asked["exempt_from"] is not None and decided["prices_include_tax"]:
        adjustments = adjustments + _relieve(lines, charges, decided)
    answer = _settle(decided, lines, charges, adjustments, asked["with_notes"])
    answer["rules"] = known["version"]
    if asked["with_cart"]:
        for items, name, shape in ((lines, "lines", LINE), (charges, "charges", CHARGE)):
            decided[name] = [_decided(item, shape) for item in items]
        answer["cart"] = decided
    trace["promotions"] = [row for row in fired["trace"] if asked["explain"] or row["why"] in TOLD]
    trace["below_floor"] = [line["id"] for line in lines if _is_below_floor(line, known["market"]["margin_floor_ppm"])]
    answer["trace"] = trace
    return answer


def pick_price(prices: list, quantity: int, context: dict, rules: dict) -> list:
    """The price row that counts, as [list, price, compare-at or None], or [] when none does. `context`: `at`,
    `currency` and, as far as they are known, `market`, `location`, `channel`, `groups`. A thousand items are picked
    faster with `rules` that `prepare` made and one `context` that `standing` made."""
    known = prepare(rules)
    stood = context if "standing" in context else standing(context, known)
    best = _pick(_price_rows(prices, "prices"), quantity, stood, known, None)
    return best[1] if best else []


def standing(context: dict, rules: dict) -> dict:
    """Which price lists count for a context."""
    known = prepare(rules)
    row = {"at": context["at"], "currency": context["currency"], "groups": context.get("groups") or []}
    row.update(market=context.get("market") or "", location=context.get("location") or "")
    row["channel"] = context.get("channel") or "web"
    row["standing"] = {code: _stand(known["lists_by_code"][code], row) for code in known["lists_by_code"]}
    row["open_lists"] = [code for code in sorted(row["standing"]) if not row["standing"][code]]
    return row


def price_point(amount: int, step: int, ending: int) -> int:
    """Rounding point 5, derived prices: the nearest amount that is `ending` more than a multiple of `step`, halves up,
    and never below the ending: 20.30 in steps of 1.00 that end in .99 is 19.99, 20.50 is 20.99. Step 0: as it is."""
    return amount if step == 0 else max(ending, round_half_up(amount - ending, step) * step + ending)


def _settle(order: dict, lines: list, charges: list, adjustments: list, with_notes: bool) -> dict:
    """Taxes and totals, when all discounts are taken."""
    inclusive = order["prices_include_tax"]
    items = lines + charges
    for item in items:
        item["net"] = item["after_discounts"] = item["left"]
    for group in [items] if order["tax_rounding"] == "document" else [[item] for item in items]:
        (_extract_taxes if inclusive else _add_taxes)(group)
    for item in items:
        item["discount"] = item["gross"] - item["after_discounts"]
        item["savings"] = item["reference"] - item["after_discounts"]
        item["tax"], item["total"] = item["left"] - item["net"], item["left"]
        item["notes"] = _notes(item, inclusive) if with_notes else []
    answer = _totals(lines, charges)
    answer.update(engine=ENGINE_VERSION, currency=order["currency"], tax_included=inclusive, cash=None)
    answer.update(tax_rounding=order["tax_rounding"], adjustments=adjustments, taxes=_tax_summary(items))
    step = order["cash_rounding"]["step_minor"]
    if step:
        due = cash_due(answer["total"], step)
        answer["cash"] = {"step": step, "due": due, "rounding": due - answer["total"]}
    return answer


def price_json(text: str) -> str:
    """`price_cart`, or `price` of {"basket", "rules"}, from JSON text to canonical JSON text (sorted, no blanks)."""
    import json  # the one import: both Pythons have it, and price_cart itself needs none

    try:
        cart = json.loads(text)
    except ValueError:
        raise ValueError("cart is not valid JSON") from None
    if type(cart) is dict and "basket" in cart:
        return canonical_json(price(cart["basket"], cart.get("rules") or {}))
    return canonical_json(price_cart(cart))


def round_half_up(numerator: int, denominator: int) -> int:
    """The whole number nearest to numerator / denominator (> 0), halves away from zero: 2.5 is 3, -2.5 is -3."""
    size = (abs(numerator) + denominator // 2) // denominator
    return size if numerator >= 0 else -size


def price_of(unit_minor: int, quantity: int, scale: int) -> int:
    """Rounding point 0, goods that are measured: 0.35 m at 12.00 are 35 x 1200 / 100. Pieces are exact."""
    return unit_minor * quantity if scale == 1 else round_half_up(unit_minor * quantity, scale)


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
    spare = total - sum(shares)
    if spare == 0:
        return shares
    ranked = sorted([(-(total * weights[i] % whole), -weights[i], keys[i], i) for i in range(len(weights))])
    for rank in range(spare):
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


def _adjustment(discount: dict, scope: str, amount: int) -> dict:
    taken = _discount_of(discount)
    taken["scope"], taken["amount"] = scope, amount
    return taken


# What is decided of a basket: its prices, its promotions, its taxes and fees.
def prepare(rules: dict) -> dict:
    """A set of rules that was checked, with what makes it quick to use. ValueError names what is wrong in it."""
    if "by_key" in rules:
        return rules
    known = _read_whole(rules, RULES, "rules")
    known["lists_by_code"] = {row["code"]: row for row in known["lists"]}
    for index, row in enumerate(known["lists"]):
        above, seen = row["base"], [row["code"]]
        while above:
            if above in seen or above not in known["lists_by_code"]:
                raise ValueError(f"lists[{index}].base leads to itself or to no list")
            seen.append(above)
            above = known["lists_by_code"][above]["base"]
    known["by_key"], known["everywhere"] = {}, []
    for index, promotion in enumerate(known["promotions"]):
        _prepare_promotion(promotion, f"promotions[{index}]", known["market"]["currency"])
        keys = promotion["select"]
        if promotion["kind"] == "bundle":
            keys = {key: True for part in promotion["parts"] for key in part["select"]}
            keys = keys if all(part["select"] for part in promotion["parts"]) else {}
        for key in keys:
            known["by_key"].setdefault(key, []).append(index)
        if not keys:
            known["everywhere"].append(index)
    known["names"] = {row["id"]: True for row in known["promotions"]}
    known["elsewhere"] = [index for index, row in enumerate(known["promotions"]) if row["is_elsewhere"]]
    known["ranked_names"] = [name for _, name in sorted([[row["priority"], row["id"]] for row in known["promotions"]])]
    for fee in known["fees"]:
        fee["select"] = _keys(fee["select"])
    return with_taxes(known, known["taxes"])


def with_taxes(known: dict, taxes: list) -> dict:
    """Prepared rules with other taxes (rows of TAX_RULE): one set of rules serves many places."""
    found: dict = {}
    for index, row in enumerate(taxes):
        tax = _read_one(row, "taxes", index)
        found.setdefault(tax["jurisdiction"], []).append(tax)
    return dict(known, taxes_of=found)


def _prepare_promotion(promotion: dict, path: str, currency: str) -> None:
    """What shapes cannot say of a promotion; its selections become sets of keys."""
    kind, needs = promotion["kind"], {"buy_get": "get_quantity", "gift": "get_quantity"}
    for name in ("select", "exclude", "qualify"):
        promotion[name] = _keys(promotion[name])
    for part in promotion["parts"]:
        part["select"] = _keys(part["select"])
    if kind in needs and promotion[needs[kind]] == 0:
        raise ValueError(f"{path}.{needs[kind]} must be at least 1")
    if kind in ("bundle", "tiers") and not promotion["parts" if kind == "bundle" else "tiers"]:
        raise ValueError(f"{path}.{'parts' if kind == 'bundle' else 'tiers'} must not be empty")
    if kind == "gift" and not promotion["select"]:
        raise ValueError(f"{path}.select must name the gift")
    if kind in ("buy_get", "gift", "free_shipping") and promotion["value"] == 0:
        promotion["value"] = MILLION
    if kind in ("buy_get", "gift", "free_shipping") or (kind == "tiers" and promotion["tier_kind"] == "percent"):
        for value in [promotion["value"]] + [tier["value"] for tier in promotion["tiers"]]:
            _whole(value, path + ".value", 0, MILLION)
    for name in ("daily_from", "daily_until"):
        if promotion[name] and not _is_time("2000-01-01T" + promotion[name] + ":00"):
            raise ValueError(f'{path}.{name} must be an hour such as "09:30", not {_shown(promotion[name])}')
    if kind == "free_shipping":
        promotion.update(kind="percent", scope="shipping")
    if promotion["scope"] != "line" and promotion["kind"] not in ("percent", "amount"):
        raise ValueError(f"{path}.scope must be line for this kind")
    limits = ("weekdays", "daily_from", "daily_until") + tuple(sorted(SCOPE))
    promotion["is_limited"] = any(promotion[name] for name in limits) or promotion["currency"] not in ("", currency)
    promotion["is_elsewhere"] = bool(promotion["qualify"]) or kind == "gift" or promotion["scope"] == "shipping"
    conditions = ("min_spend_minor", "min_quantity", "max_minor", "qualify")
    is_plain = kind in OFF and not any(promotion[name] for name in conditions)
    promotion["is_plain"] = is_plain and promotion["scope"] == "line"
    has_amount = promotion["kind"] in ("amount", "fixed_price", "bundle") or promotion["tier_kind"] != "percent"
    if not promotion["currency"] and (has_amount or promotion["min_spend_minor"] or promotion["max_minor"]):
        raise ValueError(f"{path}.currency is missing")


def _keys(select: dict) -> dict:
    keys = ["s:" + sku for sku in select["skus"]] + ["c:" + slug for slug in select["categories"]]
    return dict.fromkeys(keys + ["l:" + slug for slug in select["collections"]], True)


def _matches(keys: dict, item_keys: list) -> bool:
    for key in item_keys:  # noqa: SIM110 -- sooner than a generator
        if key in keys:
            return True
    return False


def _read_basket(basket: dict, known: dict) -> dict:
    """The basket, checked. `exempt_from`: the jurisdictions whose taxes are not paid ([]: all), or None."""
    asked = _read_whole(basket, BASKET, "basket")
    _check(asked)
    if not _is_time(asked["at"]):
        raise ValueError(f'at must be a time such as "2026-05-03T14:10:00", not {_shown(asked["at"])}')
    if asked["currency"] != known["market"]["currency"]:
        raise ValueError(f"currency must be {known['market']['currency']}, as in the rules, not {asked['currency']}")
    names = known["names"]
    for index, line in enumerate(asked["lines"]):
        for discount in line["discounts"]:
            if discount["id"] in names:
                raise ValueError(f"lines[{index}].discounts has the id of a promotion, {_shown(discount['id'])}")
            if not line["discountable"]:
                raise ValueError(f"lines[{index}].discounts must be empty: this item is never reduced")
    for index, charge in enumerate(asked["charges"]):
        if charge["id"].startswith("fee:"):
            raise ValueError(f"charges[{index}].id must not begin with fee:, as those of the rules do")
        if [one for one in charge["discounts"] if one["id"] in names]:
            raise ValueError(f"charges[{index}].discounts has the id of a promotion")
    if [one for one in asked["order_discounts"] if one["id"] in names]:
        raise ValueError("order_discounts has the id of a promotion")
    exempt = asked["exempt"]
    asked["exempt_from"] = exempt["jurisdictions"] if exempt["certificate"] else None
    return asked


def _is_time(at: str) -> bool:
    """ "2026-05-03T14:10:00"; that February has 31 days is of no matter here."""
    if len(at) != 19:
        return False
    figures = "".join([letter for letter in at if "0" <= letter <= "9"])
    marks = [at[place] for place in (4, 7, 10, 13, 16)]
    return len(figures) == 14 and marks == ["-", "-", "T", ":", ":"] and "01" <= figures[4:6] <= "12"


def _price_rows(rows: list, path: str) -> list:
    """Rows of prices, filled up to their six fields."""
    found = []
    for index, row in enumerate(rows):
        here = f"{path}[{index}]"
        if type(row) is not list or not 2 <= len(row) <= 6:
            raise ValueError(f"{here} must be a list of 2 to 6 fields, not {_shown(row)}")
        code, amount, compare_at, least, starts, ends = row + [None, 1, "", ""][len(row) - 2 :]
        if (
            starts == ends == ""
            and compare_at is None
            and type(amount) is type(least) is int
            and type(code) is str
            and 0 <= amount <= MAX_PLAIN
            and 1 <= least <= MAX_PLAIN
            and 0 < len(code) <= 100
        ):
            found.append([code, amount, None, least, "", ""])
            continue
        _fitting(code, "text", here + "[0]", 1, 100)
        _whole(amount, here + "[1]", 0, MAX_MINOR)
        if compare_at is not None:
            _whole(compare_at, here + "[2]", 0, MAX_MINOR)
        _whole(1 if least is None else least, here + "[3]", 1, MAX_MINOR)
        for place, day in ((4, starts), (5, ends)):
            _fitting(day or "", "text", f"{here}[{place}]", 0, 19)
        found.append([code, amount, compare_at, least or 1, starts or "", ends or ""])
    return found


def _period(row: dict, at: str) -> str:
    return "not_started" if row["starts"] > at else "ended" if row["ends"] and row["ends"] <= at else ""


def _stand(row: dict, context: dict) -> str:
    """Why a list or a promotion does not count here, or ""."""
    if row["currency"] and row["currency"] != context["currency"]:
        return "currency"
    if row["markets"] and context["market"] not in row["markets"]:
        return "market"
    if row["locations"] and context["location"] not in row["locations"]:
        return "location"
    if row["channels"] and context["channel"] not in row["channels"]:
        return "channel"
    if row["groups"] and not [group for group in context["groups"] if group in row["groups"]]:
        return "group"
    return _period(row, context["at"])


def _pick(rows: list, quantity: int, context: dict, known: dict, considered) -> list:  # type: ignore[no-untyped-def]
    """[rank, row] of the price that counts, [] for none. `considered` takes what else there was and why it does not."""
    best: list = []
    codes = context["open_lists"] if considered is None else sorted(known["lists_by_code"])
    for code in codes:
        about, why = known["lists_by_code"][code], context["standing"].get(code, "market")
        if why:
            if considered is not None and [row for row in rows if row[0] == code]:
                considered.append({"list": code, "amount": None, "why": why})
            continue
        offered = _offered(rows, about, quantity, context["at"], known)
        if not offered:
            if considered is not None and [row for row in rows if row[0] == code]:
                considered.append({"list": code, "amount": None, "why": "quantity"})
            continue
        rank = [about["rank"], bool(about["groups"]), bool(about["locations"]), bool(about["channels"])]
        rank = rank + [bool(about["markets"]) and not about["is_base"], not about["is_base"]] + offered[0]
        if considered is not None:
            considered.append({"list": code, "amount": offered[1][1], "why": "less_specific"})
        if not best or rank > best[0]:
            best = [rank, offered[1]]
    for row in considered or []:
        if best and row["why"] == "less_specific":
            own = known["lists_by_code"][row["list"]]["rank"]
            row["why"] = "won" if row["list"] == best[1][0] else "outranked" if own < best[0][0] else "less_specific"
    return best


def _offered(rows: list, about: dict, quantity: int, at: str, known: dict) -> list:
    """What one list offers: [[from quantity, start, -amount], [list, amount, compare-at]], or []."""
    best: list = []
    for code, amount, compare_at, least, starts, ends in rows:
        if code != about["code"] or least > quantity or starts > at or (ends and ends <= at):
            continue
        if not best or [least, starts, -amount] > best[0]:
            best = [[least, starts, -amount], [code, amount, compare_at]]
    if best or not about["base"]:
        return best
    below = _offered(rows, known["lists_by_code"][about["base"]], quantity, at, known)
    if not below:
        return []
    amount, compare_at = _derived(below[1][1], about), below[1][2]
    if compare_at is not None:
        compare_at = _derived(compare_at, about)
    return [[below[0][0], below[0][1], -amount], [about["code"], amount, compare_at]]


def _derived(amount: int, about: dict) -> int:
    return price_point(percent_of(amount, about["factor_ppm"]), about["step_minor"], about["ending_minor"])


def _open_lines(asked: dict, known: dict, trace: dict) -> list:
    """The lines with their prices and taxes, ready for discounts."""
    context = standing(asked, known)
    wanted: dict = {}
    for line in asked["lines"]:
        wanted[line["sku"]] = wanted.get(line["sku"], 0) + line["quantity"]
    taxes: dict = {}
    for index, line in enumerate(asked["lines"]):
        considered: list = []
        best = _pick(line["prices"], wanted[line["sku"]], context, known, considered if asked["explain"] else None)
        if not best and line["override_minor"] is None:
            raise NoPrice(index)
        code, amount, compare_at = best[1] if best else ["", None, None]
        line["unit_minor"] = amount if line["override_minor"] is None else line["override_minor"]
        line["compare_at_minor"] = compare_at if line["override_minor"] is None else amount
        for minor in (line["unit_minor"], line["compare_at_minor"] or 0):
            if minor > MAX_MINOR:
                _whole(minor, f"lines[{index}].prices that are derived", 0, MAX_MINOR)
        told = {"id": line["id"], "list": code, "amount": amount}
        trace["prices"].append(dict(told, considered=considered) if asked["explain"] else told)
        line["all_taxes"] = _taxes_of(line["place"] or asked["place"], line["tax_class"], asked, known, taxes)
        line["taxes"] = _without_exempt(line["all_taxes"], asked)
    lines = _items(asked["lines"], "lines")
    for line in lines:
        keys = ["c:" + slug for slug in line["categories"]] + ["l:" + slug for slug in line["collections"]]
        line["keys"] = ["s:" + line["sku"]] + keys
        line["pieces"] = line["quantity"] if line["scale"] == 1 else 0
        line["open"] = line["gross"]  # what is left of the price of the pieces that no promotion has used
        line["by_hand"] = line["override_minor"] is not None or not line["discountable"]
        line["reduced_by"], line["locked_by"] = "", ""
    ranked = sorted([(line["unit"], line["key"], place) for place, line in enumerate(lines)])
    for rank, (_, _, place) in enumerate(ranked):
        lines[place]["cheapness"] = rank
    ranked = sorted([(-line["unit"], line["key"], place) for place, line in enumerate(lines)])
    for rank, (_, _, place) in enumerate(ranked):
        lines[place]["dearness"] = rank
    return lines


def _open_charges(asked: dict, known: dict, lines: list) -> list:
    """The charges of the basket and the fees of its lines, with their taxes."""
    charges: list = list(asked["charges"])
    taxes: dict = {}
    for fee in known["fees"]:
        for line in lines:
            place = line["place"] or asked["place"]
            fits = [one for one in place if one in fee["jurisdictions"]] or not fee["jurisdictions"]
            if (
                fits
                and fee["currency"] == asked["currency"]
                and (_matches(fee["select"], line["keys"]) or not fee["select"])
            ):
                made = {"id": "fee:" + fee["code"] + ":" + line["id"], "kind": fee["kind"], "label": fee["label"]}
                amount = price_of(fee["amount_minor"], line["quantity"], line["scale"])
                made["amount_minor"] = _whole(amount, "fees.amount_minor times the quantity", 0, MAX_MINOR)
                made.update(tax_class=fee["tax_class"], place=line["place"], discounts=[])
                charges.append(made)
    for charge in charges:
        place = charge["place"] or asked["place"]
        chosen = _taxes_of(place, charge["tax_class"], asked, known, taxes) if charge["tax_class"] else []
        charge["all_taxes"], charge["taxes"] = chosen, _without_exempt(chosen, asked)
    charges = _items(charges, "charges")
    for charge in charges:
        charge.update(reduced_by="", locked_by="")
    return charges


def _taxes_of(place: list, tax_class: str, asked: dict, known: dict, found: dict) -> list:
    """The taxes of a class of goods in a place, compound ones last. `found` keeps what was worked out before."""
    name = "|".join(place) + "||" + tax_class
    if name in found:
        return list(found[name])
    chosen: dict = {}
    for jurisdiction in place:
        own: dict = {}
        for tax in known["taxes_of"].get(jurisdiction, []):
            if _period(tax, asked["at"]) or tax["tax_class"] not in (tax_class, "standard"):
                continue
            if tax["tax_class"] != tax_class and tax_class in NEVER_STANDARD:
                continue
            rank = [tax["tax_class"] == tax_class, tax["starts"]]
            if tax["code"] not in own or rank > own[tax["code"]][0]:
                own[tax["code"]] = [rank, tax]
        for code in own:
            chosen[code] = own[code][1]
    rows = [[chosen[code]["compound"], code] for code in chosen]
    found[name] = [chosen[code] for _, code in sorted(rows)]
    return list(found[name])


def _without_exempt(taxes: list, asked: dict) -> list:
    """The taxes that this customer pays."""
    exempt = asked["exempt_from"]
    if exempt is None:
        return taxes
    return [tax for tax in taxes if exempt and not [one for one in exempt if _lies_in(tax["jurisdiction"], one)]]


def _lies_in(jurisdiction: str, other: str) -> bool:
    return jurisdiction == other or (jurisdiction.startswith(other) and jurisdiction[len(other)] in "-/")


def _relieve(lines: list, charges: list, cart: dict) -> list:
    """An exempt customer, and prices that hold the tax: it is taken off them, after everything else. A price that holds
    other taxes, too, is left alone. Returns what was taken off the lines."""
    rows = [[item, item["left"]] for item in lines + charges if item["exempted"] and item["left"]]
    copies = []
    for item, left in rows:
        copies.append({"key": item["key"], "net": left, "left": left, "stages": item["exempted"], "taxes": []})
    for group in [copies] if cart["tax_rounding"] == "document" else [[copy] for copy in copies]:
        _extract_taxes(group)
    taken = []
    for (item, left), copy in zip(rows, copies):
        relief = {"id": "tax_exemption:" + item["key"][-80:], "label": "", "reason": "", "source": "tax_exemption"}
        relief.update(kind="amount", value=left - copy["net"])
        if "sku" in item:
            cart["order_discounts"].append(dict(relief, line_ids=[item["id"]]))
            taken.append(_spread_discount(cart["order_discounts"][-1], lines))
        else:
            _discount_item(item, relief)
    return taken


def _decide_taxes(item: dict, inclusive: bool) -> None:
    """A price that holds taxes is freed of all of them or of none. `exempted`: those that are still to be taken off."""
    item["exempted"] = [] if item["paid_taxes"] else _stages(item["all_taxes"])
    if inclusive and item["paid_taxes"] and len(item["paid_taxes"]) < len(item["all_taxes"]):
        item["paid_taxes"] = item["all_taxes"]
        item["stages"] = _stages(item["all_taxes"])


def _decided(item: dict, shape: dict) -> dict:
    """A line or charge as `price_cart` would price it to the same."""
    row = {key: item[key] for key in shape if key not in ("taxes", "discounts")}
    row["taxes"] = [{key: tax[key] for key in TAX} for tax in item["paid_taxes"]]
    row["discounts"] = [_discount_of(one) for one in item["adjustments"] if one["scope"] == "line"]
    return row


def _discount_of(taken: dict) -> dict:
    return {
        "id": taken["id"],
        "kind": taken["kind"],
        "value": taken["value"],
        "label": taken["label"],
        "reason": taken["reason"],
        "source": taken["source"],
    }


def _is_below_floor(line: dict, floor_ppm: int) -> bool:
    """Whether a line brings less than its cost and the margin that is asked for."""
    if line["cost_minor"] is None:
        return False
    return line["net"] * (MILLION - floor_ppm) < price_of(line["cost_minor"], line["quantity"], line["scale"]) * MILLION


# Promotions. An offer is what one would take off now: [(place of the item, amount)], or why not.
def _run_promotions(asked: dict, known: dict, lines: list, charges: list) -> dict:
    """Take off all promotions and all discounts by hand, in the order told at the top of this file."""
    run: dict = {
        "lines": lines,
        "charges": charges,
        "told": {},
        "fitting": {},
        "order_discounts": [],
        "adjustments": [],
    }
    run["matched"] = _matched(known, lines)
    run["coupons"] = {row["promotion"]: row["code"] for row in asked["coupons"]}
    active = _active(asked, known, run)
    run["rivals"] = _rivals(run, active)
    _run_scope(run, [row for row in active if row[3]["scope"] == "line"])
    for line in lines:
        for discount in line["discounts"]:
            _discount_item(line, discount)
    _run_scope(run, [row for row in active if row[3]["scope"] == "order"])
    open_ids = [line["id"] for line in lines if line["discountable"]]
    for discount in asked["order_discounts"]:
        chosen = open_ids if discount["line_ids"] is None else [one for one in discount["line_ids"] if one in open_ids]
        decided = dict(discount, line_ids=chosen)
        run["order_discounts"].append(decided)
        run["adjustments"].append(_spread_discount(decided, lines))
    worth = sum([line["left"] for line in lines])
    charges[:] = [one for one in charges if one.get("free_from_minor") is None or worth < one["free_from_minor"]]
    for charge in charges:
        for discount in charge["discounts"]:
            _discount_item(charge, discount)
    _run_scope(run, [row for row in active if row[3]["scope"] == "shipping"])
    for name in known["ranked_names"] if asked["explain"] else []:
        run["told"].setdefault(name, _told(name, "no_items", 0, 0, ""))
    run["trace"] = [run["told"][name] for name in known["ranked_names"] if name in run["told"]]
    return run


def _active(asked: dict, known: dict, run: dict) -> list:
    """[priority, id, place, promotion] of those that count here and now; why others do not is told."""
    active = []
    concerned = dict.fromkeys(list(run["matched"]) + known["elsewhere"], True)
    for index in range(len(known["promotions"])) if asked["explain"] else sorted(concerned):
        promotion = known["promotions"][index]
        why = _stand(promotion, asked) or _is_off(promotion, asked) if promotion["is_limited"] else ""
        if not why and promotion["needs_coupon"] and promotion["id"] not in run["coupons"]:
            why = "coupon"
        if why:
            run["told"][promotion["id"]] = _told(promotion["id"], why, 0, 0, "")
        elif index in concerned:
            active.append([promotion["priority"], promotion["id"], index, promotion])
    return active


def _matched(known: dict, lines: list) -> dict:
    """Places of the lines that each promotion (by its place) is for."""
    found: dict = {}
    for place, line in enumerate(lines):
        for key in [] if line["by_hand"] else line["keys"]:
            for index in known["by_key"].get(key, []):
                places = found.setdefault(index, [])
                if not places or places[-1] != place:
                    places.append(place)
    everything = [place for place, line in enumerate(lines) if not line["by_hand"]]
    for index in known["everywhere"]:
        found[index] = everything
    for index in found:
        exclude = known["promotions"][index]["exclude"]
        if exclude:
            found[index] = [place for place in found[index] if not _matches(exclude, lines[place]["keys"])]
    return found


def _told(name: str, why: str, amount: int, missing: int, by: str) -> dict:
    return {"id": name, "fired": why == "fired", "why": why, "amount": amount, "missing": missing, "by": by}


def _is_off(promotion: dict, asked: dict) -> str:
    """Whether this is not the day or the hour of a promotion."""
    at = asked["at"]
    if promotion["weekdays"] and _weekday(int(at[:4]), int(at[5:7]), int(at[8:10])) not in promotion["weekdays"]:
        return "wrong_day"
    begins, ends, hour = promotion["daily_from"], promotion["daily_until"], at[11:16]
    if begins and ends and begins > ends:  # over midnight
        return "" if hour >= begins or hour < ends else "wrong_time"
    return "wrong_time" if (begins and hour < begins) or (ends and hour >= ends) else ""


def _weekday(year: int, month: int, day: int) -> int:
    """0 is Monday. Tomohiko Sakamoto's method (comp.lang.c, 1992)."""
    year -= month < 3
    leaps = year // 4 - year // 100 + year // 400
    return (year + leaps + [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] + day + 6) % 7


def _rivals(run: dict, active: list) -> dict:
    """[-saving, priority, id] of the promotions of each `best_of`, the best first, before anything is taken."""
    found: dict = {}
    for priority, name, index, promotion in active:
        if promotion["best_of"]:
            row = [-_saving(_offer(run, promotion, index)), priority, name]
            found.setdefault(promotion["best_of"], []).append(row)
    return {name: sorted(found[name]) for name in found}


def _saving(offer: dict) -> int:
    return sum([amount for _, amount in offer["taken"]])


def _run_scope(run: dict, active: list) -> None:
    """Run the promotions of one scope: the smaller priority first, of equal ones what saves more now, then by id."""
    run["changed"], run["steps"] = {}, 0
    offers: dict = {}
    ranked: list = []
    for priority, name, index, promotion in active:
        offers[name] = [_offer(run, promotion, index), promotion, index]
        ranked.append([priority, -_saving(offers[name][0]), name])
    for _, _, name in sorted(ranked):
        offer, promotion, index = offers[name]
        if promotion["best_of"]:
            _run_best(run, name, promotion["best_of"], offers)
            continue
        if [place for place in offer["seen"] if place in run["changed"]]:
            offer = _offer(run, promotion, index)
        _run_one(run, promotion, offer)


def _run_best(run: dict, name: str, group: str, offers: dict) -> None:
    """A promotion of a `best_of`: when the turn of the one that promised most has come, the one of this scope that
    saves most now. When none of them saves anything, those on the order have their turn, then those on shipping."""
    rivals = run["rivals"][group]
    if not rivals or rivals[0][2] != name or name in run["told"]:
        run["told"].setdefault(name, _told(name, "better_offer", 0, 0, rivals[0][2] if rivals else ""))
        return
    ranked = []
    for _, priority, one in rivals:
        if one in offers:
            offers[one][0] = _offer(run, offers[one][1], offers[one][2])
            ranked.append([-_saving(offers[one][0]), priority, one])
    winner = min(ranked)[2]
    for _, _, one in sorted(ranked):
        if one == winner or not _saving(offers[one][0]):
            _run_one(run, offers[one][1], offers[one][0])
        else:
            run["told"][one] = _told(one, "better_offer", 0, 0, winner)
    if run["told"][winner]["fired"]:
        run["rivals"][group] = [[0, 0, winner]]
    else:
        run["rivals"][group] = [row for row in rivals if row[2] not in offers]


def _run_one(run: dict, promotion: dict, offer: dict) -> None:
    """Take off what a promotion offers."""
    name, taken = promotion["id"], [one for one in offer["taken"] if one[1] > 0]
    if offer["why"] or not taken:
        run["told"][name] = _told(name, offer["why"] or "no_saving", 0, offer["missing"], offer["by"])
        return
    items = run["charges"] if promotion["scope"] == "shipping" else run["lines"]
    run["steps"] += 1
    for place in offer["used"]:
        items[place]["open"] -= _worth(items[place], offer["used"][place])
        items[place]["pieces"] -= offer["used"][place]
        run["changed"][place] = run["steps"]
    discount = {
        "id": name,
        "kind": "amount",
        "label": promotion["label"],
        "source": "promotion",
        "reason": "",
        "value": 0,
    }
    if promotion["needs_coupon"]:
        discount.update(source="coupon", reason=run["coupons"][name])
    total = sum([amount for _, amount in taken])
    run["told"][name] = _told(name, "fired", total, 0, "")
    for place, amount in taken:
        item = items[place]
        run["changed"][place] = run["steps"]
        item["reduced_by"] = item["reduced_by"] or name
        if promotion["exclusive"]:
            item["locked_by"] = name
        if promotion["scope"] == "line" and not offer["used"]:
            item["open"] = price_of(item["open"], item["left"] - amount, item["left"])
        if promotion["scope"] != "order":
            discount["value"] = amount
            _take_off(item, discount, "line", amount)
    if promotion["scope"] == "order":
        decided = dict(discount, value=total, line_ids=[run["lines"][place]["id"] for place, _ in taken])
        run["order_discounts"].append(decided)
        run["adjustments"].append(_spread_discount(decided, run["lines"]))


def _offer(run: dict, promotion: dict, index: int) -> dict:
    """What a promotion would take off now, or why it does not. `seen`: places of the items that it depends on."""
    lines, matched = run["lines"], run["matched"].get(index, [])
    if promotion["is_plain"]:
        return _plain_offer(lines, promotion, matched)
    items, seen = lines, matched
    if promotion["scope"] == "shipping":
        items = run["charges"]
        seen = [place for place, charge in enumerate(items) if charge["kind"] == "shipping"]
    usable, blocked = _free_of_others(items, promotion, seen)
    qualifies = matched
    if promotion["qualify"] or promotion["kind"] == "gift":
        qualifies = _qualifying(promotion, lines, matched)
        seen = seen + qualifies if items is lines else seen
    offer: dict = {"taken": [], "used": {}, "why": "", "missing": 0, "by": blocked, "seen": seen}
    if not qualifies and not matched:
        offer["why"] = "no_items"
    elif _is_too_little(lines, promotion, qualifies, offer):
        return offer
    elif blocked:
        offer["why"] = "exclusive"
    elif promotion["kind"] in ("buy_get", "bundle", "gift"):
        _offer_pieces(run, promotion, index, usable, qualifies, offer)
    elif not usable:
        offer["why"] = "no_items"
    else:
        _offer_amounts(run, promotion, usable, offer)
    if promotion["max_minor"] is not None:
        _cap(items, offer, promotion["max_minor"])
    return offer


def _plain_offer(lines: list, promotion: dict, matched: list) -> dict:
    """The same for the many that reduce items without any condition: no other answer, only sooner."""
    kind, value, exclusive = promotion["kind"], promotion["value"], promotion["exclusive"]
    taken, blocked = [], ""
    for place in matched:
        line = lines[place]
        by = line["locked_by"] or (exclusive and line["reduced_by"])
        if by:
            blocked = blocked or by
        else:
            taken.append((place, percent_of(line["left"], value) if kind == "percent" else _off(line, kind, value)))
    why, by = ("", "") if taken else ("exclusive", blocked) if blocked else ("no_items", "")
    return {"taken": taken, "used": {}, "why": why, "missing": 0, "by": by, "seen": matched}


def _is_too_little(lines: list, promotion: dict, qualifies: list, offer: dict) -> bool:
    """Whether less is bought than a promotion asks for; the offer then says how much is missing."""
    if promotion["min_spend_minor"]:
        spent = sum([lines[place]["left"] for place in qualifies])
        if spent < promotion["min_spend_minor"]:
            offer.update(why="min_spend", missing=promotion["min_spend_minor"] - spent)
    if promotion["min_quantity"] and not offer["why"]:
        bought = sum([_thousandths(lines[place]) for place in qualifies])
        if bought < promotion["min_quantity"] * 1000:
            offer.update(why="min_quantity", missing=promotion["min_quantity"] - bought // 1000)
    if not qualifies and promotion["kind"] != "buy_get" and not offer["why"]:
        offer.update(why="min_quantity", missing=1)
    return bool(offer["why"])


def _free_of_others(lines: list, promotion: dict, matched: list) -> tuple:
    """The places that no exclusive promotion holds, and, when there is none, which one holds the first."""
    usable, blocked = [], ""
    for place in matched:
        by = lines[place]["locked_by"] or (lines[place]["reduced_by"] if promotion["exclusive"] else "")
        if not by:
            usable.append(place)
        blocked = blocked or by
    return usable, "" if usable else blocked


def _qualifying(promotion: dict, lines: list, matched: list) -> list:
    """Places of what has to be bought, where that is something else. A gift never counts for itself."""
    places = list(range(len(lines)))
    if promotion["qualify"]:
        places = [place for place in places if _matches(promotion["qualify"], lines[place]["keys"])]
    return [place for place in places if place not in matched] if promotion["kind"] == "gift" else places


def _thousandths(line: dict) -> int:
    return line["quantity"] * 1000 // line["scale"]


def _cap(items: list, offer: dict, most: int) -> None:
    """Not more than a promotion may give in one order."""
    places, weights = [place for place, _ in offer["taken"]], [amount for _, amount in offer["taken"]]
    if sum(weights) > most:
        offer["taken"] = list(zip(places, allocate(most, weights, [items[place]["key"] for place in places])))


def _offer_amounts(run: dict, promotion: dict, usable: list, offer: dict) -> None:
    """Percentages, amounts, fixed prices and tiers."""
    kind, value, lines = promotion["kind"], promotion["value"], run["lines"]
    if kind == "tiers":
        bought = sum([_thousandths(lines[place]) for place in usable])
        reached = [tier for tier in promotion["tiers"] if tier["from_quantity"] * 1000 <= bought]
        if not reached:
            least = min([tier["from_quantity"] for tier in promotion["tiers"]])
            offer.update(why="incomplete", missing=least - bought // 1000)
            return
        kind, value = promotion["tier_kind"], max([[tier["from_quantity"], tier["value"]] for tier in reached])[1]
    items = run["charges"] if promotion["scope"] == "shipping" else lines
    lefts = [items[place]["left"] for place in usable]
    if promotion["scope"] == "line":
        amounts = [_off(items[place], kind, value) for place in usable]
    else:
        wanted = percent_of(sum(lefts), value) if kind == "percent" else value
        amounts = allocate(min(wanted, sum(lefts)), lefts, [items[place]["key"] for place in usable])
    offer["taken"] = list(zip(usable, amounts))


def _off(item: dict, kind: str, value: int) -> int:
    left = item["left"]
    if kind == "percent":
        return percent_of(left, value)
    off = price_of(value, item["quantity"], item["scale"])
    return max(0, min(off if kind == "amount" else left - off, left))


def _offer_pieces(run: dict, promotion: dict, index: int, usable: list, qualifies: list, offer: dict) -> None:
    """Promotions that count pieces: what is free with what, what belongs together."""
    if promotion["kind"] == "bundle":
        _offer_bundle(run, promotion, _fitting_parts(run, promotion, index), usable, offer)
        return
    lines = run["lines"]
    gets = [place for place in usable if lines[place]["pieces"]]
    buys = [place for place in qualifies if lines[place]["pieces"]]
    each, get = promotion["buy_quantity"], promotion["get_quantity"]
    only_buys = sum([lines[place]["pieces"] for place in buys if place not in gets])
    both = sum([lines[place]["pieces"] for place in gets if place in buys])
    all_gets = sum([lines[place]["pieces"] for place in gets])
    if promotion["kind"] == "gift":
        each, only_buys, both = 0, 0, 0
    times = _times(each, get, only_buys, both, all_gets - both)
    if promotion["kind"] == "gift":
        times = 1 if all_gets else 0
        get = min(get, all_gets)
    if promotion["max_times"] is not None:
        times = min(times, promotion["max_times"])
    if not times:
        missing = get if promotion["kind"] == "gift" else max(1, each + get - only_buys - all_gets)
        offer.update(why="incomplete", missing=missing)
        return
    spare = both - max(0, times * each - only_buys)  # pieces that may be had and need not be bought
    free = _cheapest(lines, gets, buys, times * get, spare)
    offer["used"] = dict(free)
    _use_bought(lines, buys, times * each, offer["used"])
    for place in sorted(free):
        off = percent_of(_worth(lines[place], free[place]), promotion["value"])
        offer["taken"].append((place, min(off, lines[place]["left"])))


def _times(each: int, get: int, only_buys: int, both: int, only_gets: int) -> int:
    """How often `each` pieces are bought and `get` pieces had: a piece is one or the other."""
    low, high = 0, (only_buys + both + only_gets) // (each + get)
    while low < high:
        middle = (low + high + 1) // 2
        if max(0, middle * each - only_buys) + max(0, middle * get - only_gets) <= both:
            low = middle
        else:
            high = middle - 1
    return low


def _cheapest(lines: list, gets: list, buys: list, wanted: int, spare: int) -> dict:
    """Pieces by place: the cheapest, of those that may be bought instead at most `spare`."""
    chosen: dict = {}
    for place in _by_rank(lines, gets, "cheapness"):
        most = min(wanted, lines[place]["pieces"])
        if place in buys:
            most = min(most, spare)
            spare -= most
        if most:
            chosen[place] = most
            wanted -= most
    return chosen


def _by_rank(lines: list, places: list, name: str) -> list:
    """Places by `dearness` (the dearest first) or by `cheapness` of their lines, equal ones by their ids."""
    return [place for _, place in sorted([(lines[place][name], place) for place in places])]


def _use_bought(lines: list, buys: list, wanted: int, used: dict) -> None:
    """What was bought for it counts for nothing else; the dearest first."""
    for place in _by_rank(lines, buys, "dearness"):
        most = min(wanted, lines[place]["pieces"] - used.get(place, 0))
        if most:
            used[place] = used.get(place, 0) + most
            wanted -= most


def _fitting_parts(run: dict, promotion: dict, index: int) -> list:
    """Places of the lines that each part of a bundle may be, the dearest first. Found once: it never changes."""
    found: list = run["fitting"].get(index, [])
    if not found:
        lines = run["lines"]
        dearest = _by_rank(lines, run["matched"].get(index, []), "dearness")
        for part in promotion["parts"]:
            select = part["select"]
            found.append([place for place in dearest if not select or _matches(select, lines[place]["keys"])])
        run["fitting"][index] = found
    return found


def _offer_bundle(run: dict, promotion: dict, fitting: list, usable: list, offer: dict) -> None:
    """A price for pieces that belong together: as many sets as there are, of the dearest pieces."""
    lines, parts = run["lines"], promotion["parts"]
    left = {place: lines[place]["pieces"] for place in usable if lines[place]["pieces"]}
    totals: dict = {}
    sets, most = 0, promotion["max_times"]
    while most is None or sets < most:
        chosen, missing = _one_set(parts, fitting, left)
        if missing:
            offer["missing"] = missing
            break
        places = sorted(chosen)
        weights = [_worth(lines[place], chosen[place]) for place in places]
        if sum(weights) <= promotion["value"]:
            break
        alike = min([left[place] // chosen[place] for place in places])  # sets of the same pieces
        alike = alike if most is None else min(alike, most - sets)
        sets += alike
        shares = allocate(sum(weights) - promotion["value"], weights, [lines[place]["key"] for place in places])
        for place, share in zip(places, shares):
            left[place] -= chosen[place] * alike
            offer["used"][place] = offer["used"].get(place, 0) + chosen[place] * alike
            totals[place] = totals.get(place, 0) + share * alike
    offer["taken"] = [(place, min(totals[place], lines[place]["left"])) for place in sorted(totals)]
    offer["why"] = "" if sets else "incomplete" if offer["missing"] else "no_saving"


def _worth(line: dict, pieces: int) -> int:
    """What so many unused pieces of a line still cost, when all of them cost the same."""
    return price_of(line["open"], pieces, line["pieces"])


def _one_set(parts: list, fitting: list, left: dict) -> tuple:
    """Pieces by place for one set, and how many pieces are missing for it."""
    chosen: dict = {}
    missing = 0
    choices = [(sum([left.get(place, 0) for place in fits]), number) for number, fits in enumerate(fitting)]
    for _, number in sorted(choices):  # the part with the least choice first
        wanted = parts[number]["quantity"]
        for place in fitting[number]:
            most = min(wanted, left.get(place, 0) - chosen.get(place, 0))
            if most > 0:
                chosen[place] = chosen.get(place, 0) + most
                wanted -= most
        missing += wanted
    return chosen, missing


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
    return {
        "code": tax["code"],
        "name": tax["name"],
        "rate_ppm": tax["rate_ppm"],
        "compound": tax["compound"],
        "base": base,
        "amount": amount,
    }


def _items(rows: list, field: str) -> list:
    """Lines or charges ready for pricing."""
    for index, row in enumerate(rows):
        row["quantity"], row["scale"] = row.get("quantity", 1), row.get("scale", 1)
        row["unit"] = row["unit_minor"] if field == "lines" else row["amount_minor"]
        gross = row["gross"] = row["left"] = price_of(row["unit"], row["quantity"], row["scale"])
        if gross > MAX_EXACT:
            _whole(gross, f"{field}[{index}].gross", 0, MAX_EXACT)
        row["compare_at"] = row.get("compare_at_minor")
        row["reference"] = gross
        if row["compare_at"]:
            row["reference"] = max(gross, price_of(row["compare_at"], row["quantity"], row["scale"]))
        row["key"] = field + ":" + row["id"]
        row["stages"], row["paid_taxes"] = _stages(row["taxes"]), row["taxes"]
        row["taxes"], row["adjustments"] = [], []
    return rows


def _stages(taxes: list) -> list:
    simple = sorted([(tax["code"], i) for i, tax in enumerate(taxes) if not tax["compound"]])
    return [[taxes[i] for _, i in simple]] + [[tax] for tax in taxes if tax["compound"]]


def _notes(item: dict, inclusive: bool) -> list:
    """How the price of an item came about, step by step."""
    reference, gross = item["reference"], item["gross"]
    steps = [("compare_at" if reference > gross else "price", "", reference)]
    if reference > gross:
        steps.append(("markdown", "", gross - reference))
    steps += [(row["scope"] + "_discount", row["label"], -row["amount"]) for row in item["adjustments"]]
    tax_code = "tax_included" if inclusive else "tax_added"
    steps += [(tax_code, tax["name"], tax["amount"]) for tax in item["taxes"]]
    notes = []
    running = 0
    for code, label, amount in steps:
        running += 0 if code == "tax_included" else amount
        notes.append({"code": code, "label": label, "amount": amount, "running": running})
    return notes


def _totals(lines: list, charges: list) -> dict:
    totals = {name + "_total": sum([item[name] for item in lines + charges]) for name in ("discount", "net", "tax")}
    shipping = [charge["gross"] for charge in charges if charge["kind"] == "shipping"]
    totals.update(shipping_total=sum(shipping), fee_total=sum([charge["gross"] for charge in charges]) - sum(shipping))
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
        key = (tax["code"], tax["rate_ppm"], tax["compound"])
        if key not in rows:
            rows[key] = _taken(tax, 0, 0)
        row = rows[key]
        row["name"] = min(row["name"], tax["name"])
        row["base"] += tax["base"]
        row["amount"] += tax["amount"]
    return [rows[key] for key in sorted(rows)]


def _read(value, shape):  # type: ignore[no-untyped-def]  # as the shape says
    """A copy of `value` with the fields of `shape` and its defaults. ValueError for the first field that is wrong; its
    text grows on the way out: " is missing", "quantity is missing", "[0].quantity is missing"."""
    if type(shape) is list:
        return _read_rows(value, shape[0])
    if type(value) is not dict:
        raise ValueError(f" must be an object, not {_shown(value)}")
    row: dict = {}
    scale = value.get("scale") if "scale" in shape else None
    for key, kind, default, low, high in _fields(shape):
        given = value.get(key)
        if kind == "shape":
            row[key] = [] if given is None and type(low) is list else _read_field(given, low, key)
        elif given is None:
            if default == REQUIRED:
                raise ValueError(f"{key} is missing")
            row[key] = default
        elif kind == "whole":
            most = high * scale if key == "quantity" and type(scale) is int and 1 < scale <= MAX_SCALE else high
            row[key] = given if type(given) is int and low <= given <= most else _whole(given, key, low, most)
        elif kind == "text" and type(given) is str and low <= len(given) <= high:
            row[key] = given
        else:
            row[key] = _fitting(given, kind, key, low, high)
    if row.get("kind") == "percent":
        _whole(row["value"], "value", 0, MILLION)
    return row


def _read_field(value, shape, key: str):  # type: ignore[no-untyped-def]
    try:
        return _read({} if value is None else value, shape)
    except ValueError as error:
        raise ValueError(_within(key, error)) from None


def _read_rows(value, shape) -> list:  # type: ignore[no-untyped-def]
    if value is not None and type(value) is not list:
        raise ValueError(f" must be a list, not {_shown(value)}")
    rows: list = []
    for index, one in enumerate(value or []):
        try:
            rows.append(_read(one, shape))
        except ValueError as error:
            raise ValueError(_within(f"[{index}]", error)) from None
    names = sorted([name for name in [row.get("code") or row["id"] for row in rows] if name])
    for index in range(1, len(names)):
        if names[index] == names[index - 1]:
            raise ValueError(f" has {_shown(names[index])} twice")
    return rows


def _within(place: str, error: ValueError) -> str:
    text = str(error)
    return place + text if text[0] in " [" else place + "." + text


_known_fields: dict = {}


def _fields(shape: dict) -> list:
    """(name, kind, default, low, high) of the fields, always in the same order, so that the first mistake is the same
    in both Pythons. A field with a shape of its own is of the kind "shape", and `low` is that shape."""
    if id(shape) not in _known_fields:
        rules = {key: ("shape", None, shape[key], 0) if type(shape[key]) is not tuple else shape[key] for key in shape}
        _known_fields[id(shape)] = [(key,) + rules[key] for key in sorted(rules)]
    return _known_fields[id(shape)]


def _read_whole(value, shape: dict, name: str) -> dict:  # type: ignore[no-untyped-def]
    if type(value) is not dict:
        raise ValueError(f"{name} must be an object, not {_shown(value)}")
    return _read(value, shape)


def _fitting(value, kind: str, path: str, low, high):  # type: ignore[no-untyped-def]
    if kind == "word" and value not in low:
        raise ValueError(f"{path} must be {' or '.join(low)}, not {_shown(value)}")
    if kind == "flag" and type(value) is not bool:
        raise ValueError(f"{path} must be true or false, not {_shown(value)}")
    if kind == "text" and (type(value) is not str or not low <= len(value) <= high):
        raise ValueError(f"{path} must be a text of {low} to {high} characters, not {_shown(value)}")
    if kind in ("rows", "prices", "texts", "days") and type(value) is not list:
        raise ValueError(f"{path} must be a list, not {_shown(value)}")
    if kind == "texts" and [one for one in value if type(one) is not str]:
        raise ValueError(f"{path} must be a list of texts")
    if kind == "days" and [day for day in value if type(day) is not int or not low <= day <= high]:
        raise ValueError(f"{path} must be whole numbers from {low} to {high}")
    if kind == "prices":
        return _price_rows(value, path)
    if kind == "ids" and (type(value) is not list or [one for one in value if type(one) is not str]):
        raise ValueError(f"{path} must be a list of line ids, not {_shown(value)}")
    return value


def _read_one(row, path: str, index: int) -> dict:  # type: ignore[no-untyped-def]
    try:
        return _read(row, TAX_RULE)
    except ValueError as error:
        raise ValueError(_within(f"{path}[{index}]", error)) from None


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
