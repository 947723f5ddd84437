"""The days of a board: none is left out, and too many are weeks, then months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.office.spans import over_time, since

TODAY = date(2026, 3, 10)


def test_a_span_ends_today_and_all_has_no_beginning() -> None:
    assert since("today", today=TODAY) == TODAY
    assert since("7", today=TODAY) == date(2026, 3, 4)
    assert since("all", today=TODAY) is None


def test_a_day_on_which_nobody_wrote_is_there_with_nothing() -> None:
    line = over_time({date(2026, 3, 8): 2, TODAY: 1}, first=None, today=TODAY)
    assert line.grain == "day"
    assert line.points == ((date(2026, 3, 8), 2), (date(2026, 3, 9), 0), (TODAY, 1))


def test_nothing_at_all_is_one_day() -> None:
    assert over_time({}, first=None, today=TODAY).points == ((TODAY, 0),)


@pytest.mark.parametrize(
    ("days", "grain", "first"),
    [
        (91, "day", date(2025, 12, 9)),
        (93, "week", date(2025, 12, 1)),
        (800, "month", date(2023, 12, 1)),
    ],
)
def test_many_days_are_weeks_and_many_weeks_are_months(days: int, grain: str, first: date) -> None:
    line = over_time({TODAY - timedelta(days=days): 5, TODAY: 1}, first=None, today=TODAY)
    assert (line.grain, line.points[0]) == (grain, (first, 5))
    assert sum(number for _day, number in line.points) == 6


@given(st.dictionaries(st.integers(0, 1500), st.integers(0, 100), max_size=30))
def test_nobody_is_lost_whatever_the_days(found: dict[int, int]) -> None:
    days = {TODAY - timedelta(days=ago): number for ago, number in found.items()}
    line = over_time(days, first=None, today=TODAY)
    assert sum(number for _day, number in line.points) == sum(found.values())
    assert len(line.points) <= 110
