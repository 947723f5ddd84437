"""The doctor at the database: clocks, and settings that put into a log what people typed."""

from datetime import timedelta

import pytest

from tests.outbox.mails import NOON
from tocsin.management.doctor.database import SILENT, clock_finding, log_findings

CLOCKS = [
    # their clock against ours before the question, how long the answer took, and the verdict
    (0.0, 0.1, True),
    (1.9, 0.0, True),
    (-1.9, 0.0, True),
    (2.1, 0.0, False),
    (-2.1, 0.0, False),
    (4.0, 5.0, True),  # a slow answer is no wrong clock
    (8.0, 5.0, False),
    (3600.0, 0.1, False),
]


@pytest.mark.parametrize(("ahead", "took", "ok"), CLOCKS)
def test_clocks_may_be_two_seconds_apart(ahead: float, took: float, *, ok: bool) -> None:
    told = clock_finding(
        before=NOON, theirs=NOON + timedelta(seconds=ahead), after=NOON + timedelta(seconds=took)
    )
    assert told.ok is ok


QUIET: dict[str, str | None] = {
    **{name: allowed[0] for name, allowed in SILENT.items()},
    "auto_explain.log_min_duration": None,
    "pgaudit.log": None,
    "log_parameter_max_length": "-1",
}

LOUD = [
    ({}, []),
    ({"log_statement": "ddl"}, []),
    ({"log_error_verbosity": "default"}, ["log_error_verbosity = terse"]),
    ({"log_min_error_statement": "error"}, ["log_min_error_statement = panic"]),
    ({"log_parameter_max_length_on_error": "-1"}, ["log_parameter_max_length_on_error = 0"]),
    ({"auto_explain.log_min_duration": "0"}, ["auto_explain.log_min_duration = -1"]),
    ({"pgaudit.log": "write, ddl"}, ["pgaudit.log = none"]),
    (
        {"log_statement": "all"},
        ["log_statement = none", "log_parameter_max_length = 0"],
    ),
    (
        {"log_statement": "mod", "log_parameter_max_length": "0"},
        ["log_statement = none"],
    ),
    (
        {"log_min_duration_statement": "250"},
        ["log_min_duration_statement = -1", "log_parameter_max_length = 0"],
    ),
]


@pytest.mark.parametrize(("changes", "remedies"), LOUD)
def test_a_log_must_not_quote_what_people_typed(
    changes: dict[str, str | None], remedies: list[str]
) -> None:
    told = log_findings({**QUIET, **changes})
    assert [each.remedy.removeprefix("In postgresql.conf: ") for each in told if not each.ok] == (
        remedies
    )
    assert bool(told[0].ok) is (remedies == [])
