"""What the staff fills in about the collective letter: its rhythm, its words."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.campaigns.collective import VOICES, CollectiveSchedule
from tocsin.campaigns.rhythm import FEWEST
from tocsin.kit.gate import Refused, clean_line, clean_text
from tocsin.kit.languages import read_language
from tocsin.office.mail_row import RowForm

LONGEST_SUBJECT = 150
LONGEST_TEXT = 20_000


class ScheduleForm(RowForm):
    """From when, how often, from how many new voices on."""

    legend = gettext_lazy("When it goes")
    button = gettext_lazy("Save, and let it go so")
    fields_of_row = ("first_at", "at_least")

    first_at = forms.DateTimeField(
        label=gettext_lazy("First letter (UTC)"),
        help_text=gettext_lazy("From then on it goes as soon as enough voices are there."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Then every so many days"),
        min_value=1,
        max_value=365,
        help_text=gettext_lazy("For example 7: once a week."),
    )
    at_least = forms.IntegerField(
        label=gettext_lazy("New voices since the last letter, at least"),
        min_value=FEWEST,
        max_value=1_000_000,
        help_text=gettext_lazy("Twenty or more: a letter that tells of fewer tells of people."),
    )

    def __init__(self, filled: Any = None, *, row: CollectiveSchedule) -> None:
        super().__init__(filled, row=row)
        self.initial["days"] = max(1, row.every.days)

    def clean(self) -> dict[str, Any]:
        """The rhythm as a length of time."""
        filled: dict[str, Any] = self.cleaned_data
        if not self.errors:
            filled["every"] = timedelta(days=filled["days"])
        return filled


class WordingForm(RowForm):
    """The letter in one language."""

    legend = gettext_lazy("The letter in words")
    button = gettext_lazy("Save the words")
    fields_of_row: tuple[str, ...] = ("subject", "body", "closing")

    subject = forms.CharField(
        label=gettext_lazy("Subject"),
        max_length=LONGEST_SUBJECT,
        help_text=gettext_lazy("One line; {voices} may stand in it, too."),
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "Write {voices} where the number stands, so that it fits every number: "
            "“Number of voices: {voices}”. The greeting and our name are put around it."
        ),
    )
    closing = forms.CharField(
        label=gettext_lazy("Closing"),
        max_length=LONGEST_SUBJECT,
        help_text=gettext_lazy("The line above our name, for example: Yours respectfully,"),
    )

    def clean_subject(self) -> str:
        """One line; it may tell the number."""
        return _line(self.cleaned_data["subject"], braces=True)

    def clean_body(self) -> str:
        """Paragraphs that tell the number."""
        try:
            body = clean_text(self.cleaned_data["body"], most=LONGEST_TEXT)
        except Refused:
            raise _not_for_a_letter() from None
        if VOICES not in body:
            raise ValidationError(_("Write {voices} where the number stands."))
        _refuse_braces(body)
        return body

    def clean_closing(self) -> str:
        """One line, without a number."""
        return _line(self.cleaned_data["closing"], braces=False)


class NewWordingForm(WordingForm):
    """The letter in one language more."""

    legend = gettext_lazy("Add a language")
    button = gettext_lazy("Add the language")
    fields_of_row = ()
    field_order = ("language", "subject", "body", "closing")

    language = forms.CharField(
        label=gettext_lazy("Language"),
        max_length=12,
        help_text=gettext_lazy("Its code, for example en, fr, zh-hans."),
    )

    def clean_language(self) -> str:
        """A language that there is, and that the letter does not have yet."""
        try:
            code = read_language(str(self.cleaned_data["language"]))
        except ValueError:
            raise ValidationError(_("No language has this code. Write it like fr.")) from None
        if self.row.campaign.collective_wordings.filter(language=code).exists():
            raise ValidationError(_("The letter has this language already."))
        return code


def _line(text: str, *, braces: bool) -> str:
    try:
        line = clean_line(text, most=LONGEST_SUBJECT)
    except Refused:
        raise _not_for_a_letter() from None
    _refuse_braces(line if braces else line.replace(VOICES, "{"))
    return line


def _refuse_braces(text: str) -> None:
    if set("{}") & set(text.replace(VOICES, "")):
        raise ValidationError(
            _("No brace may stand here but those of {voices} in subject or text.")
        )


def _not_for_a_letter() -> ValidationError:
    return ValidationError(_("There is a character in it that no letter may carry, or too much."))
