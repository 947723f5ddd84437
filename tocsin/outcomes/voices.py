"""Station: the number of lent voices goes to those who are written to, on schedule."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tocsin.actions.models import Action
from tocsin.campaigns.collective import CollectiveSchedule
from tocsin.campaigns.models import DRAFT, ENDED, Campaign
from tocsin.campaigns.rhythm import WEEK, is_enough, slot_after
from tocsin.campaigns.ways import LENT
from tocsin.kit.clock import to_the_hour
from tocsin.kit.nudge import nudge
from tocsin.kit.seal import KeyMissing
from tocsin.letters.collective import CannotBeWritten, write_edition
from tocsin.letters.editions import told
from tocsin.outbox.alarm import close_incidents, raise_incident
from tocsin.outcomes.tally import voices

log = logging.getLogger(__name__)

LAST = timedelta(hours=1)
"""So long before a stop date the last letter goes, which has to be on its way by then."""

TURN = 2.0
"""Seconds after which a run gives way, so that a stop is never kept waiting."""


def write_collective_due(*, now: datetime) -> int:
    """Write the collective letters that are due; returns how many editions there are more.

    A schedule is decided once at each of its moments, whether or not enough voices came.
    """
    _plan_the_new(now=now)
    written = 0
    passed_over: list[int] = []
    turn_ends = time.monotonic() + TURN
    while time.monotonic() < turn_ends:
        with transaction.atomic():
            schedule = _next(passed_over, now=now)
            if schedule is None:
                return written
            try:
                with transaction.atomic():
                    written += _decide(schedule, now=now)
            except (KeyMissing, OperationalError, InterfaceError):
                raise  # nothing is wrong with this letter: no other could be written either
            except Exception as error:
                # It stays due, and is tried again with every run; the others go on.
                _tell(schedule, error, now=now)
                passed_over.append(schedule.pk)
    nudge("write_collective")
    return written


def _plan_the_new(*, now: datetime) -> None:
    """A campaign that takes lent voices has a schedule from the beginning: nobody forgets it."""
    first = to_the_hour(now) + WEEK
    new = Campaign.objects.filter(offers_lent=True, collective_schedule=None).exclude(state=DRAFT)
    CollectiveSchedule.objects.bulk_create(
        (CollectiveSchedule(campaign=each, first_at=first, next_at=first) for each in new),
        ignore_conflicts=True,
    )


def _next(passed_over: list[int], *, now: datetime) -> CollectiveSchedule | None:
    rows = due_schedules(now=now).exclude(pk__in=passed_over)
    rows = rows.select_related("campaign__organisation", "campaign__mailing")
    return rows.select_for_update(skip_locked=True, of=("self",)).order_by("next_at").first()


def due_schedules(*, now: datetime) -> QuerySet[CollectiveSchedule]:
    """Those whose moment has come, or whose campaign is closed and everybody counted.

    In the last hour before a stop date it has come as well: afterwards nothing leaves any more.
    While a mailing is paused its letter waits, and then tells what is true by then.
    """
    ends = F("campaign__mailing__stop_at")
    is_last_hour = Q(campaign__mailing__stop_at__lte=now + LAST) & ~Q(next_at=ends)
    uncounted = Action.objects.filter(
        campaign=OuterRef("campaign"), way=LENT, state__in=("released", "lent"), counted=False
    )
    is_open = ~Q(campaign__state__in=ENDED)
    no_end = Q(campaign__mailing__stop_at=None) | Q(campaign__mailing__stop_at__gt=now)
    return CollectiveSchedule.objects.exclude(campaign__state=DRAFT).filter(
        no_end,
        (is_open & (Q(next_at__lte=now) | is_last_hour)) | (~is_open & ~Exists(uncounted)),
        next_at__isnull=False,
        campaign__mailing__paused=False,
    )


def _decide(schedule: CollectiveSchedule, *, now: datetime) -> int:
    campaign = schedule.campaign
    number = voices(campaign)
    enough = is_enough(number, told=told(campaign), fewest=schedule.at_least)
    if enough:
        write_edition(campaign=campaign, voices=number, now=now)
    after = slot_after(now, first=schedule.first_at, every=schedule.every)
    if (end := campaign.mailing.stop_at) and end <= now + LAST:
        after = end  # this was the last one, unless the date is moved
    schedule.next_at = None if campaign.state in ENDED else after
    schedule.save(update_fields=["next_at"])
    close_incidents("collective", about=campaign.slug)
    return int(enough)


def _tell(schedule: CollectiveSchedule, error: Exception, *, now: datetime) -> None:
    if not isinstance(error, CannotBeWritten):
        log.error("a collective letter is due and cannot be written", exc_info=error)
    words: Any = error.missing if isinstance(error, CannotBeWritten) else type(error).__name__
    raise_incident("collective", about=schedule.campaign.slug, words=str(words), now=now)
