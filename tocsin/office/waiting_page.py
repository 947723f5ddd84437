"""The page of what waits for whoever looks at it, its entry in the menu, its line on the home."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from tocsin.office.mail_shell import DeskPage
from tocsin.office.waiting import Reader, Waits, all_that_waits, may_wait_for
from tocsin.office.waiting_words import URGENCY
from tocsin.outbox.watch import Incident

NAME = _("What waits for you")


class WaitingPage(DeskPage):
    """All of it, by how much hangs on it."""

    noun = Incident
    place = "waiting"
    page_title = NAME
    header_icon = "tasks"
    template_name = "office/waiting.html"

    def is_allowed(self) -> bool:
        """Whoever may see anything that could wait."""
        return may_wait_for(self.request.user)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, this page."""
        return [*self.breadcrumbs_items, {"url": "", "label": NAME}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each urgency with what has it."""
        found = all_that_waits(Reader(self.request.user, self.now))
        return {**super().get_context_data(**kwargs), "groups": _groups(found)}


def _groups(found: list[Waits]) -> list[tuple[Any, list[Waits]]]:
    by = {urgency: [each for each in found if each.urgency == urgency] for urgency in range(3)}
    return [(URGENCY[urgency], items) for urgency, items in by.items() if items]


class WaitingPanel(Component):
    """The first lines of the office's home: how much waits, and the way to it."""

    template_name = "office/waiting_panel.html"
    order = 10

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def get_context_data(self, _parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Each urgency with how many have it."""
        groups = _groups(all_that_waits(self.reader))
        return {"groups": [(words, len(items)) for words, items in groups]}


class WaitingEntry(MenuItem):
    """The entry of the menu that leads to it."""

    def __init__(self) -> None:
        super().__init__(NAME, reverse_lazy("waiting"), icon_name="tasks", order=130)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may see anything that could wait."""
        return may_wait_for(request.user)


URLS: list[URLPattern] = [path("waiting/", WaitingPage.as_view(), name="waiting")]
