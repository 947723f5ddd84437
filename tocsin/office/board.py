"""The board: where a campaign stands, or all of them, in figures and charts."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.campaigns.models import Campaign
from tocsin.office.alike_words import alike_words
from tocsin.office.board_charts import Shown, charts_of, grouped
from tocsin.office.guide_shell import may_prepare
from tocsin.office.mail_shell import DeskPage, may
from tocsin.office.scope import within
from tocsin.office.spans import SPANS, since
from tocsin.organisations.partners import Partner
from tocsin.outcomes.board import Standing, all_of, hours, shares, standings
from tocsin.outcomes.exports import Export
from tocsin.outcomes.paper import PaperCount

SPAN_WORDS = {
    "today": gettext_lazy("Today"),
    "7": gettext_lazy("7 days"),
    "30": gettext_lazy("30 days"),
    "all": gettext_lazy("All days"),
}


def figures_of(standing: Standing) -> list[tuple[str, str]]:
    """The big figures, each with its name; they are of now, whatever the span."""
    letters = standing.letters
    found = [
        (_("have confirmed"), standing.confirmed),
        (_("have not confirmed yet"), standing.waiting),
        (_("letters written"), standing.written),
        (_("letters handed over"), letters["sent"] + letters["delivered"]),
        (_("letters on their way"), letters["ready"] + letters["leased"] + letters["sending"]),
        (_("letters held for a person"), letters["held"] + letters["in_doubt"]),
        (_("letters that came back or were refused"), letters["bounced"] + letters["failed"]),
        (_("signed on paper, not among those confirmed"), standing.paper),
        (_("say that they wrote by themselves"), standing.said),
    ]
    # Nobody looks for them here: a number, were it 0, would say that there are none.
    answers = (_("answers of those who are written to"), _("not read here"))
    return [*((name, grouped(number)) for name, number in found), answers]


class Board(DeskPage):
    """All campaigns of the organisations that somebody works for."""

    noun = Campaign
    header_icon = "view"
    page_title = gettext_lazy("Board")
    lists_campaigns = True

    @property
    def template_name(self) -> str:
        """The page, or the part of it that is fetched again while it is open."""
        only = "now" if "now" in self.request.GET else "page"
        return f"office/board/{only}.html"

    @cached_property
    def span(self) -> str:
        """Which days; what nobody offers is 30 of them."""
        asked = self.request.GET.get("span", "")
        return asked if asked in SPANS else "30"

    @cached_property
    def campaigns(self) -> Sequence[Campaign]:
        """Whose numbers are shown."""
        return list(within(self.request.user, Campaign.objects.select_related("mailing")))

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, the board, this campaign."""
        trail = [*self.breadcrumbs_items, {"url": reverse("board"), "label": _("Board")}]
        return [*trail, *self.here()]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Figures, charts with their tables, and each campaign where there are several."""
        found = standings(self.campaigns)
        whole = all_of(found.values())
        return {
            **super().get_context_data(**kwargs),
            "figures": figures_of(whole),
            "charts": self.charts(whole),
            "spans": [(name, SPAN_WORDS[name], name == self.span) for name in SPANS],
            "span": self.span,
            "span_words": SPAN_WORDS[self.span],
            "campaigns": self.lines(found) if self.lists_campaigns else [],
            "seen_at": date_format(self.now, "H:i"),
            "again": f"{self.request.path}?span={self.span}&now=1",
            "links": self.links(),
        }

    def links(self) -> list[tuple[str, str]]:
        """Where one may go from here."""
        if not may(self.request.user, "view", Export):
            return []
        return [(self.export_url(), _("Take these tables out"))]

    def export_url(self) -> str:
        """The form of exports, with what is seen here filled in."""
        return f"{reverse('exports')}?what=board"

    def charts(self, whole: Standing) -> list[Shown]:
        """The charts of the span."""
        today = self.now.date()
        first = since(self.span, today=today)
        named = within(self.request.user, Partner.objects.all()).values_list("slug", "name")
        return charts_of(
            shares(self.campaigns, since=first),
            whole,
            hours=hours(self.campaigns, now=self.now) if self.span == "today" else [],
            partners=dict(named),
            first=first,
            today=today,
        )

    def lines(self, found: dict[int, Standing]) -> list[dict[str, Any]]:
        """A row for each campaign."""
        return [
            {
                "slug": each.slug,
                "url": f"{reverse('campaign_board', args=[each.slug])}?span={self.span}",
                "state": each.get_state_display(),
                "confirmed": grouped(found[each.pk].confirmed),
                "waiting": grouped(found[each.pk].waiting),
                "written": grouped(found[each.pk].written),
                "held": grouped(found[each.pk].letters["held"]),
                "bounced": grouped(
                    found[each.pk].letters["bounced"] + found[each.pk].letters["failed"]
                ),
            }
            for each in self.campaigns
        ]


class CampaignBoard(Board):
    """One campaign."""

    lists_campaigns = False

    @cached_property
    def campaigns(self) -> Sequence[Campaign]:
        """That one; a foreign one is none."""
        found = list(
            within(self.request.user, Campaign.objects.select_related("mailing")).filter(
                slug=self.kwargs["slug"]
            )
        )
        if not found:
            raise Http404
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also how alike its letters are, and where one more is written."""
        [campaign] = self.campaigns
        return {
            **super().get_context_data(**kwargs),
            "alike": alike_words(campaign),
            "alike_url": reverse("guide_texts", args=[campaign.pk])
            if may_prepare(self.request.user)
            else "",
        }

    def here(self) -> list[dict[str, Any]]:
        """Its name."""
        return [{"url": "", "label": self.campaigns[0].slug}]

    def links(self) -> list[tuple[str, str]]:
        """Also to the signatures on paper."""
        found = super().links()
        if may(self.request.user, "view", PaperCount):
            url = reverse("paper", args=[self.campaigns[0].slug])
            found.append((url, _("Signatures on paper")))
        return found

    def export_url(self) -> str:
        """Of this campaign."""
        return f"{super().export_url()}&campaign={self.campaigns[0].pk}"
