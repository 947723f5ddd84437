"""Station: what is kept is kept until its day, and then destroyed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import InterfaceError, OperationalError, transaction

from tocsin.kit.seal import HEAD, KeyMissing, day_of, days_of_keys
from tocsin.kit.stopping import stopping
from tocsin.outbox.alarm import close_incidents, raise_incident
from tocsin.outbox.rows import rows
from tocsin.privacy.ending import end_campaigns
from tocsin.privacy.handed import empty_handed_over
from tocsin.privacy.lived import Reading, doubts, moment, today
from tocsin.privacy.memory import DayKey
from tocsin.privacy.schedule import born_on, destroyed_on, erased_on
from tocsin.privacy.shred import destroy_day, erase_unconfirmed
from tocsin.privacy.witness import TimeUnknown, believe, look

LOCK = 0x70C5100000001
"""Of all workers one at a time keeps to the schedule."""


SEALED_DAYS = """
    SELECT DISTINCT substring(sealed FROM 1 FOR %(head)s) FROM (
        SELECT sealed FROM tocsin_messagecontent UNION ALL
        SELECT sealed FROM tocsin_supporter UNION ALL
        SELECT sealed_words FROM tocsin_action
    ) AS every (sealed) WHERE length(sealed) > %(head)s
"""

log = logging.getLogger(__name__)


def keep_to_schedule(*, now: datetime) -> int:
    """Destroy what is past its time; returns of how many days and campaigns.

    Whatever stands in the way, nothing is destroyed before its time, and a person is told.
    """
    return keep(look(now))


def keep(reading: Reading) -> int:
    """The same by these clocks; may be asked by many at once, and again after whatever happened."""
    with _alone() as is_alone:
        if not is_alone:
            return 0
        now = reading.machine
        try:
            days = days_of_keys()
            with transaction.atomic():
                lived, before = believe(reading)
            if words := doubts(lived, reading):
                raise_incident("clock", words=words, now=now)
            else:
                close_incidents("clock")
            _note_new(days, looked=before.date(), seen=lived.at.date())
            at, on = moment(lived, reading), today(lived, reading)
            moved = _destroy_due(on) + end_campaigns(at=at, on=on)
            empty_handed_over(at=at)
        except (KeyMissing, TimeUnknown) as error:
            raise_incident("retention", words=str(error), now=now)
            return 0
        close_incidents("retention")
        return moved


def due_keys(on: date) -> list[DayKey]:
    """The keys that are to be destroyed by that day, or are being destroyed."""
    return [
        key
        for key in DayKey.objects.exclude(state=DayKey.State.DONE)
        if key.state == DayKey.State.CLOSING
        or on >= destroyed_on(key.born, seen=key.seen, today=on)
    ]


def _destroy_due(on: date) -> int:
    moved = 0
    for key in due_keys(on):
        moved += destroy_day(key, on=on)
    for key in DayKey.objects.filter(state=DayKey.State.KEPT):
        if on >= erased_on(key.born, seen=key.seen, today=on):
            moved += _erase(key, on=on)
    return moved


def _erase(key: DayKey, *, on: date) -> bool:
    erased = 0
    while key.state == DayKey.State.KEPT and not stopping.is_set():
        erased += erase_unconfirmed(key, on=on)
    return erased > 0


def _note_new(days: list[date], *, looked: date, seen: date) -> None:
    """Note when each key was first seen; in the beginning also the days whose keys are gone."""
    if not DayKey.objects.exists():
        days = sorted({*days, *_sealed_days()})
        DayKey.objects.bulk_create(DayKey(day=day, born=day, seen=day) for day in days)
        return
    known = set(DayKey.objects.exclude(state="done").values_list("day", flat=True))
    DayKey.objects.bulk_create(
        DayKey(day=day, born=born_on(day, looked=looked, seen=seen), seen=seen)
        for day in days
        if day not in known
    )


def _sealed_days() -> set[date]:
    days = [day_of(head) for (head,) in rows(SEALED_DAYS, head=HEAD)]
    return {day for day in days if day is not None}


@contextmanager
def _alone() -> Iterator[bool]:
    [[got]] = rows("SELECT pg_try_advisory_lock(%(lock)s)", lock=LOCK)
    try:
        yield bool(got)
    finally:
        if got:
            try:
                rows("SELECT pg_advisory_unlock(%(lock)s)", lock=LOCK)
            except (OperationalError, InterfaceError):
                log.warning("the database session ended before the run, and its lock with it")
