"""Pausing a campaign, ending it, and opening it again as long as that can be."""

from datetime import datetime

from django.db import transaction

from tocsin.campaigns.collective import CollectiveSchedule
from tocsin.campaigns.models import ENDED, Campaign
from tocsin.campaigns.rhythm import slot_after
from tocsin.kit.seal import make_salt


class Erased(Exception):
    """What was kept of those who took part is destroyed: nobody would be recognised again."""


class Stopped(Exception):
    """Its stop date is past: nothing that people write now could leave."""


class Ended(Exception):
    """It has ended: it can be opened again, and not paused."""


def pause_campaign(campaign: Campaign) -> None:
    """Take no letters for now; what waits may be confirmed, and goes. Raises Ended."""
    going = Campaign.objects.filter(pk=campaign.pk).exclude(state__in=ENDED)
    if not going.update(state=Campaign.State.PAUSED):
        raise Ended


def close_campaign(campaign: Campaign, *, state: str = Campaign.State.CLOSED) -> None:
    """Take no letters any more; those that wait still go while its mailing is not stopped.

    `state` says how it ended, and may be another one later: closed, won, archived.
    """
    if state not in ENDED:
        raise ValueError(state)
    Campaign.objects.filter(pk=campaign.pk).update(state=state)


@transaction.atomic
def reopen_campaign(campaign: Campaign, *, now: datetime) -> None:
    """Take letters again, and let the collective letter go on; its end is forgotten.

    Raises Erased when it is too late for that, Stopped when its mail could not leave.
    """
    if campaign.mailing.stop_at and campaign.mailing.stop_at <= now:
        raise Stopped
    kept = Campaign.objects.filter(pk=campaign.pk, erased_on=None)
    if not kept.update(state=Campaign.State.OPEN):
        raise Erased
    for schedule in CollectiveSchedule.objects.filter(campaign=campaign, next_at=None):
        schedule.next_at = slot_after(now, first=schedule.first_at, every=schedule.every)
        schedule.save(update_fields=["next_at"])


def make_missing_salts() -> int:
    """Where keys were lost with a disk: give each campaign that needs one a salt; how many.

    Who took part before is not recognised by a fresh one, and may take part again.
    """
    names = Campaign.objects.filter(erased_on=None).values_list("salt_name", flat=True)
    return sum(make_salt(name) for name in names)
