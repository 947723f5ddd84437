"""Opening a campaign, pausing and ending it, and opening it again as long as that can be."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tocsin.campaigns.checklist import missing_in, points_of
from tocsin.campaigns.collective import CollectiveSchedule
from tocsin.campaigns.models import DRAFT, ENDED, Campaign
from tocsin.campaigns.rehearsal import erase_rehearsals
from tocsin.campaigns.rhythm import slot_after
from tocsin.kit.seal import make_salt
from tocsin.outbox.alarm import close_incidents, raise_incident


class Erased(Exception):
    """What was kept of those who took part is destroyed: nobody would be recognised again."""


class Stopped(Exception):
    """Its stop date is past: nothing that people write now could leave."""


class Ended(Exception):
    """It has ended: it can be opened again, and not paused."""


class NeverOpened(Exception):
    """It is still a draft: it can be opened, and nothing else."""


class Opened(Exception):
    """It is no draft any more."""


class NotReady(Exception):
    """It lacks something; `missing` are the names of the points (checklist.py)."""

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = tuple(missing)


def lock_draft(campaign: Campaign) -> Campaign:
    """Its row, locked: who opens it, tries it out or throws it away go one after the other.

    Raises Opened when it is no draft any more, or gone.
    """
    rows = Campaign.objects.select_for_update(of=("self",)).filter(pk=campaign.pk, state=DRAFT)
    found = rows.select_related("organisation", "mailing").first()
    if found is None:
        raise Opened
    return found


@transaction.atomic
def open_campaign(campaign: Campaign, *, now: datetime, languages: Collection[str] = ()) -> None:
    """Take letters from now on, and erase its test runs.

    `languages` are those of its pages. Raises NotReady with all that is missing, Opened.
    """
    row = lock_draft(campaign)
    if missing := missing_in(points_of(row, now=now, languages=languages)):
        raise NotReady(missing)
    row.state, row.opens_at = Campaign.State.OPEN, None
    row.save(update_fields=["state", "opens_at"])
    campaign.state, campaign.opens_at = row.state, None
    erase_rehearsals(row.rehearsals.all())
    close_incidents("opening", about=row.slug)


@transaction.atomic
def plan_opening(campaign: Campaign, *, at: datetime | None) -> None:
    """Let a draft open by itself at that moment, or not by itself at all. Raises Opened."""
    row = lock_draft(campaign)
    row.opens_at = campaign.opens_at = at
    row.save(update_fields=["opens_at"])
    close_incidents("opening", about=row.slug)


def open_due(*, now: datetime) -> int:
    """Station: open the drafts whose moment has come; how many.

    One that lacks something then does not open by itself any more, not later either: a person is
    told what is missing, and decides.
    """
    opened = 0
    for campaign in Campaign.objects.filter(state=DRAFT, opens_at__lte=now).order_by("opens_at"):
        try:
            open_campaign(campaign, now=now)
            opened += 1
        except NotReady as lacking:
            plan_opening(campaign, at=None)
            raise_incident("opening", about=campaign.slug, words=str(lacking), now=now)
        except Opened:  # somebody was quicker
            continue
    return opened


def pause_campaign(campaign: Campaign) -> None:
    """Take no letters for now; what waits may be confirmed, and goes. Raises Ended, NeverOpened."""
    going = Campaign.objects.filter(pk=campaign.pk).exclude(state__in=(DRAFT, *ENDED))
    if not going.update(state=Campaign.State.PAUSED):
        _refuse_draft(campaign)
        raise Ended


def close_campaign(campaign: Campaign, *, state: str = Campaign.State.CLOSED) -> None:
    """Take no letters any more; those that wait still go while its mailing is not stopped.

    `state` says how it ended, and may be another one later: closed, won, archived. Raises
    NeverOpened.
    """
    if state not in ENDED:
        raise ValueError(state)
    if not Campaign.objects.filter(pk=campaign.pk).exclude(state=DRAFT).update(state=state):
        _refuse_draft(campaign)


@transaction.atomic
def reopen_campaign(campaign: Campaign, *, now: datetime) -> None:
    """Take letters again, and let the collective letter go on; its end is forgotten.

    Raises Erased when it is too late for that, Stopped when its mail could not leave, NeverOpened.
    """
    _refuse_draft(campaign)
    if campaign.mailing.stop_at and campaign.mailing.stop_at <= now:
        raise Stopped
    kept = Campaign.objects.filter(pk=campaign.pk, erased_on=None).exclude(state=DRAFT)
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


def _refuse_draft(campaign: Campaign) -> None:
    if Campaign.objects.filter(pk=campaign.pk, state=DRAFT).exists():
        raise NeverOpened
