"""Where the bars of a chart stand."""

from hypothesis import given
from hypothesis import strategies as st

from commerce.office.charts import BOTTOM, HEIGHT, LEFT, TOP, WIDTH, draw, step

VALUES = st.lists(st.integers(-(10**6), 10**12), min_size=1, max_size=31)


def test_the_grid_is_round() -> None:
    assert [step(largest) for largest in (1, 5, 6, 26, 100, 8060_00)] == [1, 1, 2, 10, 20, 200_000]


@given(VALUES, st.integers(1, 3))
def test_bars_stay_inside_and_keep_their_proportions(values: list[int], count: int) -> None:
    labels = [str(number) for number in range(len(values))]
    drawing = draw(labels, [(f"series {number}", values) for number in range(count)], str)
    for bar in drawing.bars:
        assert LEFT <= bar.x <= bar.x + bar.width <= WIDTH
        assert TOP - 0.2 <= bar.y <= bar.y + bar.height <= HEIGHT - BOTTOM + 0.2
    assert len(drawing.bars) == count * sum(value > 0 for value in values)
    assert 2 <= len(drawing.rows) <= 7
    assert (drawing.rows[0].label, drawing.rows[0].position) == ("0", HEIGHT - BOTTOM)


def test_nothing_sold_draws_nothing() -> None:
    assert draw(["a", "b"], [("web", [0, 0])], str).bars == []
