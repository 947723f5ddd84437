"""How mail leaves: routes, domains of ours, mailings."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tocsin.office.mail_boxes import PAUSE, RESUME, many_said
from tocsin.office.mail_bulk import BulkList
from tocsin.office.mail_forms import CapForm, DoubtsForm, RouteForm, StopForm
from tocsin.office.mail_row import Act, DeskRow, Fact, hour
from tocsin.office.mail_shell import (
    Button,
    DeskList,
    DeskPage,
    Line,
    Said,
    fingerprint,
    moved_on,
    refused,
)
from tocsin.office.scope import within
from tocsin.office.words import ROUTE_WORDS, SENDING_WORDS, in_word
from tocsin.outbox.hold import (
    NOT_SENT,
    pause_mailing,
    pause_route,
    pause_routes,
    recall_mailing,
    resume_mailing,
    stop_mailing,
)
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.tune import cap_domain, decide_doubts, tune_route


def route_state(page: DeskPage, route: Route) -> str:
    """In words."""
    if route.paused:
        return in_word(ROUTE_WORDS, "paused")
    if route.open_until and route.open_until > page.now:
        return in_word(ROUTE_WORDS, "resting")
    return in_word(ROUTE_WORDS, "going")


class RouteList(BulkList):
    """Routes, as the settings name them."""

    noun = Route
    place = "mail_routes"
    page_title = gettext_lazy("Routes")
    headings = (
        gettext_lazy("Name"),
        gettext_lazy("State"),
        gettext_lazy("Connections"),
        gettext_lazy("Their words"),
    )

    watched = ("paused", "open_until")
    bulk = (PAUSE, RESUME)

    def fits(self, do: str, row: Route) -> bool:
        """Pause what is not paused; resume ends a rest as well."""
        rests = row.open_until is not None and row.open_until > self.now
        return {"pause": not row.paused, "resume": row.paused or rests}[do]

    def do_many(self, do: str, rows: Sequence[Route]) -> Said:
        """With all of them at once."""
        return many_said(do, pause_routes([row.pk for row in rows], paused=do == "pause"))

    def every(self) -> models.QuerySet[Route]:
        """In the order of their numbers."""
        return Route.objects.all()

    def lines(self, page: Page[Any]) -> list[Line]:
        """One a route."""
        return [
            Line(
                reverse("mail_route", args=[each.pk]),
                _(each.name),
                (route_state(self, each), str(each.connections), each.words),
            )
            for each in page
        ]


class RoutePage(DeskRow):
    """One route."""

    noun = Route
    place = "mail_routes"
    watched = ("paused", *RouteForm.fields_of_row)
    forms = {"tune": RouteForm}

    def get_page_title(self) -> str:
        """What it is called."""
        return _(str(self.row.name))

    def rows(self) -> models.QuerySet[Route]:
        """All of them."""
        return Route.objects.all()

    def facts(self, row: Route) -> list[Fact]:
        """State, words, when it last took something."""
        return [
            (_("State"), route_state(self, row)),
            (_("Their words"), row.words),
            (_("Faults in a row"), str(row.faults or "")),
            (_("Left alone until"), hour(row.open_until)),
            (_("Last took something"), hour(row.taken_at)),
            (_("Connections"), _("%(n)s, of one worker %(share)s") % _connections(row)),
        ]

    def buttons(self, row: Route) -> tuple[Button, ...]:
        """Resume ends its rest as well."""
        rests = row.open_until is not None and row.open_until > self.now
        if row.paused:
            return (RESUME,)
        return (PAUSE, RESUME) if rests else (PAUSE,)

    def more(self, row: Route) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Nowhere."""
        return []

    def acts(self) -> dict[str, Act]:
        """Each in words afterwards."""
        return {"pause": self._pause, "resume": self._resume, "tune": self._tune}

    def _pause(self, row: Route, _filled: dict[str, Any]) -> Said:
        pause_route(row)
        return Said(_("Nothing goes that way until it is resumed."))

    def _resume(self, row: Route, _filled: dict[str, Any]) -> Said:
        pause_route(row, paused=False)
        return Said(_("Mail goes that way again."))

    def _tune(self, row: Route, filled: dict[str, Any]) -> Said:
        tune_route(row, **filled)
        return Said(_("The connections are saved."))


def _connections(row: Route) -> dict[str, int]:
    return {"n": row.connections, "share": row.share}


class SendingList(DeskList):
    """Domains of ours."""

    noun = SendingDomain
    place = "mail_sending"
    page_title = gettext_lazy("Our domains")
    headings = (
        gettext_lazy("Name"),
        gettext_lazy("State"),
        gettext_lazy("At most a day"),
    )

    def found(self) -> models.QuerySet[SendingDomain]:
        """By name."""
        return SendingDomain.objects.order_by("name")

    def lines(self, page: Page[Any]) -> list[Line]:
        """One a domain."""
        return [
            Line(
                reverse("mail_ours", args=[each.pk]),
                each.name,
                (ours_state(each), str(each.daily_cap or "")),
            )
            for each in page
        ]


def ours_state(ours: SendingDomain) -> str:
    """In words; a name that exists nowhere can be in no order."""
    if ours.reserved:
        return _("exists nowhere: it sends on this machine only")
    return in_word(SENDING_WORDS, ours.state)


class SendingPage(DeskRow):
    """One domain of ours, with what the last look at its DNS found."""

    noun = SendingDomain
    place = "mail_sending"
    watched = CapForm.fields_of_row
    forms = {"cap": CapForm}

    def rows(self) -> models.QuerySet[SendingDomain]:
        """All of them."""
        return SendingDomain.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the findings."""
        findings = [each for each in self.row.findings if isinstance(each, dict)]
        return {**super().get_context_data(**kwargs), "findings": findings}

    def facts(self, row: SendingDomain) -> list[Fact]:
        """State, and how much of today is used up."""
        used = str(row.sent if row.day == self.now.date() else 0) if row.daily_cap else ""
        return [
            (_("State"), ours_state(row)),
            (_("Checked"), hour(row.checked_at)),
            (_("Returned mail comes to"), row.bounce_domain),
            (_("At most a day"), str(row.daily_cap or "")),
            (_("Sent today"), used),
        ]

    def buttons(self, row: SendingDomain) -> tuple[Button, ...]:  # noqa: ARG002
        """None: it is checked by tocsin doctor."""
        return ()

    def more(self, row: SendingDomain) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Nowhere."""
        return []

    def acts(self) -> dict[str, Act]:
        """Each in words afterwards."""
        return {"cap": self._cap}

    def _cap(self, row: SendingDomain, filled: dict[str, Any]) -> Said:
        cap_domain(row, daily_cap=filled["daily_cap"])
        return Said(_("The limit is saved."))


def mailing_state(page: DeskPage, mailing: Mailing) -> str:
    """In words."""
    if mailing.stop_at and mailing.stop_at <= page.now:
        return _("past its stop date")
    return _("paused") if mailing.paused else _("going")


class MailingList(DeskList):
    """Mailings: each campaign has one."""

    noun = Mailing
    place = "mail_mailings"
    page_title = gettext_lazy("Mailings")
    headings = (
        gettext_lazy("Name"),
        gettext_lazy("State"),
        gettext_lazy("Stop date"),
        gettext_lazy("When in doubt"),
    )

    def found(self) -> models.QuerySet[Mailing]:
        """By name."""
        return Mailing.objects.all()

    def lines(self, page: Page[Any]) -> list[Line]:
        """One a mailing."""
        return [
            Line(
                reverse("mail_mailing", args=[each.pk]),
                str(each),
                (mailing_state(self, each), hour(each.stop_at), str(each.get_doubts_display())),
            )
            for each in page
        ]


class MailingPage(DeskRow):
    """One mailing."""

    noun = Mailing
    place = "mail_mailings"
    watched = ("paused", "stop_at", "doubts")
    forms = {"stop": StopForm, "doubts": DoubtsForm}

    def rows(self) -> models.QuerySet[Mailing]:
        """All of them."""
        return Mailing.objects.all()

    def facts(self, row: Mailing) -> list[Fact]:
        """State, stop date, how much of it waits."""
        return [
            (_("State"), mailing_state(self, row)),
            (_("Waiting"), str(to_recall(row).count())),
            (_("Stop date"), hour(row.stop_at)),
            (_("When in doubt"), str(row.get_doubts_display())),
        ]

    def buttons(self, row: Mailing) -> tuple[Button, ...]:
        """Pause or resume."""
        return (RESUME,) if row.paused else (PAUSE,)

    def more(self, row: Mailing) -> list[tuple[str, Any]]:
        """Its messages, and the way to recall it."""
        messages = f"{reverse('mail_messages')}?state=&mailing={row.pk}"
        recall = reverse("mail_recall", args=[row.pk])
        return [(messages, _("Its messages")), (recall, _("Recall what was not sent …"))]

    def acts(self) -> dict[str, Act]:
        """Each in words afterwards."""
        return {
            "pause": self._pause,
            "resume": self._resume,
            "stop": self._stop,
            "doubts": self._doubts,
        }

    def _pause(self, row: Mailing, _filled: dict[str, Any]) -> Said:
        pause_mailing(row)
        return Said(_("Nothing of it is sent until it is resumed, except confirmations."))

    def _resume(self, row: Mailing, _filled: dict[str, Any]) -> Said:
        resume_mailing(row)
        return Said(_("It goes on where it was paused."))

    def _stop(self, row: Mailing, filled: dict[str, Any]) -> Said:
        stop_mailing(row, at=filled["stop_at"])
        return Said(_("The stop date is saved.") if filled["stop_at"] else _("It has no end now."))

    def _doubts(self, row: Mailing, filled: dict[str, Any]) -> Said:
        decide_doubts(row, doubts=filled["doubts"])
        return Said(_("What happens in doubt is saved."))


def to_recall(mailing: Mailing) -> models.QuerySet[Message]:
    """What can still be stopped; what is being handed over cannot."""
    return Message.objects.filter(mailing=mailing, state__in=NOT_SENT)


class RecallPage(DeskPage):
    """Asks before a whole mailing is cancelled, and says how many messages that are."""

    noun = Mailing
    place = "mail_mailings"
    page_title = gettext_lazy("Recall a mailing")
    template_name = "office/mail/recall.html"

    def _mailing(self) -> Mailing:
        own = within(self.request.user, Mailing.objects.all())
        mailing = own.filter(pk=self.kwargs["pk"]).first()
        if mailing is None:
            raise Http404
        return mailing

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How many."""
        mailing = self._mailing()
        return {
            **super().get_context_data(**kwargs),
            "mailing": mailing,
            "number": to_recall(mailing).count(),
            "mark": fingerprint(mailing, MailingPage.watched),
            "back": reverse("mail_mailing", args=[mailing.pk]),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Cancel them."""
        if self.request.POST.get("do") != "recall":
            return refused()
        mailing = self._mailing()
        back = reverse("mail_mailing", args=[mailing.pk])
        if self.request.POST.get("mark") != fingerprint(mailing, MailingPage.watched):
            return self.answer(moved_on(), to=back)
        with transaction.atomic():
            number = recall_mailing(mailing)
            words = ngettext("%(n)s message is recalled.", "%(n)s messages are recalled.", number)
            said = Said(words % {"n": number}, number=number)
            return self.answer(said, to=back, do="recall")
