import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.catalog.skus import PROBLEMS, normalize_sku


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("abc-1", "ABC-1"),
        ("  'abc-1 ", "ABC-1"),
        ("’0012", "0012"),
        ('="0012"', "0012"),
        ("ab \t  c", "AB C"),
        ("ＡＢＣ－１", "ABC-1"),
        ("straße", "STRASSE"),
        ("\N{ZERO WIDTH SPACE}abc\N{SOFT HYPHEN}", "ABC"),
        ("a\N{NO-BREAK SPACE}b", "A B"),
        ("ﬁne", "FINE"),
    ],
)
def test_one_sku_however_it_is_written(text: str, value: str) -> None:
    assert (normalize_sku(text).value, normalize_sku(text).problems) == (value, ())


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("", "", "empty"),
        (" ' ", "", "empty"),
        ("x" * 65, "", "too_long"),
        ("a\x07b", "", "unprintable"),
        ("4.00638E+12", "4.00638E+12", "rounded_number"),
        ("4,00638e+12", "4,00638E+12", "rounded_number"),
        ("#N/A", "#N/A", "formula_error"),
        ("#ref!", "#REF!", "formula_error"),
    ],
)
def test_problems_are_named_in_words(text: str, value: str, problem: str) -> None:
    found = normalize_sku(text)
    assert (found.value, found.problems) == (value, (problem,))
    assert str(PROBLEMS[problem]).startswith("The SKU")


@given(st.text(max_size=80))
def test_a_key_is_its_own_key(text: str) -> None:
    found = normalize_sku(text)
    assert set(found.problems) <= set(PROBLEMS)
    if found.value:
        assert normalize_sku(found.value) == found
        assert normalize_sku(f"  '{found.value} ").value == found.value
