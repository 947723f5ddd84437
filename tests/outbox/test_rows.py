"""Lists as PostgreSQL reads them, and statements that are there to stay."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.outbox.rows import array, committed_rows, rows

WORDS = st.lists(st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8")))


@pytest.mark.django_db
@given(WORDS)
@example(["", "NULL", "null", '"', "\\", '\\"', "{a,b}", "a,b", " ", "\n", "'; --", "%s", "王"])
def test_words_of_any_kind_come_out_as_they_went_in(words: list[str | None]) -> None:
    assert rows("SELECT %(words)s::text[]", words=array(words)) == [(words,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("int", [1, -2, None, True, 2_000_000_000]),
        ("bigint", [2**62]),
        ("uuid", [UUID(int=0), UUID(int=2**128 - 1)]),
        ("bytea", [b"", b"\\x00", bytes(range(256))]),
        ("timestamptz", [datetime(2026, 3, 10, 12, 5, 33, 250_001, tzinfo=UTC), None]),
        ("text", []),
    ],
)
def test_values_of_each_kind_come_out_as_they_went_in(kind: str, values: list[object]) -> None:
    assert rows(f"SELECT %(values)s::{kind}[]", values=array(values)) == [(values,)]  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_what_has_to_stay_is_not_done_where_it_could_be_taken_back() -> None:
    assert committed_rows("SELECT 1") == [(1,)]
    with transaction.atomic(), pytest.raises(RuntimeError):
        committed_rows("SELECT 1")
