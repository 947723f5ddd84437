"""When the collective letter goes, and whether enough voices have come for it."""

from datetime import datetime, timedelta

WEEK = timedelta(days=7)

FEWEST = 20
"""So many voices come at least between two numbers that are told: fewer would be people."""


def slot_after(now: datetime, *, first: datetime, every: timedelta) -> datetime:
    """The next moment of a rhythm that begins with `first`; what was missed is not made up for."""
    if now < first:
        return first
    return first + every * ((now - first) // every + 1)


def is_enough(voices: int, *, told: int, fewest: int) -> bool:
    """Whether a letter may tell this number after that one, and none of few people."""
    return voices - told >= fewest
