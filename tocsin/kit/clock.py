"""Times made coarse, so that a stored time does not tell when somebody was here."""

from datetime import datetime


def to_the_hour(now: datetime) -> datetime:
    """The hour that `now` lies in: the finest time that is kept about a visit."""
    return now.replace(minute=0, second=0, microsecond=0)
