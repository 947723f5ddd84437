"""Times made coarse."""

from datetime import UTC, datetime

from tocsin.kit.clock import to_the_hour


def test_an_hour_hides_when_somebody_was_here() -> None:
    seen = datetime(2026, 3, 10, 9, 41, 27, 123456, tzinfo=UTC)
    assert to_the_hour(seen) == datetime(2026, 3, 10, 9, tzinfo=UTC)
