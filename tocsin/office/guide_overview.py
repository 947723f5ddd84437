"""The overview of the way: the checklist, the test run, when it opens, the buttons."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tocsin.campaigns.checklist import Point, missing_in
from tocsin.campaigns.models import DRAFT
from tocsin.campaigns.opening import NotReady, Opened, plan_opening
from tocsin.campaigns.rehearsal import letters_were_seen, seen_in
from tocsin.letters.rehearse import OfATarget
from tocsin.office.guide_forms import PlanForm, TesterForm
from tocsin.office.guide_shell import GuidePage, PageOf, may_publish
from tocsin.office.guide_words import ACTS, OF_PAGES, OF_THE_SERVER, PLACES, POINT_WORDS
from tocsin.office.words import CAMPAIGN_WORDS, WAY_NAMES

BEFORE_A_TEST = ("targets", "addresses", "letter", "consents", "ways", "readers")
"""Without these there is no form, or no letter: nothing to test."""


@dataclass(frozen=True)
class Check:
    """One line of the checklist; `url` is where it is mended, `hint` who else mends it."""

    words: Promise
    done: bool
    lacks: str
    url: str = ""
    hint: Promise | str = ""


class OverviewPage(GuidePage):
    """What is missing, and what can be done."""

    place = "guide"
    template_name = "office/guide/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on it."""
        campaign = self.campaign
        pages = self.pages.pages_of(campaign)
        is_draft = campaign.state == DRAFT
        points = self.pages.all_points(campaign, now=self.now) if is_draft else []
        missing = missing_in(points)
        return {
            **super().get_context_data(**kwargs),
            "state": CAMPAIGN_WORDS["erased" if campaign.erased_on else campaign.state],
            "is_draft": is_draft,
            "checks": [self._check(point, pages) for point in points],
            "missing": missing,
            "own_pages": [(page, _edit_url(page)) for page in pages],
            "can_test": bool(pages) and not set(missing) & {*BEFORE_A_TEST, *OF_PAGES},
            "test": TesterForm(pages=pages, address=self.user.email),
            "can_see": is_draft and seen_in(campaign) is not None and "tested" in missing,
            "waits": is_draft and campaign.rehearsals.exists(),
            "plan": PlanForm(now=self.now),
            "acts": self._acts(missing),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """One of the forms of the page."""
        acts = {
            "test": self._test,
            "seen": self._seen,
            "plan": self._plan,
            "unplan": self._unplan,
            "template": self._template,
        }
        act = acts.get(self.request.POST.get("do", ""))
        return act() if act else self.refused(_("Nothing was done."))

    def _check(self, point: Point, pages: list[PageOf]) -> Check:
        url = reverse(PLACES[point.name], args=[self.campaign.pk]) if point.name in PLACES else ""
        if point.name in OF_PAGES:
            lacking = [page for page in pages if page.language in point.lacks]
            url = next((_edit_url(page) for page in [*lacking, *pages]), "")
        if point.name == "tested":
            url = "#test"
        return Check(
            POINT_WORDS[point.name],
            point.done,
            ", ".join(_named(each) for each in point.lacks),
            url,
            OF_THE_SERVER.get(point.name, ""),
        )

    def _acts(self, missing: tuple[str, ...]) -> list[tuple[str, Any]]:
        campaign = self.campaign
        if not may_publish(self.request.user, campaign.organisation) or campaign.erased_on:
            return []
        offered = [name for name, act in ACTS.items() if campaign.state in act.when]
        if missing:
            offered.remove("open")
        return [(reverse("guide_act", args=[campaign.pk, name]), ACTS[name]) for name in offered]

    def _test(self) -> HttpResponse:
        pages = self.pages.pages_of(self.campaign)
        form = TesterForm(self.request.POST, pages=pages)
        if form.is_valid():
            try:
                url = self.pages.stage_url(
                    self.campaign,
                    page_id=int(form.cleaned_data["page"]),
                    tester=form.cleaned_data["address"],
                    now=self.now,
                )
            except OfATarget:
                form.add_error("address", _("Somebody is written to at this address."))
            else:
                return redirect(url)
        return self.show(status=422, test=form)

    def _seen(self) -> HttpResponse:
        if self.campaign.state != DRAFT or not letters_were_seen(self.campaign, now=self.now):
            return self.refused(_("No letter of a test run was handed over yet."))
        return self.saved(_("It is noted: these letters were seen."))

    def _plan(self) -> HttpResponse:
        if not may_publish(self.request.user, self.campaign.organisation):
            return self.refused(_("A publisher of the organisation opens it."))
        form = PlanForm(self.request.POST, now=self.now)
        if not form.is_valid():
            return self.show(status=422, plan=form)
        try:
            at = form.cleaned_data["opens_at"]
            self.pages.open_later(self.campaign, at=at, now=self.now, user=self.user)
        except NotReady as lacking:
            return self.refused(missing_words(lacking))
        except Opened:
            return self.refused(_("It is open already."))
        return self.saved(_("It opens by itself at that moment, if all is still there."))

    def _unplan(self) -> HttpResponse:
        if not may_publish(self.request.user, self.campaign.organisation):
            return self.refused(_("A publisher of the organisation opens it."))
        try:
            plan_opening(self.campaign, at=None)
        except Opened:
            return self.refused(_("It is open already."))
        return self.saved(_("It does not open by itself any more."))

    def _template(self) -> HttpResponse:
        self.campaign.is_template = not self.campaign.is_template
        self.campaign.save(update_fields=["is_template"])
        return self.saved(_("It is saved."))


def missing_words(lacking: NotReady) -> str:
    """That it cannot open, and all that is missing."""
    points = "; ".join(str(POINT_WORDS[name]) for name in lacking.missing)
    return _("It does not open yet. This is not so: %(points)s.") % {"points": points}


def _named(lacking: str) -> str:
    """What is lacking, with the name of a way in place of its code."""
    way, dot, rest = lacking.partition(" · ")
    return f"{WAY_NAMES.get(way, way)}{dot}{rest}" if dot else lacking


def _edit_url(page: PageOf) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
