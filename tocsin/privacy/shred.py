"""Destroying a day in three steps, each of which may be the last before we are killed.

1. Close: the day is noted as closing, and what still waits is cancelled.
2. The key: gone, and with it all that was sealed, in rows, indexes, logs and backups alike.
3. Empty: rows of the day lose what nobody can read any more, or go.

A row is emptied only after its key is gone: no half of anything is left that could be read. Each
step may be done again, and what was killed between two is found by its note. A large day is taken
in pieces, so that nobody who sends waits for the whole of it: what is left for the last
transaction of a step is what came in between.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from tocsin.actions.models import Action
from tocsin.actions.release import erase_unsent
from tocsin.campaigns.ways import LENT
from tocsin.kit.seal import destroy_day_key, head_of
from tocsin.outbox.rows import Conditions, rows
from tocsin.outcomes.sources import count_lost
from tocsin.outcomes.tally import uncount
from tocsin.privacy.memory import DayKey, RetentionReport
from tocsin.privacy.reports import write_report

BATCH = 200
PIECE = 1000

IF = Conditions()
# Sealed bytes begin with the day of their key: the head of that day.
IF.add("of_the_day", "substring(sealed FROM 1 FOR length(%(head)s)) = %(head)s")
IF.add("words_of_the_day", "substring(sealed_words FROM 1 FOR length(%(head)s)) = %(head)s")
IF.add("has_content", "id IN (SELECT message_id FROM tocsin_messagecontent WHERE {of_the_day})")
IF.add("of_the_piece", "id = ANY(%(ids)s)")

CANCEL = """
    WITH found AS MATERIALIZED (
        SELECT id, state = 'in_doubt' OR reason = 'sent_after_all' OR doubts > 0 AS is_in_doubt
        FROM tocsin_message
        WHERE state IN ('ready', 'leased', 'held', 'in_doubt') AND {which}
        ORDER BY id FOR UPDATE
    )
    UPDATE tocsin_message AS message
    SET state = 'cancelled', reason = 'expired', lease_owner = NULL, lease_until = NULL,
        due_at = date_trunc('hour', due_at, 'UTC')
    FROM found WHERE message.id = found.id
    RETURNING lane, found.is_in_doubt
"""
CANCEL_ALL = CANCEL.format(which=IF["has_content"])
CANCEL_PIECE = CANCEL.format(which=IF["of_the_piece"])
# On the line: whatever comes of it, it does not go again (outbox/record.py).
NOT_AGAIN = IF.within(
    """
    WITH found AS MATERIALIZED (
        SELECT id FROM tocsin_message WHERE state = 'sending' AND reason = '' AND {has_content}
        ORDER BY id FOR UPDATE
    )
    UPDATE tocsin_message AS message SET reason = 'expired'
    FROM found WHERE message.id = found.id AND state = 'sending' RETURNING 1
    """
)
DROP = """
    DELETE FROM tocsin_messagecontent AS content USING tocsin_message AS message
    WHERE message.id = content.message_id AND {which}
        -- What came off the line just now is cancelled, and counted, first.
        AND message.state NOT IN ('ready', 'leased', 'sending', 'held', 'in_doubt')
    RETURNING 1
"""
DROP_CONTENTS = DROP.format(which=IF["of_the_day"])
DROP_PIECE = DROP.format(which="content.message_id = ANY(%(ids)s)")
DROP_FINGERPRINTS = IF.within(
    """
    DELETE FROM tocsin_datamail
    WHERE message_id IN (SELECT message_id FROM tocsin_messagecontent WHERE {of_the_day})
    RETURNING 1
    """
)
DROP_FINGERPRINTS_OF_PIECE = (
    "DELETE FROM tocsin_datamail WHERE message_id = ANY(%(ids)s) RETURNING 1"
)
# Most often there are none left: what was sent has been emptied long before.
CONTENTS = IF.within(
    "SELECT message_id FROM tocsin_messagecontent WHERE {of_the_day} ORDER BY message_id"
)
ACTIONS = IF.within("SELECT id FROM tocsin_action WHERE {words_of_the_day} ORDER BY id")
IS_LEFT = IF.within("SELECT 1 FROM tocsin_messagecontent WHERE {of_the_day} LIMIT 1")
EMPTY_PEOPLE = IF.within("UPDATE tocsin_supporter SET sealed = '' WHERE {of_the_day} RETURNING 1")
EMPTY_PEOPLE_OF_PIECE = IF.within(
    """
    UPDATE tocsin_supporter SET sealed = '' WHERE {of_the_day}
    AND id IN (SELECT supporter_id FROM tocsin_action WHERE {of_the_piece}) RETURNING 1
    """
)
EMPTY_WORDS = IF.within(
    "UPDATE tocsin_action SET sealed_words = '' WHERE {words_of_the_day} RETURNING 1"
)
EMPTY_WORDS_OF_PIECE = IF.within(
    "UPDATE tocsin_action SET sealed_words = '' WHERE {words_of_the_day} AND {of_the_piece} "
    "RETURNING 1"
)
# First of all, and in order, as whoever erases a person does: nobody waits in a circle.
LOCK_ACTIONS = IF.within(
    "SELECT id, state, way FROM tocsin_action WHERE {words_of_the_day} ORDER BY id FOR UPDATE"
)
LOCK_ACTIONS_OF_PIECE = IF.within(
    "SELECT id, state, way FROM tocsin_action WHERE {words_of_the_day} AND {of_the_piece} "
    "ORDER BY id FOR UPDATE"
)


def destroy_day(key: DayKey, *, on: date) -> bool:
    """Go through the steps, from wherever they were left; whether the day is done with.

    It is not as long as a mail of that day is on the line: ask again. Raises seal.KeyMissing.
    """
    _close(key)
    destroy_day_key(key.day)
    return _empty(key, on=on)


def erase_unconfirmed(key: DayKey, *, on: date) -> int:
    """Erase actions of that day that nobody confirmed, some at a time; how many there were."""
    with transaction.atomic():
        waiting = Action.objects.select_for_update().filter(day=key.day, state="pending")
        found = list(waiting.order_by("pk")[:BATCH])
        erase_unsent(found)
        if len(found) < BATCH:
            key.state = DayKey.State.SETTLED
            key.save(update_fields=["state"])
        if found:
            what, counts = RetentionReport.What.UNCONFIRMED, {"actions": len(found)}
            write_report(what=what, day=key.day, on=on, counts=counts)
    return len(found)


def told(cancelled: Sequence[tuple[Any, ...]]) -> Counter[str]:
    """What was cancelled, in the words of a report."""
    counts: Counter[str] = Counter()
    for lane, is_in_doubt in cancelled:
        mail = "letters" if lane == "letter" else "other mails"
        counts[f"{mail} in doubt for ever" if is_in_doubt else f"{mail} not sent"] += 1
    return counts


def _close(key: DayKey) -> None:
    """Noted first: whoever goes on after us knows that nothing of the day is to be sent."""
    key.state = DayKey.State.CLOSING
    key.keep({})
    for ids in _pieces(CONTENTS, key.day):
        with transaction.atomic():
            key.keep(told(rows(CANCEL_PIECE, ids=ids)))
    with transaction.atomic():
        key.keep(_cancel(key.day))


def _empty(key: DayKey, *, on: date) -> bool:
    """The key is gone: who begins to write a letter can open nothing; who has begun is awaited."""
    for ids in _pieces(ACTIONS, key.day):
        with transaction.atomic():
            key.keep(_empty_actions(key.day, ids))
    for ids in _pieces(CONTENTS, key.day):
        with transaction.atomic():
            counts = told(rows(CANCEL_PIECE, ids=ids))
            rows(DROP_FINGERPRINTS_OF_PIECE, ids=ids)
            counts["mails emptied"] = len(rows(DROP_PIECE, ids=ids))
            key.keep(counts)
    with transaction.atomic():
        counts = _erase_unsent(rows(LOCK_ACTIONS, head=head_of(key.day)), day=key.day)
        counts += _cancel(key.day)
        rows(DROP_FINGERPRINTS, head=head_of(key.day))
        counts["mails emptied"] = _number(DROP_CONTENTS, key.day)
        counts["people emptied"] = _number(EMPTY_PEOPLE, key.day)
        counts["words emptied"] = _number(EMPTY_WORDS, key.day)
        is_done = not rows(IS_LEFT, head=head_of(key.day))
        if is_done:
            key.state = DayKey.State.DONE
        key.keep(counts)
        if is_done:
            what = RetentionReport.What.DAY
            write_report(what=what, day=key.day, on=on, counts=key.counts)
    return is_done


def _pieces(statement: str, day: date) -> Iterator[Sequence[UUID]]:
    """What the statement finds of that day, some at a time."""
    found = [each for (each,) in rows(statement, head=head_of(day))]
    for start in range(0, len(found), PIECE):
        yield found[start : start + PIECE]


def _empty_actions(day: date, ids: Sequence[UUID]) -> Counter[str]:
    asked = {"head": head_of(day), "ids": ids}
    counts = _erase_unsent(rows(LOCK_ACTIONS_OF_PIECE, **asked), day=day)
    counts["people emptied"] = len(rows(EMPTY_PEOPLE_OF_PIECE, **asked))
    counts["words emptied"] = len(rows(EMPTY_WORDS_OF_PIECE, **asked))
    return counts


def _cancel(day: date) -> Counter[str]:
    counts = told(rows(CANCEL_ALL, head=head_of(day)))
    rows(NOT_AGAIN, head=head_of(day))
    return counts


def _erase_unsent(locked: Sequence[tuple[Any, ...]], *, day: date) -> Counter[str]:
    """Actions of which no letter was written, and none can be: they are nowhere, and not counted.

    Locked before: a worker that writes their letters just now has ended, and those are found.
    A lent voice that was confirmed has no letter of its own, and stays counted.
    """
    ids = [
        action
        for action, state, way in locked
        if state == "pending" or (state == "released" and way != LENT)
    ]
    counts: Counter[str] = Counter()
    lost: Counter[int] = Counter()
    gone = list(Action.objects.filter(pk__in=ids))
    for action in gone:
        counts[f"actions erased that were {action.state}"] += 1
        if action.state == "released":
            lost[action.campaign_id] += 1
    erase_unsent(gone)
    uncount([action for action in gone if action.counted])
    for campaign, number in sorted(lost.items()):
        count_lost(campaign, number, day=day)
    return counts


def _number(statement: str, day: date) -> int:
    return len(rows(statement, head=head_of(day)))
