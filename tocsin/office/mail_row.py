"""The page of one row of the mail desk: its facts, its buttons, its forms."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.functional import Promise

from tocsin.office.mail_shell import Button, DeskPage, Said, fingerprint, moved_on, refused
from tocsin.office.scope import within
from tocsin.outbox.deeds import changed, told

Fact = tuple[Promise | str, str]
Act = Callable[[Any, dict[str, Any]], Said]
"""What a button or a form does with the locked row, and what was filled in."""


class DeskRow(DeskPage):
    """One row. A button or form acts only on what the person saw; otherwise it says so."""

    template_name = "office/mail/row.html"
    watched: ClassVar[tuple[str, ...]] = ()
    forms: ClassVar[Mapping[str, type["RowForm"]]] = {}

    def rows(self) -> models.QuerySet[Any]:
        """Where the row is looked for."""
        raise NotImplementedError

    def acts(self) -> dict[str, Act]:
        """What each button and form does, by its name."""
        raise NotImplementedError

    def facts(self, row: Any) -> list[Fact]:
        """What is to be known of it."""
        raise NotImplementedError

    def buttons(self, row: Any) -> tuple[Button, ...]:
        """What can be done with it as it is."""
        raise NotImplementedError

    def more(self, row: Any) -> list[tuple[str, Promise | str]]:
        """Where one may go on from here."""
        raise NotImplementedError

    @cached_property
    def row(self) -> Any:
        """The row of this page."""
        return self._found(self.rows())

    def _found(self, rows: models.QuerySet[Any]) -> Any:
        found = within(self.request.user, rows).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        """What the row is called."""
        return str(self.row)

    def here(self) -> list[dict[str, Any]]:
        """The row."""
        return [{"url": "", "label": str(self.row)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts, buttons, forms."""
        return {
            **super().get_context_data(**kwargs),
            "facts": [fact for fact in self.facts(self.row) if fact[1]],
            "buttons": self.buttons(self.row),
            "forms": [(do, kind(row=self.row)) for do, kind in self.forms.items()],
            "more": self.more(self.row),
            "mark": fingerprint(self.row, self.watched),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Do it, if the row is as it was seen, and what was filled in makes sense."""
        do = self.request.POST.get("do", "")
        act = self.acts().get(do)
        if act is None:
            return refused()
        with transaction.atomic():
            row = self._found(self.rows().select_for_update(of=("self",)))
            buttons = {button.do: button for button in self.buttons(row)}
            offered = {*buttons, *self.forms}
            as_seen = self.request.POST.get("mark") == fingerprint(row, self.watched)
            if not as_seen or do not in offered:
                return self.answer(moved_on())
            if do in buttons and buttons[do].final and not self.is_sure():
                return self.ask(str(buttons[do].final), label=buttons[do].label)
            filled: dict[str, Any] = {}
            if do in self.forms:
                form = self.forms[do](self.request.POST, row=row)
                if not form.is_valid():
                    return self._again(do, form)
                filled = form.cleaned_data
            said = self._done(act, row, filled)
            return self.answer(said, to=self.next_page(do, filled), do=do)

    def _done(self, act: Act, row: Any, filled: dict[str, Any]) -> Said:
        """What was said of it, with what it takes to undo it."""
        noun, key = self.noun.__name__.lower(), row.pk
        before = told(noun, row)
        said = act(row, filled)
        left = self.rows().filter(pk=key).first()
        if not said.done or left is None:
            return said
        return replace(said, undo=changed(key, before, told(noun, left)))

    def next_page(self, do: str, filled: dict[str, Any]) -> str:  # noqa: ARG002
        """Where an act leads; empty: here again."""
        return ""

    def _again(self, do: str, form: "RowForm") -> HttpResponse:
        shown = [
            (name, form if name == do else kind(row=self.row)) for name, kind in self.forms.items()
        ]
        return self.show(status=422, forms=shown)


class RowForm(forms.Form):
    """A form about a row, with what stands in the row filled in."""

    legend: Promise | str = ""
    button: Promise | str = ""
    fields_of_row: tuple[str, ...] = ()

    def __init__(self, filled: Any = None, *, row: Any) -> None:
        self.row = row
        initial = {name: getattr(row, name) for name in self.fields_of_row}
        super().__init__(filled, initial=initial, auto_id=f"{type(self).__name__}_%s")


def hour(moment: datetime | None) -> str:
    """A time as the staff reads it, in UTC."""
    return f"{date_format(moment, 'SHORT_DATETIME_FORMAT')} UTC" if moment else ""
