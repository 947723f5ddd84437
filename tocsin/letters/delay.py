"""When a shielded letter leaves: an hour that does not tell when its author was here."""

import secrets
from datetime import datetime, timedelta

from tocsin.kit.clock import to_the_hour

BLOCK = 4
"""Hours whose letters are shuffled together: from midnight, four, eight … UTC."""
SPREAD = 2
"""Hours after the end of a block over which its letters are spread."""


def leaves_at(now: datetime, *, stop_at: datetime | None = None) -> datetime:
    """A full hour, at most six hours from `now`, drawn after the block that `now` lies in is over.

    Whoever sees the letters leave learns the block, and nothing of the order within it. `now` is
    in UTC. What would leave after `stop_at` never left: it goes with all others of the last hours
    at the last full hour before it, or at once where that is past.
    """
    block = to_the_hour(now).replace(hour=now.hour - now.hour % BLOCK)
    drawn = block + timedelta(hours=BLOCK + secrets.randbelow(SPREAD + 1))
    if stop_at is None or drawn < stop_at:
        return drawn
    last = to_the_hour(stop_at) - timedelta(hours=1)
    return max(last, now)
