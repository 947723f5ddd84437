"""Taking tables out: which, as what file, and the journal of who did."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.letters.models import Letter
from tocsin.office.export_lines import Piece, Wanted, action_lines, board_lines, letter_lines
from tocsin.office.mail_shell import DeskPage, may
from tocsin.office.page import database_now
from tocsin.office.scope import within
from tocsin.office.sheets import Line, as_csv, as_xlsx
from tocsin.organisations.partners import Partner
from tocsin.outcomes.exports import Export

MOST_TOLD = 50
"""Rows of the journal that are shown, the newest first."""

NOUNS: dict[str, type[models.Model]] = {
    Export.What.ACTIONS: Action,
    Export.What.LETTERS: Letter,
    Export.What.BOARD: Campaign,
}
"""What one must be allowed to see to take it out."""

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Kind:
    """A kind of file: its type, the end of its name, how it is made of lines."""

    type: str
    end: str
    make: Callable[[Iterator[Line]], Iterator[bytes]]


KINDS: dict[str, Kind] = {
    Export.Form.CSV: Kind(CSV, "csv", as_csv),
    Export.Form.EXCEL: Kind(CSV, "csv", lambda lines: as_csv(lines, delimiter=";", bom=True)),
    Export.Form.XLSX: Kind(XLSX, "xlsx", as_xlsx),
}


class ExportForm(forms.Form):
    """What is taken out, of which campaign, as which file."""

    def __init__(self, *args: Any, user: AbstractBaseUser | AnonymousUser, **options: Any) -> None:
        super().__init__(*args, **options)
        seen = [
            (what, label)
            for what, label in Export.What.choices
            if isinstance(user, AbstractBaseUser) and may_see(user, what)
        ]
        self.fields |= {
            "what": forms.ChoiceField(
                label=_("What"),
                choices=seen,
                help_text=_("A row for each action or letter, or the sums of the board."),
            ),
            "campaign": forms.ModelChoiceField(
                label=_("Campaign"),
                required=False,
                queryset=within(user, Campaign.objects.all()),
                empty_label=_("all"),
                help_text=_("One alone, or all those of your organisations."),
            ),
            "since": _day(_("From the day"), _("Empty: since the first action.")),
            "until": _day(_("To the day"), _("That day is in it. Empty: until today.")),
            "form": forms.ChoiceField(
                label=_("File"),
                choices=Export.Form.choices,
                help_text=_("XLSX opens in every spreadsheet; CSV is for other programs."),
            ),
        }


def _day(label: str, help_text: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=widget,
        input_formats=["%Y-%m-%d"],
    )


def may_see(user: Any, what: str) -> bool:
    """Whether somebody may look at what the export is made of."""
    return may(user, "view", NOUNS[what])


class ExportDesk(DeskPage):
    """The form, and below it the journal; the journal alone when it is fetched again."""

    noun = Export
    verb_of_post = "add"
    header_icon = "download"
    page_title = gettext_lazy("Exports")

    @property
    def template_name(self) -> str:
        """The page, or the journal."""
        return f"office/exports/{'now' if 'now' in self.request.GET else 'page'}.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, here."""
        return [*self.breadcrumbs_items, {"url": "", "label": _("Exports")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form as it was sent, or with what the address asks for."""
        asked = {name: self.request.GET.get(name) for name in ("what", "campaign")}
        return {
            **super().get_context_data(**kwargs),
            "form": kwargs.get("form") or ExportForm(user=self.request.user, initial=asked),
            "exports": [
                (each, Export.State(each.state_at(self.now)).label)
                for each in self.journal()[:MOST_TOLD]
            ],
            "again": f"{reverse('exports')}?now=1",
        }

    def journal(self) -> models.QuerySet[Export]:
        """One's own, and those of campaigns that one may see; of all, if one sees all."""
        user = self.request.user
        found = Export.objects.select_related("campaign").order_by("-began", "-pk")
        if user.is_superuser:
            return found
        seen = within(user, Campaign.objects.all()).values("pk")
        return found.filter(models.Q(who=user.get_username()) | models.Q(campaign__in=seen))

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponseBase:
        """Begin to send the file."""
        form = ExportForm(self.request.POST, user=self.request.user)
        if not form.is_valid():
            return self.show(form=form, status=422)
        asked = form.cleaned_data
        if not may_see(self.request.user, asked["what"]):
            raise PermissionDenied
        campaign = asked["campaign"]
        mine = within(self.request.user, Campaign.objects.select_related("mailing"))
        wanted = Wanted(
            campaigns=[campaign] if campaign else list(mine.order_by("slug")),
            since=asked["since"] or date.min,
            until=asked["until"] or self.now.date(),
        )
        row = Export.objects.create(
            what=asked["what"],
            form=asked["form"],
            campaign=campaign,
            who=self.request.user.get_username(),
            began=self.now,
            seen=self.now,
            expected=0 if asked["what"] == Export.What.BOARD else wanted.count(),
        )
        return sent(row, self.pieces(row, wanted))

    def pieces(self, row: Export, wanted: Wanted) -> Iterator[Piece]:
        """What it is made of."""
        if row.what == Export.What.ACTIONS:
            return action_lines(wanted)
        if row.what == Export.What.LETTERS:
            return letter_lines(wanted)
        partners = within(self.request.user, Partner.objects.all())
        return board_lines(wanted, partners=dict(partners.values_list("slug", "name")))


def sent(row: Export, pieces: Iterator[Piece]) -> StreamingHttpResponse:
    """The answer that is made while it is sent; the journal says how far it came."""
    kind = KINDS[row.form]
    which = row.campaign.slug if row.campaign else "all"
    lines = _lines(row, pieces, language=translation.get_language() or "en")
    answer = StreamingHttpResponse(_watched(row, kind.make(lines)), content_type=kind.type)
    name = f"{row.what}-{which}-{row.began:%Y-%m-%d}.{kind.end}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _watched(row: Export, made: Iterator[bytes]) -> Iterator[bytes]:
    """Broken off, by us or by whoever took it, it is not said to be complete."""
    is_whole = False
    try:
        yield from made
        is_whole = True
    finally:
        row.state = Export.State.DONE if is_whole else Export.State.BROKEN
        _write_down(row)


def _lines(row: Export, pieces: Iterator[Piece], *, language: str) -> Iterator[Line]:
    while True:
        # The answer is made after the request has ended, in nobody's language.
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        done, lines = piece
        row.done += done
        row.written += len(lines)
        _write_down(row)
        yield from lines


def _write_down(row: Export) -> None:
    row.seen = database_now()
    row.save(update_fields=["state", "seen", "done", "written"])
