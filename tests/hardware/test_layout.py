"""What the paper says, at 42 and at 32 characters, read back from the bytes that print it."""

from hypothesis import given
from hypothesis import strategies as st

from hardware.printers.escpos import receipt_bytes
from hardware.printers.layout import Line, lay_out
from hardware.printers.parse import tokenize
from hardware.printers.profile import PrinterProfile
from hardware.printers.render import render
from hardware.printers.text import printable, text_width, wrap
from tests.hardware.documents import document, sale_receipt

WIDE = PrinterProfile()
NARROW = PrinterProfile(columns=32, dots=384)


def paper(doc, profile: PrinterProfile) -> list[str]:
    return render(receipt_bytes(doc, profile).data, profile.dots).lines


AT_42 = """\
    Alder & Vale
         Goods for home and trail

         1420 NW Lovejoy St, Portland, OR 97209
                     (503) 555-0142

Nov 23, 2026 2:41 PM            Register 2
Receipt 4-000217            Served by Mina
──────────────────────────────────────────
Merino Crew Sweater                $118.00
  Moss / M
  Member price                     -$11.80
Enamel Camp Mug, 12 oz, with the    $48.00
long name of a mug
  3 × $16.00 · Cream
Café Crème Candle                   $24.00
  Ships to you by Nov 28
Paper bag                            $0.10
──────────────────────────────────────────
Subtotal                           $190.10
Discounts                          -$11.80
Tax                                 $14.26

Total         $192.56

Gift card ··4410                    $50.00
Visa ··4242                         $42.56
Cash                               $120.00
Change                              $20.00
------------------------------------------
Tax                  Rate      Net     Tax
State                6.0%  $178.20  $10.69
City                 2.0%  $178.20   $3.57
------------------------------------------
        6 items · You saved $11.80
Returns within 30 days with this receipt.

[barcode R4-000217]

[qr https://shop.example/r/7c1d9be2a4f04c3f]
    Scan for returns, care and your digital receipt
"""
AT_32 = """\
             COPY 1

  Alder & Vale
    Goods for home and trail

  1420 NW Lovejoy St, Portland, OR 97209
              (503) 555-0142

Nov 23, 2026 2:41 PM  Register 2
Receipt 4-000217  Served by Mina
────────────────────────────────
Merino Crew Sweater      $118.00
  Moss / M
  Member price           -$11.80
Enamel Camp Mug, 12 oz,   $48.00
with the long name of a
mug
  3 × $16.00 · Cream
Café Crème Candle         $24.00
  Ships to you by Nov 28
Paper bag                  $0.10
────────────────────────────────
Subtotal                 $190.10
Discounts                -$11.80
Tax                       $14.26

Total    $192.56
"""


def test_a_receipt_of_42_columns() -> None:
    assert "\n".join(paper(sale_receipt(), WIDE)).strip("\n") == AT_42.strip("\n")


def test_a_copy_of_32_columns() -> None:
    lines = paper(sale_receipt(copy=1), NARROW)
    expected = AT_32.strip("\n").splitlines()
    assert lines[0].strip() == "COPY 1"
    assert lines[1 : len(expected)] == expected[1:]
    assert [line.strip() for line in lines].count("COPY 1") == 2


def test_a_copy_is_marked_in_the_words_of_the_document() -> None:
    assert paper(document({"type": "rule"}, copy=2, copy_label="KOPIE 2"), WIDE)[0].strip() == "KOPIE 2"


def test_an_amount_never_leaves_its_place_however_long_the_name() -> None:
    lines = paper(document({"type": "line_item", "name": "Wörterbuch " * 20, "amount": "1.234,56 €"}), NARROW)
    assert lines[0].endswith("1.234,56 €")
    assert text_width(lines[0]) == 32
    assert all("€" not in line for line in lines[1:])


def test_a_grand_total_that_is_too_long_for_wide_letters_is_still_whole() -> None:
    block = {"type": "total", "label": "Gesamtbetrag inkl. MwSt", "amount": "Rp 12.345.678", "emphasis": "grand"}
    (line,) = [line for line in paper(document(block), WIDE) if line]
    assert line.startswith("Gesamtbetrag inkl. MwSt")
    assert line.endswith("Rp 12.345.678")


def test_cells_wrap_within_their_own_width() -> None:
    cells = [{"text": "one two three four five six seven"}, {"text": "right side", "align": "right"}]
    assert paper(document({"type": "columns", "cells": cells}), NARROW)[:2] == [
        "one two three         right side",
        "four five six",
    ]


ANY_TEXT = st.text(min_size=1, max_size=60).filter(lambda text: text.strip())


@given(name=ANY_TEXT, amount=st.text(max_size=30), columns=st.integers(24, 48))
def test_no_line_is_wider_than_the_paper(name: str, amount: str, columns: int) -> None:
    blocks = [
        {"type": "line_item", "name": name, "amount": amount, "detail": name, "notes": [name]},
        {"type": "columns", "cells": [{"text": name}, {"text": amount, "align": "right", "width": 0}]},
        {"type": "table", "rows": [[name, amount, amount]]},
        {"type": "total", "label": name, "amount": amount, "emphasis": "grand"},
        {"type": "text", "text": name, "size": "large"},
        {"type": "banner", "text": name},
    ]
    for mark in lay_out(document(*blocks), columns):
        if isinstance(mark, Line):
            assert sum(span.columns for span in mark.spans) <= columns, mark


@given(text=st.text(max_size=80))
def test_nothing_of_a_text_can_be_taken_for_a_command(text: str) -> None:
    """T04: names, notes and amounts come from anywhere. Whatever they hold, only our own commands reach the printer."""
    hostile = document(
        {"type": "line_item", "name": f"x{text}", "amount": text[:40], "notes": [text]}, {"type": "text", "text": text}
    )
    data = receipt_bytes(hostile, WIDE).data
    names = {token.name for token in tokenize(data)[0]}
    assert names <= {"ESC @", "GS L", "ESC J", "ESC t", "ESC d", "GS V", "GS v", "LF", "text"}
    assert b"\x10\x14" not in data
    assert b"\x10\x04" not in data


def test_control_characters_vanish_and_the_words_around_them_stay() -> None:
    assert printable("Mug\x1bp\x00\x19\xfa \x10\x14\x01\x00\x01blue\x9b\u202egnp\ud800") == "Mugp\xfa bluegnp"


def test_wrapping_keeps_amounts_together_and_breaks_chinese_anywhere() -> None:
    assert wrap("Preis 1\u202f234,56\u00a0€ netto", 12) == ["Preis", "1 234,56 €", "netto"]
    assert wrap("今日は良い天気ですね", 8) == ["今日は良", "い天気で", "すね"]
    assert wrap("Donaudampfschifffahrt", 10) == ["Donaudampf", "schifffahr", "t"]
    assert wrap("", 10) == [""]
