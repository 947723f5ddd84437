"""Where the pages of the guided way are, and the entry of the menu that leads to them."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from tocsin.office.guide_acts import ActPage
from tocsin.office.guide_begin import BeginPage
from tocsin.office.guide_languages import AllTranslations, LanguagesPage
from tocsin.office.guide_overview import OverviewPage
from tocsin.office.guide_preview import PreviewPage
from tocsin.office.guide_shell import Pages, PreparingPage, may_prepare
from tocsin.office.guide_steps import LettersPage, WaysPage
from tocsin.office.guide_targets import TargetsPage
from tocsin.office.guide_translation import PoDownload, TranslationPage
from tocsin.office.guide_variants import TextsPage
from tocsin.office.guide_wording import WordingPage
from tocsin.office.translating import Translating

PLACES: tuple[tuple[str, type[PreparingPage], str], ...] = (
    ("campaign/new/", BeginPage, "guide_begin"),
    ("campaign/<int:pk>/", OverviewPage, "guide"),
    ("campaign/<int:pk>/targets/", TargetsPage, "guide_targets"),
    ("campaign/<int:pk>/letter/", LettersPage, "guide_letters"),
    ("campaign/<int:pk>/letter/<slug:language>/", LettersPage, "guide_letter"),
    (
        "campaign/<int:pk>/letter/<slug:language>/<int:variant>/",
        WordingPage,
        "guide_wording",
    ),
    (
        "campaign/<int:pk>/letter/<slug:language>/<int:variant>/<str:text>/",
        WordingPage,
        "guide_wording_of",
    ),
    ("campaign/<int:pk>/preview/", PreviewPage, "guide_preview"),
    ("campaign/<int:pk>/texts/", TextsPage, "guide_texts"),
    ("campaign/<int:pk>/ways/", WaysPage, "guide_ways"),
    ("campaign/<int:pk>/languages/", LanguagesPage, "guide_languages"),
    ("campaign/<int:pk>/languages/<slug:language>/", TranslationPage, "guide_translation"),
    ("campaign/<int:pk>/languages/<slug:language>/po/", PoDownload, "guide_po"),
    ("campaign/<int:pk>/do/<slug:act>/", ActPage, "guide_act"),
)


def guide_urls(pages: Pages, translating: Translating) -> list[URLPattern]:
    """All of them, with what the pages do for them."""
    more: dict[str, Any] = {"pages": pages, "translating": translating}
    every = [path(route, view.as_view(**more), name=name) for route, view, name in PLACES]
    return [*every, path("translations/", AllTranslations.as_view(**more), name="translations")]


class NewEntry(MenuItem):
    """The entry of the menu that leads to a new campaign."""

    def __init__(self) -> None:
        super().__init__(
            _("New campaign"), reverse_lazy("guide_begin"), icon_name="plus", order=140
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may prepare campaigns."""
        return may_prepare(request.user)


class TranslationsEntry(MenuItem):
    """The entry of the menu that leads to the translations of all campaigns."""

    def __init__(self) -> None:
        url = reverse_lazy("translations")
        super().__init__(_("Translations"), url, icon_name="globe", order=147)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may prepare campaigns."""
        return may_prepare(request.user)
