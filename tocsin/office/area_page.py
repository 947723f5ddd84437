"""Tables of areas: which there are, a new one, and the file that fills it."""

from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Count, ProtectedError
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from tocsin.kit.countries import country_choices, country_name
from tocsin.office.import_forms import FileForm
from tocsin.office.mail_shell import PAGE, LongList, Said, refused
from tocsin.office.target_form import fit
from tocsin.office.target_import import ImportPage
from tocsin.targets import rules
from tocsin.targets.areas import AreaTable, Postcode


class TableForm(forms.ModelForm[AreaTable]):
    """A new table: whose areas it has."""

    class Meta:
        model = AreaTable
        fields = ("name", "slug", "country")
        help_texts = {
            "name": gettext_lazy("What is divided, and how: French constituencies 2024."),
            "slug": gettext_lazy("For imports of targets: small letters, digits and hyphens."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        countries = country_choices(get_language() or "en")
        self.fields["country"] = forms.ChoiceField(
            label=gettext_lazy("Country"),
            choices=[("", _("Choose a country")), *countries],
            help_text=gettext_lazy("Supporters who live there are asked for their postcode."),
        )

    def clean_name(self) -> str:
        """One line."""
        return fit(rules.read_line, self.cleaned_data["name"])

    def clean_slug(self) -> str:
        """The short name, as an import takes it."""
        return fit(rules.read_key, self.cleaned_data["slug"])


class AreaTables(ImportPage):
    """The tables that there are, and a new one."""

    place = "targets:areas"
    page_title = gettext_lazy("Areas")
    template_name = "office/targets/areas.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each with its numbers."""
        language = get_language() or "en"
        tables = AreaTable.objects.annotate(n=Count("areas"))
        return {
            **super().get_context_data(**kwargs),
            "tables": [(each, country_name(each.country, language), each.n) for each in tables],
            "form": TableForm(),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Make one that is empty."""
        form = TableForm(self.request.POST)
        if not form.is_valid():
            return self.show(status=422, form=form)
        table = form.save()
        log(table, "wagtail.create", user=self.request.user)
        said = Said(_("The table is there. Choose the file with its postcodes."))
        return self.answer(said, to=reverse("targets:area_table", args=[table.pk]))


class OneAreaTable(ImportPage):
    """One table: its areas, the file that fills it, and that it is deleted."""

    place = "targets:areas"
    template_name = "office/targets/area_table.html"

    @cached_property
    def table(self) -> AreaTable:
        """The table of this page."""
        found = AreaTable.objects.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        """What it is called."""
        return self.table.name

    def here(self) -> list[dict[str, Any]]:
        """The table."""
        return [{"url": "", "label": self.table.name}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of its areas, with the number of their postcodes and targets."""
        rows = self.table.areas.annotate(
            codes=Count("postcodes", distinct=True), stand=Count("targets", distinct=True)
        )
        postcodes = Postcode.objects.filter(area__table=self.table)
        return {
            **super().get_context_data(**kwargs),
            "table": self.table,
            "country": country_name(self.table.country, get_language() or "en"),
            "number": self.table.areas.count(),
            "codes": postcodes.values("code").distinct().count(),
            "page": LongList(rows.order_by("code"), PAGE).get_page(self.request.GET.get("p")),
            "form": FileForm(),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Read a file, or delete the table."""
        do = self.request.POST.get("do", "")
        if do == "read":
            return self.read_file(into=self.table)
        return self._delete() if do == "delete" else refused()

    def _delete(self) -> HttpResponse:
        try:
            with transaction.atomic():
                log(self.table, "wagtail.delete", user=self.request.user, deleted=True)
                self.table.delete()
        except ProtectedError:
            words = _("Targets stand for its areas: take those out of them first.")
            return self.answer(Said(words, done=False))
        return self.answer(Said(_("It is deleted.")), to=reverse("targets:areas"))
