import csv
import re
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import is_currency
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.kernel.money import (
    AmountTooLarge,
    CurrencyMismatch,
    InvalidAmount,
    Money,
    OtherCurrency,
    TooManyDecimals,
    minor_digits,
    parse_money,
)
from commerce.runtime.paths import PROJECT

SHARED = PROJECT.parent / "shared" / "data" / "tax" / "currency_codes_iso4217.csv"
LOCALES = ("en", "en-us", "de", "de-at", "de-ch", "fr", "nl", "es", "it", "pt-br", "sv", "pl", "ja", "en-in", "fi")
CURRENCIES = ("USD", "EUR", "GBP", "CHF", "JPY", "KWD", "SEK", "INR", "IQD", "CAD")
minor = st.integers(-(10**14), 10**14)


@given(minor, minor)
def test_sums_and_differences_undo_each_other(left: int, right: int) -> None:
    one, other = Money(left, "EUR"), Money(right, "EUR")
    assert one + other - other == one
    assert one + -one == Money.zero("EUR")
    assert (one < other, one <= other, one > other, one >= other) == (
        left < right,
        left <= right,
        left > right,
        left >= right,
    )
    assert one * 3 == one + one + one == 3 * one
    assert Money.total([one, other, one], "EUR") == Money(2 * left + right, "EUR")
    assert bool(one) is bool(left)


def test_currencies_never_mix() -> None:
    dollar, euro = Money(1, "USD"), Money(1, "EUR")
    for meet in (
        lambda: dollar + euro,
        lambda: dollar - euro,
        lambda: dollar < euro,
        lambda: dollar >= euro,
        lambda: Money.total([euro], "USD"),
    ):
        with pytest.raises(CurrencyMismatch, match="do not mix"):
            meet()
    assert dollar != euro


@pytest.mark.parametrize("wrong", [1.0, "1", None, True, Decimal(1)])
def test_only_whole_numbers_are_amounts(wrong: object) -> None:
    with pytest.raises(TypeError):
        Money(wrong, "USD")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1, "USD") * wrong  # type: ignore[operator]
    with pytest.raises(TypeError):
        Money(1, "USD") + wrong  # type: ignore[operator]


@pytest.mark.parametrize("wrong", ["usd", "US", "ZZZ", "", None, 5])
def test_only_known_currencies_are_currencies(wrong: object) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, wrong)  # type: ignore[arg-type]


@given(minor, st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_a_split_sums_to_the_whole(whole: int, weights: list[int]) -> None:
    parts = Money(whole, "EUR").split(weights)
    assert len(parts) == len(weights)
    assert Money.total(parts, "EUR") == Money(whole, "EUR")
    assert all(part.minor * whole >= 0 for part in parts)
    assert Money(whole, "EUR").split(weights) == parts
    assert [-part for part in Money(-whole, "EUR").split(weights)] == parts
    if any(weights):
        for part, weight in zip(parts, weights, strict=True):
            assert abs(part.minor * sum(weights) - whole * weight) < sum(weights)
            assert weight or not part.minor


def test_remainders_go_to_the_largest_then_the_first() -> None:
    assert [part.minor for part in Money(100, "EUR").split([1, 1, 1])] == [34, 33, 33]
    assert [part.minor for part in Money(100, "EUR").split([1, 5, 1])] == [14, 72, 14]
    assert [part.minor for part in Money(-5, "EUR").split([0, 2, 0])] == [0, -5, 0]
    assert [part.minor for part in Money(3, "EUR").split([0, 0])] == [2, 1]
    for weights in ([], [1, -1]):
        with pytest.raises(ValueError, match="cannot split"):
            Money(1, "EUR").split(weights)


def test_minor_digits_are_those_of_iso_4217() -> None:
    assert [minor_digits(code) for code in ("USD", "JPY", "KWD", "IQD", "LBP", "CLF")] == [2, 0, 3, 3, 2, 4]


if SHARED.exists():  # real data beside the checkout, not part of it

    def test_minor_digits_agree_with_the_published_list() -> None:
        with SHARED.open() as file:
            rows = [row for row in csv.DictReader(file) if not row["WithdrawalDate"] and row["MinorUnit"].isdigit()]
        published = {row["AlphabeticCode"]: int(row["MinorUnit"]) for row in rows}
        unknown = {code for code in published if not is_currency(code)}
        assert unknown <= {"XAD"}, "newer than Babel's list"
        assert len(published) > 150
        assert {code: minor_digits(code) for code in published.keys() - unknown} == {
            code: digits for code, digits in published.items() if code not in unknown
        }


@settings(deadline=None)
@given(st.integers(-(10**12), 10**12), st.sampled_from(CURRENCIES), st.sampled_from(LOCALES))
def test_what_is_written_can_be_read(amount: int, currency: str, locale: str) -> None:
    money = Money(amount, currency)
    assert parse_money(money.format(locale), currency, locale) == money


@pytest.mark.parametrize(
    ("money", "locale", "written"),
    [
        (Money(199950, "USD"), "en-us", "$1,999.50"),
        (Money(199950, "EUR"), "de", "1.999,50\N{NO-BREAK SPACE}€"),
        (Money(1999, "JPY"), "ja", "￥1,999"),
        (Money(-5, "USD"), "en", "-$0.05"),
        (Money(1999, "IQD"), "en", "IQD1.999"),
        (Money(1999, "USD"), Locale("en"), "$19.99"),
        (Money(1999, "USD"), None, "$19.99"),
    ],
)
def test_amounts_are_written_as_people_write_them(money: Money, locale: str | Locale | None, written: str) -> None:
    assert money.format(locale) == written


@pytest.mark.parametrize(
    ("text", "currency", "locale", "minor"),
    [
        ("12", "USD", "en", 1200),
        (" $ 1,234.5 ", "USD", "en-us", 123_450),
        ("1234.50 USD", "USD", "en", 123_450),
        ("US$5", "USD", "en", 500),
        ("$5", "CAD", "en", 500),
        (".5", "USD", "en", 50),
        ("5.", "USD", "en", 500),
        ("1.500", "USD", "en", 150),
        ("-5", "USD", "en", -500),
        ("\N{MINUS SIGN}5", "USD", "en", -500),
        ("$-5", "USD", "en", -500),
        ("5-", "USD", "en", -500),
        ("($5.00)", "USD", "en", -500),
        ("1.234,50 €", "EUR", "de", 123_450),
        ("1 234,50", "EUR", "fr", 123_450),
        ("1\N{NARROW NO-BREAK SPACE}234,50 €", "EUR", "fr", 123_450),
        ("CHF 1'234.50", "CHF", "de-ch", 123_450),
        ("5,-", "EUR", "nl", 500),
        ("１００", "JPY", "ja", 100),
        ("￥100", "JPY", "ja", 100),
        ("1.234", "KWD", "en", 1234),
    ],
)
def test_amounts_as_people_type_them(text: str, currency: str, locale: str, minor: int) -> None:
    assert parse_money(text, currency, locale) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "locale", "kind", "message"),
    [
        ("abc", "USD", "en", InvalidAmount, "“abc” is not an amount. Write it like $1,234.50."),
        ("", "USD", "en", InvalidAmount, "“” is not an amount. Write it like $1,234.50."),
        ("1,5", "USD", "en", InvalidAmount, "“1,5” is not an amount. Write it like $1,234.50."),
        ("1.50", "EUR", "de", InvalidAmount, "“1.50” is not an amount. Write it like 1.234,50\N{NO-BREAK SPACE}€."),
        ("5-3", "USD", "en", InvalidAmount, "“5-3” is not an amount. Write it like $1,234.50."),
        ("--5", "USD", "en", InvalidAmount, "“--5” is not an amount. Write it like $1,234.50."),
        ("1e5", "USD", "en", InvalidAmount, "“1e5” is not an amount. Write it like $1,234.50."),
        ("nan", "USD", "en", InvalidAmount, "“nan” is not an amount. Write it like $1,234.50."),
        ("9" * 70, "USD", "en", AmountTooLarge, f"“{'9' * 40}” is too large an amount."),
        ("1.005", "USD", "en", TooManyDecimals, "“1.005” has too many decimals: amounts in USD have 2 decimals."),
        ("100.5", "JPY", "en", TooManyDecimals, "“100.5” has too many decimals: amounts in JPY have 0 decimals."),
        ("€5", "USD", "en", OtherCurrency, "“€5” is not in USD. Write it like $1,234.50."),
        ("5 pieces", "USD", "en", OtherCurrency, "“5 pieces” is not in USD. Write it like $1,234.50."),
    ],
)
def test_other_texts_are_refused_with_a_hint(text: str, currency: str, locale: str, kind: type, message: str) -> None:
    with pytest.raises(InvalidAmount, match=f"^{re.escape(message)}$") as refused:
        parse_money(text, currency, locale)
    assert type(refused.value) is kind
    assert isinstance(refused.value, ValueError)


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from(CURRENCIES), st.sampled_from(LOCALES))
def test_any_text_is_an_amount_or_refused(text: str, currency: str, locale: str) -> None:
    try:
        money = parse_money(text, currency, locale)
    except InvalidAmount as refused:
        money = None
        message = str(refused)
    assert money.currency == currency if money else text.strip()[:40] in message


@given(minor, st.sampled_from(CURRENCIES))
def test_json_and_decimals_round_trip(amount: int, currency: str) -> None:
    money = Money(amount, currency)
    assert Money.from_json(money.as_json()) == money
    assert Money.from_decimal(money.as_decimal(), currency) == money
    assert money.as_json() == {"amount": amount, "currency": currency}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "money must be an object with amount and currency"),
        ([1, "USD"], "money must be an object with amount and currency"),
        ({"amount": 1.5, "currency": "USD"}, "amount must be a whole number of minor units"),
        ({"amount": True, "currency": "USD"}, "amount must be a whole number of minor units"),
        ({"amount": 10**16, "currency": "USD"}, "amount must be a whole number of minor units"),
        ({"currency": "USD"}, "amount must be a whole number of minor units"),
        ({"amount": 1, "currency": "usd"}, "currency must be an ISO 4217 code such as USD"),
        ({"amount": 1}, "currency must be an ISO 4217 code such as USD"),
    ],
)
def test_bad_json_is_refused_by_member(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Money.from_json(value)


@pytest.mark.parametrize("amount", [Decimal("1.001"), Decimal("NaN"), Decimal("Infinity")])
def test_decimals_are_never_rounded(amount: Decimal) -> None:
    with pytest.raises(ValueError, match="not a whole number of minor units"):
        Money.from_decimal(amount, "USD")
