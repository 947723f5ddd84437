"""When the collective letter goes, and whether enough voices have come for it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.campaigns.rhythm import FEWEST, WEEK, is_enough, slot_after

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (FIRST - 3 * WEEK, FIRST),
        (FIRST - HOUR, FIRST),
        (FIRST, FIRST + WEEK),
        (FIRST + HOUR, FIRST + WEEK),
        (FIRST + WEEK - HOUR, FIRST + WEEK),
        (FIRST + WEEK, FIRST + 2 * WEEK),
        (FIRST + 5 * WEEK + HOUR, FIRST + 6 * WEEK),
    ],
)
def test_a_letter_goes_at_its_hour_of_its_weekday(now: datetime, slot: datetime) -> None:
    assert slot_after(now, first=FIRST, every=WEEK) == slot


@given(
    late=st.timedeltas(timedelta(days=-400), timedelta(days=4000)),
    every=st.timedeltas(timedelta(minutes=1), timedelta(days=365)),
)
def test_the_next_moment_is_ahead_and_none_is_left_out(late: timedelta, every: timedelta) -> None:
    now = FIRST + late
    slot = slot_after(now, first=FIRST, every=every)
    assert slot > now
    assert slot == FIRST or slot - every <= now
    assert (slot - FIRST) % every == timedelta()


@pytest.mark.parametrize(
    ("voices", "told", "enough"),
    [(19, 0, False), (20, 0, True), (39, 20, False), (40, 20, True), (20, 20, False)],
)
def test_no_letter_tells_of_fewer_than_twenty(voices: int, told: int, *, enough: bool) -> None:
    assert is_enough(voices, told=told, fewest=FEWEST) is enough
