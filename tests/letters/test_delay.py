"""When a shielded letter leaves, and what its hour does not tell."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from tocsin.letters.delay import leaves_at

MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)
A_DAY = [MIDNIGHT + timedelta(minutes=minute) for minute in range(0, 24 * 60, 7)]


def test_a_letter_leaves_at_a_full_hour_after_at_most_six_hours() -> None:
    for now in A_DAY:
        for _ in range(20):
            waits = leaves_at(now) - now
            assert timedelta(0) < waits <= timedelta(hours=6)
            assert leaves_at(now).minute == leaves_at(now).second == 0


def test_everybody_of_four_hours_draws_from_the_same_three_hours() -> None:
    """So the hour that was drawn, and whoever is before whom, says nothing of who came first."""
    for first in range(0, 24, 4):
        block = MIDNIGHT + timedelta(hours=first)
        drawn = {block + timedelta(hours=4 + each) for each in range(3)}
        for minute in (0, 1, 119, 239):
            visit = block + timedelta(minutes=minute)
            # Each of three is missed by 200 draws once in 10^35.
            assert {leaves_at(visit) for _ in range(200)} == drawn


def test_each_of_the_three_hours_is_drawn_as_often_as_the_others() -> None:
    drawn = Counter(leaves_at(MIDNIGHT).hour for _ in range(3000))
    # 1000 expected of each, standard deviation 26: ten of them is once in 10^22.
    assert all(abs(number - 1000) < 260 for number in drawn.values())


def test_what_would_leave_after_the_stop_date_leaves_at_the_last_full_hour_before_it() -> None:
    stop_at = datetime(2026, 3, 10, 13, 30, tzinfo=UTC)
    drawn = {leaves_at(MIDNIGHT.replace(hour=10), stop_at=stop_at) for _ in range(200)}
    assert drawn == {MIDNIGHT.replace(hour=12), MIDNIGHT.replace(hour=13)}
    assert leaves_at(MIDNIGHT.replace(hour=13), stop_at=stop_at) == MIDNIGHT.replace(hour=13)
    assert leaves_at(
        MIDNIGHT.replace(hour=10), stop_at=datetime(2026, 3, 12, tzinfo=UTC)
    ) >= MIDNIGHT.replace(hour=12)
