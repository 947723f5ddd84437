"""The step in which those are chosen who are written to, and by which rule."""

import secrets
from datetime import date
from typing import Any

from django.db import models, transaction
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.recipients import put_first, put_last, write_to
from tocsin.kit.countries import country_name
from tocsin.office.directory import own_name
from tocsin.office.guide_forms import NewTargetForm, PickForm
from tocsin.office.guide_rules import AddForm, RuleForm, ShareForm, WhoForm
from tocsin.office.guide_shell import GuidePage, may_prepare
from tocsin.office.mail_shell import PAGE, LongList, may
from tocsin.targets.entries import keep_addresses, keep_names
from tocsin.targets.models import Target

MOST_FOUND = 50
"""So many of the directory are shown at once; who looks for another one searches."""


class TargetsPage(GuidePage):
    """Those who are written to and their rules, the directory, and a form for somebody new."""

    place = "guide_targets"
    template_name = "office/guide/targets.html"

    def is_allowed(self) -> bool:
        """Whoever may see campaigns may look; who prepares them may save."""
        if self.request.method == "POST":
            return super().is_allowed()
        return super().is_allowed() or may(self.request.user, "view", Campaign)

    @property
    def may_save(self) -> bool:
        """Not for those who may only look at campaigns."""
        return may_prepare(self.request.user) and super().may_save

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of the rows, the forms, what of the directory is found."""
        asked = self.request.GET.get("q", "").strip()
        found = self._directory(asked)
        pages = self.pages.pages_of(self.campaign)
        return {
            **super().get_context_data(**kwargs),
            **({} if may_prepare(self.request.user) else {"steps": []}),
            **self._rows(),
            **self._who(),
            "may_look_up": may(self.request.user, "view", Target),
            "found": [(each, own_name(each)) for each in found[:MOST_FOUND]],
            "more": max(found.count() - MOST_FOUND, 0),
            "searched": asked,
            "may_add": may(self.request.user, "add", Target),
            "rule": RuleForm(auto_id="rule_%s"),
            "add": AddForm(auto_id="add_%s"),
            "share": ShareForm(instance=self.campaign, auto_id="share_%s"),
            "form": NewTargetForm(language=pages[0].language if pages else ""),
        }

    def _rows(self) -> dict[str, Any]:
        rows = self.campaign.campaign_targets.select_related("target__area")
        rows = rows.prefetch_related("target__names", "target__addresses")
        page = LongList(rows, PAGE).get_page(self.request.GET.get("p"))
        lines = [
            (
                row,
                own_name(row.target),
                next(iter(row.target.addresses.all()), None),
                " ".join(row.not_from),
            )
            for row in page
        ]
        return {"page": page, "lines": lines, "number": page.paginator.count}

    def _who(self) -> dict[str, Any]:
        """Who gets the letter of somebody there, by the one door that letters go through."""
        tables = self.campaign.campaign_targets.area_tables()
        asked = self.request.GET if "country" in self.request.GET else None
        form = WhoForm(asked, tables=tables)
        if not form.is_valid():
            return {"who": form}
        country = form.cleaned_data["country"]
        rows = self.campaign.campaign_targets.for_country(country, draw="example", areas=form.areas)
        names = [own_name(row.target) for row in rows.prefetch_related("target__names")[:PAGE]]
        there = {"country": country_name(country, get_language() or "en"), "names": names}
        return {"who": form, "written_to": there}

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Add some, change or remove some, or make one that is new."""
        acts = {
            "pick": self._pick,
            "add": self._add,
            "change": self._change,
            "first": self._first,
            "last": self._last,
            "remove": self._remove,
            "share": self._share,
        }
        if may(self.request.user, "add", Target):
            acts["new"] = self._make
        act = acts.get(self.request.POST.get("do", ""))
        return act() if act else self.refused(_("Nothing was done."))

    def _directory(self, asked: str) -> models.QuerySet[Target]:
        """Those that are not written to yet."""
        rows = Target.objects.current().exclude(campaign_targets__campaign=self.campaign)
        if asked:
            named = models.Q(names__name__icontains=asked) | models.Q(slug__icontains=asked)
            rows = rows.filter(named | models.Q(addresses__address__icontains=asked))
        return rows.prefetch_related("names").distinct().order_by("slug")

    def _done(self, words: str) -> HttpResponse:
        """Say so, and write it down."""
        log(self.campaign, "wagtail.edit", user=self.request.user, data={"targets": True})
        return self.saved(words)

    def _pick(self) -> HttpResponse:
        form = PickForm(self.request.POST)
        fields: dict[str, Any] = form.fields
        fields["chosen"].queryset = Target.objects.current()
        if not form.is_valid():
            return self.refused(_("Choose somebody first."))
        write_to(self.campaign, form.cleaned_data["chosen"])
        return self._done(_("They are written to as well."))

    def _add(self) -> HttpResponse:
        form = AddForm(self.request.POST, auto_id="add_%s")
        if not form.is_valid():
            return self.show(status=422, add=form)
        filled = form.cleaned_data
        fresh = write_to(
            self.campaign, filled["targets"], scope=filled["scope"], not_from=filled["not_from"]
        )
        words = ngettext("%(n)s target is added.", "%(n)s targets are added.", fresh) % {"n": fresh}
        return self._done(words) if fresh else self.refused(words)

    def _chosen(self) -> models.QuerySet[CampaignTarget]:
        numbers = [number for number in self.request.POST.getlist("row") if number.isdecimal()]
        return self.campaign.campaign_targets.filter(pk__in=numbers[:PAGE])

    def _change(self) -> HttpResponse:
        form = RuleForm(self.request.POST, auto_id="rule_%s")
        if not form.is_valid():
            return self.show(status=422, rule=form)
        return self._told(self._chosen().update(**form.cleaned_data))

    def _first(self) -> HttpResponse:
        return self._told(put_first(self.campaign, self._chosen()))

    def _last(self) -> HttpResponse:
        return self._told(put_last(self.campaign, self._chosen()))

    def _remove(self) -> HttpResponse:
        if not (number := self._chosen().delete()[0]):
            return self._told(0)
        words = ngettext("%(n)s is not written to.", "%(n)s are not written to.", number)
        return self._done(words % {"n": number})

    def _told(self, number: int) -> HttpResponse:
        if not number:
            return self.refused(_("Nothing was selected."))
        words = ngettext("%(n)s row is changed.", "%(n)s rows are changed.", number)
        return self._done(words % {"n": number})

    def _share(self) -> HttpResponse:
        form = ShareForm(self.request.POST, instance=self.campaign, auto_id="share_%s")
        if not form.is_valid():
            return self.show(status=422, share=form)
        form.save()
        return self._done(_("It is saved."))

    def _make(self) -> HttpResponse:
        form = NewTargetForm(self.request.POST)
        if not form.is_valid():
            return self.show(status=422, form=form)
        with transaction.atomic():
            write_to(self.campaign, [make_target(form.cleaned_data, today=self.now.date())])
        return self._done(_("They are in the directory now, and written to."))


def make_target(filled: dict[str, Any], *, today: date) -> Target:
    """A target with a name and an address, checked today, in the caller's transaction."""
    stem = slugify(filled["name"])[:60] or "target"
    target = Target.objects.create(
        slug=f"{stem}-{secrets.token_hex(3)}",
        kind=Target.Kind.EMBASSY if filled["seat"] else Target.Kind.MINISTRY,
        country=filled["country"],
        seat=filled["seat"],
        language=filled["language"],
        checked_on=today,
    )
    address = filled["address"].text
    keep_addresses(target, [address], public=(), checked={address: today})
    keep_names(target, {filled["language"]: (filled["name"], filled["salutation"])})
    return target
