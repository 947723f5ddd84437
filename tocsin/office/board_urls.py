"""Where the board, exports and signatures on paper are, and who finds them in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from tocsin.campaigns.models import Campaign
from tocsin.office.board import Board, CampaignBoard
from tocsin.office.exports import ExportDesk
from tocsin.office.mail_shell import may
from tocsin.office.paper_desk import PaperDesk
from tocsin.outcomes.exports import Export

URLS: list[URLPattern] = [
    path("board/", Board.as_view(), name="board"),
    path("board/<slug:slug>/", CampaignBoard.as_view(), name="campaign_board"),
    path("board/<slug:slug>/paper/", PaperDesk.as_view(), name="paper"),
    path("exports/", ExportDesk.as_view(), name="exports"),
]


class BoardEntry(MenuItem):
    """The entry of the menu that leads to the board, for those who may look."""

    def __init__(self) -> None:
        super().__init__(_("Board"), reverse_lazy("board"), icon_name="view", order=145)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may see campaigns."""
        return may(request.user, "view", Campaign)


class ExportEntry(MenuItem):
    """The entry that leads to the exports, for those who may take out or see who did."""

    def __init__(self) -> None:
        super().__init__(_("Exports"), reverse_lazy("exports"), icon_name="download", order=157)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may see the journal."""
        return may(request.user, "view", Export)
