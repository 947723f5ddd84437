"""Signatures on paper: sums that the staff enters, added to no other number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row

MOST = 1_000_000
"""More are on no sheet: whoever types more has typed a wrong key."""


@dataclass(frozen=True)
class Sheet:
    """How many signed on one day in one place; nobody's name."""

    day: date
    place: str
    number: int


class PaperCount(Row):
    """One entry, which stays as it is; one that `undoes` another takes that back.

    `number` is below nothing for those, and above it for all others.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, verbose_name=_("campaign"))
    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=480)
    number = models.IntegerField(_("number"))
    who = models.CharField(_("who"), max_length=150)
    entered = models.DateTimeField(_("entered"))
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("signatures on paper")
        verbose_name_plural = _("signatures on paper")
        constraints = (
            models.CheckConstraint(
                name="only_what_undoes_is_below_nothing",
                condition=models.Q(undoes__isnull=True, number__gt=0)
                | models.Q(undoes__isnull=False, number__lt=0),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.day}: {self.number}"


class AlreadyThere(Exception):
    """These sheets, by their place in what was given, are entered already; nothing was."""

    def __init__(self, places: Sequence[int]) -> None:
        super().__init__(places)
        self.places = tuple(places)


@transaction.atomic
def enter_sheets(
    *, campaign: Campaign, sheets: Sequence[Sheet], who: str, now: datetime, again: bool = False
) -> int:
    """Add them all, or none; how many signatures that is.

    Raises AlreadyThere if some are there already, day, place and number alike, or come twice: the
    same list is not to count twice by mistake. `again` says that they are others.
    """
    _wait_for_others(campaign)
    if not again:
        entries = PaperCount.objects.filter(campaign=campaign, undoes=None, undone_by=None)
        known = {Sheet(*each) for each in entries.values_list("day", "place", "number")}
        twice = []
        for index, sheet in enumerate(sheets):
            if sheet in known:
                twice.append(index)
            known.add(sheet)
        if twice:
            raise AlreadyThere(twice)
    PaperCount.objects.bulk_create(
        PaperCount(
            campaign=campaign,
            day=sheet.day,
            place=sheet.place,
            number=sheet.number,
            who=who,
            entered=now,
        )
        for sheet in sheets
    )
    return sum(sheet.number for sheet in sheets)


@transaction.atomic
def undo_entry(*, campaign: Campaign, pk: int, who: str, now: datetime) -> bool:
    """Take an entry back by a second one; False if there is none, or it is taken back already."""
    _wait_for_others(campaign)
    entries = PaperCount.objects.filter(campaign=campaign, undoes=None, undone_by=None)
    entry = entries.filter(pk=pk).first()
    if entry is None:
        return False
    PaperCount.objects.create(
        campaign=campaign,
        day=entry.day,
        place=entry.place,
        number=-entry.number,
        who=who,
        entered=now,
        undoes=entry,
    )
    return True


def signed_on_paper(campaign: Campaign) -> int:
    """How many signed on paper, as far as it was entered."""
    found = PaperCount.objects.filter(campaign=campaign).aggregate(sum=models.Sum("number"))["sum"]
    return found or 0


def _wait_for_others(campaign: Campaign) -> None:
    """One after the other; whoever takes part meanwhile does not wait for it."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
