"""The end of a campaign: what it knows of those who took part is destroyed, and the number stays.

In the same three steps as a day (privacy/shred.py), each of which may be the last:

1. Close: for good. What still waits of it is cancelled.
2. The salt: gone, and with it the way from an address to what somebody did, in rows, logs and
   backups alike.
3. Erase: the people, some at a time, with all that hangs on them.
"""

import time
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from tocsin.actions.models import Action
from tocsin.campaigns.models import DRAFT, ENDED, Campaign
from tocsin.kit.nudge import nudge
from tocsin.kit.seal import destroy_salt
from tocsin.kit.stopping import stopping
from tocsin.outbox.rows import rows
from tocsin.outcomes.days import forget_few
from tocsin.privacy.memory import Ending, RetentionReport
from tocsin.privacy.reports import write_report
from tocsin.privacy.rights import erase_actions
from tocsin.privacy.schedule import campaign_erased_on
from tocsin.privacy.shred import CANCEL_PIECE, PIECE, told

BATCH = 200

TURN = 2.0
"""Seconds after which a run gives way, and goes on with the next."""

# Each part by an index of its own.
WAITING = """
    SELECT id FROM tocsin_message WHERE mailing_id = %(mailing)s AND state IN ('ready', 'held')
    UNION ALL
    SELECT id FROM tocsin_message WHERE mailing_id = %(mailing)s AND state = 'leased'
    UNION ALL
    SELECT id FROM tocsin_message WHERE mailing_id = %(mailing)s AND state = 'in_doubt'
    LIMIT %(piece)s
"""


def end_campaigns(*, at: datetime, on: date) -> int:
    """Note which campaigns have ended, and erase those whose time has come; how many.

    A campaign has ended when it is closed, or past the stop date of its mailing. The days count
    from when that is first seen, and by the time that was lived through, so that no clock makes
    it early. The caller sees to it that it is alone. Raises seal.KeyMissing.
    """
    _note(at)
    return sum(_erase_campaign(ending, at=at, on=on) for ending in due_endings(on))


def due_endings(on: date) -> Iterable[Ending]:
    """Those that are to be erased by that day, or are being erased.

    And those where somebody took part at the very moment in which it was: nothing is to be left.
    """
    left = Exists(Action.objects.filter(campaign=OuterRef("campaign")))
    endings = Ending.objects.select_related("campaign")
    for ending in endings.filter(~Q(state=Ending.State.DONE) | left):
        due = campaign_erased_on(ending.seen, keep_days=settings.KEEP_DAYS)
        if ending.state != Ending.State.ENDED or on >= due:
            yield ending


def _has_ended(at: datetime) -> Q:
    return Q(state__in=ENDED) | (Q(mailing__stop_at__lte=at) & ~Q(state=DRAFT))


def _note(at: datetime) -> None:
    ended = Campaign.objects.filter(_has_ended(at))
    Ending.objects.filter(state=Ending.State.ENDED).exclude(campaign__in=ended).delete()
    fresh = ended.filter(ending=None)
    Ending.objects.bulk_create(Ending(campaign=each, seen=at.date()) for each in fresh)


def _erase_campaign(ending: Ending, *, at: datetime, on: date) -> bool:
    """Go through the steps, from wherever they were left; whether it is done with."""
    if not _close(ending, at=at, on=on):
        return False
    destroy_salt(ending.campaign.salt_name)
    return _erase(ending, on=on)


def _close(ending: Ending, *, at: datetime, on: date) -> bool:
    """From here on it stays closed; not if somebody has just opened it again."""
    with transaction.atomic():
        locked = Campaign.objects.select_for_update(of=("self",)).filter(_has_ended(at))
        campaign = locked.filter(pk=ending.campaign_id).first()
        if campaign is None:
            return False
        if campaign.erased_on is None:
            campaign.state, campaign.erased_on = campaign.standing, on
            campaign.save(update_fields=["state", "erased_on"])
        ending.state = Ending.State.CLOSING
        ending.keep({})
    asked = {"mailing": ending.campaign.mailing_id, "piece": PIECE}
    while ids := [each for (each,) in rows(WAITING, **asked)]:
        with transaction.atomic():
            ending.keep(told(rows(CANCEL_PIECE, ids=ids)))
    return True


def _erase(ending: Ending, *, on: date) -> bool:
    turn_ends = time.monotonic() + TURN
    while not _erase_some(ending, on=on):
        if stopping.is_set() or time.monotonic() > turn_ends:
            nudge("keep_to_schedule")
            return False
    return True


def _erase_some(ending: Ending, *, on: date) -> bool:
    """Whether nobody was left, and that is written down."""
    with transaction.atomic():
        of_it = Action.objects.select_for_update().filter(campaign=ending.campaign)
        actions = list(of_it.order_by("pk")[:BATCH])
        if actions:
            ending.keep(erase_actions(actions))
            return False
        forget_few(ending.campaign_id)
        ending.state = Ending.State.DONE
        ending.keep({})
        write_report(
            what=RetentionReport.What.CAMPAIGN,
            day=ending.seen,
            about=ending.campaign.slug,
            on=on,
            counts=ending.counts,
        )
    return True
