"""Where mail goes: the mailboxes of targets, and their mail domains."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db import models
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tocsin.office.mail_bulk import ANY, BulkList, State
from tocsin.office.mail_forms import AddressForm, DomainPaceForm, MailboxPaceForm
from tocsin.office.mail_row import Act, DeskRow, Fact, hour
from tocsin.office.mail_shell import Button, DeskPage, Line, Said
from tocsin.office.words import MAILBOX_WORDS, in_word
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.hold import (
    correct_address,
    pause_domain,
    pause_domains,
    pause_mailbox,
    pause_mailboxes,
    retry_mailbox,
    retry_mailboxes,
)
from tocsin.outbox.models import Message
from tocsin.outbox.post import mailbox_for
from tocsin.outbox.queue import count_queue
from tocsin.outbox.tune import tune_domain, tune_mailbox
from tocsin.targets.models import TargetAddress

PAUSE = Button("pause", gettext_lazy("Pause"))
RESUME = Button("resume", gettext_lazy("Resume"))


def many_said(do: str, number: int) -> Said:
    """What came of a pause, or of its end, of so many."""
    words = {
        "pause": ngettext("%(n)s is paused.", "%(n)s are paused.", number),
        "resume": ngettext("%(n)s goes again.", "%(n)s go again.", number),
    }
    return Said(words[do] % {"n": number})


def waiting_for(boxes: list[int]) -> dict[int, int]:
    """How much waits for each of these mailboxes, held or not."""
    found: dict[int, int] = {}
    # One after the other, since each state has an index of its own.
    for state in ("ready", "held"):
        rows = Message.objects.filter(state=state, mailbox__in=boxes).values_list("mailbox")
        for box, number in rows.annotate(Count("pk")):
            if box is not None:
                found[box] = found.get(box, 0) + number
    return found


def state_of(box: Mailbox) -> str:
    """In words; a pause by hand is said first."""
    words = in_word(MAILBOX_WORDS, box.state)
    return f"{_('paused')}; {words}" if box.paused else words


def hours_of(box: Mailbox) -> str:
    """Its window in words, or nothing if it is always open."""
    parts = [_("Monday to Friday")] if box.workdays else []
    if box.opens and box.closes:
        parts.append(f"{box.opens:%H:%M}–{box.closes:%H:%M}")
    return f"{', '.join(parts)} ({box.time_zone})" if parts else ""


RETRY = Button("retry", gettext_lazy("Try it again"))
TAKES = models.Q(state="ok", paused=False)


class MailboxList(BulkList):
    """Those that take nothing first, since they need somebody."""

    noun = Mailbox
    place = "mail_mailboxes"
    page_title = gettext_lazy("Mailboxes")
    headings = (
        gettext_lazy("Address"),
        gettext_lazy("State"),
        gettext_lazy("Waiting"),
        gettext_lazy("An hour"),
        gettext_lazy("Hours"),
        gettext_lazy("Their words"),
    )

    watched = ("state", "paused")
    named = "address"
    bulk = (PAUSE, RESUME, RETRY)

    def states(self) -> tuple[State, ...]:
        """What it takes, and why not."""
        return (
            ("", ANY, models.Q()),
            ("trouble", gettext_lazy("takes nothing now"), ~TAKES),
            ("paused", gettext_lazy("paused"), models.Q(paused=True)),
            *((name, label, models.Q(state=name)) for name, label in MAILBOX_WORDS.items()),
        )

    def fits(self, do: str, row: Mailbox) -> bool:
        """Pause what goes, resume what is paused, try again what takes nothing."""
        return {"pause": not row.paused, "resume": row.paused, "retry": row.state != "ok"}[do]

    def do_many(self, do: str, rows: Sequence[Mailbox]) -> Said:
        """With all of them at once."""
        ids = [row.pk for row in rows]
        if do == "retry":
            return _go_again(retry_mailboxes(ids, now=self.now))
        return many_said(do, pause_mailboxes(ids, paused=do == "pause"))

    def every(self) -> models.QuerySet[Mailbox]:
        """All of them."""
        ok = models.Case(models.When(state="ok", paused=False, then=1), default=0)
        return Mailbox.objects.order_by(ok, "address")

    def lines(self, page: Page[Any]) -> list[Line]:
        """One a mailbox."""
        boxes = list(page)
        waiting = waiting_for([box.pk for box in boxes])
        return [
            Line(
                reverse("mail_mailbox", args=[box.pk]),
                box.address,
                (
                    state_of(box),
                    str(waiting.get(box.pk, 0)),
                    str(box.per_hour),
                    hours_of(box),
                    box.words,
                ),
            )
            for box in boxes
        ]


class MailboxPage(DeskRow):
    """One mailbox."""

    noun = Mailbox
    place = "mail_mailboxes"
    watched = ("state", "paused", *MailboxPaceForm.fields_of_row)
    forms = {"correct": AddressForm, "tune": MailboxPaceForm}

    def rows(self) -> models.QuerySet[Mailbox]:
        """With its domain."""
        return Mailbox.objects.select_related("domain")

    def facts(self, row: Mailbox) -> list[Fact]:
        """State, words, pace, how much waits."""
        return [
            (_("State"), state_of(row)),
            (_("Since"), hour(row.since)),
            (_("Their words"), row.words),
            (_("Waiting"), str(waiting_for([row.pk]).get(row.pk, 0))),
            (_("Letters an hour"), str(row.per_hour)),
            (_("Hours"), hours_of(row)),
            (_("Mail domain"), row.domain.name),
        ]

    def buttons(self, row: Mailbox) -> tuple[Button, ...]:
        """Pause or resume; try again if it takes nothing."""
        first = RESUME if row.paused else PAUSE
        return (first,) if row.state == "ok" else (first, RETRY)

    def more(self, row: Mailbox) -> list[tuple[str, Any]]:
        """Its messages, its domain."""
        messages = f"{reverse('mail_messages')}?state=&mailbox={row.address}"
        domain = reverse("mail_domain", args=[row.domain_id])
        return [(messages, _("Its messages")), (domain, _("Its mail domain"))]

    def acts(self) -> dict[str, Act]:
        """Each in words afterwards."""
        return {
            "pause": self._pause,
            "resume": self._resume,
            "retry": self._retry,
            "correct": self._correct,
            "tune": self._tune,
        }

    def next_page(self, do: str, filled: dict[str, Any]) -> str:
        """A corrected address has a mailbox of its own."""
        if do != "correct":
            return ""
        return reverse("mail_mailbox", args=[mailbox_for(filled["right"]).pk])

    def _pause(self, row: Mailbox, _filled: dict[str, Any]) -> Said:
        pause_mailbox(row)
        return Said(_("Nothing is sent to it until it is resumed."))

    def _resume(self, row: Mailbox, _filled: dict[str, Any]) -> Said:
        pause_mailbox(row, paused=False)
        return Said(_("It is written to again."))

    def _retry(self, row: Mailbox, _filled: dict[str, Any]) -> Said:
        return _go_again(retry_mailbox(row, now=self.now))

    def _correct(self, row: Mailbox, filled: dict[str, Any]) -> Said:
        right = filled["right"]
        _correct_targets(row.address, right, today=self.now.date())
        return _go_again(correct_address(wrong=row.address, right=right, now=self.now))

    def _tune(self, row: Mailbox, filled: dict[str, Any]) -> Said:
        tune_mailbox(row, **filled, now=self.now)
        return Said(_("Pace and hours are saved."))


def _go_again(number: int) -> Said:
    words = ngettext("%(n)s held letter goes again.", "%(n)s held letters go again.", number)
    return Said(words % {"n": number})


def _correct_targets(wrong: str, right: str, *, today: date) -> None:
    """Letters that are not written yet go there as well; that it may be shown nobody has said."""
    old = TargetAddress.objects.filter(address__iexact=wrong)
    have = TargetAddress.objects.filter(address=right).values("target")
    old.filter(target__in=have).delete()
    old.update(address=right, is_public=False, checked_on=today)


class DomainList(BulkList):
    """Mail domains, with what waits for them."""

    noun = MailDomain
    place = "mail_domains"
    page_title = gettext_lazy("Mail domains")
    headings = (
        gettext_lazy("Name"),
        gettext_lazy("State"),
        gettext_lazy("Waiting"),
        gettext_lazy("An hour"),
        gettext_lazy("Their words"),
    )

    watched = ("paused", "paused_until")
    bulk = (PAUSE, RESUME)

    def states(self) -> tuple[State, ...]:
        """Left alone is what will be so at this moment."""
        return (
            ("", ANY, models.Q()),
            ("paused", gettext_lazy("paused"), models.Q(paused=True)),
            ("resting", gettext_lazy("left alone"), models.Q(paused_until__gt=self.now)),
            ("slow", gettext_lazy("slower for now"), models.Q(slow__gt=1)),
        )

    def fits(self, do: str, row: MailDomain) -> bool:
        """Pause what is not paused; resume ends a pause of its own as well."""
        rests = row.paused_until is not None and row.paused_until > self.now
        return {"pause": not row.paused, "resume": row.paused or rests}[do]

    def do_many(self, do: str, rows: Sequence[MailDomain]) -> Said:
        """With all of them at once."""
        ids = [row.pk for row in rows]
        return many_said(do, pause_domains(ids, paused=do == "pause"))

    def every(self) -> models.QuerySet[MailDomain]:
        """Those that are paused first."""
        return MailDomain.objects.order_by("-paused", "name")

    def lines(self, page: Page[Any]) -> list[Line]:
        """One a domain."""
        waiting = count_queue(now=self.now).by_domain()
        return [
            Line(
                reverse("mail_domain", args=[each.pk]),
                each.name,
                (
                    self.state_of(each),
                    str(waiting.get(each.pk, 0)),
                    pace_of(each),
                    each.words,
                ),
            )
            for each in page
        ]

    def state_of(self, domain: MailDomain) -> str:
        """Going, paused by us, or left alone for a while."""
        return domain_state(self, domain)


def domain_state(page: DeskPage, domain: MailDomain) -> str:
    """In words."""
    if domain.paused:
        return _("paused")
    if domain.paused_until and domain.paused_until > page.now:
        return _("left alone until %(time)s") % {"time": hour(domain.paused_until)}
    return _("going")


def pace_of(domain: MailDomain) -> str:
    """How many an hour, and how much slower for now."""
    if domain.slow == 1:
        return str(domain.per_hour)
    return _("%(n)s, for now %(slow)s times slower") % {"n": domain.per_hour, "slow": domain.slow}


class DomainPage(DeskRow):
    """One mail domain."""

    noun = MailDomain
    place = "mail_domains"
    watched = ("paused", "paused_until", *DomainPaceForm.fields_of_row)
    forms = {"tune": DomainPaceForm}

    def rows(self) -> models.QuerySet[MailDomain]:
        """All of them."""
        return MailDomain.objects.all()

    def facts(self, row: MailDomain) -> list[Fact]:
        """State, words, pace."""
        return [
            (_("State"), domain_state(self, row)),
            (_("Their words"), row.words),
            (_("Waiting"), str(count_queue(now=self.now).by_domain().get(row.pk, 0))),
            (_("Mails an hour"), pace_of(row)),
            (_("Mails at one go"), str(row.burst)),
            (_("Mails in hand at once"), str(row.connections)),
        ]

    def buttons(self, row: MailDomain) -> tuple[Button, ...]:
        """Resume ends a pause of its own as well."""
        rests = row.paused_until is not None and row.paused_until > self.now
        if row.paused:
            return (RESUME,)
        return (PAUSE, RESUME) if rests else (PAUSE,)

    def more(self, row: MailDomain) -> list[tuple[str, Any]]:
        """The messages to its mailboxes."""
        messages = f"{reverse('mail_messages')}?state=&mailbox=%40{row.name}"
        return [(messages, _("Its messages"))]

    def acts(self) -> dict[str, Act]:
        """Each in words afterwards."""
        return {"pause": self._pause, "resume": self._resume, "tune": self._tune}

    def _pause(self, row: MailDomain, _filled: dict[str, Any]) -> Said:
        pause_domain(row)
        return Said(_("Nothing is sent to its mailboxes until it is resumed."))

    def _resume(self, row: MailDomain, _filled: dict[str, Any]) -> Said:
        pause_domain(row, paused=False)
        return Said(_("It is written to again."))

    def _tune(self, row: MailDomain, filled: dict[str, Any]) -> Said:
        tune_domain(row, **filled)
        return Said(_("The pace is saved."))
