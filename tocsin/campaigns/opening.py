"""Closing a campaign, and opening it again as long as that can be."""

from datetime import datetime

from django.db import transaction

from tocsin.campaigns.collective import CollectiveSchedule
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.rhythm import slot_after
from tocsin.kit.seal import make_salt


class Erased(Exception):
    """What was kept of those who took part is destroyed: nobody would be recognised again."""


class Stopped(Exception):
    """Its stop date is past: nothing that people write now could leave."""


def close_campaign(campaign: Campaign) -> None:
    """Take no letters any more; those that wait still go, as long as its mailing is not stopped."""
    Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.State.CLOSED)


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
