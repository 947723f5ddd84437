"""The collective letters of lent voices: when they go, their words, what went."""

from typing import Any

from django.core.paginator import Page
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tocsin.campaigns.collective import (
    CollectiveSchedule,
    CollectiveWording,
    plan_letters,
    stop_letters,
)
from tocsin.campaigns.models import DRAFT, ENDED, Campaign
from tocsin.letters.collective import CannotBeWritten, draft_collective
from tocsin.letters.editions import Edition, told
from tocsin.office.collective_forms import NewWordingForm, ScheduleForm, WordingForm
from tocsin.office.mail_desk import lasting
from tocsin.office.mail_row import Act, DeskRow, Fact, hour
from tocsin.office.mail_shell import Button, DeskList, Line, Said
from tocsin.office.words import MESSAGE_WORDS, MISSING_WORDS, in_word
from tocsin.outcomes.tally import voices

MOST_EDITIONS = 60
"""Newest first: more than a year of weeks."""


def schedule_state(row: CollectiveSchedule) -> str:
    """What is going to happen, in words."""
    if row.campaign.state == DRAFT:
        return _("The campaign is not open yet.")
    if not row.campaign.is_going:
        if row.next_at and row.campaign.state in ENDED:
            return _("The campaign is closed: one last letter, if enough voices have come.")
        return _("The campaign is closed: no letter goes any more.")
    if row.next_at is None:
        return _("Stopped: no letter goes.")
    if row.campaign.mailing.paused:
        return _("Paused with its mailing: it goes when that is resumed.")
    return _("Goes on %(when)s, if enough voices have come.") % {"when": hour(row.next_at)}


class CollectiveList(DeskList):
    """One a campaign."""

    noun = CollectiveSchedule
    place = "mail_voices"
    page_title = gettext_lazy("Collective letters")
    headings = (
        gettext_lazy("Campaign"),
        gettext_lazy("State"),
        gettext_lazy("Voices so far"),
        gettext_lazy("Told last"),
    )

    def found(self) -> models.QuerySet[CollectiveSchedule]:
        """By campaign."""
        return CollectiveSchedule.objects.select_related("campaign__mailing")

    def lines(self, page: Page[Any]) -> list[Line]:
        """What each has told, and will."""
        return [
            Line(
                reverse("mail_voice", args=[each.pk]),
                str(each),
                (schedule_state(each), str(voices(each.campaign)), str(told(each.campaign))),
            )
            for each in page
        ]


class CollectivePage(DeskRow):
    """One campaign's: the next letter as it would go now, the editions before it."""

    noun = CollectiveSchedule
    place = "mail_voices"
    template_name = "office/mail/collective.html"
    watched = ("first_at", "every", "at_least")
    forms = {"plan": ScheduleForm, "add": NewWordingForm}

    def rows(self) -> models.QuerySet[CollectiveSchedule]:
        """All of them."""
        return CollectiveSchedule.objects.select_related(
            "campaign__organisation", "campaign__mailing"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Beside the facts: the letter in words, and what went."""
        context = super().get_context_data(**kwargs)
        return {**context, **preview(self.row.campaign), "editions": editions(self.row.campaign)}

    def facts(self, row: CollectiveSchedule) -> list[Fact]:
        """How many voices, how many of them are told."""
        number, last = voices(row.campaign), told(row.campaign)
        return [
            (_("State"), schedule_state(row)),
            (_("Voices so far"), str(number)),
            (_("Told last"), str(last)),
            (_("New since then"), str(number - last)),
            (_("New voices needed"), str(row.at_least)),
            (_("Then again after"), lasting(row.every)),
        ]

    def buttons(self, row: CollectiveSchedule) -> tuple[Button, ...]:
        """To stop it; to go on one saves when it goes."""
        return (Button("stop", _("Stop the letters"), serious=True),) if row.next_at else ()

    def more(self, row: CollectiveSchedule) -> list[tuple[str, Any]]:
        """Each wording."""
        return [
            (
                reverse("mail_wording", args=[each.pk]),
                _("Words: %(name)s") % {"name": each.language},
            )
            for each in row.campaign.collective_wordings.all()
        ]

    def acts(self) -> dict[str, Act]:
        """Each in words afterwards."""
        return {"plan": self._plan, "stop": self._stop, "add": self._add}

    def _plan(self, row: CollectiveSchedule, filled: dict[str, Any]) -> Said:
        if row.campaign.state != DRAFT and not row.campaign.is_going:
            return Said(_("The campaign is closed. Nothing was changed."), done=False)
        rhythm = {name: filled[name] for name in ("first_at", "every", "at_least")}
        plan_letters(row, **rhythm, now=self.now)
        return Said(_("It is saved. The next letter: %(when)s.") % {"when": hour(row.next_at)})

    def _stop(self, row: CollectiveSchedule, _filled: dict[str, Any]) -> Said:
        stop_letters(row)
        return Said(_("No collective letter goes until you save when it goes."))

    def _add(self, row: CollectiveSchedule, filled: dict[str, Any]) -> Said:
        words = {name: filled[name] for name in ("language", "subject", "body", "closing")}
        CollectiveWording.objects.create(campaign=row.campaign, **words)
        return Said(_("The language is added."))


def preview(campaign: Campaign) -> dict[str, Any]:
    """The letter as it would go now, once a language, or what it lacks."""
    try:
        drafts = draft_collective(campaign=campaign, voices=voices(campaign))
    except CannotBeWritten as error:
        return {"missing": in_word(MISSING_WORDS, error.missing)}
    by_words: dict[str, list[str]] = {}
    for draft in drafts:
        by_words.setdefault(draft.language, []).append(draft.target_name)
    letters = {draft.language: draft for draft in reversed(drafts)}
    return {"previews": [(letters[code], " · ".join(names)) for code, names in by_words.items()]}


def editions(campaign: Campaign) -> list[dict[str, Any]]:
    """What went, newest first: the number it told, and where its letters are."""
    found = Edition.objects.filter(campaign=campaign).prefetch_related("letters__message")
    return [
        {"edition": each, "number": len(each.letters.all()), "states": _states(each)}
        for each in found[:MOST_EDITIONS]
    ]


def _states(edition: Edition) -> str:
    found = [letter.message.state for letter in edition.letters.all()]
    return ", ".join(
        f"{found.count(state)} {words}" for state, words in MESSAGE_WORDS.items() if state in found
    )


class WordingPage(DeskRow):
    """The letter in one language."""

    noun = CollectiveWording
    place = "mail_voices"
    watched = ("subject", "body", "closing")
    forms = {"words": WordingForm}

    def rows(self) -> models.QuerySet[CollectiveWording]:
        """All of them."""
        return CollectiveWording.objects.select_related("campaign")

    def facts(self, row: CollectiveWording) -> list[Fact]:
        """To how many it goes."""
        number = row.campaign.campaign_targets.filter(target__language=row.language).count()
        words = ngettext("%(n)s is written to in it", "%(n)s are written to in it", number)
        return [(_("Language"), row.language), (_("Who reads it"), words % {"n": number})]

    def buttons(self, row: CollectiveWording) -> tuple[Button, ...]:  # noqa: ARG002
        """Away with it; its readers get another language then."""
        final = _("Its words are gone then: this cannot be undone.")
        return (Button("remove", _("Remove this language"), serious=True, final=final),)

    def more(self, row: CollectiveWording) -> list[tuple[str, Any]]:
        """Back to the letter as a whole."""
        return [(_place(row), _("The collective letter"))]

    def acts(self) -> dict[str, Act]:
        """Each in words afterwards."""
        return {"words": self._save, "remove": self._remove}

    def next_page(self, do: str, filled: dict[str, Any]) -> str:  # noqa: ARG002
        """From what is gone to the letter as a whole."""
        return self._back if do == "remove" else ""

    def _save(self, row: CollectiveWording, filled: dict[str, Any]) -> Said:
        for name in self.watched:
            setattr(row, name, filled[name])
        row.save()
        return Said(_("The words are saved; letters that wait already keep the old ones."))

    def _remove(self, row: CollectiveWording, _filled: dict[str, Any]) -> Said:
        self._back = _place(row)
        row.delete()
        return Said(_("The language is removed."))


def _place(row: CollectiveWording) -> str:
    schedule = CollectiveSchedule.objects.filter(campaign=row.campaign_id).first()
    return reverse("mail_voice", args=[schedule.pk]) if schedule else reverse("mail_voices")
