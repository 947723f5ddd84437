"""Whom a campaign writes to, and by which rule: everybody's letters, those of a country, a lot."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.recipients import write_to
from tocsin.kit.countries import country_codes, country_name
from tocsin.office.directory import own_name
from tocsin.office.mail_shell import PAGE, DeskPage, LongList, Said, refused
from tocsin.office.scope import within
from tocsin.targets.models import Target

MOST_ADDED = 2000
"""Targets at one go; who means more says it twice."""


class RuleForm(forms.Form):
    """Whose letters go there."""

    scope = forms.ChoiceField(
        label=gettext_lazy("Whose letters they get"), choices=CampaignTarget.Scope.choices
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
        label=gettext_lazy("Kind"), required=False, choices=[("", "–"), *Target.Kind.choices]
    )
    country = forms.CharField(label=gettext_lazy("Country"), required=False, max_length=2)
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


class CampaignTargets(DeskPage):
    """The rows of one campaign, which belongs to whoever asks."""

    noun = Campaign
    header_icon = "calendar"
    page_title = gettext_lazy("Who is written to")
    template_name = "office/targets/campaign.html"

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign of this page; for others it is not there."""
        rows = within(self.request.user, Campaign.objects.filter(pk=self.kwargs["pk"]))
        found = rows.first()
        if found is None:
            raise Http404
        return found

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the campaigns, this one."""
        campaigns = {"url": reverse("campaigns:index"), "label": _("Campaigns")}
        return [*self.breadcrumbs_items, campaigns, {"url": "", "label": self.campaign.slug}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of rows, the three forms, and what somebody is written to by whom."""
        rows = self.campaign.campaign_targets.select_related("target")
        page = LongList(rows.prefetch_related("target__names"), PAGE).get_page(
            self.request.GET.get("p")
        )
        asked = self.request.GET.get("from", "").upper()
        return {
            **super().get_context_data(**kwargs),
            "campaign": self.campaign,
            "page": page,
            "lines": [(row, own_name(row.target), " ".join(row.not_from)) for row in page],
            "add": AddForm(auto_id="add_%s"),
            "rule": RuleForm(auto_id="rule_%s"),
            "share": ShareForm(instance=self.campaign, auto_id="share_%s"),
            "asked_from": asked,
            "written_to": self._written_to(asked),
        }

    def _written_to(self, country: str) -> dict[str, Any] | None:
        """Who gets the letter of somebody there, by the one door that letters go through."""
        if country not in country_codes():
            return None
        rows = self.campaign.campaign_targets.for_country(country, draw="example")
        names = [own_name(row.target) for row in rows.prefetch_related("target__names")[:PAGE]]
        return {"country": country_name(country, get_language() or "en"), "names": names}

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Add, change, remove; or say how many of the pool."""
        acts = {
            "add": self._add,
            "change": self._change,
            "remove": self._remove,
            "share": self._share,
        }
        act = acts.get(self.request.POST.get("do", ""))
        if act is None:
            return refused()
        answer = act()
        if answer.status_code == 302:
            log(self.campaign, "wagtail.edit", user=self.request.user, data={"targets": True})
        return answer

    def _add(self) -> HttpResponse:
        form = AddForm(self.request.POST, auto_id="add_%s")
        if not form.is_valid():
            return self.show(status=422, add=form)
        fresh = write_to(
            self.campaign,
            form.cleaned_data["targets"],
            scope=form.cleaned_data["scope"],
            not_from=form.cleaned_data["not_from"],
        )
        words = ngettext("%(n)s target is added.", "%(n)s targets are added.", fresh)
        return self.answer(Said(words % {"n": fresh}, done=bool(fresh)))

    def _chosen(self) -> QuerySet[CampaignTarget]:
        numbers = [number for number in self.request.POST.getlist("row") if number.isdecimal()]
        return self.campaign.campaign_targets.filter(pk__in=numbers[:PAGE])

    def _change(self) -> HttpResponse:
        form = RuleForm(self.request.POST, auto_id="rule_%s")
        if not form.is_valid():
            return self.show(status=422, rule=form)
        return self._told(self._chosen().update(**form.cleaned_data))

    def _remove(self) -> HttpResponse:
        return self._told(self._chosen().delete()[0])

    def _told(self, number: int) -> HttpResponse:
        if not number:
            return self.answer(Said(_("Nothing was selected."), done=False))
        words = ngettext("%(n)s row is changed.", "%(n)s rows are changed.", number)
        return self.answer(Said(words % {"n": number}))

    def _share(self) -> HttpResponse:
        form = ShareForm(self.request.POST, instance=self.campaign, auto_id="share_%s")
        if not form.is_valid():
            return self.show(status=422, share=form)
        form.save()
        return self.answer(Said(_("It is saved.")))
