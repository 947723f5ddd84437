"""The days that a board shows, and how they are put together where there are too many."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MOST_DAYS = 92
"""More days than that are shown by week."""
MOST_WEEKS = 104
"""More weeks than that are shown by month."""

SPANS = {"today": 1, "7": 7, "30": 30, "all": None}
"""What can be looked at, in days; None is all that there is."""


@dataclass(frozen=True)
class Line:
    """Numbers in the order of time, each by the day on which its day, week or month begins."""

    grain: str
    points: tuple[tuple[date, int], ...]


def since(span: str, *, today: date) -> date | None:
    """The first day of the span; None is the first that there is."""
    days = SPANS[span]
    return None if days is None else today - timedelta(days=days - 1)


def over_time(days: Mapping[date, int], *, first: date | None, today: date) -> Line:
    """Every day from the first to today, also where nothing was, or weeks, or months."""
    begin = first or min(days, default=today)
    last = max(today, max(days, default=today))
    count = (last - begin).days + 1
    grain = "day" if count <= MOST_DAYS else "week" if count <= 7 * MOST_WEEKS else "month"
    sums: dict[date, int] = {}
    for ago in range(count):
        day = begin + timedelta(days=ago)
        start = _start(day, grain)
        sums[start] = sums.get(start, 0) + days.get(day, 0)
    return Line(grain=grain, points=tuple(sums.items()))


def _start(day: date, grain: str) -> date:
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day
