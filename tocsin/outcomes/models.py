"""What a campaign has achieved, in numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row


class Tally(Row):
    """The public number of a campaign: actions confirmed and not held.

    `erased` of them are not there any more: their people had everything erased, or it has ended.
    `voices` of them are lent to the collective letter, and `erased_voices` of these are not there
    any more.
    """

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, primary_key=True)
    confirmed = models.PositiveIntegerField(_("confirmed"), default=0)
    erased = models.PositiveIntegerField(_("erased since"), default=0)
    voices = models.PositiveIntegerField(_("voices"), default=0)
    erased_voices = models.PositiveIntegerField(_("voices erased since"), default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")
        constraints = (
            models.CheckConstraint(
                name="no_more_are_erased_than_were_counted",
                condition=models.Q(erased__lte=models.F("confirmed")),
            ),
            models.CheckConstraint(
                name="voices_are_among_those_counted",
                condition=models.Q(
                    voices__lte=models.F("confirmed"),
                    erased_voices__lte=models.F("voices"),
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign}: {self.confirmed}"


class PartOfASum(Row):
    """A number of one day: a part of a sum, never a person.

    `slot` divides a sum into rows, so that nobody waits for the one who is counted just now.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, db_index=False)
    day = models.DateField(_("day"))
    slot = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True


class SourceCount(PartOfASum):
    """How many came by one channel on one day."""

    source = models.CharField(_("source"), max_length=60)
    taken = models.PositiveIntegerField(_("forms taken"), default=0)
    confirmed = models.PositiveIntegerField(_("confirmed"), default=0)

    class Meta:
        verbose_name = _("source count")
        verbose_name_plural = _("source counts")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "source", "day", "slot"),
                name="a_source_has_a_row_a_day_and_slot",
            ),
            models.CheckConstraint(name="a_source_has_a_name", condition=~models.Q(source="")),
        )

    def __str__(self) -> str:
        return f"{self.source} {self.day}: {self.confirmed} of {self.taken}"


class DayCount(Row):
    """How many of those confirmed wrote on one day, by one thing that is known of them.

    Never by two of them at once: that would soon be a person. Under "" stand those of whom it is
    not known, since they were erased before these sums were kept.
    """

    class By(models.TextChoices):
        COUNTRY = "country", _("country")
        LANGUAGE = "language", _("language")
        WAY = "way", _("way to take part")
        VARIANT = "variant", _("variant")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, db_index=False)
    by = models.CharField(_("by"), max_length=8, choices=By)
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=20, blank=True)
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("day count")
        verbose_name_plural = _("day counts")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "by", "day", "name"), name="a_day_counts_a_thing_once"
            ),
            models.CheckConstraint(
                name="a_day_counts_by_what_it_knows",
                condition=models.Q(by__in=("country", "language", "way", "variant")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.by} {self.name} {self.day}: {self.number}"


class HourCount(Row):
    """How many were counted in one of the last hours; after two days the day alone is known."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, db_index=False)
    hour = models.DateTimeField(_("hour"))
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("hour count")
        verbose_name_plural = _("hour counts")
        constraints = (
            models.UniqueConstraint(fields=("campaign", "hour"), name="an_hour_counts_once"),
        )

    def __str__(self) -> str:
        return f"{self.hour}: {self.number}"


class SaidCount(PartOfASum):
    """How many said on one day that they wrote by themselves: what was said, not measured."""

    class How(models.TextChoices):
        MAIL = "mail", _("by e-mail")
        POST = "post", _("by post")

    how = models.CharField(_("how"), max_length=8, choices=How)
    number = models.PositiveIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("said count")
        verbose_name_plural = _("said counts")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "how", "day", "slot"),
                name="what_was_said_has_a_row_a_day_and_slot",
            ),
            models.CheckConstraint(
                name="who_says_it_says_how", condition=models.Q(how__in=("mail", "post"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.how} {self.day}: {self.number}"
