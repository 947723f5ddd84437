"""The journal of exports: who took out what, when, and how much of it."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row

SILENT = timedelta(minutes=2)
"""An export that says nothing for so long was broken off, whoever was to write that down."""


class Export(Row):
    """One table that somebody of the staff took out; the row stays.

    `campaign` is None for all those of the organisations that `who` worked for at the time.
    `done` of `expected` actions were gone through, which made so many `written` lines.
    """

    class What(models.TextChoices):
        ACTIONS = "actions", _("actions")
        LETTERS = "letters", _("letters")
        BOARD = "board", _("tables of the board")

    class Form(models.TextChoices):
        CSV = "csv", _("CSV with commas")
        EXCEL = "excel", _("CSV with semicolons, for Excel in French")
        XLSX = "xlsx", _("XLSX")

    class State(models.TextChoices):
        GOING = "going", _("going")
        DONE = "done", _("complete")
        BROKEN = "broken", _("broken off")

    what = models.CharField(_("what"), max_length=8, choices=What)
    form = models.CharField(_("form"), max_length=8, choices=Form)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, verbose_name=_("campaign")
    )
    who = models.CharField(_("who"), max_length=150)
    began = models.DateTimeField(_("began"))
    seen = models.DateTimeField(_("seen last"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.GOING)
    expected = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    written = models.PositiveIntegerField(_("lines"), default=0)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        indexes = (models.Index(fields=("-began",), name="export_newest"),)

    def __str__(self) -> str:
        return f"{self.what} {self.who} {self.began:%Y-%m-%d}"

    def state_at(self, now: datetime) -> str:
        """Its state; one that has long been silent is broken off."""
        is_silent = self.state == self.State.GOING and now - self.seen > SILENT
        return str(self.State.BROKEN) if is_silent else self.state
