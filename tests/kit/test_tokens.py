"""Signed links: nobody else can make one, and each is for one thing and one time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit.tokens import TokenExpired, TokenForged, make_token, read_token

THEN = datetime(2026, 3, 10, 9, 41, 27, tzinfo=UTC)
LIFETIME = timedelta(hours=72)


def a_token(purpose: str = "confirm") -> str:
    return make_token(purpose=purpose, subject="1234.1", now=THEN)


def read(token: str, *, after: timedelta = timedelta(), purpose: str = "confirm") -> str:
    return read_token(purpose=purpose, token=token, lifetime=LIFETIME, now=THEN + after)


def test_a_token_tells_its_subject_as_long_as_it_lives() -> None:
    assert read(a_token()) == "1234.1"
    assert read(a_token(), after=LIFETIME - timedelta(seconds=1)) == "1234.1"


def test_an_old_token_expires_and_says_what_it_was_for() -> None:
    with pytest.raises(TokenExpired) as caught:
        read(a_token(), after=LIFETIME + timedelta(seconds=1))
    assert caught.value.subject == "1234.1"


def test_a_token_without_lifetime_never_expires() -> None:
    later = THEN + timedelta(days=4000)
    assert read_token(purpose="confirm", token=a_token(), lifetime=None, now=later) == "1234.1"


def test_a_token_serves_its_own_purpose_only() -> None:
    with pytest.raises(TokenForged):
        read(a_token("thanks"))


def test_a_token_from_the_future_is_forged() -> None:
    with pytest.raises(TokenForged):
        read(a_token(), after=-timedelta(hours=1))


def test_a_clock_that_is_a_minute_behind_does_no_harm() -> None:
    assert read(a_token(), after=-timedelta(minutes=1)) == "1234.1"


@pytest.mark.parametrize("length", range(len(a_token.__name__), 60, 7))
def test_a_token_cut_short_is_forged(length: int) -> None:
    with pytest.raises(TokenForged):
        read(a_token()[:length])


@given(place=st.integers(0, 50), char=st.characters())
def test_a_token_with_one_character_changed_is_forged(place: int, char: str) -> None:
    token = a_token()
    place %= len(token)
    changed = token[:place] + char + token[place + 1 :]
    if changed != token:
        with pytest.raises(TokenForged):
            read(changed)


@given(st.text())
def test_any_other_text_is_forged(text: str) -> None:
    with pytest.raises(TokenForged):
        read(text)
