"""Lists of the mail desk in which one finds many rows, and does something with all of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Page
from django.db import models, transaction
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.office.mail_shell import (
    LONGEST_KEY,
    Button,
    DeskList,
    Said,
    fingerprint,
    found_words,
    left_words,
    refused,
)
from tocsin.office.scope import within
from tocsin.outbox.deeds import changed, told
from tocsin.outbox.routes import Route

State = tuple[str, Promise, models.Q]
"""A choice of the filter: its name, its words, the rows that it finds."""

ANY = gettext_lazy("any")


class RowFilter(forms.Form):
    """Which rows: by a word in their name, by how they are."""

    q = forms.CharField(label=gettext_lazy("Name contains"), required=False, max_length=254)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)

    def __init__(self, asked: Any, *, states: Sequence[State]) -> None:
        super().__init__(asked, auto_id="filter_%s")
        self.meant = {name: found for name, _label, found in states}
        field: Any = self.fields["state"]
        field.choices = [(name, label) for name, label, _found in states]
        if not states:
            del self.fields["state"]

    def narrow(self, rows: models.QuerySet[Any], *, by: str) -> models.QuerySet[Any]:
        """Those that fit; none if the filter makes no sense."""
        if not self.is_valid():
            return rows.none()
        if word := self.cleaned_data["q"].strip():
            rows = rows.filter(**{f"{by}__icontains": word})
        state = self.cleaned_data.get("state", "")
        return rows.filter(self.meant[state]) if state in self.meant else rows


class BulkList(DeskList):
    """Rows with a filter, and buttons for many at a time: those selected, or all that are found.

    `watched` are the fields by which a row has moved on, `named` that which the filter looks into.
    """

    template_name = "office/mail/rows.html"
    watched: ClassVar[tuple[str, ...]] = ()
    named: ClassVar[str] = "name"
    bulk: ClassVar[tuple[Button, ...]] = ()

    def states(self) -> tuple[State, ...]:
        """The choices of the filter, the first of them where none was made."""
        return ()

    def fits(self, do: str, row: Any) -> bool:
        """Whether that can be done with a row as it is."""
        raise NotImplementedError

    def do_many(self, do: str, rows: Sequence[Any]) -> Said:
        """Do it with these, which are locked, and say so."""
        raise NotImplementedError

    def every(self) -> models.QuerySet[Any]:
        """All rows, in order."""
        raise NotImplementedError

    @cached_property
    def filter(self) -> RowFilter:
        """What was asked for."""
        asked, states = self.request.GET.copy(), self.states()
        if states:
            asked.setdefault("state", states[0][0])
        return RowFilter(asked, states=states)

    def found(self) -> models.QuerySet[Any]:
        """Those that fit."""
        return self.filter.narrow(self.every(), by=self.named)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the filter, and the buttons."""
        context = super().get_context_data(**kwargs)
        page: Page[Any] = context["page"]
        asked = self.request.GET.copy()
        for name in ("p", "done"):
            asked.pop(name, None)
        marks = [f"{row.pk}.{fingerprint(row, self.watched)}" for row in page]
        lines = [
            replace(line, seen=mark) for line, mark in zip(context["lines"], marks, strict=True)
        ]
        return {
            **context,
            "lines": lines,
            "filter": self.filter,
            "asked": asked.urlencode(),
            "bulk": self.bulk,
            "found": found_words(page.paginator.count),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Do something with the selected, or with all that the filter finds."""
        do = self.request.POST.get("do", "")
        if do not in {button.do for button in self.bulk}:
            return refused()
        everything = self.request.POST.get("which") == "found"
        marks = dict(_pairs(self.request.POST.getlist("seen")))
        if not everything and not marks:
            return self.answer(Said(_("Nothing was selected."), done=False))
        rows = within(self.request.user, self.found() if everything else self.every())
        if not everything:
            keys = [key for key in marks if _is_key(rows.model, key)]
            rows = rows.filter(pk__in=keys)
        with transaction.atomic():
            locked = rows.order_by("pk").select_for_update(of=("self",))
            fit = [
                row
                for row in locked
                if self.fits(do, row)
                and (everything or marks.get(str(row.pk)) == fingerprint(row, self.watched))
            ]
            said = self._done(do, fit, left=0 if everything else len(marks) - len(fit))
            return self.answer(said, do=do)

    def _done(self, do: str, fit: Sequence[Any], *, left: int) -> Said:
        if not fit:
            return Said(left_words(left) if left else _("There is none like that."), done=False)
        noun = self.noun.__name__.lower()
        before = {row.pk: told(noun, row) for row in fit}
        said = self.do_many(do, fit)
        after = self.every().filter(pk__in=list(before))
        undo = [each for row in after for each in changed(row.pk, before[row.pk], told(noun, row))]
        words = f"{said.text} {left_words(left)}" if left else said.text
        return replace(said, text=words, number=len(fit), undo=undo)


def _pairs(chosen: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in chosen:
        key, _dot, mark = text.rpartition(".")
        if key and "\x00" not in key:
            yield key, mark


def _is_key(model: type[models.Model], text: str) -> bool:
    """Whether a row could have that key: what a form says is anything."""
    is_number = text.isascii() and text.isdecimal() and len(text) < LONGEST_KEY
    return is_number or model is Route
