"""The table says what is true: its days, its record, and what the page makes of it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from tests.factories import an_organisation
from tocsin.actions.links import CONFIRM_LIFETIME
from tocsin.actions.states import UNCONFIRMED_DAYS
from tocsin.privacy.schedule import (
    KEY_DAYS,
    PROMISED_DAYS,
    SCHEDULE,
    born_on,
    destroyed_on,
    erased_on,
    record,
)

DAY = date(2026, 3, 10)
RECORD = Path(__file__).parents[2] / "docs" / "processing.md"


def test_the_record_in_the_documents_is_the_one_that_is_printed() -> None:
    printed = "tocsin retention --record > docs/processing.md"
    assert RECORD.read_text(encoding="utf-8") == record(), printed


def test_every_row_says_everything() -> None:
    for kept in SCHEDULE:
        assert all(vars(kept).values())
        assert "|" not in "".join(vars(kept).values())


def test_what_is_kept_without_a_limit_is_about_nobody() -> None:
    assert [kept.of for kept in SCHEDULE if kept.until == "no limit"] == ["no person"]


def test_a_letter_may_be_confirmed_for_its_72_hours_and_has_days_left_to_be_sent() -> None:
    whole_days = timedelta(days=UNCONFIRMED_DAYS - 1)
    assert whole_days >= CONFIRM_LIFETIME
    assert UNCONFIRMED_DAYS + 3 <= KEY_DAYS < PROMISED_DAYS


def test_a_day_counts_from_its_date() -> None:
    assert born_on(DAY, looked=DAY, seen=DAY) == DAY
    assert destroyed_on(DAY, seen=DAY, today=DAY) == date(2026, 3, 17)
    assert erased_on(DAY, seen=DAY, today=DAY) == date(2026, 3, 14)


@pytest.mark.parametrize("outage", [1, 5, 30])
def test_a_key_made_while_no_worker_looked_counts_from_its_date(outage: int) -> None:
    assert born_on(DAY, looked=DAY, seen=DAY + timedelta(days=outage)) == DAY


def test_a_key_that_names_a_day_long_past_counts_from_when_it_was_seen() -> None:
    seen = DAY + timedelta(days=300)
    assert born_on(DAY, looked=seen, seen=seen) == seen


def test_a_key_that_names_a_day_to_come_counts_from_when_it_was_seen() -> None:
    ahead = DAY + timedelta(days=300)
    assert destroyed_on(ahead, seen=DAY, today=DAY) == date(2026, 3, 17)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["destroyed 7 days later, 8 at the latest", "on day 4 after"]),
        ("fr", ["7 jours plus tard, 8 au plus tard", "le jour 4 après"]),
    ],
)
def test_the_page_about_privacy_has_its_days_from_the_table(
    client: Client, language: str, words: list[str]
) -> None:
    an_organisation()
    page = client.get(f"/{language}/privacy/").content.decode()
    assert [each for each in words if each not in page] == []
