"""The believed time is never ahead of the true one, whatever the clock says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import NOW
from tocsin.privacy.lived import CREEP, OUTAGE, Lived, Reading, begin, doubts, go_on, today

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOTHING = timedelta()


def reading(lived: timedelta, *, off: timedelta = NOTHING, boot: str = "one") -> Reading:
    clock = NOW + lived + off
    return Reading(clock, clock, boot, lived.total_seconds())


def started() -> Lived:
    return begin(reading(NOTHING), newest=NOW)


def after(lived: Lived, *readings: Reading) -> Lived:
    for each in readings:
        lived = go_on(lived, each, newest=lived.at)
    return lived


jumps = st.timedeltas(min_value=-400 * DAY, max_value=400 * DAY)
spans = st.timedeltas(min_value=NOTHING, max_value=12 * HOUR)


@given(st.lists(st.tuples(spans, jumps), max_size=40))
def test_however_the_clock_jumps_no_more_time_is_believed_than_was_lived(
    steps: list[tuple[timedelta, timedelta]],
) -> None:
    lived, passed = started(), NOTHING
    for span, off in steps:
        passed += span
        before = lived.at
        lived = go_on(lived, reading(passed, off=off), newest=lived.at)
        assert before <= lived.at <= NOW + passed * (1 + CREEP) + timedelta(microseconds=40)
        assert today(lived, reading(passed, off=off)) <= (NOW + passed * (1 + CREEP)).date()


@given(st.lists(spans, max_size=40))
def test_a_clock_that_is_right_is_believed_and_nobody_is_told(steps: list[timedelta]) -> None:
    lived, passed = started(), NOTHING
    for span in steps:
        passed += span
        lived = go_on(lived, reading(passed), newest=lived.at)
        assert lived.at == NOW + passed
        assert doubts(lived, reading(passed)) == ""


@pytest.mark.parametrize("off", [-400 * DAY, -DAY, -HOUR, HOUR, DAY, 400 * DAY])
def test_a_jump_is_told_and_forgotten_when_the_clock_is_right_again(off: timedelta) -> None:
    wrong = reading(HOUR, off=off)
    lived = after(started(), wrong)
    assert ("went back" if off < NOTHING else "ahead") in doubts(lived, wrong)
    right = reading(2 * HOUR)
    lived = after(lived, right)
    if abs(off) > HOUR:
        assert lived.at == right.wall
    assert abs(lived.at - right.wall) <= timedelta(minutes=2)
    assert doubts(lived, right) == ""
    assert NOW + HOUR <= lived.at <= NOW + 2 * HOUR


def test_a_machine_that_was_off_for_a_day_is_believed_after_an_hour() -> None:
    off = DAY
    first = reading(NOTHING, off=off, boot="two")
    lived = begin(first, newest=NOW)
    assert (lived.at, doubts(lived, first)) == (NOW, "")
    lived = after(lived, reading(HOUR / 2, off=off, boot="two"))
    assert lived.at < NOW + HOUR
    lived = after(lived, reading(HOUR, off=off, boot="two"))
    assert lived.at == NOW + DAY + HOUR


def test_a_clock_that_is_set_right_within_the_hour_after_a_start_did_no_harm() -> None:
    lived = begin(reading(NOTHING, off=DAY, boot="two"), newest=NOW)
    lived = after(lived, reading(HOUR / 2, off=DAY, boot="two"), reading(2 * HOUR, boot="two"))
    assert lived.at == NOW + 2 * HOUR


def test_a_clock_that_jumps_on_while_it_is_watched_is_not_believed() -> None:
    lived = begin(reading(NOTHING, off=HOUR, boot="two"), newest=NOW)
    later = reading(2 * HOUR, off=DAY, boot="two")
    lived = after(lived, later)
    assert lived.at < NOW + 3 * HOUR
    assert "ahead" in doubts(lived, later)


def test_a_machine_that_was_off_for_long_needs_a_person() -> None:
    off = OUTAGE + HOUR
    lived = begin(reading(NOTHING, off=off, boot="two"), newest=NOW)
    later = reading(DAY, off=off, boot="two")
    lived = after(lived, later)
    assert lived.at < NOW + 25 * HOUR
    assert "outage" in doubts(lived, later)


def test_what_another_machine_has_come_to_is_believed() -> None:
    lived = go_on(started(), reading(HOUR), newest=NOW + DAY)
    assert lived.at == NOW + DAY


def test_two_clocks_that_differ_are_told_and_the_earlier_counts() -> None:
    both = replace(reading(HOUR), database=NOW + 400 * DAY)
    lived = after(started(), both)
    assert lived.at == NOW + HOUR
    assert "not the same" in doubts(lived, both)
