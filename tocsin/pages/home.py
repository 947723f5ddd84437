"""A home page, of a language or an organisation: campaigns by state, and what was achieved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Now
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import ENDED, Campaign
from tocsin.outcomes.tally import goal_step
from tocsin.pages.show import Counter, address_of, languages_of, linked_data

if TYPE_CHECKING:  # the page shows itself by means of this file
    from wagtail.query import PageQuerySet

    from tocsin.organisations.models import Organisation
    from tocsin.pages.models import CampaignPage, HomePage, SectionPage

SHELVES: dict[str, Promise] = {
    Campaign.State.OPEN: _("Write now"),
    Campaign.State.PAUSED: _("Paused"),
    Campaign.State.WON: _("Won"),
    Campaign.State.CLOSED: _("Ended"),
    Campaign.State.ARCHIVED: _("Earlier campaigns"),
}
"""The states in the order in which a visitor needs them, each with its heading."""


@dataclass(frozen=True)
class Card:
    """One campaign as the home page shows it."""

    page: CampaignPage
    standing: str
    counter: Counter

    @property
    def result(self) -> str:
        """What was achieved, once it has ended."""
        return self.page.result if self.standing in ENDED else ""


@dataclass(frozen=True)
class Shelf:
    """The campaigns in one state, the newest first."""

    standing: str
    heading: Promise
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Figures:
    """What all campaigns of the page achieved together.

    `confirmed` counts how often somebody took part and confirmed it: who took part in two
    campaigns is in it twice.
    """

    confirmed: int
    campaigns: int
    won: int

    @property
    def confirmed_words(self) -> str:
        """The number that stands out, as people of the language write it."""
        return number_format(self.confirmed, force_grouping=True)


def home_context(
    page: HomePage | SectionPage,
    pages: PageQuerySet[CampaignPage],
    *,
    organisation: Organisation | None = None,
) -> dict[str, Any]:
    """Everything on a home page with these campaigns' pages; of one organisation, if it is that."""
    cards = _cards(pages)
    shelves = [
        Shelf(state, heading, tuple(card for card in cards if card.standing == state))
        for state, heading in SHELVES.items()
    ]
    numbers = {card.page.campaign_id: card for card in cards}.values()
    return {
        "shelves": [shelf for shelf in shelves if shelf.cards],
        "figures": Figures(
            confirmed=sum(card.counter.confirmed for card in numbers),
            campaigns=len(numbers),
            won=sum(card.standing == Campaign.State.WON for card in numbers),
        ),
        "organisation": organisation or _organisation(cards),
        "feed": _feed(page, organisation),
        "languages": languages_of(page.get_translations(inclusive=True).live()),
        "address": address_of(page),
        "linked_data": linked_data(page),
    }


def _feed(page: HomePage | SectionPage, organisation: Organisation | None) -> str:
    is_section = organisation and page.slug  # a preview of a new one has none
    return reverse("section-feed", args=[page.slug]) if is_section else reverse("feed")


def _cards(pages: PageQuerySet[CampaignPage]) -> list[Card]:
    going = set(Campaign.objects.going_at(Now()).values_list("pk", flat=True))
    found = pages.select_related("campaign__organisation", "campaign__tally")
    return [_card(page, going) for page in found.order_by("-first_published_at", "-pk")]


def _card(page: CampaignPage, going: set[int]) -> Card:
    campaign = page.campaign
    tally = getattr(campaign, "tally", None)  # there is none before the first
    confirmed = tally.confirmed if tally else 0
    is_known = campaign.state in ENDED or campaign.pk in going
    return Card(
        page=page,
        standing=campaign.state if is_known else Campaign.State.CLOSED,
        counter=Counter(confirmed, goal_step(confirmed, campaign.goal)),
    )


def _organisation(cards: list[Card]) -> Organisation | None:
    """Whose page it is: the one that all its campaigns are of, if there is one."""
    found = {card.page.campaign.organisation for card in cards}
    return found.pop() if len(found) == 1 else None
