"""Importing targets: a file, its columns, what would happen, and then that it happens."""

import csv
import io
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from tocsin.office.directory_shell import DirectoryPage
from tocsin.office.import_forms import AreaMappingForm, FileForm, MappingForm, RunForm
from tocsin.office.mail_shell import PAGE, LongList, Said, refused
from tocsin.office.target_words import WRONG_WORDS, field_words, why_words
from tocsin.readers.table import harmless
from tocsin.targets.areas import AreaTable
from tocsin.targets.importing.checking import shortened
from tocsin.targets.importing.models import ImportLine, TargetImport
from tocsin.targets.importing.planning import BAD, CHANGED, NEW
from tocsin.targets.importing.reading import read_table
from tocsin.targets.importing.table import Table, Unreadable
from tocsin.targets.importing.work import begin_import, go_on, most_rows
from tocsin.targets.rules import Wrong

State = TargetImport.State
LOOK_AGAIN = 3
"""Seconds after which a page that tells how far it is asks again."""


class ImportPage(DirectoryPage):
    """What every page of an import has."""

    needs = ("add", "change")
    place = "targets:import"

    def read_file(self, into: AreaTable | None = None) -> HttpResponse:
        """Read one of targets, or of the areas of a table; what cannot be read is not kept."""
        form = FileForm(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.show(status=422, form=form)
        file = form.cleaned_data["file"]
        name = shortened(file.name)
        try:
            of = begin_import(name=name, content=file.read(), now=self.now, into=into)
        except Unreadable as error:
            words = why_words(error.why, error.line, rows=most_rows(into))
            form.add_error("file", ValidationError(words))
            return self.show(status=422, form=form)
        return redirect("targets:import_one", of.pk)


class NewImport(ImportPage):
    """The file, and the imports that are under way."""

    page_title = gettext_lazy("Import")
    template_name = "office/targets/import.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, and where the others are."""
        imports = TargetImport.objects.defer("content")
        return {**super().get_context_data(**kwargs), "form": FileForm(), "imports": imports[:PAGE]}

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Read it."""
        return self.read_file()


class OneImport(ImportPage):
    """One import, at whatever step it is."""

    template_name = "office/targets/import_one.html"

    @cached_property
    def of(self) -> TargetImport:
        """The import of this page."""
        imports = TargetImport.objects.select_related("table").defer("content")
        found = imports.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def table(self) -> Table:
        """Its rows, read once more."""
        most = most_rows(self.of.table)
        return read_table(bytes(self.of.content), today=self.now.date(), most=most)

    def get_page_title(self) -> str:
        """What the file is called."""
        return self.of.name

    def here(self) -> list[dict[str, Any]]:
        """The file."""
        return [{"url": "", "label": self.of.name}]

    def show(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """While the worker is at it, the page asks again by itself."""
        answer = super().show(status=status, **more)
        if self.of.state in (State.CHECKING, State.RUNNING):
            answer.headers["Refresh"] = str(LOOK_AGAIN)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What belongs to its step."""
        context = {**super().get_context_data(**kwargs), "of": self.of}
        if self.of.state == State.MAPPING:
            return {**context, "form": self._mapping()}
        if self.of.state in (State.CHECKED, State.REFUSED, State.DONE):
            context |= self._told()
        if self.of.state in (State.CHECKED, State.REFUSED):
            context["form"] = RunForm()
        return context

    def _told(self) -> dict[str, Any]:
        counts = self.of.counts()
        first = next((state for state in (BAD, NEW, CHANGED) if counts[state]), "unchanged")
        asked = self.request.GET.get("state", "")
        state = asked if asked in counts else first
        page = LongList(self.of.lines.filter(state=state), PAGE).get_page(self.request.GET.get("p"))
        return {
            "counts": [
                (each, ImportLine.State(each).label, number, each == state)
                for each, number in counts.items()
            ],
            "bad": counts[BAD],
            "good": counts[NEW] + counts[CHANGED],
            "state": state,
            "asked": f"state={state}",
            "page": page,
            "lines": [(line, told(line)) for line in page],
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Go on to the next step, or back, or throw it away."""
        do = self.request.POST.get("do", "")
        if do == "forget":
            self.of.delete()
            said = Said(_("The import is thrown away. Nothing more of it is done."))
            return self.answer(said, to=reverse("targets:import"))
        steps = {
            ("check", State.MAPPING): self._check,
            ("columns", State.CHECKED): self._columns,
            ("columns", State.REFUSED): self._columns,
            ("run", State.CHECKED): self._run,
            ("run", State.REFUSED): self._run,
        }
        step = steps.get((do, State(self.of.state)))
        return step() if step else refused()

    def _mapping(self, filled: Any = None) -> MappingForm | AreaMappingForm:
        """The question what its columns are."""
        table, mapping = self.table, self.of.mapping
        if self.of.table:
            return AreaMappingForm(filled, table=table, mapping=mapping)
        return MappingForm(filled, table=table, mapping=mapping, given=self.of.given)

    def _check(self) -> HttpResponse:
        form = self._mapping(self.request.POST)
        if not form.is_valid():
            return self.show(status=422, form=form)
        self.of.mapping, self.of.given = form.mapping, form.given
        go_on(self.of, state=State.CHECKING)
        return redirect("targets:import_one", self.of.pk)

    def _columns(self) -> HttpResponse:
        go_on(self.of, state=State.MAPPING)
        return redirect("targets:import_one", self.of.pk)

    def _run(self) -> HttpResponse:
        form = RunForm(self.request.POST)
        if not form.is_valid():
            return self.show(status=422, form=form)
        self.of.good_only = form.cleaned_data["which"] == "good"
        log(self.of, "wagtail.create", user=self.request.user, data={"rows": self.of.rows})
        go_on(self.of, state=State.RUNNING)
        return redirect("targets:import_one", self.of.pk)


def told(line: ImportLine) -> list[tuple[str, str, str]]:
    """What is told of a row, in words: field, before or value, after or reason."""
    if line.state == BAD:
        return [
            (field_words(name), value, str(WRONG_WORDS[Wrong(wrong)]))
            for name, value, wrong in line.told
        ]
    return [(field_words(name), before, after) for name, before, after in line.told]


class ImportReport(ImportPage):
    """The bad rows as a file, for whoever mends them."""

    def get(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """CSV, with what a spreadsheet would calculate made harmless."""
        of = TargetImport.objects.defer("content").filter(pk=self.kwargs["pk"]).first()
        if of is None:
            raise Http404
        out = io.StringIO()
        # A French spreadsheet divides by semicolons.
        delimiter = ";" if (get_language() or "").startswith("fr") else ","
        rows = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        rows.writerow([_("Row"), _("Field"), _("Value"), _("Reason")])
        for line in of.lines.filter(state=BAD):
            rows.writerows([line.number, *map(harmless, cells)] for cells in told(line))
        answer = HttpResponse(out.getvalue().encode("utf-8-sig"), content_type="text/csv")
        answer["Content-Disposition"] = f'attachment; filename="bad-rows-{of.pk}.csv"'
        return answer
