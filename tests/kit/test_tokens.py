"""Signed links: nobody else can make one, and each is for one thing and one time."""

import base64
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit.tokens import (
    TokenExpired,
    TokenForged,
    make_sealed_token,
    make_token,
    read_sealed_token,
    read_token,
)

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


def a_sealed_token() -> str:
    return make_sealed_token(purpose="data", values=["amina@mail.example", 7], now=THEN)


def read_sealed(token: str, *, purpose: str = "data", after: timedelta = timedelta()) -> list[Any]:
    return read_sealed_token(
        purpose=purpose, token=token, lifetime=timedelta(hours=24), now=THEN + after
    )


def test_a_sealed_token_gives_its_values_again_and_shows_them_to_nobody() -> None:
    token = a_sealed_token()
    assert read_sealed(token) == ["amina@mail.example", 7]
    assert re.fullmatch(r"[\w-]+", token, re.ASCII)
    assert b"amina" not in base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def test_a_sealed_token_is_for_one_purpose_and_one_day() -> None:
    with pytest.raises(TokenForged):
        read_sealed(a_sealed_token(), purpose="check")
    assert read_sealed(a_sealed_token(), after=timedelta(hours=24))
    with pytest.raises(TokenExpired) as caught:
        read_sealed(a_sealed_token(), after=timedelta(hours=24, seconds=1))
    assert caught.value.subject == ""


@given(st.text())
def test_any_other_text_is_no_sealed_token(text: str) -> None:
    with pytest.raises(TokenForged):
        read_sealed(text)
