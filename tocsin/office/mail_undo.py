"""Undoing at the mail desk what one did just now, and the words for it in the journal."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.log_actions import LogActionRegistry, LogFormatter

from tocsin.office.mail_shell import DeskPage, Said, left_words, may, with_done
from tocsin.office.scope import within
from tocsin.office.words import DEED_WORDS, in_word
from tocsin.outbox.deeds import FIELDS, Deed, MovedOn, find_deed, undo_deed
from tocsin.outbox.models import Message


class UndoDeed(DeskPage):
    """The button beside what was said of a deed: for who did it, as long as they still may."""

    http_method_names = ["post"]

    @cached_property
    def deed(self) -> Deed | None:
        """Theirs, and not too old."""
        who = self.request.user.get_username()
        return find_deed(self.kwargs["pk"], who=who, now=self.now)

    def is_allowed(self) -> bool:
        """Whether who asks may change such rows; of a deed that is none, nothing is told."""
        if not self.request.user.is_authenticated:
            return False
        if self.deed is None:
            return True
        return may(self.request.user, "change", _noun_of(self.deed))

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Set back what has not moved on, and say with how many."""
        back = with_done(self.request.POST.get("back", ""), None)
        if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            back = reverse("mail_desk")
        late = Said(_("That was undone already, or is too long ago. Nothing was done."), done=False)
        if self.deed is None:
            return self.answer(late, to=back)
        every: QuerySet[Any] = QuerySet(model=_noun_of(self.deed))
        try:
            done, left = undo_deed(self.deed, among=within(self.request.user, every))
        except MovedOn:
            return self.answer(late, to=back)
        return self.answer(_said(done, left), to=back, do="undo")

    def journal_noun(self) -> str:
        """That of the deed."""
        return self.deed.noun if self.deed else ""


def _noun_of(deed: Deed) -> type[Model]:
    return Message if deed.noun == "message" else FIELDS[deed.noun][0]


def _said(done: int, left: int) -> Said:
    parts = []
    if done:
        words = ngettext("Undone: %(n)s is as it was.", "Undone: %(n)s are as they were.", done)
        parts.append(words % {"n": done})
    if left:
        parts.append(left_words(left))
    return Said(" ".join(parts), done=bool(done), number=done)


def register_words(actions: LogActionRegistry) -> None:
    """How the journal names what was done at the desk."""

    @actions.register_action("tocsin.desk")
    class AtTheDesk(LogFormatter):
        label = gettext_lazy("Mail desk")

        def format_message(self, log_entry: Any) -> str:
            """What was pressed, and with how many rows it was done."""
            do, number = log_entry.data.get("do", ""), log_entry.data.get("number", 0)
            return f"{in_word(DEED_WORDS, do)} ({number})"
