"""The receipt document: what is accepted, and that a refusal names every field."""

import pytest

from hardware.protocol import DOCUMENT_VERSION, DocumentError, validate_document
from tests.hardware.documents import document, sale_receipt


def problems(*blocks, **header) -> list[str]:
    with pytest.raises(DocumentError) as refused:
        validate_document(document(*blocks, **header))
    return refused.value.problems


def test_a_whole_receipt_is_accepted() -> None:
    assert validate_document(sale_receipt(copy=2, copy_label="KOPIE 2"))["copy"] == 2


def test_every_problem_is_named_with_its_place() -> None:
    assert problems(
        {"type": "text", "text": 3, "align": "middle"},
        {"type": "columns", "cells": [{"text": "a"}, {"texts": "b"}]},
        {"type": "line_item", "name": " ", "notes": ["fine", {"text": "b", "amount": 3}]},
    ) == [
        "blocks[0].text must be text",
        "blocks[0].align must be one of left, center, right, not 'middle'",
        "blocks[1].cells[1] text is missing; texts is not a known field",
        "blocks[2].name must not be empty",
        "blocks[2].notes[1] amount must be text",
    ]


@pytest.mark.parametrize("kind", [None, [], {}, "zap", 3])
def test_an_unknown_block_is_named(kind) -> None:
    assert problems({"type": "rule"}, {"type": kind})[0].startswith("blocks[1].type must be one of text, banner,")


@pytest.mark.parametrize("whole", [None, [], "text", 3, {"blocks": None}])
def test_what_is_no_document_is_refused_in_words(whole) -> None:
    with pytest.raises(DocumentError):
        validate_document(whole)


def test_a_newer_document_is_refused() -> None:
    assert problems({"type": "rule"}, version=DOCUMENT_VERSION + 1) == [
        f"version must be a whole number from 1 to {DOCUMENT_VERSION}"
    ]


def test_the_bridge_passes_over_fields_of_a_newer_page() -> None:
    newer = document({"type": "text", "text": "Hello", "color": "red"}, mood="good")
    assert problems(*newer["blocks"], mood="good") == ["mood is not a known field"]
    assert validate_document(newer, strict=False)["blocks"] == [{"type": "text", "text": "Hello"}]


@pytest.mark.parametrize(
    ("symbology", "data", "problem"),
    [
        ("ean13", "4006381333931", None),
        ("ean13", "4006381333932", "has a wrong check digit"),
        ("ean13", "４００６３８１３３３９３１", "must be 13 digits"),
        ("upca", "036000291452", None),
        ("ean8", "73513537", None),
        ("itf", "123", "must be an even number of digits"),
        ("code39", "lower", "may hold 0-9, A-Z and $%+-./ only"),
        ("code128", "R4-000217 {B", None),
        ("code128", "naïve", "may hold printable ASCII characters only"),
        ("code128", "a\x1bp\x00", "may hold printable ASCII characters only"),
    ],
)
def test_barcodes_are_checked_before_they_reach_a_printer(symbology, data, problem) -> None:
    block = {"type": "barcode", "symbology": symbology, "data": data}
    if problem is None:
        validate_document(document(block))
    else:
        assert problems(block) == [f"blocks[0].data {problem}"]
