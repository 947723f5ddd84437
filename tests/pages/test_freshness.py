"""The signed time of issue: who is too fast, too late, or not from here."""

from datetime import datetime, timedelta

import pytest

from tocsin.kit.tokens import make_token
from tocsin.pages.freshness import OLDEST, SKEW, YOUNGEST, Freshness, issue, judge, reissue

PAGE, OTHER = 7, 8


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (timedelta(), Freshness.TOO_YOUNG),
        (YOUNGEST - timedelta(seconds=1), Freshness.TOO_YOUNG),
        (YOUNGEST + timedelta(seconds=1), Freshness.FRESH),
        (OLDEST - timedelta(seconds=1), Freshness.FRESH),
        (OLDEST + timedelta(seconds=1), Freshness.TOO_OLD),
        (timedelta(days=400), Freshness.TOO_OLD),
        (-SKEW + timedelta(seconds=2), Freshness.TOO_YOUNG),
        (-SKEW - timedelta(seconds=2), Freshness.FORGED),
    ],
)
def test_the_age_decides(now: datetime, age: timedelta, verdict: Freshness) -> None:
    assert judge(issue(PAGE, now=now - age), PAGE, now=now) is verdict


@pytest.mark.parametrize("token", ["", "x", "7:1:2", ":", "\0", "é", "7r", "a" * 10_000])
def test_what_we_did_not_sign_is_forged(now: datetime, token: str) -> None:
    assert judge(token, PAGE, now=now) is Freshness.FORGED


def test_the_form_of_another_page_is_forged(now: datetime) -> None:
    token = issue(OTHER, now=now - timedelta(minutes=1))
    assert judge(token, PAGE, now=now) is Freshness.FORGED


def test_a_link_made_for_something_else_is_forged(now: datetime) -> None:
    for purpose in ("confirm", "thanks"):
        token = make_token(purpose=purpose, subject=str(PAGE), now=now - timedelta(minutes=1))
        assert judge(token, PAGE, now=now) is Freshness.FORGED


@pytest.mark.parametrize("age", [timedelta(minutes=1), timedelta(hours=13)])
def test_whoever_waited_once_waits_no_second_time(now: datetime, age: timedelta) -> None:
    again = reissue(issue(PAGE, now=now - age), PAGE, now=now)
    assert judge(again, PAGE, now=now) is Freshness.FRESH
    assert judge(again, PAGE, now=now + timedelta(hours=13)) is Freshness.TOO_OLD
    assert judge(again, OTHER, now=now) is Freshness.FORGED


def test_a_forged_one_buys_no_haste(now: datetime) -> None:
    assert judge(reissue("forged", PAGE, now=now), PAGE, now=now) is Freshness.TOO_YOUNG


def test_a_young_one_only_has_to_age(now: datetime) -> None:
    young = issue(PAGE, now=now)
    assert reissue(young, PAGE, now=now) == young
    assert judge(young, PAGE, now=now + timedelta(seconds=4)) is Freshness.FRESH
