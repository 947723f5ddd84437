"""Whatever the clock does, no key is destroyed before its time."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import AMINA, NOW
from tests.privacy.days import (
    DAY,
    DUE,
    HOUR,
    PROMISED,
    Days,
    forget_everything,
    keys,
    lived_until,
    open_incidents,
    written,
)
from tocsin.kit.seal import Unreadable, seal, unseal
from tocsin.outbox.watch import Incident
from tocsin.privacy.memory import LivedClock
from tocsin.privacy.witness import trust
from tocsin.supporters.person import open_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("off", [-400 * DAY, -DAY, -HOUR, HOUR, DAY, 400 * DAY])
def test_a_clock_that_jumps_destroys_nothing_early_and_somebody_is_told(off: timedelta) -> None:
    action = written()
    days = lived_until(NOW + 3 * DAY)
    days.off = off
    days.live(DUE - days.at - HOUR, step=6 * HOUR)
    assert keys() == ["2026-03-10"]
    assert open_person(action.supporter) == AMINA
    assert Incident.objects.get().kind == "clock"
    days.off = timedelta()
    days.live(5 * HOUR)
    assert keys() == []


@pytest.mark.parametrize("off", [-365 * DAY, 365 * DAY])
def test_what_was_written_while_the_clock_was_a_year_off_lives_its_days_and_no_more(
    off: timedelta,
) -> None:
    written()
    days = lived_until(NOW + 2 * DAY)
    days.off = off
    sealed = seal(b"Mallory", day=days.reading().machine.date(), about="x")
    days.keep()
    days.off = timedelta()
    days.live(6 * DAY, step=6 * HOUR)
    assert unseal(sealed, about="x") == b"Mallory"
    days.live(2 * DAY, step=6 * HOUR)
    with pytest.raises(Unreadable):
        unseal(sealed, about="x")


def test_after_a_short_outage_the_promise_is_kept() -> None:
    written()
    days = lived_until(NOW + 5 * DAY)
    days.restart(after=2 * DAY)
    days.keep()
    assert keys() == ["2026-03-10"]
    days.live(2 * HOUR)
    assert keys() == []
    assert days.at < PROMISED


def test_after_a_long_outage_a_person_says_that_the_clock_is_right() -> None:
    written()
    days = lived_until(NOW + 2 * DAY)
    days.restart(after=20 * DAY)
    days.live(5 * HOUR)
    assert keys() == ["2026-03-10"]
    assert open_incidents() == {"clock"}
    trust(days.reading())
    days.keep()
    assert keys() == []
    assert open_incidents() == set()


def test_a_restored_database_does_not_turn_the_time_back() -> None:
    days = lived_until(NOW + 3 * DAY)
    LivedClock.objects.update(at=NOW - 30 * DAY, boot="of old")
    days.keep()
    assert LivedClock.objects.get(boot="one").at > NOW + 2 * DAY


jumps = st.sampled_from([-400 * DAY, -2 * DAY, -DAY, -HOUR, 0 * DAY, HOUR, DAY, 2 * DAY, 400 * DAY])
spans = st.integers(min_value=1, max_value=60).map(lambda hours: hours * HOUR)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(st.tuples(spans, jumps), max_size=6))
def test_whatever_the_clock_does_no_key_goes_before_its_day(
    steps: list[tuple[timedelta, timedelta]], keys_dir: Path
) -> None:
    forget_everything()
    days = Days()
    days.keep()
    made: dict[str, Any] = {}
    for span, off in steps:
        day: date = (days.at + days.off).date()
        seal(b"somebody's words", day=day, about="x")
        made[day.isoformat()] = days.at  # the last time at which something was sealed with it
        days.keep()
        days.live(span, step=15 * HOUR)
        for name, at in made.items():
            if name not in keys():
                assert days.at - at > 4 * DAY, "no key goes while what it opens is young"
        days.off = off
    days.off = timedelta()
    days.live(10 * DAY, step=DAY)
    assert keys() == []
