"""Signatures on paper: entered one by one or from a list, and taken back by a second entry."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tocsin.campaigns.models import Campaign
from tocsin.office.board_charts import grouped
from tocsin.office.mail_shell import DeskPage, LongList, Said, moved_on, refused
from tocsin.office.paper_file import MOST_BYTES, MOST_ROWS, Bad, Wrong, read_sheet, read_sheets
from tocsin.office.scope import within
from tocsin.outcomes.paper import MOST, AlreadyThere, PaperCount, Sheet, enter_sheets, undo_entry

PAGE = 50
MOST_BAD = 200
"""Bad rows that are shown; whoever has more looks at the columns first."""

FIELD_WORDS: dict[str, Promise | str] = {
    "": "",
    "day": gettext_lazy("day"),
    "place": gettext_lazy("place"),
    "number": gettext_lazy("number"),
}
WRONG_WORDS: dict[Wrong, Promise] = {
    Wrong.TOO_LARGE: gettext_lazy("The file is larger than %(bytes)s bytes: divide it."),
    Wrong.NOT_TEXT: gettext_lazy("This is no CSV: save the table as “CSV UTF-8”."),
    Wrong.NO_HEADER: gettext_lazy(
        "The first row has to name three columns, each once: day, place, number."
    ),
    Wrong.NO_ROWS: gettext_lazy("There is no row in it."),
    Wrong.TOO_MANY: gettext_lazy("There are more than %(rows)s rows: divide the file."),
    Wrong.NO_DAY: gettext_lazy("Write the day like 2026-03-10 or 10/03/2026."),
    Wrong.LATER_DAY: gettext_lazy("That day has not come yet."),
    Wrong.NO_PLACE: gettext_lazy("Say where they signed."),
    Wrong.PLACE: gettext_lazy("A place is at most 80 letters, in one line, and no address."),
    Wrong.NO_NUMBER: gettext_lazy("Write a whole number from 1 to %(most)s."),
    Wrong.TWICE: gettext_lazy("The same day, place and number are there already."),
}


def told(bad: Bad) -> tuple[int, str, str, str]:
    """Row, field, value and reason, in words."""
    values = {"bytes": grouped(MOST_BYTES), "rows": grouped(MOST_ROWS), "most": grouped(MOST)}
    return bad.row, str(FIELD_WORDS[bad.field]), bad.value, str(WRONG_WORDS[bad.why]) % values


class SheetForm(forms.Form):
    """One sheet, as it is typed."""

    day = forms.CharField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
        help_text=gettext_lazy("When they signed; of several days the last one."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        required=False,
        help_text=gettext_lazy("Where they signed: a town, a stall, a meeting. Never who signed."),
    )
    number = forms.CharField(
        label=gettext_lazy("How many signed"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        help_text=gettext_lazy("Counted on the sheet, in digits. The sheet itself stays with you."),
    )
    again = forms.BooleanField(
        label=gettext_lazy("It is another sheet, though day, place and number are the same"),
        required=False,
        help_text=gettext_lazy("Otherwise nothing is counted twice."),
    )


class FileForm(forms.Form):
    """A list of sheets."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        required=False,
        help_text=gettext_lazy(
            "With the columns day, place, number. All rows are taken, or none if one is wrong."
        ),
    )


class PaperDesk(DeskPage):
    """One campaign's entries, the newest first, with the two forms."""

    noun = PaperCount
    verb_of_post = "add"
    header_icon = "edit"
    page_title = gettext_lazy("Signed on paper")
    template_name = "office/paper.html"

    @cached_property
    def campaign(self) -> Campaign:
        """Whose signatures; a foreign one is none."""
        found = within(self.request.user, Campaign.objects.filter(slug=self.kwargs["slug"])).first()
        if found is None:
            raise Http404
        return found

    @property
    def who(self) -> str:
        """Whoever is signed in."""
        name: str = self.request.user.get_username()
        return name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the board, the campaign, here."""
        slug = self.campaign.slug
        return [
            *self.breadcrumbs_items,
            {"url": reverse("board"), "label": _("Board")},
            {"url": reverse("campaign_board", args=[slug]), "label": slug},
            {"url": "", "label": _("Signed on paper")},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The sum, the forms, a page of entries."""
        entries = PaperCount.objects.filter(campaign=self.campaign)
        found = entries.select_related("undone_by", "undoes").order_by("-pk")
        return {
            **super().get_context_data(**kwargs),
            "sum": grouped(entries.aggregate(sum=Sum("number"))["sum"] or 0),
            "sheet": SheetForm(),
            "file": FileForm(),
            "page": LongList(found, PAGE).get_page(self.request.GET.get("p")),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Enter one, enter many, or take one back."""
        act = {"sheet": self.enter_one, "file": self.enter_many, "undo": self.undo}
        do = act.get(self.request.POST.get("do", ""))
        return do() if do else refused()

    def enter_one(self) -> HttpResponse:
        """What was typed; shown again with what is wrong."""
        form = SheetForm(self.request.POST)
        form.is_valid()
        asked = form.cleaned_data
        typed = {name: asked[name] for name in ("day", "place", "number")}
        sheet = read_sheet(**typed, row=0, today=self.now.date())
        if isinstance(sheet, Sheet):
            try:
                return self.entered([sheet], again=asked["again"])
            except AlreadyThere:
                sheet = [Bad(0, "number", "", Wrong.TWICE)]
        for bad in sheet:
            form.add_error(bad.field, told(bad)[3])
        return self.show(sheet=form, status=422)

    def enter_many(self) -> HttpResponse:
        """A list: all of it, or nothing and why."""
        upload = self.request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            return self.answer(Said(_("Choose a file first."), done=False))
        content = upload.read(MOST_BYTES + 1)
        sheets, bad = read_sheets(content, today=self.now.date())
        if not bad:
            try:
                return self.entered([sheet for _row, sheet in sheets])
            except AlreadyThere as there:
                bad = [
                    Bad(sheets[at][0], "number", str(sheets[at][1].number), Wrong.TWICE)
                    for at in there.places
                ]
        return self.show(bad=[told(each) for each in bad[:MOST_BAD]], all_bad=len(bad), status=422)

    def entered(self, sheets: list[Sheet], *, again: bool = False) -> HttpResponse:
        """Enter them, and say how many that is."""
        number = enter_sheets(
            campaign=self.campaign, sheets=sheets, who=self.who, now=self.now, again=again
        )
        words = ngettext(
            "%(number)s signature is entered.", "%(number)s signatures are entered.", number
        )
        return self.answer(Said(words % {"number": grouped(number)}))

    def undo(self) -> HttpResponse:
        """Take one entry back."""
        text = self.request.POST.get("entry", "")
        sound = text.isascii() and text.isdecimal() and len(text) < 19
        done = sound and undo_entry(
            campaign=self.campaign, pk=int(text), who=self.who, now=self.now
        )
        said = Said(_("The entry is taken back by a second one.")) if done else moved_on()
        return self.answer(said)
