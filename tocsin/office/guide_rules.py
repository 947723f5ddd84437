"""By which rule a campaign writes to its targets: whose letters they get, how many of a lot."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.kit.countries import country_choices, country_codes
from tocsin.targets.areas import AreaTable, areas_at
from tocsin.targets.models import Target

MOST_ADDED = 2000
"""Targets at one go; who means more says it twice."""


class RuleForm(forms.Form):
    """Whose letters go there."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Whose letters they get"),
        choices=CampaignTarget.Scope.choices,
        help_text=gettext_lazy("A ministry gets everybody’s, an embassy those of its country."),
    )
    not_from = forms.CharField(
        label=gettext_lazy("None from"),
        required=False,
        max_length=400,
        help_text=gettext_lazy(
            "Countries whose supporters do not write to them, by their codes: CN RU."
        ),
    )

    def clean_not_from(self) -> list[str]:
        """Codes of countries, each once."""
        codes = sorted(set(self.cleaned_data["not_from"].upper().replace(",", " ").split()))
        if strange := [code for code in codes if code not in country_codes()]:
            raise ValidationError(
                _("No country has this code: %(codes)s.") % {"codes": ", ".join(strange)}
            )
        return codes


class AddForm(RuleForm):
    """Which targets, by name or by what they are."""

    slugs = forms.CharField(
        label=gettext_lazy("Short names, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Or leave this empty, and say below which they are."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", "–"), *Target.Kind.choices],
        help_text=gettext_lazy("All of this kind that are in the directory."),
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        required=False,
        max_length=2,
        help_text=gettext_lazy("Only those of this government, by its code: CN."),
    )
    field_order = ("slugs", "kind", "country", "scope", "not_from")

    def clean(self) -> dict[str, Any]:
        """Some that there are."""
        typed: dict[str, Any] = self.cleaned_data
        names = typed.get("slugs", "").split()
        rows = Target.objects.current()
        if names:
            rows = rows.filter(slug__in=names)
            missing = sorted(set(names) - set(rows.values_list("slug", flat=True)))
            if missing:
                shown = ", ".join(missing[:10])
                self.add_error("slugs", _("There is no target %(names)s.") % {"names": shown})
        elif typed.get("kind") or typed.get("country"):
            rows = rows.filter(kind=typed["kind"]) if typed.get("kind") else rows
            country = typed.get("country", "").upper()
            rows = rows.filter(country=country) if country else rows
        else:
            self.add_error("slugs", _("Say which targets."))
        typed["targets"] = rows.order_by("slug")[:MOST_ADDED]
        return typed


class ShareForm(forms.ModelForm[Campaign]):
    """How many of the pool each supporter writes to."""

    class Meta:
        model = Campaign
        fields = ("pool_size",)

    def save(self, *_args: Any, **_options: Any) -> Campaign:
        """Only what the form asks: the rest may have changed meanwhile."""
        self.instance.save(update_fields=["pool_size"])
        return self.instance


class WhoForm(forms.Form):
    """Somebody whose letter is asked after: from where; by postcode if areas decide it."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))
    postcode = forms.CharField(label=gettext_lazy("Postcode"), required=False, max_length=20)

    def __init__(self, asked: Any = None, *, tables: Collection[AreaTable] = ()) -> None:
        super().__init__(asked, auto_id="who_%s")
        self.tables = tables
        if not tables:
            del self.fields["postcode"]
        countries = country_choices(get_language() or "en")
        field: Any = self.fields["country"]
        field.choices = [("", _("Choose a country")), *countries]

    @property
    def areas(self) -> tuple[int, ...]:
        """Those in which the postcode lies, by number."""
        code = self.cleaned_data.get("postcode", "")
        return areas_at(code, self.tables, self.cleaned_data["country"])
