"""Pause or end a campaign, open it again, or say where it is."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tocsin.campaigns.checklist import missing_in
from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.campaigns.opening import (
    Ended,
    Erased,
    NeverOpened,
    NotReady,
    Opened,
    Stopped,
    close_campaign,
    pause_campaign,
    reopen_campaign,
)
from tocsin.pages.preparing import all_points, open_now
from tocsin.privacy.memory import Ending
from tocsin.privacy.schedule import campaign_erased_on

ENDS = {
    "close": Campaign.State.CLOSED,
    "won": Campaign.State.WON,
    "archive": Campaign.State.ARCHIVED,
}


class Command(BaseCommand):
    """`tocsin campaign NAME`: its end, and what comes of it."""

    help = (
        "Opens a campaign that is ready (--open), pauses it (--pause), ends it (--close, --won, "
        "--archive), opens it again (--reopen), or says where it is."
    )

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which campaign, and what to do with it."""
        parser.add_argument("name", metavar="NAME")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--open", action="store_true", help="its pages become public, and it takes letters"
        )
        how.add_argument(
            "--pause", action="store_true", help="it takes no letters for now; those there are go"
        )
        how.add_argument("--close", action="store_true", help="it takes no letters any more")
        how.add_argument("--won", action="store_true", help="the same, and its page says: won")
        how.add_argument(
            "--archive", action="store_true", help="the same, and it stands with those of before"
        )
        how.add_argument("--reopen", action="store_true", help="it takes letters again")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Do it, and say what is now."""
        campaign = Campaign.objects.filter(slug=options["name"]).first()
        if campaign is None:
            names = ", ".join(Campaign.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"there is no campaign of that name; there are: {names}.")
        try:
            _do(campaign, options)
        except NotReady as lacking:
            raise CommandError(
                f"it is not ready, and stays closed. Missing: {lacking}. The office (Campaigns, "
                "Open the guide) says each in words."
            ) from None
        except Opened:
            raise CommandError("it was opened before; see --reopen.") from None
        except NeverOpened:
            raise CommandError("it was never open; open it first (--open).") from None
        except Erased:
            raise CommandError(
                "what it knew of those who took part is destroyed: it cannot be opened again."
            ) from None
        except Ended:
            raise CommandError(
                "it has ended; open it again (--reopen) before you pause it."
            ) from None
        except Stopped:
            raise CommandError(
                "its stop date is past, and nothing would leave: first change the date in the "
                "office, under Mail."
            ) from None
        campaign.refresh_from_db()
        self.stdout.write(_told(campaign))


def _do(campaign: Campaign, options: dict[str, Any]) -> None:
    if options["open"]:
        open_now(campaign, now=timezone.now())
    if options["pause"]:
        pause_campaign(campaign)
    for name, state in ENDS.items():
        if options[name]:
            close_campaign(campaign, state=state)
    if options["reopen"]:
        reopen_campaign(campaign, now=timezone.now())


def _told(campaign: Campaign) -> str:
    if campaign.state == DRAFT:
        missing = missing_in(all_points(campaign, now=timezone.now()))
        lacks = f" Missing: {', '.join(missing)}." if missing else " Nothing is missing."
        opens = f" It opens at {campaign.opens_at} if all is there." if campaign.opens_at else ""
        return f"{campaign.slug} was never open.{lacks}{opens}"
    if campaign.erased_on:
        return f"{campaign.slug} was erased on {campaign.erased_on}, and stays {campaign.state}."
    ending = Ending.objects.filter(campaign=campaign).first()
    is_stopped = campaign.mailing.stop_at is not None
    if ending is not None and (is_stopped or not campaign.is_going):
        due = campaign_erased_on(ending.seen, keep_days=settings.KEEP_DAYS)
        return f"{campaign.slug} ended on {ending.seen}, and is erased on {due}."
    if campaign.is_going:
        return f"{campaign.slug} is {campaign.state}."
    return (
        f"{campaign.slug} is {campaign.standing}; what it knows of those who took part is erased "
        f"{settings.KEEP_DAYS} days from now."
    )
