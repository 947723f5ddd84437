"""The steps of the way that are one form each: ways and goal, the letter."""

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tocsin.actions.words import Words
from tocsin.campaigns.filling import WORDS
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.permitting import newest_permission, permit
from tocsin.campaigns.ways import OPEN, WAYS
from tocsin.campaigns.wording_rules import rules_of, text_for
from tocsin.campaigns.wordings import keep_wording
from tocsin.kit.countries import country_codes
from tocsin.letters.draft import Draft, draft_letters
from tocsin.office.alike_words import alike_words
from tocsin.office.field_words import check_fields, offered
from tocsin.office.guide_forms import PURPOSES, LetterForm, WaysForm
from tocsin.office.guide_shell import StepForm, StepPage
from tocsin.office.guide_texts import ready_words
from tocsin.office.translating import languages_of, note_all
from tocsin.office.wording_table import texts_of
from tocsin.outbox.hold import stop_mailing


class WaysPage(StepPage):
    """Goal, ways, stop date."""

    place = "guide_ways"
    form_class = WaysForm

    def stored(self) -> dict[str, Any]:
        """As the campaign and its mailing have it."""
        campaign = Campaign.objects.select_related("mailing").get(pk=self.campaign.pk)
        names = ("goal", *(f"offers_{way}" for way in WAYS), "first_way")
        return {
            **{name: getattr(campaign, name) for name in names},
            "stop_at": campaign.mailing.stop_at,
        }

    def keep(self, filled: dict[str, Any]) -> None:
        """Each where it belongs."""
        names = [name for name in filled if name != "stop_at"]
        for name in names:
            setattr(self.campaign, name, filled[name])
        self.campaign.save(update_fields=names)
        stop_mailing(self.campaign.mailing, at=filled["stop_at"])


class LettersPage(StepPage):
    """The letter in one language, with its words of permission where a page asks for them."""

    place = "guide_letters"
    template_name = "office/guide/letter.html"
    form_class: ClassVar[type[StepForm]] = LetterForm

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Without a language: on to the first."""
        if not self.language:
            languages = self.languages()
            if not languages:
                return redirect(reverse("guide_languages", args=[self.campaign.pk]))
            return redirect(reverse("guide_letter", args=[self.campaign.pk, languages[0]]))
        return super().get(*args, **kwargs)

    @property
    def language(self) -> str:
        """That of the address; "" for none, Http404 for one that there is not."""
        language = str(self.kwargs.get("language", ""))
        if language and language not in dict(settings.LANGUAGES):
            raise Http404
        return language

    @property
    def text(self) -> str:
        """Of which text; the general one."""
        return ""

    @cached_property
    def variant(self) -> int:
        """Which of its variants: the first that is offered."""
        offered = self.campaign.wordings.filter(text=self.text, is_retired=False)
        return offered.order_by("variant").values_list("variant", flat=True).first() or 1

    def place_in(self, language: str) -> str:
        """Where the same is written in that language."""
        return reverse("guide_letter", args=[self.campaign.pk, language])

    def languages(self) -> list[str]:
        """Those in which it is written or is to be."""
        return languages_of(self.translating, self.campaign)

    def more(self, form: StepForm) -> dict[str, Any]:
        """The other languages; which fields belong to the letter."""
        names, languages = dict(settings.LANGUAGES), self.languages()
        asked = self.translating.languages_of(self.campaign)
        return {
            "language": self.language,
            "language_name": names[self.language],
            "text": self.text,
            "variant": self.variant,
            "texts": texts_of(self.campaign, languages),
            "fields": offered(self.language),
            "alike": alike_words(self.campaign),
            "letters": [
                (self.place_in(code), names.get(code, code), code == self.language)
                for code in languages
            ],
            "words": [row for row in form.rows() if row[0].name in WORDS],
            "permissions": [row for row in form.rows() if row[0].name in PURPOSES]
            if self.language in asked
            else [],
        }

    def stored(self) -> dict[str, Any]:
        """The words as they are, or those to begin with."""
        words, organisation = self.stored_words(), self.campaign.organisation.name
        is_first = not self.campaign.consents.filter(language=self.language).exists()
        for purpose in PURPOSES:
            newest = newest_permission(self.campaign, purpose=purpose, language=self.language)
            ready = ready_words(purpose, language=self.language, organisation=organisation)
            words[purpose] = newest.text if newest else ready if is_first else ""
        return words

    def stored_words(self) -> dict[str, Any]:
        """Those of the letter."""
        rows = self.campaign.wordings.filter(language=self.language, text=self.text)
        wording = rows.filter(variant=self.variant).first()
        return {name: getattr(wording, name) if wording else "" for name in WORDS}

    def check(self, form: StepForm) -> None:
        """Whether its fields are there, and known of everybody who may get it."""
        rows = self.campaign.campaign_targets.current().select_related("target")
        everybody = [row.target for row in rows.prefetch_related("target__names")]
        rules = rules_of(self.campaign)
        own = [each for each in everybody if text_for(each, rules) == self.text]
        changes = not self.text and not self.campaign.letter_is_fixed
        changed = everybody if changes else own
        check_fields(form, language=self.language, targets=own, changed=changed)

    def keep(self, filled: dict[str, Any]) -> None:
        """The letter is changed, a permission gets a new version: people agreed to the old one."""
        self.keep_words(filled)
        for purpose in PURPOSES:
            permit(self.campaign, purpose=purpose, language=self.language, text=filled[purpose])

    def keep_words(self, filled: dict[str, Any]) -> None:
        """The letter alone."""
        note_all(self.translating, self.campaign)
        keep_wording(
            self.campaign,
            language=self.language,
            text=self.text,
            variant=self.variant,
            words={name: filled[name] for name in WORDS},
        )

    def preview(self, filled: dict[str, Any]) -> dict[str, Any]:
        """The letters in this language as they would go; nothing of it is kept."""
        with transaction.atomic():
            self.keep(filled)
            drafts = self._drafts()
            transaction.set_rollback(True)
        return {"drafts": drafts, "is_previewed": True}

    def _drafts(self) -> list[Draft]:
        rows = self.campaign.campaign_targets.filter(target__language=self.language)
        seat = rows.filter(scope=CampaignTarget.Scope.COUNTRY).values_list(
            "target__seat", flat=True
        )
        country = next((code for code in seat if code in country_codes()), "FR")
        drafts = draft_letters(
            campaign=self.campaign,
            language=self.language,
            country=country,
            given=_("Given names"),
            family=_("Family name"),
            words=Words(areas=self._area(rows)),
            way=OPEN,
            variant=self.variant,
        )
        rules = rules_of(self.campaign)
        own = (draft for draft in drafts if text_for(draft.target, rules) == self.text)
        # The general text is what those get, too, whose own is not written in it.
        shown = own if self.text else drafts
        return [draft for draft in shown if draft.language == self.language]

    @staticmethod
    def _area(rows: models.QuerySet[CampaignTarget]) -> tuple[int, ...]:
        """That of the first who stands for one: its letter is shown as well."""
        rows = rows.filter(scope=CampaignTarget.Scope.AREA, target__area__isnull=False)
        return tuple(rows.values_list("target__area", flat=True)[:1])
