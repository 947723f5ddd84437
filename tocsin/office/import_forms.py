"""What the staff fills in to import targets: a file, what its columns are, which rows go in."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tocsin.kit.countries import country_choices
from tocsin.office.target_form import fit
from tocsin.office.target_words import field_choices, field_words, why_words
from tocsin.targets import rules
from tocsin.targets.areas import AreaTable
from tocsin.targets.importing.area_rows import AREA_FIELDS, guess_area_mapping
from tocsin.targets.importing.checking import mapping_faults
from tocsin.targets.importing.fields import SEVERAL, guess_mapping, tongues_of
from tocsin.targets.importing.table import MOST_BYTES, Table, Why
from tocsin.targets.models import Target, TargetName

SHOWN = 3
"""Values of each column, beside the question what it is."""


class FileForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("File (CSV, or Popolo JSON)"),
        help_text=gettext_lazy(
            "Nothing is changed before you have seen what would be. The file is destroyed once it "
            "is imported, and after a day at the latest."
        ),
    )

    def clean_file(self) -> Any:
        """Not larger than what is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(why_words(Why.TOO_LARGE, 0))
        return file


class ColumnsForm(forms.Form):
    """What each column of a file is; no two of them the same, but for those of `several`."""

    columns: range
    several: ClassVar[Sequence[str]] = ()

    def clean(self) -> dict[str, Any]:
        """No field in two columns."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if twice := mapping_faults(self.mapping, several=self.several):
            names = ", ".join(field_words(name) for name in twice)
            raise ValidationError(_("Two columns are the same: %(names)s.") % {"names": names})
        return typed

    @property
    def mapping(self) -> list[str]:
        """What each column is, in order."""
        return [self.cleaned_data.get(f"column_{number}", "") for number in self.columns]


class MappingForm(ColumnsForm):
    """What each column is, and what holds for all rows that say nothing."""

    several = SEVERAL

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", "–"), *Target.Kind.choices],
        help_text=gettext_lazy("Of all rows that do not say it themselves."),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Country"),
        required=False,
        help_text=gettext_lazy("Whose government all those rows belong to."),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        required=False,
        max_length=12,
        help_text=gettext_lazy("Its code, for example en, fr, zh-hans."),
    )
    salutation = forms.CharField(
        label=gettext_lazy("Salutation"),
        required=False,
        max_length=rules.MOST_NAME,
        help_text=gettext_lazy("Of names that have none, with its comma: Your Excellency,"),
    )
    table = forms.ModelChoiceField(
        label=gettext_lazy("Table of areas"),
        queryset=AreaTable.objects.all(),
        to_field_name="slug",
        required=False,
        help_text=gettext_lazy("For a column with the code of the area for which each stands."),
    )

    def __init__(
        self, filled: Any = None, *, table: Table, mapping: Sequence[str], given: dict[str, str]
    ) -> None:
        super().__init__(filled, initial=given)
        self.columns = range(len(table.header))
        self.given_names = tuple(self.fields)
        fields: dict[str, Any] = self.fields
        fields["country"].choices = [("", "–"), *country_choices(get_language() or "en")]
        languages = languages_for(table)
        choices = [("", _("leave it out")), *field_choices(languages)]
        found = list(mapping) or guess_mapping(table.header, languages)
        self.fields.update(column_fields(table, found, choices))

    def clean_language(self) -> str:
        """A language that there is."""
        typed: str = self.cleaned_data["language"]
        return typed and fit(rules.read_tongue, typed)

    def clean_salutation(self) -> str:
        """One line."""
        typed: str = self.cleaned_data["salutation"]
        return typed and fit(rules.read_line, typed)

    def clean(self) -> dict[str, Any]:
        """By something each target must be found again."""
        typed = super().clean()
        if not {"key", "number"} & set(self.mapping):
            raise ValidationError(
                _(
                    "One column must be the short name or the number elsewhere: by it a second "
                    "import finds each target again."
                )
            )
        if "area" in self.mapping and not typed.get("table"):
            self.add_error("table", _("Say of which table the areas are."))
        return typed

    @property
    def given(self) -> dict[str, str]:
        """What holds where a row is silent."""
        filled = {name: self.cleaned_data.get(name) or "" for name in self.given_names}
        return {name: getattr(value, "slug", value) for name, value in filled.items()}


class AreaMappingForm(ColumnsForm):
    """What each column of a table of areas is."""

    given: ClassVar[dict[str, str]] = {}

    def __init__(self, filled: Any = None, *, table: Table, mapping: Sequence[str]) -> None:
        super().__init__(filled)
        self.columns = range(len(table.header))
        names = [(name, field_words(name)) for name in AREA_FIELDS]
        found = list(mapping) or guess_area_mapping(table.header)
        self.fields.update(column_fields(table, found, [("", _("leave it out")), *names]))

    def clean(self) -> dict[str, Any]:
        """The code of the area in one."""
        typed = super().clean()
        if "area" not in self.mapping:
            raise ValidationError(_("One column must be the code of the area."))
        return typed


def column_fields(
    table: Table, found: Sequence[str], choices: Sequence[tuple[str, str]]
) -> dict[str, forms.Field]:
    """A question for each column: what it is, with what it was `found` to be, and some values."""
    fields: dict[str, forms.Field] = {}
    for number, heading in enumerate(table.header):
        values = [row.cells[number] for row in table.records[:SHOWN] if len(row.cells) > number]
        fields[f"column_{number}"] = forms.ChoiceField(
            label=heading[:60] or _("Column %(number)s") % {"number": number + 1},
            required=False,
            choices=choices,
            initial=found[number],
            help_text=_shown([value[:40] for value in values if value]),
        )
    return fields


def _shown(values: list[str]) -> str:
    """What stands in a column."""
    if not values:
        return _("Nothing stands there in the first rows.")
    return _("There stands, for example: %(values)s") % {"values": " · ".join(values)}


def languages_for(table: Table) -> list[str]:
    """Those in which a name may be: ours, the directory's, and those that the headings name."""
    ours = {code for code, _name in settings.LANGUAGES}
    there = set(TargetName.objects.order_by().values_list("language", flat=True).distinct())
    return sorted(ours | there | tongues_of(table.header))


class RunForm(forms.Form):
    """Which rows go in; said before the button is pressed."""

    which = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=gettext_lazy("What happens to bad rows"),
        help_text=gettext_lazy("You can mend them in your file, and read it once more."),
        choices=[
            ("all", gettext_lazy("Import nothing while a row is bad")),
            ("good", gettext_lazy("Leave the bad rows out, and import all others")),
        ],
        initial="all",
    )
