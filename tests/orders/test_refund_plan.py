"""By which tenders money goes back, and what is said about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.kernel.money import Money
from orders.refund_plan import Plan, Source, plan
from orders.return_errors import CannotGiveBackBy, CurrencyDiffers, OriginalGone, RefundTooLarge

FALLBACKS = {"cash": "Cash", "store_credit": "Store credit"}


def source(payment: int, tender: str, captured: int, **changes: object) -> Source:
    rank = {"gift_card": 10, "store_credit": 20, "card": 30, "cash": 50}[tender]
    label = {"card": "Visa ending in 4242", "gift_card": "Gift card ending in 7KQ2", "cash": "Cash"}.get(tender, tender)
    facts = {"refunded": 0, "pending": 0, "rank": rank, "currency": "USD", **changes}
    return Source(payment, tender, label, captured=captured, **facts)  # type: ignore[arg-type]


def parts(made: Plan) -> list[tuple[int, str, int]]:
    return [(part.payment, part.tender, part.amount_minor) for part in made.parts]


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def test_the_policy_fills_gift_cards_first_and_cash_last() -> None:
    sources = [source(1, "cash", 500), source(2, "card", 1_000), source(3, "gift_card", 2_000)]
    made = plan(sources, usd(3_200))
    assert parts(made) == [(3, "gift_card", 2_000), (2, "card", 1_000), (1, "cash", 200)]
    assert made.explanation == (
        "Give back $20.00 by Gift card ending in 7KQ2, $10.00 by Visa ending in 4242 and $2.00 by Cash."
    )
    assert not made.is_elsewhere


def test_what_is_under_way_counts_as_gone() -> None:
    sources = [source(1, "card", 1_000, refunded=300, pending=200)]
    assert parts(plan(sources, usd(500))) == [(1, "card", 500)]
    with pytest.raises(RefundTooLarge) as refused:
        plan(sources, usd(501))
    assert str(refused.value) == (
        "$5.01 cannot be given back: $5.00 is left of what was paid ($10.00 paid, $3.00 given back, $2.00 on its way)."
    )


def test_a_chosen_tender_takes_its_own_first_and_stands_in_for_the_rest() -> None:
    sources = [source(1, "card", 1_000), source(2, "cash", 400)]
    made = plan(sources, usd(900), tender="cash", fallbacks=FALLBACKS, details={"drawer": "PDX-1-1"})
    assert parts(made) == [(2, "cash", 400), (1, "cash", 500)]
    assert made.is_elsewhere
    assert made.explanation == "Give back $4.00 by Cash and $5.00 by Cash instead of Visa ending in 4242."
    assert {tuple(part.details.items()) for part in made.parts} == {(("drawer", "PDX-1-1"),)}
    assert not plan(sources, usd(400), tender="cash", fallbacks=FALLBACKS).is_elsewhere


def test_a_card_that_is_gone_needs_another_way() -> None:
    sources = [source(1, "card", 1_000, is_gone=True)]
    with pytest.raises(OriginalGone, match=r"Visa ending in 4242 cannot take .* Cash, Store credit"):
        plan(sources, usd(1), fallbacks=FALLBACKS)
    assert parts(plan(sources, usd(1), tender="store_credit", fallbacks=FALLBACKS)) == [(1, "store_credit", 1)]


def test_what_cannot_be_is_refused_in_words() -> None:
    sources = [source(1, "card", 1_000)]
    with pytest.raises(CannotGiveBackBy, match="seashells"):
        plan(sources, usd(1), tender="seashells", fallbacks=FALLBACKS)
    with pytest.raises(CurrencyDiffers, match=r"paid in USD.*not in EUR"):
        plan(sources, Money(1, "EUR"))
    with pytest.raises(RefundTooLarge):
        plan(sources, usd(-1))
    assert plan(sources, usd(0)).explanation == "Nothing is to be given back."


tenders = st.sampled_from(["gift_card", "store_credit", "card", "cash"])


@given(
    rows=st.lists(st.tuples(tenders, st.integers(0, 5_000), st.integers(0, 5_000)), min_size=1, max_size=5),
    wanted=st.integers(0, 20_000),
    chosen=st.sampled_from(["", "cash", "store_credit"]),
)
def test_a_plan_gives_back_exactly_what_was_asked_and_no_payment_more_than_it_has(
    rows: list[tuple[str, int, int]], wanted: int, chosen: str
) -> None:
    sources = [
        source(at, tender, captured, refunded=min(gone, captured)) for at, (tender, captured, gone) in enumerate(rows)
    ]
    left = {one.payment: one.cap for one in sources}
    if wanted > sum(left.values()):
        with pytest.raises(RefundTooLarge):
            plan(sources, usd(wanted), tender=chosen, fallbacks=FALLBACKS)
        return
    made = plan(sources, usd(wanted), tender=chosen, fallbacks=FALLBACKS)
    assert made.total_minor == wanted
    assert all(0 < part.amount_minor <= left[part.payment] for part in made.parts)
    assert len({part.payment for part in made.parts}) == len(made.parts)
    assert made.is_elsewhere == any(part.tender != rows[part.payment][0] for part in made.parts)
