"""The letter to anybody, as it would go; and salutations that are missing or look misspelt."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tocsin.actions.words import Words
from tocsin.campaigns.filling import ANYWHERE
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.ways import OPEN, SHIELDED
from tocsin.kit.countries import country_choices, country_codes
from tocsin.letters.draft import Draft, draft_letters
from tocsin.office.directory import own_name
from tocsin.office.guide_shell import GuidePage
from tocsin.targets.greetings import Doubt, Greeting, doubts
from tocsin.targets.models import Target

PEOPLE = (Target.Kind.HEAD_OF_STATE, Target.Kind.PARLIAMENT)
"""Kinds whose name is that of a person."""

DOUBT_WORDS: dict[Doubt, Promise] = {
    Doubt.MISSING: gettext_lazy("There is none in this language: that of another one stands there"),
    Doubt.SPACES: gettext_lazy("A space too many"),
    Doubt.END: gettext_lazy("No comma or other mark at its end, where all others have one"),
    Doubt.NAME: gettext_lazy("It spells the name otherwise than the directory"),
}


class PreviewForm(forms.Form):
    """To whom, and by whom: where they live, on which page, in which way, which letter."""

    target = forms.ChoiceField(label=gettext_lazy("Recipient"))
    country = forms.ChoiceField(label=gettext_lazy("The supporter lives in"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the page"))
    way = forms.ChoiceField(
        label=gettext_lazy("Way to take part"),
        choices=[(OPEN, gettext_lazy("openly")), (SHIELDED, gettext_lazy("shielded"))],
    )
    variant = forms.ChoiceField(label=gettext_lazy("Letter"))

    def __init__(
        self, filled: Any, *, targets: dict[str, str], languages: list[str], variants: list[int]
    ) -> None:
        super().__init__(filled)
        fields: dict[str, Any] = self.fields
        fields["target"].choices = list(targets.items())
        fields["country"].choices = country_choices(get_language() or "en")
        names = dict(settings.LANGUAGES)
        fields["language"].choices = [(code, names.get(code, code)) for code in languages]
        fields["variant"].choices = [(number, number) for number in variants]


class PreviewPage(GuidePage):
    """Nothing is kept of what is asked here, and nothing is sent."""

    place = "guide_letters"
    template_name = "office/guide/preview.html"

    @cached_property
    def rows(self) -> list[CampaignTarget]:
        """Whom it writes to."""
        rows = self.campaign.campaign_targets.current().select_related("target")
        return list(rows.prefetch_related("target__names").order_by("position", "pk"))

    @cached_property
    def languages(self) -> list[str]:
        """Of the pages, and of what is written."""
        pages = self.translating.languages_of(self.campaign)
        written = self.campaign.wordings.order_by().values_list("language", flat=True)
        return list(dict.fromkeys([*pages, *sorted(set(written))]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the letter, the salutations."""
        asked = self.request.GET
        form = PreviewForm(
            {**self._usual(asked.get("target", "")), **{name: asked[name] for name in asked}},
            targets={str(row.target_id): own_name(row.target) for row in self.rows},
            languages=self.languages,
            variants=self._variants(),
        )
        draft, why = self._draft(form) if asked else (None, "")
        return {
            **super().get_context_data(**kwargs),
            "form": form,
            "draft": draft,
            "why": why,
            "greetings": list(self._greetings()),
            "written_in": self.languages,
        }

    def _variants(self) -> list[int]:
        """Those of the general text, as on a page: what is offered first."""
        rows = self.campaign.wordings.filter(text="").order_by("is_retired", "variant")
        return list(dict.fromkeys(rows.values_list("variant", flat=True))) or [1]

    def _usual(self, asked: str) -> dict[str, Any]:
        """What is chosen until somebody chooses otherwise: a country from which it is written."""
        row = next((each for each in self.rows if str(each.target_id) == asked), None)
        row = row or next(iter(self.rows), None)
        seat = row.target.seat if row and row.scope == CampaignTarget.Scope.COUNTRY else ""
        return {
            "target": row.target_id if row else "",
            "country": seat if seat in country_codes() else ANYWHERE,
            "language": next(iter(self.languages), ""),
            "way": OPEN,
            "variant": self._variants()[0],
        }

    def _draft(self, form: PreviewForm) -> tuple[Draft | None, str]:
        """The letter; or why there is none."""
        if not form.is_valid():
            return None, _("Choose again: this is not on offer any more.")
        asked = form.cleaned_data
        if not all(row.target.names.all() for row in self.rows):
            return None, _("Somebody who is written to has no name: complete the targets first.")
        try:
            drafts = _drafts(self.campaign, asked, areas=self._areas(asked["target"]))
        except LookupError:
            return None, _("There is no letter yet.")
        found = (each for each in drafts if str(each.target.pk) == asked["target"])
        return next(found, None), _("From this country nobody writes to this recipient.")

    def _areas(self, target: str) -> tuple[int, ...]:
        """For which somebody stands: it is written by who lives there."""
        areas = (row.target.area_id for row in self.rows if str(row.target_id) == target)
        return tuple(area for area in areas if area is not None)

    def _greetings(self) -> Iterator[dict[str, Any]]:
        targets = {row.target_id: row.target for row in self.rows}
        names = dict(settings.LANGUAGES)
        for greeting, doubt in doubts(list(self._all_greetings())):
            target = targets[greeting.target]
            yield {
                "name": own_name(target),
                "url": reverse("targets:edit", args=[target.pk]),
                "language": names.get(greeting.language, greeting.language),
                "code": greeting.language,
                "salutation": greeting.salutation,
                "doubt": DOUBT_WORDS[doubt],
            }

    def _all_greetings(self) -> Iterator[Greeting]:
        """In the language of each target, and in those in which their letters may be changed."""
        for row in self.rows:
            target = row.target
            called = {each.language: each for each in target.names.all()}
            for language in dict.fromkeys([target.language, *self.languages]):
                name = called.get(language)
                person = name.name if name and target.kind in PEOPLE else ""
                yield Greeting(
                    target=target.pk,
                    language=language,
                    salutation=name.salutation if name else "",
                    person=f"{person} {target.holder}".strip(),
                )


def _drafts(campaign: Campaign, asked: dict[str, Any], *, areas: tuple[int, ...]) -> list[Draft]:
    return draft_letters(
        campaign=campaign,
        language=asked["language"],
        country=asked["country"],
        given=_("Given names"),
        family=_("Family name"),
        words=Words(areas=areas),
        way=asked["way"],
        variant=int(asked["variant"]),
    )
