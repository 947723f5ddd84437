"""What a campaign has achieved, in numbers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row


class Tally(Row):
    """The public number of a campaign: actions confirmed and not held."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, primary_key=True)
    confirmed = models.PositiveIntegerField(_("confirmed"), default=0)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.campaign}: {self.confirmed}"
