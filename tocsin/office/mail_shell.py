"""What every page of the mail desk has: who may look, who may change, where one may go next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpResponse, HttpResponseBadRequest, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from tocsin.campaigns.collective import CollectiveSchedule
from tocsin.office.page import OfficePage
from tocsin.office.scope import within
from tocsin.outbox.deeds import Deed, find_deed, note_deed
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.watch import Incident

PAGE = 50
LONGEST_KEY = 19  # digits of the number of a row
RESENT = ("do", "mark", "which", "seen")
"""What a button sends, and sends again once it was asked whether that is meant."""
MOST_LISTED = 10_000
"""So many rows can be paged through; whoever looks for one beyond them has to say which."""

PLACES: tuple[tuple[type[models.Model], Promise, str], ...] = (
    (Incident, _("Overview"), "mail_desk"),
    (Incident, _("What has happened"), "mail_incidents"),
    (Message, _("Messages"), "mail_messages"),
    (Mailbox, _("Mailboxes"), "mail_mailboxes"),
    (MailDomain, _("Mail domains"), "mail_domains"),
    (Route, _("Routes"), "mail_routes"),
    (SendingDomain, _("Our domains"), "mail_sending"),
    (Mailing, _("Mailings"), "mail_mailings"),
    (CollectiveSchedule, _("Collective letters"), "mail_voices"),
)
"""The pages of the desk: about which noun, under which name."""


@dataclass(frozen=True)
class Said:
    """What came of a button, in a sentence; not `done`: nothing was changed.

    Of `number` rows, and `undo` is what it takes to undo it (outbox/deeds.py).
    """

    text: str
    done: bool = True
    number: int = 1
    undo: Sequence[Any] = ()


def moved_on() -> Said:
    """Somebody, or the worker, was quicker."""
    words = _("It has changed meanwhile. Nothing was done; this is how it is now.")
    return Said(str(words), done=False)


def found_words(number: int) -> str:
    """What a button would do to all that the filter finds, with their number."""
    if number >= MOST_LISTED:
        words = gettext("with all that the filter finds, more than %(n)s, on every page")
    else:
        words = ngettext(
            "with the %(n)s that the filter finds, on every page",
            "with all %(n)s that the filter finds, on every page",
            number,
        )
    return words % {"n": number_format(number, force_grouping=True)}


def left_words(number: int) -> str:
    """Of how many nothing was done, and why."""
    words = ngettext(
        "%(n)s has moved on meanwhile: nothing was done with it.",
        "%(n)s have moved on meanwhile: nothing was done with them.",
        number,
    )
    return words % {"n": number}


def may(user: AbstractUser | AnonymousUser, verb: str, noun: type[models.Model]) -> bool:
    """Whether somebody may `view`, `add` or `change` it; whoever may change may look."""
    name = noun.__name__.lower()
    verbs = ("view", "change", "add") if verb == "view" else (verb,)
    return any(user.has_perm(f"tocsin.{each}_{name}") for each in verbs)


def first_place(user: AbstractUser | AnonymousUser) -> str:
    """The name of the first page of the desk that somebody may look at; "" where there is none."""
    return next((name for noun, _label, name in PLACES if may(user, "view", noun)), "")


def fingerprint(row: models.Model, names: tuple[str, ...]) -> str:
    """Of what a person saw of a row: if it is another now, the row has moved on."""
    seen = "|".join(str(getattr(row, name)) for name in names)
    return sha256(seen.encode()).hexdigest()[:16]


class LongList(Paginator[Any]):
    """Pages of what may be very much: counts no further than it lists."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most MOST_LISTED."""
        found: Any = self.object_list
        return int(found[:MOST_LISTED].count())


class DeskPage(OfficePage):
    """A page about one noun: GET to whoever may look, POST to whoever may change."""

    noun: ClassVar[type[models.Model]]
    place = "mail_desk"
    header_icon = "mail"
    verb_of_post = "change"

    def is_allowed(self) -> bool:
        """Whether who asks may do this."""
        verb = self.verb_of_post if self.request.method == "POST" else "view"
        return may(self.request.user, verb, self.noun)

    @property
    def may_change(self) -> bool:
        """Whether buttons are shown."""
        return may(self.request.user, self.verb_of_post, self.noun)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the desk, this place."""
        desk = reverse(first_place(self.request.user) or "mail_desk")
        trail = [*self.breadcrumbs_items, {"url": desk, "label": _("Mail")}]
        for _noun, label, name in PLACES[1:]:
            if name == self.place:
                trail.append({"url": reverse(name), "label": label})
        return [*trail, *self.here()]

    def here(self) -> list[dict[str, Any]]:
        """The last step to this page, if it is one below its place."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the frame shows."""
        return {
            **super().get_context_data(**kwargs),
            "places": list(self._places()),
            "may_change": self.may_change,
            "now": self.now,
            "deed": self._deed(),
        }

    def _deed(self) -> Deed | None:
        """What was done just now, if it can be undone: its number is in the address."""
        number = self.request.GET.get("done", "")
        if not (number.isascii() and number.isdecimal() and len(number) < LONGEST_KEY):
            return None
        who = self.request.user.get_username()
        return find_deed(int(number), who=who, now=self.now)

    def _places(self) -> Iterator[tuple[str, Promise, bool]]:
        for noun, label, name in PLACES:
            if may(self.request.user, "view", noun):
                yield reverse(name), label, name == self.place

    def answer(self, said: Said, *, to: str = "", do: str = "") -> HttpResponse:
        """Say what came of it, on the page that one comes from; note what was done, by whom."""
        tell = messages.success if said.done else messages.warning
        tell(self.request, said.text)
        to = to or self.request.get_full_path()
        if do and said.done:
            deed = self.note(do, said)
            to = with_done(to, deed.pk if deed.rows else None)
        return redirect(to)

    def note(self, do: str, said: Said) -> Deed:
        """Into the journal; with what it takes to undo it, where that can be."""
        deed = note_deed(
            who=self.request.user.get_username(),
            noun=self.journal_noun(),
            do=do,
            number=said.number,
            undo=said.undo,
            now=self.now,
        )
        # The journal outlives the deed.
        data = {"noun": deed.noun, "do": do, "number": said.number}
        log(deed, "tocsin.desk", user=self.request.user, deleted=True, data=data)
        return deed

    def journal_noun(self) -> str:
        """To rows of which noun it was done."""
        return self.noun.__name__.lower()

    def is_sure(self) -> bool:
        """Whether who asks has read that this is for good."""
        return self.request.POST.get("sure") == "yes"

    def ask(self, words: str, *, label: Promise | str) -> HttpResponse:
        """First say that it is for good; what was pressed is pressed once more."""
        given = self.request.POST.lists()
        kept = [(name, each) for name, values in given if name in RESENT for each in values]
        context = {**self.get_context_data(), "words": words, "label": label, "kept": kept}
        return render(self.request, "office/mail/sure.html", context)


def with_done(url: str, deed: int | None) -> str:
    """The address, with the number of what was done just now, or with none."""
    path, _mark, query = url.partition("?")
    asked = QueryDict(query, mutable=True)
    asked.pop("done", None)
    if deed:
        asked["done"] = str(deed)
    return f"{path}?{asked.urlencode()}" if asked else path


@dataclass(frozen=True)
class Line:
    """One row of a list: the first cell leads to its page, `seen` names it as it is for a form."""

    url: str
    name: str
    cells: tuple[str, ...]
    seen: str = ""


class DeskList(DeskPage):
    """All rows of one noun, in pages."""

    template_name = "office/mail/rows.html"
    headings: tuple[Promise, ...] = ()

    def found(self) -> models.QuerySet[Any]:
        """The rows, in order."""
        raise NotImplementedError

    def lines(self, page: Page[Any]) -> list[Line]:
        """What is shown of each row of one page."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of it."""
        found = within(self.request.user, self.found())
        page = LongList(found, PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "lines": self.lines(page),
            "headings": self.headings,
        }


@dataclass(frozen=True)
class Button:
    """What may be done with a row; `do` is the name of the act.

    `final` says that it cannot be undone: it is asked before.
    """

    do: str
    label: Promise | str
    serious: bool = False
    final: Promise | str = ""


def refused() -> HttpResponse:
    """An act that no page offers."""
    return HttpResponseBadRequest("no such act")
