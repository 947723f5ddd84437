"""Where columns and bars stand: whatever the numbers, inside of the drawing, and in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.office.charts import HEIGHT, LEFT, WIDEST, WIDTH, bars, columns, ticks_up_to

POINTS = st.lists(st.tuples(st.text(max_size=5), st.integers(0, 10**9)), max_size=120)


def test_nothing_is_an_empty_drawing() -> None:
    for points in ([], [("a", 0)], [("a", 0), ("b", 0)]):
        assert columns(points, say=str).is_empty
        assert bars(points, say=str).is_empty


def test_a_single_point_is_one_narrow_column_in_the_middle() -> None:
    chart = columns([("10 March", 7)], say=str)
    (mark,) = chart.marks
    assert float(mark.width) == WIDEST
    assert LEFT < float(mark.x) < WIDTH / 2 < float(mark.x) + float(mark.width) + LEFT
    assert (mark.label, mark.value) == ("10 March", "7")
    assert [name.text for name in chart.names] == ["10 March"]


def test_the_largest_is_the_highest_and_twice_as_much_is_twice_as_high() -> None:
    chart = columns([("a", 5), ("b", 10), ("c", 0)], say=str)
    low, high = chart.marks
    assert float(high.height) == pytest.approx(2 * float(low.height), abs=0.2)
    assert float(high.y) < float(low.y)


def test_bars_stand_below_one_another_the_longest_as_wide_as_the_drawing() -> None:
    chart = bars([("Kazakhstan", 40), ("France", 10), ("other", 0)], say=str)
    assert [mark.width for mark in chart.marks] == ["360", "90", "0"]
    assert [float(mark.y) for mark in chart.marks] == sorted(float(m.y) for m in chart.marks)


@given(POINTS)
def test_everything_is_inside_of_the_drawing(points: list[tuple[str, int]]) -> None:
    for chart in (columns(points, say=str), bars(points, say=str)):
        for mark in chart.marks:
            assert float(mark.x) >= 0
            assert float(mark.x) + float(mark.width) <= WIDTH + 0.2
            assert float(mark.y) >= 0
            assert float(mark.y) + float(mark.height) <= max(chart.height, HEIGHT)


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (10, [0, 5, 10]),
        (1_000_000, [0, 500_000, 1_000_000]),
    ],
)
def test_the_axis_has_a_few_round_numbers(most: int, ticks: list[int]) -> None:
    assert ticks_up_to(most) == ticks


@given(st.integers(1, 10**12))
def test_the_axis_reaches_the_largest(most: int) -> None:
    assert 1 < len(ticks_up_to(most)) <= 5
    assert ticks_up_to(most)[-1] >= most
