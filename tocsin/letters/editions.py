"""Editions of the collective letter: how many voices it told when, and to whom it went."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row
from tocsin.outbox.models import Message
from tocsin.targets.models import Target


class Edition(Row):
    """The collective letter as it went once, with the number of voices that it tells."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    voices = models.PositiveIntegerField(_("voices"))
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("campaign", "-number")
        constraints = (
            models.UniqueConstraint("campaign", "number", name="an_edition_has_its_own_number"),
        )

    def __str__(self) -> str:
        return f"{self.campaign} {self.number}"


class CollectiveLetter(Row):
    """An edition to one target; its words are in its message, its state is that one's.

    Nothing leads from here to a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="letters")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="collective_letters")
    message = models.OneToOneField(
        Message, on_delete=models.PROTECT, related_name="collective_letter"
    )
    language = models.CharField(_("language"), max_length=12)

    class Meta:
        verbose_name = _("collective letter")
        verbose_name_plural = _("collective letters")
        constraints = (
            models.UniqueConstraint("edition", "target", name="one_letter_per_edition_and_target"),
        )

    def __str__(self) -> str:
        return str(self.pk)


def told(campaign: Campaign) -> int:
    """The most voices that a letter told which can have reached anybody; 0 if none did.

    What was cancelled before it was ever tried has told nobody anything.
    """
    reached = CollectiveLetter.objects.filter(edition__campaign=campaign).exclude(
        message__state="cancelled", message__tried=0
    )
    most: int | None = reached.aggregate(most=models.Max("edition__voices"))["most"]
    return most or 0
