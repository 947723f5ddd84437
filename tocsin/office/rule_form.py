"""A rule about texts: how it is filled in, and how it is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.wording_rules import WordingRule, never_reached, text_for, without_text
from tocsin.kit.countries import country_codes, country_name
from tocsin.office.directory import own_name
from tocsin.targets.models import Target

ANY = ("", gettext_lazy("any"))


@dataclass(frozen=True)
class RuleLine:
    """A rule in words; who gets its text now, and what is wrong with it."""

    pk: int
    asks: tuple[str, ...]
    text: str
    getting: tuple[str, ...]
    is_never_reached: bool
    lacks: tuple[str, ...]


class RuleForm(forms.Form):
    """If the target is such, it gets that text."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[ANY, *Target.Kind.choices],
        help_text=gettext_lazy("All that is chosen here has to be so, for example embassy."),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Whose government"),
        required=False,
        help_text=gettext_lazy("The government that the target belongs to."),
    )
    seat = forms.ChoiceField(
        label=gettext_lazy("It sits in"),
        required=False,
        help_text=gettext_lazy("For embassies: the country in which they are."),
    )
    target = forms.ModelChoiceField(
        label=gettext_lazy("This one alone"),
        queryset=Target.objects.none(),
        required=False,
        empty_label=ANY[1],
        help_text=gettext_lazy("Instead of a kind or a country, somebody by name."),
    )
    text = forms.ChoiceField(
        label=gettext_lazy("It gets the text"),
        required=False,
        help_text=gettext_lazy("One that is begun above; the general text is for the others."),
    )

    def __init__(self, filled: Any = None, *, campaign: Campaign, texts: Iterable[str]) -> None:
        super().__init__(filled, auto_id="rule_%s")
        targets = _targets(campaign)
        fields: dict[str, Any] = self.fields
        for name in ("country", "seat"):
            codes = {getattr(target, name) for target in targets} & country_codes()
            named = sorted((_country(code), code) for code in codes)
            fields[name].choices = [ANY, *((code, words) for words, code in named)]
        fields["target"].queryset = Target.objects.filter(pk__in=[each.pk for each in targets])
        fields["target"].label_from_instance = own_name
        fields["text"].choices = [(each, each or _("the general text")) for each in texts]

    def clean(self) -> dict[str, Any]:
        """It asks something."""
        filled: dict[str, Any] = self.cleaned_data
        if not self.errors and not any(
            filled[each] for each in ("kind", "country", "seat", "target")
        ):
            raise ValidationError(
                _("Say for whom: a rule that fits everybody is the general text.")
            )
        return filled


def lines_of(
    campaign: Campaign, rules: Sequence[WordingRule], languages: Sequence[str]
) -> list[RuleLine]:
    """Each rule as it is shown; `languages` are those of the pages."""
    targets, never = _targets(campaign), never_reached(rules)
    missing = list(without_text(campaign, rules, targets, languages))
    lines = []
    for number, rule in enumerate(rules):
        earlier = rules[:number]
        getting = [
            own_name(each)
            for each in targets
            if rule.fits(each) and not any(other.fits(each) for other in earlier)
        ]
        lacks = tuple(language for text, language in missing if text == rule.text)
        lines.append(
            RuleLine(rule.pk, _asks(rule), rule.text, tuple(getting), rule in never, lacks)
        )
    return lines


def general_for(campaign: Campaign, rules: Sequence[WordingRule]) -> list[str]:
    """Those whom the general text goes to."""
    return [own_name(each) for each in _targets(campaign) if not text_for(each, rules)]


def _asks(rule: WordingRule) -> tuple[str, ...]:
    asked = [
        str(rule.get_kind_display()) if rule.kind else "",
        _("government: %(country)s") % {"country": _country(rule.country)} if rule.country else "",
        _("sits in: %(country)s") % {"country": _country(rule.seat)} if rule.seat else "",
        own_name(rule.target) if rule.target else "",
    ]
    return tuple(words for words in asked if words)


def _country(code: str) -> str:
    return country_name(code, get_language() or "en") if code in country_codes() else code


def _targets(campaign: Campaign) -> list[Target]:
    rows = campaign.campaign_targets.current().select_related("target")
    ordered = rows.prefetch_related("target__names").order_by("position", "pk")
    return [row.target for row in ordered]
