"""Reports of what was destroyed cannot be changed without its being seen."""

from typing import Any

import pytest
from django.db.models import F

from tests.factories import NOW
from tocsin.privacy.memory import RetentionReport
from tocsin.privacy.reports import find_tampered, write_report

pytestmark = pytest.mark.django_db

DAY = NOW.date()


@pytest.fixture(autouse=True)
def three_reports() -> None:
    for number in (2, 3, 5):
        write_report(what="day", day=DAY, on=DAY, counts={"letters not sent": number})


def test_reports_as_they_were_written_are_in_order() -> None:
    assert find_tampered() == []
    assert list(RetentionReport.objects.values_list("number", flat=True)) == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        {"counts": {"letters not sent": 0}},
        {"day": DAY.replace(year=2025)},
        {"on": DAY.replace(year=2025)},
        {"what": "unconfirmed"},
        {"signature": b"0" * 16},
    ],
)
def test_a_report_that_was_changed_is_seen(change: dict[str, Any]) -> None:
    RetentionReport.objects.filter(number=2).update(**change)
    assert 2 in find_tampered()


def test_a_report_that_was_taken_away_is_seen() -> None:
    RetentionReport.objects.filter(number=2).delete()
    assert find_tampered() == [3]


def test_a_report_that_was_taken_away_is_seen_also_when_the_others_move_up() -> None:
    RetentionReport.objects.filter(number=2).delete()
    RetentionReport.objects.filter(number=3).update(number=F("number") - 1)
    assert find_tampered() == [2]
