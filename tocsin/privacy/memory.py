"""What retention remembers: the keys of days, the time it believes, what it destroyed."""

from collections import Counter
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row


def added(counts: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Both together, in order, without what is none."""
    together = Counter(counts) + Counter(more)
    return {name: number for name, number in sorted(together.items()) if number}


class Noted(Row):
    """Something that is destroyed step by step: its `state` says how far, `counts` how much."""

    state = models.CharField(max_length=20)
    counts = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def keep(self, counts: Mapping[str, int]) -> None:
        """Save state and counts, these added, in the same transaction as what was done."""
        self.counts = added(self.counts, counts)
        self.save(update_fields=["state", "counts"])


class DayKey(Noted):
    """The key of one day, from when it was first seen until nothing of the day is left.

    `closing`: it is destroyed, or about to be, and rows of the day may not be emptied yet. A day
    that a wrong clock named a second time has a second row.
    """

    class State(models.TextChoices):
        KEPT = "kept", "kept"
        SETTLED = "settled", "kept, unconfirmed letters erased"
        CLOSING = "closing", "being destroyed"
        DONE = "done", "destroyed"

    day = models.DateField()
    born = models.DateField()
    seen = models.DateField()
    state = models.CharField(max_length=20, choices=State, default=State.KEPT)

    class Meta:
        verbose_name = _("key of a day")
        verbose_name_plural = _("keys of days")
        ordering = ("day", "pk")
        constraints = (
            models.UniqueConstraint(
                "day", name="a_day_has_one_key", condition=~models.Q(state="done")
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.state}"


class Ending(Noted):
    """The end of a campaign, from the day on which it was first seen.

    `closing`: its salt is destroyed, or about to be, and rows may not be deleted yet. A campaign
    that is opened again before that has no end.
    """

    class State(models.TextChoices):
        ENDED = "ended", "ended"
        CLOSING = "closing", "being erased"
        DONE = "done", "erased"

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="ending")
    seen = models.DateField()
    state = models.CharField(max_length=20, choices=State, default=State.ENDED)

    class Meta:
        verbose_name = _("end of a campaign")
        verbose_name_plural = _("ends of campaigns")
        ordering = ("seen", "pk")

    def __str__(self) -> str:
        return f"{self.campaign} {self.state}"


class Walk(Row):
    """How far the walk over what was handed over has come; there is one row.

    Looked for is what was handed over in the hour `until`, or before; `after` is the last message
    that was looked at, and None when all were.
    """

    until = models.DateTimeField()
    after = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("walk of retention")
        verbose_name_plural = _("walks of retention")

    def __str__(self) -> str:
        return f"{self.until} {self.after or '-'}"


class LivedClock(Row):
    """The time that one run of one machine believes; privacy/lived.py says how."""

    boot = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    uptime = models.FloatField()
    gap = models.DurationField(null=True)
    since = models.FloatField()

    class Meta:
        verbose_name = _("believed time")
        verbose_name_plural = _("believed times")

    def __str__(self) -> str:
        return str(self.at)


class RetentionReport(Row):
    """What was destroyed, in numbers. Signed, together with the signature of the one before.

    `day` is that of the key, or that on which the campaign `about` ended.
    """

    class What(models.TextChoices):
        DAY = "day", "the key of a day, and what was sealed with it"
        UNCONFIRMED = "unconfirmed", "letters that nobody confirmed"
        CAMPAIGN = "campaign", "what a campaign knew of those who took part"

    number = models.PositiveBigIntegerField(primary_key=True)
    what = models.CharField(max_length=20, choices=What)
    day = models.DateField()
    about = models.CharField(max_length=50, blank=True, default="")
    on = models.DateField()
    counts = models.JSONField()
    signature = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("report of retention")
        verbose_name_plural = _("reports of retention")
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} {self.what} {self.day}"
