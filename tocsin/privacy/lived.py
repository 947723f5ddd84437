"""The time as it was lived through: what a clock says counts only as far as that could be.

A key that is destroyed a week early is gone for ever, one that lives an hour too long is not. So
the day is not asked of the clock alone. While the machine runs, a counter that nobody can set
says how much time has passed since it was last looked at: what the clock adds to that is a jump,
and is not believed. Over a restart there is no such counter: a small gap is believed after an hour
in which the clock went on steadily, a larger one when a person says so.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

CREEP = 0.01
"""So much faster or slower than it is lived may the time go, to meet a clock that is near."""

MARGIN = timedelta(hours=2)
"""What is near; creeping leads no farther in eight days. A day begins so much later for us."""

OUTAGE = timedelta(days=2)
"""A machine that was down for longer needs somebody who says that its clock is right."""

STEADY = timedelta(hours=1)
"""So long is the clock watched before a gap is believed."""

TOLERATED = timedelta(minutes=10)
"""By how much clocks may differ before somebody is told."""


@dataclass(frozen=True)
class Reading:
    """The clocks of this machine and of the database, and the counter of one run of the machine."""

    machine: datetime
    database: datetime
    boot: str
    uptime: float

    @property
    def wall(self) -> datetime:
        """The earlier of the two."""
        return min(self.machine, self.database)


@dataclass(frozen=True)
class Lived:
    """What is believed: it was `at` when the counter stood at `uptime`.

    `gap` is what a clock had gained over a restart, when the counter stood at `since`; None: there
    is nothing of that kind to be believed.
    """

    boot: str
    at: datetime
    uptime: float
    gap: timedelta | None
    since: float


def begin(reading: Reading, *, newest: datetime) -> Lived:
    """A machine that was just started goes on where the last that was believed had come to."""
    gap = max(reading.wall - newest, timedelta())
    return Lived(reading.boot, newest, reading.uptime, gap, reading.uptime)


def go_on(lived: Lived, reading: Reading, *, newest: datetime) -> Lived:
    """What is believed now, of the same run of the machine; `newest` is what another believes."""
    passed = timedelta(seconds=max(0.0, reading.uptime - lived.uptime))
    at = max(newest, lived.at + passed)
    if abs(reading.wall - at) <= MARGIN:
        slow, fast = (lived.at + passed * (1 + part) for part in (-CREEP, CREEP))
        at = max(newest, slow, min(reading.wall, fast))
    gap, ahead = lived.gap, reading.wall - at
    if gap is not None and ahead > gap + TOLERATED:
        gap = None  # it has jumped since
    elif gap is not None and gap <= OUTAGE and _was_steady(lived, reading):
        at, gap = max(at, min(reading.wall, at + gap)), None
    return replace(lived, at=at, uptime=reading.uptime, gap=gap)


def moment(lived: Lived, reading: Reading) -> datetime:
    """The time by which retention goes: a clock that went back is not overruled."""
    return min(lived.at, reading.wall)


def today(lived: Lived, reading: Reading) -> date:
    """The day by which is destroyed."""
    return (moment(lived, reading) - MARGIN).date()


def doubts(lived: Lived, reading: Reading) -> str:
    """Why the clock is not believed, for a person; "" if it is, or if an hour will tell."""
    if abs(reading.machine - reading.database) > TOLERATED:
        return "the clocks of this machine and of the database are not the same"
    ahead = reading.wall - lived.at
    if ahead < -TOLERATED:
        return "the clock went back"
    if ahead <= TOLERATED or (lived.gap is not None and lived.gap <= OUTAGE):
        return ""
    return "the clock is ahead of what was lived through: a jump, or a long outage"


def _was_steady(lived: Lived, reading: Reading) -> bool:
    return reading.uptime - lived.since >= STEADY.total_seconds()
