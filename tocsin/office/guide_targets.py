"""The step in which those are chosen who are written to."""

import secrets
from typing import Any

from django.db import models, transaction
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from tocsin.campaigns.recipients import write_to
from tocsin.office.directory import own_name
from tocsin.office.guide_forms import NewTargetForm, PickForm
from tocsin.office.guide_shell import GuidePage
from tocsin.office.mail_shell import may
from tocsin.targets.entries import keep_addresses, keep_names
from tocsin.targets.models import Target

MOST_FOUND = 50
"""So many of the directory are shown at once; who looks for another one searches."""


class TargetsPage(GuidePage):
    """Those who are written to, the directory to choose from, and a short form for somebody new."""

    place = "guide_targets"
    template_name = "office/guide/targets.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The lists and the form."""
        asked = self.request.GET.get("q", "").strip()
        found = self._directory(asked)
        rows = self.campaign.campaign_targets.select_related("target")
        pages = self.pages.pages_of(self.campaign)
        return {
            **super().get_context_data(**kwargs),
            "rows": [
                (row, own_name(row.target), row.target.addresses.first())
                for row in rows.prefetch_related("target__names", "target__addresses")
            ],
            "found": [(each, own_name(each)) for each in found[:MOST_FOUND]],
            "more": max(found.count() - MOST_FOUND, 0),
            "asked": asked,
            "may_add": may(self.request.user, "add", Target),
            "form": NewTargetForm(language=pages[0].language if pages else ""),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Add some, remove one, or make one that is new."""
        do = self.request.POST.get("do", "")
        acts = {"pick": self._pick, "remove": self._remove}
        if may(self.request.user, "add", Target):
            acts["new"] = self._make
        act = acts.get(do)
        return act() if act else self.refused(_("Nothing was done."))

    def _directory(self, asked: str) -> models.QuerySet[Target]:
        """Those that are not written to yet."""
        rows = Target.objects.current().exclude(campaign_targets__campaign=self.campaign)
        if asked:
            named = models.Q(names__name__icontains=asked) | models.Q(slug__icontains=asked)
            rows = rows.filter(named | models.Q(addresses__address__icontains=asked))
        return rows.prefetch_related("names").distinct().order_by("slug")

    def _pick(self) -> HttpResponse:
        form = PickForm(self.request.POST)
        fields: dict[str, Any] = form.fields
        fields["chosen"].queryset = Target.objects.current()
        if not form.is_valid():
            return self.refused(_("Choose somebody first."))
        write_to(self.campaign, form.cleaned_data["chosen"])
        return self.saved(_("They are written to as well."))

    def _remove(self) -> HttpResponse:
        pk = self.request.POST.get("row", "")
        rows = self.campaign.campaign_targets.filter(pk=pk if pk.isdecimal() else 0)
        rows.delete()
        return self.saved(_("They are not written to any more."))

    def _make(self) -> HttpResponse:
        form = NewTargetForm(self.request.POST)
        if not form.is_valid():
            return self.show(status=422, form=form)
        with transaction.atomic():
            write_to(self.campaign, [make_target(form.cleaned_data)])
        return self.saved(_("They are in the directory now, and written to."))


def make_target(filled: dict[str, Any]) -> Target:
    """A target with a name and an address, in the caller's transaction."""
    stem = slugify(filled["name"])[:60] or "target"
    target = Target.objects.create(
        slug=f"{stem}-{secrets.token_hex(3)}",
        kind=Target.Kind.EMBASSY if filled["seat"] else Target.Kind.MINISTRY,
        country=filled["country"],
        seat=filled["seat"],
        language=filled["language"],
    )
    keep_addresses(target, [filled["address"].text], public=())
    keep_names(target, {filled["language"]: (filled["name"], filled["salutation"])})
    return target
