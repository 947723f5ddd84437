"""The guide for editors inside the office: docs/editors, laid out by `make guide`."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from tocsin.office.page import OfficePage

WAGTAILS = ("editor-guide", "whats-new-in-wagtail")
"""Entries of the menu that lead to a site of others, in English."""


class EditorsGuide(OfficePage):
    """All of it on one page, for whoever may enter."""

    page_title = _("Guide for editors")
    header_icon = "help"
    template_name = "office/help/page.html"

    def is_allowed(self) -> bool:
        """It says nothing of anybody."""
        return True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which of the languages that it is written in."""
        spoken = dict(settings.OFFICE_LANGUAGES)
        language = get_language() if get_language() in spoken else settings.LANGUAGE_CODE
        return {**super().get_context_data(**kwargs), "guide": f"office/help/{language}.html"}


HELP_URLS: list[URLPattern] = [path("help/", EditorsGuide.as_view(), name="editors_guide")]


def guide_entry() -> MenuItem:
    """The entry of the menu of help that leads to it."""
    where = reverse_lazy("editors_guide")
    return MenuItem(_("Guide for editors"), where, icon_name="help", order=100)


def only_ours(_request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's guides lie elsewhere, and say nothing of campaigns."""
    items[:] = [item for item in items if not item.name.startswith(WAGTAILS)]
