"""What each unit of a priced line cost: what is given back for it when it comes back."""

from typing import Any

from commerce.pricing import engine


def unit_shares(line: dict[str, Any]) -> list[dict[str, Any]]:
    """The units of a line of the engine's answer: [{gross, discount, net, tax, total, taxes: [{code, amount}]}].

    As many as its quantity (of measured goods the smallest amounts); minor units. Each column sums to the line's, none
    is below zero, and units differ by a minor unit per column at most where they can. So whichever units come back, in
    whichever order, all of them together give back what was paid. Largest remainder, the earlier units first; a tax is
    shared by what the discount and the taxes before it left of each unit.
    """
    keys = list(range(line["quantity"]))
    even = [1] * len(keys)
    gross = engine.allocate(line["gross"], even, keys)
    discount = engine.allocate(line["discount"], gross, keys)
    paid = [price - off for price, off in zip(gross, discount, strict=True)]
    is_included = sum(paid) == line["total"]
    net, taxes = list(paid), []
    for tax in line["taxes"]:
        column = engine.allocate(tax["amount"], net if is_included else paid, keys)
        taxes.append((tax["code"], column))
        if is_included:
            net = [left - share for left, share in zip(net, column, strict=True)]
    return [_unit(index, gross, discount, net, taxes) for index in keys]


def _unit(
    index: int, gross: list[int], discount: list[int], net: list[int], taxes: list[tuple[str, list[int]]]
) -> dict[str, Any]:
    shares = [{"code": code, "amount": column[index]} for code, column in taxes]
    tax = sum(column[index] for _, column in taxes)
    unit = {"gross": gross[index], "discount": discount[index], "net": net[index], "tax": tax}
    return {**unit, "total": net[index] + tax, "taxes": shares}
