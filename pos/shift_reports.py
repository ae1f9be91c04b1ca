"""The paper of a shift: an X report while it goes on, the Z report that it was closed with."""

from typing import Any

from babel.numbers import format_percent
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from commerce.company.models import User
from commerce.kernel.money import Money
from orders.tenders import registry as tenders
from pos import receipts
from pos.models import CashMovement, Shift
from pos.shift_figures import figures, number_of

Block = dict[str, Any]
MOST_DISCOUNTS = 12
RULE: Block = {"type": "rule"}


def document_of(shift: Shift, *, copy: int = 0, shows_drawer: bool = True, printed_at: Any = None) -> dict[str, Any]:
    """The report as a document of the bridge's protocol: Z of a closed shift, X of one that goes on at `printed_at`.

    `copy` 0 is the original. Whoever counts the drawer blind gets an X report without what is in it (`shows_drawer`).
    """
    told = _Paper(shift, figures(shift))
    is_final = shift.closed_at is not None
    number = number_of(shift)
    title = _("Z REPORT %(number)s") % {"number": number} if is_final else _("X REPORT")
    blocks: list[Block] = [
        {"type": "text", "text": receipts.shop_at(shift.register.location)["name"], "align": "center", "bold": True},
        {"type": "text", "text": shift.register.location.name, "align": "center"},
        {"type": "feed"},
        {
            "type": "text",
            "text": title,
            "align": "center",
            "size": "large",
            "bold": True,
        },
        {"type": "feed"},
        *told.heading(printed_at),
        *told.sales(),
        *told.returns(),
        *told.tenders(),
        *(told.drawer() if is_final or shows_drawer else []),
        *told.slips(),
        *(_signature(_("Counted by %(name)s") % {"name": _name(shift.closed_by)}) if is_final else []),
    ]
    if not is_final:
        blocks.append({"type": "text", "text": _("Not a closing. The shift goes on."), "align": "center"})
    return {
        "version": 1,
        "kind": "z_report" if is_final else "x_report",
        "title": f"{title} · {shift.register.code}",
        "locale": receipts.locale(),
        "currency": shift.currency,
        "copy": copy,
        "copy_label": _("COPY %(number)d") % {"number": copy} if copy else "",
        "blocks": blocks,
    }


def _name(person: User | None) -> str:
    return (person.get_full_name() or person.username) if person else ""


def _signature(words: str) -> list[Block]:
    return [{"type": "feed", "lines": 3}, RULE, {"type": "text", "text": words}]


def _columns(left: str, right: str) -> Block:
    return {"type": "columns", "cells": [{"text": left, "width": 0}, {"text": right, "align": "right"}]}


class _Paper:
    """The parts of a report, one below the other."""

    def __init__(self, shift: Shift, told: dict[str, Any]) -> None:
        self.shift, self.told = shift, told

    def money(self, minor: int) -> str:
        return Money(minor, self.shift.currency).format()

    def total(self, label: Any, minor: int, emphasis: str = "normal") -> Block:
        return {"type": "total", "label": str(label), "amount": self.money(minor), "emphasis": emphasis}

    def part(self, title: Any, blocks: list[Block]) -> list[Block]:
        return [RULE, {"type": "text", "text": str(title), "bold": True}, *blocks] if blocks else []

    def heading(self, printed_at: Any) -> list[Block]:
        shift, place = self.shift, self.shift.register.location
        ended = shift.closed_at or printed_at
        lines = [
            _columns(shift.register.name, shift.register.code),
            _columns(_("Opened"), receipts.written_at(shift.opened_at, place)),
            _columns("", _name(shift.opened_by)),
        ]
        if ended:
            lines.append(_columns(_("Closed") if shift.closed_at else _("Printed"), receipts.written_at(ended, place)))
        if shift.closed_by:
            lines.append(_columns("", _name(shift.closed_by)))
        first, last = self.told["receipts"]
        if first:
            lines += [_columns(_("First receipt"), first), _columns(_("Last receipt"), last)]
        return lines

    def sales(self) -> list[Block]:
        sold = self.told["sales"]
        off = sum(row["amount"] for row in self.told["discounts"])
        before = sold["total"] - sold["tax"]
        blocks = [_columns(_("Number of sales"), str(sold["n"])), self.total(_("Sales without tax"), before)]
        blocks.append(self.total(_("Tax"), sold["tax"]))
        if sold["rounding"]:
            blocks.append(self.total(_("Cash rounding"), sold["rounding"]))
        blocks.append(self.total(_("Sales"), sold["total"] + sold["rounding"], "bold"))
        if sold["fees"]:
            blocks.append(self.total(_("of which fees and deposits"), sold["fees"]))
        if self.told["gift_cards"]:
            blocks.append(self.total(_("of which gift cards"), self.told["gift_cards"]))
        return [
            *self.part(_("SALES"), blocks),
            *self._taxes(self.told["taxes"]),
            *self.part(_("DISCOUNTS GIVEN"), self._discounts(off) if off else []),
        ]

    def _taxes(self, taxes: list[dict[str, Any]]) -> list[Block]:
        if not taxes:
            return []
        locale = (get_language() or "en-us").replace("-", "_")
        table = [
            [
                f"{tax['name']} {format_percent(tax['rate_ppm'] / 1_000_000, '#,##0.###%', locale=locale)}",
                self.money(tax["base"]),
                self.money(tax["amount"]),
            ]
            for tax in taxes
        ]
        return [{"type": "feed"}, {"type": "table", "header": [_("Tax by rate"), _("Net"), _("Tax")], "rows": table}]

    def _discounts(self, off: int) -> list[Block]:
        given = self.told["discounts"]
        shown = [self.total(row["label"] or _("Discount"), -row["amount"]) for row in given[:MOST_DISCOUNTS]]
        rest = sum(row["amount"] for row in given[MOST_DISCOUNTS:])
        if rest:
            shown.append(self.total(_("Others"), -rest))
        return [*shown, self.total(_("Taken off"), -off, "bold")]

    def returns(self) -> list[Block]:
        back = self.told["returns"]
        if not back["n"]:
            return []
        counted = ngettext("%(n)s return", "%(n)s returns", back["n"]) % {"n": back["n"]}
        blocks = [self.total(counted, -back["total"], "bold"), self.total(_("of which tax"), -back["tax"])]
        return [*self.part(_("RETURNS"), blocks), *self._taxes(self.told["returned_taxes"])]

    def tenders(self) -> list[Block]:
        blocks: list[Block] = []
        for row in self.told["means"]:
            tender = tenders().get(row["type"])
            label = str(tender.label) if tender else row["label"]
            if row["taken_minor"]:
                blocks.append(self.total(f"{label} ({row['count']})", row["taken_minor"]))
            if row["given_back_minor"]:
                blocks.append(self.total(_("%(means)s given back") % {"means": label}, -row["given_back_minor"]))
        taken = sum(row["taken_minor"] - row["given_back_minor"] for row in self.told["means"])
        return self.part(_("TAKINGS"), [*blocks, self.total(_("Taken"), taken, "bold")] if blocks else [])

    def drawer(self) -> list[Block]:
        kinds = dict(CashMovement.Kind.choices)
        blocks = [self.total(kinds[row["kind"]], row["amount"]) for row in self.told["drawer"]]
        blocks.append(self.total(_("Expected"), self.told["expected"], "bold"))
        if self.shift.counted_minor is not None:
            over = self.shift.counted_minor - self.told["expected"]
            blocks.append(self.total(_("Counted"), self.shift.counted_minor, "bold"))
            blocks.append(self.total(_over_or_short(over), over, "grand" if over else "bold"))
        if self.shift.note:
            blocks.append({"type": "text", "text": self.shift.note})
        return self.part(_("CASH DRAWER"), blocks)

    def slips(self) -> list[Block]:
        """What the card machine says it took, beside what the till recorded by it."""
        blocks = []
        for row in self.told["slips"]:
            over = row["batch"] - row["recorded"]
            blocks += [
                self.total(_("By the till"), row["recorded"]),
                self.total(_("By its slip"), row["batch"]),
                self.total(_over_or_short(over), over, "bold"),
            ]
        return self.part(_("CARD MACHINE"), blocks)


def _over_or_short(over: int) -> str:
    return _("Over") if over > 0 else _("Short") if over else _("Difference")
