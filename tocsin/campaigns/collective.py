"""The collective letter of those who lend their voice: its words, and when it goes."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.rhythm import FEWEST, WEEK, slot_after
from tocsin.kit.rows import Row

VOICES = "{voices}"
"""Where the number of voices stands in a wording; no other brace may be in it."""

MAY_TELL = r"^[^{}]*(\{voices\}[^{}]*)*$"
MUST_TELL = r"^[^{}]*(\{voices\}[^{}]*)+$"


class CollectiveSchedule(Row):
    """When a campaign's collective letter goes: from `first_at`, `every` so often.

    It goes if at least so many voices came since the last one that can have reached anybody.
    At `next_at` that is decided, once; without it nothing is planned.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="collective_schedule"
    )
    first_at = models.DateTimeField(_("first letter"))
    every = models.DurationField(_("every"), default=WEEK)
    at_least = models.PositiveIntegerField(_("new voices, at least"), default=FEWEST)
    next_at = models.DateTimeField(_("next letter"), null=True)

    class Meta:
        verbose_name = _("schedule of the collective letter")
        verbose_name_plural = _("schedules of collective letters")
        ordering = ("campaign__slug",)
        constraints = (
            models.CheckConstraint(
                name="a_collective_letter_has_a_rhythm",
                condition=models.Q(every__gte=timedelta(minutes=1), at_least__gt=0),
            ),
        )

    def __str__(self) -> str:
        return str(self.campaign)


class CollectiveWording(Row):
    """The collective letter in one language; its body tells the number of voices."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="collective_wordings"
    )
    language = models.CharField(_("language"), max_length=12)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("body"))
    closing = models.TextField(_("closing"))

    class Meta:
        verbose_name = _("wording of the collective letter")
        verbose_name_plural = _("wordings of collective letters")
        ordering = ("campaign", "language")
        constraints = (
            models.UniqueConstraint(
                "campaign", "language", name="one_collective_wording_per_language"
            ),
            models.CheckConstraint(
                name="a_collective_wording_tells_the_number",
                condition=models.Q(subject__regex=MAY_TELL, body__regex=MUST_TELL),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign} ({self.language})"


def plan_letters(
    schedule: CollectiveSchedule,
    *,
    first_at: datetime,
    every: timedelta,
    at_least: int,
    now: datetime,
) -> None:
    """Let the collective letter go in that rhythm; what lies before `now` is left out."""
    schedule.first_at, schedule.every, schedule.at_least = first_at, every, at_least
    schedule.next_at = slot_after(now, first=first_at, every=every)
    schedule.save()


def stop_letters(schedule: CollectiveSchedule) -> None:
    """No collective letter goes any more, not even a last one, until it is planned anew."""
    schedule.next_at = None
    schedule.save()
