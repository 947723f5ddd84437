"""The form of a target: the post, its names by language, its addresses in their order."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tocsin.kit.countries import country_choices
from tocsin.office.target_words import WRONG_WORDS
from tocsin.targets import rules
from tocsin.targets.areas import Area, AreaTable
from tocsin.targets.entries import keep_addresses, keep_names
from tocsin.targets.models import SHOWN, Target
from tocsin.targets.rules import Unfit, Wrong

FREE_ROWS = 2
"""Empty rows below those that are there; who needs more saves, and goes on."""
MOST_NAMES = 25


def fit(read: Callable[[str], str], text: str) -> str:
    """The value by the rules of the directory, or the sentence that says what is wrong with it."""
    try:
        return read(text)
    except Unfit as unfit:
        raise ValidationError(str(WRONG_WORDS[unfit.wrong])) from None


class TargetForm(forms.ModelForm[Target]):
    """The post itself."""

    class Meta:
        model = Target
        fields = (
            *("slug", "kind", "country", "seat", "language"),
            *("external_id", "holder", "holder_since", "postal_address"),
        )
        widgets = {
            "postal_address": forms.Textarea(attrs={"rows": 4}),
            "holder_since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {
            "slug": gettext_lazy("Small letters, digits and hyphens, for example: ministry-cn."),
            "kind": gettext_lazy("An embassy needs a seat; the letter may differ by kind."),
            "holder_since": gettext_lazy("When that began, as far as you know."),
        }

    table = forms.ModelChoiceField(
        label=gettext_lazy("Table of areas"),
        queryset=AreaTable.objects.all(),
        required=False,
        help_text=gettext_lazy("If it stands for an area, and not for a whole country."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code of the area"),
        required=False,
        max_length=rules.MOST_CODE,
        help_text=gettext_lazy("As the table has it, for example: 75-18."),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        if area := self.instance.area:
            self.initial.update({"table": area.table_id, "code": area.code})
        self.today = today
        countries = country_choices(get_language() or "en")
        for name in ("country", "seat"):
            field = self.fields[name]
            self.fields[name] = forms.ChoiceField(
                label=field.label,
                help_text=field.help_text,
                required=name == "country",
                choices=[("", "–"), *countries],
            )

    def clean_slug(self) -> str:
        """The short name, as an import would take it."""
        return fit(rules.read_key, self.cleaned_data["slug"])

    def clean_language(self) -> str:
        """A language that there is."""
        return fit(rules.read_tongue, self.cleaned_data["language"])

    def clean_external_id(self) -> str:
        """The number that another list gives it, if any; of one target alone."""
        typed: str = self.cleaned_data["external_id"]
        number = typed and fit(lambda text: rules.read_line(text, most=rules.MOST_NUMBER), typed)
        others = Target.objects.exclude(pk=self.instance.pk)
        if number and others.filter(external_id=number).exists():
            raise ValidationError(_("Another target has this number."))
        return number

    def clean_holder(self) -> str:
        """The person in the post, if anybody."""
        typed: str = self.cleaned_data["holder"]
        return typed and fit(rules.read_line, typed)

    def clean_holder_since(self) -> date | None:
        """A day that is past."""
        day: date | None = self.cleaned_data["holder_since"]
        if day and day > self.today:
            raise ValidationError(str(WRONG_WORDS[Wrong.FUTURE]))
        return day

    def clean_postal_address(self) -> str:
        """Lines as they are typed."""
        return fit(rules.read_postal, self.cleaned_data["postal_address"])

    def clean(self) -> dict[str, Any]:
        """An embassy sits somewhere."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("kind") == Target.Kind.EMBASSY and typed.get("seat") == "":
            self.add_error("seat", str(WRONG_WORDS[Wrong.NO_SEAT]))
        self.instance.area = self._area(typed)
        return typed

    def _area(self, typed: dict[str, Any]) -> Area | None:
        """That of the table and the code; both are said, or neither."""
        table, code = typed.get("table"), typed.get("code", "").strip()
        if not table:
            if code:
                self.add_error("table", _("Say of which table the areas are."))
            return None
        found = Area.objects.filter(table=table, code=code).first()
        if found is None:
            self.add_error("code", str(WRONG_WORDS[Wrong.AREA]))
        return found


class NameForm(forms.Form):
    """One name; a row that is left empty is none."""

    language = forms.CharField(label=gettext_lazy("Language"), max_length=12, required=False)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=rules.MOST_NAME, required=False)
    salutation = forms.CharField(
        label=gettext_lazy("Salutation"), max_length=rules.MOST_NAME, required=False
    )

    def clean_language(self) -> str:
        """A language that there is."""
        typed: str = self.cleaned_data["language"]
        return typed and fit(rules.read_tongue, typed)

    def clean_name(self) -> str:
        """One line."""
        typed: str = self.cleaned_data["name"]
        return typed and fit(rules.read_line, typed)

    def clean_salutation(self) -> str:
        """One line."""
        typed: str = self.cleaned_data["salutation"]
        return typed and fit(rules.read_line, typed)

    def clean(self) -> dict[str, Any]:
        """All three, or none."""
        typed = self.cleaned_data
        if any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields):
            for name in self.fields:
                if typed.get(name) == "":
                    self.add_error(name, str(WRONG_WORDS[Wrong.MISSING]))
        return typed


class AddressForm(forms.Form):
    """One address; a row that is left empty is none."""

    address = forms.CharField(label=gettext_lazy("Address"), max_length=254, required=False)
    is_public = forms.BooleanField(label=gettext_lazy("may be shown to the public"), required=False)

    def clean_address(self) -> str:
        """Where mail can go to."""
        typed: str = self.cleaned_data["address"]
        return typed and fit(rules.read_mail_address, typed)


class Rows(forms.BaseFormSet[Any]):
    """Rows of which none says the same as another; those that are empty do not count."""

    of = ""

    def filled(self) -> list[dict[str, Any]]:
        """What was typed, row by row."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get(self.of)]

    def clean(self) -> None:
        """Each once."""
        said = set()
        for form in self.forms:
            value = form.cleaned_data.get(self.of) if hasattr(form, "cleaned_data") else ""
            if value and value in said:
                form.add_error(self.of, _("It stands here twice."))
            said.add(value)


class NameRows(Rows):
    """The names of a target."""

    of = "language"


class AddressRows(Rows):
    """Its addresses: letters go to the first."""

    of = "address"
    help = SHOWN


NAMES: type[Any] = forms.formset_factory(
    NameForm, NameRows, extra=FREE_ROWS, max_num=MOST_NAMES, validate_max=True
)
ADDRESSES: type[Any] = forms.formset_factory(
    AddressForm, AddressRows, extra=FREE_ROWS, max_num=rules.MOST_ADDRESSES, validate_max=True
)


class WholeTarget:
    """The post with its names and addresses: one form for those who fill it in."""

    def __init__(self, filled: Any = None, *, target: Target, today: date) -> None:
        self.target, self.today = target, today
        is_new = target.is_new
        names = [] if is_new else list(target.names.values("language", "name", "salutation"))
        addresses = [] if is_new else list(target.addresses.values("address", "is_public"))
        self.post = TargetForm(filled, instance=target, today=today)
        self.names = NAMES(filled, initial=names, prefix="names")
        self.addresses = ADDRESSES(filled, initial=addresses, prefix="addresses")

    def is_valid(self) -> bool:
        """Whether all of it can be kept; every part says what is wrong with it."""
        names, addresses = self.names.is_valid(), self.addresses.is_valid()
        return self.post.is_valid() and names and addresses

    def save(self) -> Target:
        """Keep it, in the caller's transaction."""
        target = self.post.save()
        names = {row["language"]: (row["name"], row["salutation"]) for row in self.names.filled()}
        keep_names(target, names)
        rows = self.addresses.filled()
        shown = {row["address"] for row in rows if row["is_public"]}
        # Whoever types an address has just looked at it.
        fresh = dict.fromkeys((row["address"] for row in rows), self.today)
        keep_addresses(target, list(fresh), public=shown, checked=fresh)
        return target
