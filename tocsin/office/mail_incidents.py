"""The incidents of the mail desk: what happened, where it is mended, and closing them."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tocsin.office.mail_bulk import ANY, BulkList, State
from tocsin.office.mail_row import hour
from tocsin.office.mail_shell import Button, DeskPage, Line, Said, moved_on
from tocsin.office.words import INCIDENT_WORDS, in_word
from tocsin.outbox.watch import Incident

CLOSE = Button("close", gettext_lazy("Close"))

MENDED: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("mailbox_invalid", "mailbox_refusing", "mailbox_full", "complaint"),
        ("mail_mailboxes", "q"),
    ),
    **dict.fromkeys(("policy", "their_fault", "unknown"), ("mail_domains", "q")),
    **dict.fromkeys(("our_fault", "silence", "keys"), ("mail_routes", "")),
    "sending_domain": ("mail_sending", ""),
    "collective": ("mail_voices", ""),
    **dict.fromkeys(("opening", "field"), ("campaigns:index", "")),
    **dict.fromkeys(("crashed", "unreadable"), ("mail_messages", "reason")),
}
"""By kind of incident, in which list it is mended, and what is looked for there: whom it is about,
or what is held for this reason. The others are mended on the server."""


def where_mended(kind: str, about: str) -> str:
    """The address of the list; "" where there is none."""
    if kind not in MENDED:
        return ""
    name, field = MENDED[kind]
    asked = {"q": {"q": about}, "reason": {"state": "held", "reason": kind}}.get(field)
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)


class IncidentList(BulkList):
    """Those that are open first."""

    noun = Incident
    place = "mail_incidents"
    page_title = gettext_lazy("What has happened")
    named = "about"
    watched = ("closed", "times")
    bulk = (CLOSE,)
    headings = (
        gettext_lazy("About"),
        gettext_lazy("What has happened"),
        gettext_lazy("Their words"),
        gettext_lazy("Times"),
        gettext_lazy("First"),
        gettext_lazy("Last"),
    )

    def states(self) -> tuple[State, ...]:
        """Open ones, until another choice is made."""
        return (
            ("open", gettext_lazy("open"), models.Q(closed=False)),
            ("closed", gettext_lazy("closed"), models.Q(closed=True)),
            ("", ANY, models.Q()),
        )

    def every(self) -> models.QuerySet[Incident]:
        """The newest first."""
        return Incident.objects.order_by("closed", "-last_at", "pk")

    def lines(self, page: Page[Any]) -> list[Line]:
        """One an incident."""
        return [
            Line(
                where_mended(each.kind, each.about),
                each.about or _("all mail"),
                (
                    in_word(INCIDENT_WORDS, each.kind),
                    each.words,
                    str(each.times),
                    hour(each.first_at),
                    hour(each.last_at),
                ),
            )
            for each in page
        ]

    def fits(self, _do: str, row: Incident) -> bool:
        """What is open can be closed."""
        return not row.closed

    def do_many(self, _do: str, rows: Sequence[Incident]) -> Said:
        """They are over; what happens again is a new one."""
        return _closed(rows)


class CloseIncident(DeskPage):
    """The button beside an incident."""

    noun = Incident
    http_method_names = ["post"]

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """It is over; if the same happens again it is a new one."""
        found = Incident.objects.filter(pk=self.kwargs["pk"])
        if not found.exists():
            raise Http404
        with transaction.atomic():
            rows = list(found.filter(closed=False).select_for_update())
            said = _closed(rows) if rows else moved_on()
            back = "waiting" if self.request.POST.get("back") == "waiting" else "mail_desk"
            return self.answer(said, to=reverse(back), do="close")


def _closed(rows: Sequence[Incident]) -> Said:
    ids = [row.pk for row in rows]
    Incident.objects.filter(pk__in=ids).update(closed=True)
    words = ngettext("The incident is closed.", "%(n)s incidents are closed.", len(ids))
    undo = [[pk, {"closed": False}, {"closed": True}] for pk in ids]
    return Said(words % {"n": len(ids)}, number=len(ids), undo=undo)
