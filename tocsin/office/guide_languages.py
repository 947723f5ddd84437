"""Which languages a campaign speaks, and how far each is: for one campaign, and for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.campaigns.models import ENDED, Campaign
from tocsin.campaigns.translations import State
from tocsin.office.guide_shell import GuidePage, PreparingPage
from tocsin.office.scope import within
from tocsin.office.translating import Sheet, Translating, languages_of, sheet_of
from tocsin.office.translation_words import MAILS, PARTS

CAMPAIGNS = 10
"""So many are on one screen: every text of theirs is read for it."""


@dataclass(frozen=True)
class Cell:
    """How far one part is in one language; `url` is where it is mended."""

    label: Promise
    state: str
    missing: int = 0
    stale: int = 0
    waiting: int = 0
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One language of a campaign."""

    code: str
    name: str
    url: str
    is_original: bool
    cells: list[Cell]


def row_of(sheet: Sheet) -> Row:
    """How far the campaign is in that language."""
    language, names = sheet.language, dict(settings.LANGUAGES)
    place = [sheet.campaign.pk, language]
    name = names.get(language, language)
    if language == sheet.original or not sheet.original:
        letter = reverse("guide_letter", args=place) if language in names else ""
        return Row(language, name, letter, is_original=bool(sheet.original), cells=[])
    url = reverse("guide_translation", args=place)
    cells = list(_cells(sheet, url))
    mails = Cell(MAILS, "done" if language in names else "none")
    return Row(language, name, url, is_original=False, cells=[*cells, mails])


def _cells(sheet: Sheet, url: str) -> Iterator[Cell]:
    for part, label in PARTS.items():
        texts = [text for text in sheet.texts if text.part == part]
        states = [sheet.state(text) for text in texts]
        stale = states.count(State.STALE) + (len(sheet.gone) if part == "page" else 0)
        missing = states.count(State.MISSING)
        waiting = sum(bool(sheet.waiting(text)) for text in texts)
        state = "missing" if missing else "stale" if stale or waiting else "done"
        if not texts:
            state = "none"
        yield Cell(label, state, missing, stale, waiting, f"{url}?part={part}")


def rows_of(pages: Translating, campaign: Campaign) -> list[Row]:
    """One for each language in which something is read or written."""
    spoken = languages_of(pages, campaign)
    return [row_of(sheet_of(pages, campaign, language=language)) for language in spoken]


class LanguagesPage(GuidePage):
    """Its languages and how far each is; one more."""

    place = "guide_languages"
    template_name = "office/guide/languages.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each page with the way to its editor, each text with the way to its translation."""
        names = dict(settings.LANGUAGES)
        return {
            **super().get_context_data(**kwargs),
            "rows": [
                (
                    page,
                    names.get(page.language, page.language),
                    reverse("wagtailadmin_pages:edit", args=[page.pk]),
                )
                for page in self.pages.pages_of(self.campaign)
            ],
            "left": self.pages.languages_left(self.campaign),
            "progress": [(self.campaign, rows_of(self.translating, self.campaign))],
            "parts": [*PARTS.values(), MAILS],
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """A copy of the first page in that language, as a draft, to be translated."""
        language = self.request.POST.get("language", "")
        with transaction.atomic():
            Campaign.objects.select_for_update(of=("self",)).get(pk=self.campaign.pk)
            if language not in dict(self.pages.languages_left(self.campaign)):
                return self.refused(_("There is a page in this language already."))
            first = next(iter(self.pages.pages_of(self.campaign)), None)
            self.pages.begin_page(
                self.campaign,
                language=language,
                title=first.title if first else str(self.campaign),
                slug=first.slug if first else "",
                user=self.user,
            )
        place = [self.campaign.pk, language]
        to = reverse("guide_translation", args=place) if first else ""
        return self.saved(
            _("The page is there as a draft, in the words of the original: translate it."), to=to
        )


class AllTranslations(PreparingPage):
    """How far all campaigns are that have not ended."""

    page_title = gettext_lazy("Translations")
    header_icon = "globe"
    template_name = "office/guide/translations.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, and here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A table for each."""
        going = Campaign.objects.exclude(state__in=ENDED)
        rows = within(self.request.user, going).select_related("organisation").order_by("slug")
        page = Paginator(rows, CAMPAIGNS).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "progress": [(each, rows_of(self.translating, each)) for each in page],
            "parts": [*PARTS.values(), MAILS],
        }
