"""Where the pages of the mail desk are, and who finds them in the menu."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import LinkMenuItemComponent, MenuItem

from tocsin.office.collective_desk import CollectiveList, CollectivePage, WordingPage
from tocsin.office.mail_boxes import DomainList, DomainPage, MailboxList, MailboxPage
from tocsin.office.mail_desk import MailDesk, MailNow
from tocsin.office.mail_incidents import CloseIncident, IncidentList
from tocsin.office.mail_shell import first_place
from tocsin.office.mail_undo import UndoDeed
from tocsin.office.mail_ways import (
    MailingList,
    MailingPage,
    RecallPage,
    RouteList,
    RoutePage,
    SendingList,
    SendingPage,
)
from tocsin.office.message_list import MessageDetail, MessageList

NOUNS = (
    *("message", "mailbox", "maildomain", "route", "sendingdomain", "mailing", "incident"),
    *("collectiveschedule", "collectivewording"),
)
"""What may be looked at or changed at the desk; each has its permissions."""

URLS: list[URLPattern] = [
    path("mail/", MailDesk.as_view(), name="mail_desk"),
    path("mail/now/", MailNow.as_view(), name="mail_now"),
    path("mail/incidents/", IncidentList.as_view(), name="mail_incidents"),
    path("mail/incidents/<int:pk>/", CloseIncident.as_view(), name="mail_incident"),
    path("mail/undo/<int:pk>/", UndoDeed.as_view(), name="mail_undo"),
    path("mail/messages/", MessageList.as_view(), name="mail_messages"),
    path("mail/messages/<uuid:pk>/", MessageDetail.as_view(), name="mail_message"),
    path("mail/mailboxes/", MailboxList.as_view(), name="mail_mailboxes"),
    path("mail/mailboxes/<int:pk>/", MailboxPage.as_view(), name="mail_mailbox"),
    path("mail/domains/", DomainList.as_view(), name="mail_domains"),
    path("mail/domains/<int:pk>/", DomainPage.as_view(), name="mail_domain"),
    path("mail/routes/", RouteList.as_view(), name="mail_routes"),
    path("mail/routes/<slug:pk>/", RoutePage.as_view(), name="mail_route"),
    path("mail/our-domains/", SendingList.as_view(), name="mail_sending"),
    path("mail/our-domains/<int:pk>/", SendingPage.as_view(), name="mail_ours"),
    path("mail/mailings/", MailingList.as_view(), name="mail_mailings"),
    path("mail/mailings/<int:pk>/", MailingPage.as_view(), name="mail_mailing"),
    path("mail/mailings/<int:pk>/recall/", RecallPage.as_view(), name="mail_recall"),
    path("mail/voices/", CollectiveList.as_view(), name="mail_voices"),
    path("mail/voices/<int:pk>/", CollectivePage.as_view(), name="mail_voice"),
    path("mail/voices/wordings/<int:pk>/", WordingPage.as_view(), name="mail_wording"),
]


class MailEntry(MenuItem):
    """The entry of the menu that leads to the desk, for those who may look."""

    def __init__(self) -> None:
        super().__init__(_("Mail"), reverse_lazy("mail_desk"), icon_name="mail", order=155)

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may look at any page of it."""
        return bool(first_place(request.user))

    def render_component(self, request: HttpRequest) -> Any:
        """It leads to the first of these pages."""
        url = reverse(first_place(request.user))
        return LinkMenuItemComponent(self.name, self.label, url, icon_name=self.icon_name)
