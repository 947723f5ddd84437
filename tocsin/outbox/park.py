"""Taking out of the queue what may not go now, so that it stands in nobody's way."""

from datetime import datetime

from tocsin.kit.nudge import nudge
from tocsin.outbox.lanes import ROUTES
from tocsin.outbox.rows import rows

BATCH = 2000

# Cancelled for good: past the stop date of its mailing.
STOPPED = """
    (state = 'ready' OR (state = 'held' AND reason = 'paused'))
    AND mailing_id IN (SELECT id FROM tocsin_mailing WHERE stop_at <= %(now)s)
"""
# Recalled while it was on the line, and not taken there.
RECALLED = "state = 'held' AND reason = 'recalled'"
PAUSED = """
    state = 'ready' AND lane <> 'confirm'
    AND mailing_id IN (SELECT id FROM tocsin_mailing WHERE paused)
"""
RESUMED = """
    state = 'held' AND reason = 'paused'
    AND mailing_id IN (SELECT id FROM tocsin_mailing WHERE NOT paused)
"""

# The hour is all that is kept of a time for which nothing waits any more.
MOVE = """
    WITH found AS MATERIALIZED (
        SELECT id FROM tocsin_message WHERE {which} LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    UPDATE tocsin_message AS message
    SET state = '{state}', reason = '{reason}', due_at = date_trunc('hour', due_at, 'UTC')
    FROM found WHERE message.id = found.id RETURNING 1
"""
MOVES = (
    MOVE.format(state="cancelled", reason="stopped", which=STOPPED),
    MOVE.format(state="cancelled", reason="recalled", which=RECALLED),
    MOVE.format(state="held", reason="paused", which=PAUSED),
)


def park_due(*, now: datetime) -> int:
    """Station: paused, resumed, past the stop date; returns how many messages moved.

    The claim passes over what is paused or stopped from the first moment; this keeps the queue in
    front of it short.
    """
    asked = {"now": now, "batch": BATCH}
    moved = [len(rows(statement, **asked)) for statement in MOVES]
    resumed = len(rows(MOVE.format(state="ready", reason="", which=RESUMED), **asked))
    if resumed:
        for route in ROUTES:
            nudge(f"send_{route}")
    if max(*moved, resumed) == BATCH:
        nudge("park")
    return sum(moved) + resumed
