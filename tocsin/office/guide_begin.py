"""The first page of the way: a new campaign, empty or after a model."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.campaigns.copying import begin_campaign
from tocsin.campaigns.models import Campaign
from tocsin.office.guide_forms import BeginForm
from tocsin.office.guide_shell import PreparingPage
from tocsin.office.scope import within
from tocsin.organisations.teams import organisations_of


class BeginPage(PreparingPage):
    """What has to be known before there is a draft."""

    template_name = "office/guide/begin.html"
    page_title = gettext_lazy("New campaign")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With an empty form."""
        return {"form": self._form(), **super().get_context_data(**kwargs)}

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Make the draft, and go on there."""
        form = self._form(self.request.POST)
        if form.is_valid():
            try:
                campaign = self._begin(form.cleaned_data)
            except IntegrityError:  # somebody else took it at the same moment
                form.add_error("slug", _("A campaign has this short name already."))
            else:
                return redirect(reverse("guide", args=[campaign.pk]) + "?saved")
        return self.show(form=form, status=422)

    def _form(self, filled: Any = None) -> BeginForm:
        user = self.request.user
        models: QuerySet[Campaign] = within(user, Campaign.objects.order_by("-is_template", "slug"))
        asked = self.request.GET.get("model", "")
        model = models.filter(pk=asked).first() if asked.isdecimal() else None
        initial = {"model": model, "organisation": model.organisation} if model else {}
        return BeginForm(
            filled, organisations=organisations_of(user), models=models, initial=initial
        )

    @transaction.atomic
    def _begin(self, filled: dict[str, Any]) -> Campaign:
        model = filled.get("model")
        campaign = begin_campaign(
            organisation=filled["organisation"], slug=filled["slug"], model=model
        )
        if model:
            self.pages.copy_pages(model, campaign, user=self.user)
        else:
            self.pages.begin_page(
                campaign, language=filled["language"], title=filled["title"], user=self.user
            )
        return campaign
