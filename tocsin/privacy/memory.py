"""What retention remembers: the keys of days, the time it believes, what it destroyed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row


class DayKey(Row):
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
    counts = models.JSONField(default=dict)

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
    """What was destroyed, in numbers. Signed, together with the signature of the one before."""

    class What(models.TextChoices):
        DAY = "day", "the key of a day, and what was sealed with it"
        UNCONFIRMED = "unconfirmed", "letters that nobody confirmed"

    number = models.PositiveBigIntegerField(primary_key=True)
    what = models.CharField(max_length=20, choices=What)
    day = models.DateField()
    on = models.DateField()
    counts = models.JSONField()
    signature = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("report of retention")
        verbose_name_plural = _("reports of retention")
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} {self.what} {self.day}"
