"""Opening, pausing and ending a campaign in the office: asked once before, by publishers alone."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from tocsin.campaigns.discarding import Kept
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import (
    Ended,
    Erased,
    NeverOpened,
    NotReady,
    Opened,
    Stopped,
    close_campaign,
    pause_campaign,
    reopen_campaign,
)
from tocsin.office.guide_overview import missing_words
from tocsin.office.guide_shell import GuidePage, may_publish
from tocsin.office.guide_words import ACTS, ActWords

ENDS = {
    "close": Campaign.State.CLOSED,
    "won": Campaign.State.WON,
    "archive": Campaign.State.ARCHIVED,
}


class ActPage(GuidePage):
    """The question before it is done, and the doing."""

    template_name = "office/guide/act.html"

    def is_allowed(self) -> bool:
        """Only who may publish comes so far; Http404 where there is no such button."""
        if self.kwargs["act"] not in ACTS:
            raise Http404
        return super().is_allowed() and may_publish(self.request.user, self.campaign.organisation)

    @property
    def act(self) -> ActWords:
        """Which button it was."""
        return ACTS[self.kwargs["act"]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The button and its sentence."""
        is_offered = self.campaign.state in self.act.when and not self.campaign.erased_on
        goes = self.pages.pages_of(self.campaign) if self.kwargs["act"] == "discard" else []
        more = {"act": self.act, "is_offered": is_offered, "goes": goes}
        return {**super().get_context_data(**kwargs), **more}

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Do it, and say so on the overview."""
        back = reverse("guide", args=[self.campaign.pk])
        words = ""
        try:
            self._do(self.kwargs["act"])
        except NotReady as lacking:
            words = missing_words(lacking)
        except (Opened, Ended, NeverOpened):
            words = _("It has changed meanwhile. Nothing was done; this is how it is now.")
        except Erased:
            words = _("What it knew of those who took part is destroyed: it stays closed.")
        except Stopped:
            words = _("Its stop date is past, and nothing would leave: first change the date.")
        except Kept:
            words = _("Somebody took out figures of it: the journal of exports keeps its name.")
        if words:
            messages.warning(self.request, words)
            return redirect(back)
        if self.kwargs["act"] == "discard":
            back = reverse("campaigns:index")
        return self.saved(str(self.act.done), to=back)

    def _do(self, name: str) -> None:
        if name == "open":
            self.pages.open_now(self.campaign, now=self.now, user=self.user)
        elif name == "pause":
            pause_campaign(self.campaign)
        elif name == "discard":
            self._discard()
        elif name == "reopen":
            reopen_campaign(self.campaign, now=self.now)
        else:
            close_campaign(self.campaign, state=ENDS[name])

    def _discard(self) -> None:
        with transaction.atomic():
            self.pages.discard(self.campaign, user=self.user)
            log(self.campaign, "wagtail.delete", user=self.user, deleted=True)
