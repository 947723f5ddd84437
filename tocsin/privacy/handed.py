"""What was handed over is emptied two days later: nobody needs its words any more.

This is not destroying. The disk and the log of the database still have the bytes, sealed, until
the key of their day goes (privacy/shred.py); but they are in no row, no page and no new copy.
"""

import time
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from tocsin.kit.clock import to_the_hour
from tocsin.kit.nudge import nudge
from tocsin.kit.seal import HEAD, day_of
from tocsin.kit.stopping import stopping
from tocsin.outbox.post import erase_messages
from tocsin.outbox.rows import Conditions, rows
from tocsin.privacy.memory import DayKey, Walk
from tocsin.privacy.schedule import HANDED_OVER_HOURS

BATCH = 1000

TURN = 2.0
"""Seconds after which a run gives way, and goes on with the next."""

BEFORE_ALL = UUID(int=0)

IF = Conditions()
# Nothing is left to do for it, and the hour in which that was so is in the row. What waits, is on
# the line or in doubt needs its content, and keeps it until the key of its day goes.
IF.add(
    "is_over",
    """
    message.state IN ('sent', 'delivered', 'bounced', 'failed', 'cancelled')
    AND message.due_at <= %(until)s
    """,
)

# By the primary key, a piece at a time: what waits for nothing is in no index of the hot table,
# and none is added for this. Contents that are gone are not walked over again. Each row is
# looked up by its key: merged, the two tables would be read from their beginning for every piece.
NEXT = IF.within(
    """
    SELECT message_id, (
        SELECT {is_over} FROM tocsin_message AS message WHERE message.id = piece.message_id)
    FROM (
        SELECT message_id FROM tocsin_messagecontent WHERE message_id > %(after)s
        ORDER BY message_id LIMIT %(batch)s
    ) AS piece ORDER BY message_id
    """
)
# Actions first, then messages, as everybody does; and whoever holds one is not waited for: it is
# found again with the next walk.
LOCK_ACTIONS = IF.within(
    """
    SELECT id FROM tocsin_action WHERE id IN (
        SELECT action_id FROM tocsin_letter AS letter
        JOIN tocsin_message AS message ON message.id = letter.message_id
        WHERE message.id = ANY(%(ids)s) AND {is_over}
    ) ORDER BY id FOR UPDATE SKIP LOCKED
    """
)
LOCK_MESSAGES = IF.within(
    """
    SELECT message.id FROM tocsin_message AS message
    LEFT JOIN tocsin_letter AS letter ON letter.message_id = message.id
    WHERE message.id = ANY(%(ids)s) AND {is_over}
        AND (letter.action_id IS NULL OR letter.action_id = ANY(%(actions)s))
    ORDER BY message.id FOR UPDATE OF message SKIP LOCKED
    """
)
DROP_FINGERPRINTS = """
    DELETE FROM tocsin_datamail WHERE message_id = ANY(%(ids)s) RETURNING message_id
"""
DROP_CONTENTS = """
    DELETE FROM tocsin_messagecontent WHERE message_id = ANY(%(ids)s)
    RETURNING substring(sealed FROM 1 FOR %(head)s)
"""
# Of these actions no letter has its content any more.
EMPTY_ACTIONS = """
    WITH over AS MATERIALIZED (
        SELECT id, supporter_id, substring(sealed_words FROM 1 FOR %(head)s) AS head
        FROM tocsin_action AS action
        WHERE id = ANY(%(actions)s) AND state = 'written' AND sealed_words <> ''
        AND NOT EXISTS (
            SELECT FROM tocsin_letter AS letter
            JOIN tocsin_messagecontent AS content ON content.message_id = letter.message_id
            WHERE letter.action_id = action.id)
    ), words AS (
        UPDATE tocsin_action AS action SET sealed_words = '' FROM over WHERE action.id = over.id
    ), people AS (
        UPDATE tocsin_supporter AS supporter SET sealed = '' FROM over
        WHERE supporter.id = over.supporter_id
    )
    SELECT head FROM over
"""


def empty_handed_over(*, at: datetime) -> int:
    """Empty what was handed over 48 hours before `at`; how many mails.

    A mail that came to its end goes with its content; a person's names, address and words when
    that is so of all letters of hers. Once an hour there is something to look for, and a walk that
    is not through in one turn goes on with the next. The caller sees to it that it is alone.
    """
    walk = _walk(until=to_the_hour(at) - timedelta(hours=HANDED_OVER_HOURS))
    emptied, turn_ends = 0, time.monotonic() + TURN
    while walk.after is not None and not stopping.is_set():
        if time.monotonic() > turn_ends:
            nudge("keep_to_schedule")
            break
        with transaction.atomic():
            emptied += _go_on(walk)
    return emptied


def _walk(*, until: datetime) -> Walk:
    walk = Walk.objects.first()
    if walk is None:
        return Walk.objects.create(until=until, after=BEFORE_ALL)
    if walk.after is None and walk.until != until:
        walk.until, walk.after = until, BEFORE_ALL
        walk.save()
    return walk


def _go_on(walk: Walk) -> int:
    """One piece, and a note how far we are, in the caller's transaction."""
    found = rows(NEXT, after=walk.after, until=walk.until, batch=BATCH)
    walk.after = found[-1][0] if len(found) == BATCH else None
    walk.save(update_fields=["after"])
    asked = {"ids": [each for each, is_over in found if is_over], "until": walk.until}
    if not asked["ids"]:
        return 0
    actions = [each for (each,) in rows(LOCK_ACTIONS, **asked)]
    ids = [each for (each,) in rows(LOCK_MESSAGES, actions=actions, **asked)]
    links = rows(DROP_FINGERPRINTS, ids=ids)
    counts: Counter[tuple[date, str]] = Counter()
    for day in _days(rows(DROP_CONTENTS, ids=ids, head=HEAD)):
        counts[day, "mails emptied after 48 hours"] += 1
    for day in _days(rows(EMPTY_ACTIONS, actions=actions, head=HEAD)):
        counts[day, "people emptied after 48 hours"] += 1
    # Of a mail with a link to one's own data nothing is to be proved: the row goes as well.
    erase_messages(ids=[each for (each,) in links])
    _count(counts)
    return len(ids)


def _days(found: Iterable[tuple[bytes]]) -> list[date]:
    return [day for (head,) in found if (day := day_of(head)) is not None]


def _count(counts: Counter[tuple[date, str]]) -> None:
    """It stands in the report of its day, when that is destroyed."""
    for key in DayKey.objects.exclude(state=DayKey.State.DONE).filter(
        day__in={day for day, _what in counts}
    ):
        key.keep({what: number for (day, what), number in counts.items() if day == key.day})
