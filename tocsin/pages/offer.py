"""What a campaign offers to those who write: the model letter, the permissions it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.campaigns.models import CampaignTarget, Wording
from tocsin.letters.draft import model_letter
from tocsin.supporters.models import ConsentWording

if TYPE_CHECKING:  # the pages show their form by means of this file
    from tocsin.pages.models import CampaignPage


@dataclass(frozen=True)
class Offer:
    """All that the form of one page is made from.

    `news` is None where the campaign sends none; `seats` are the countries with a target of
    their own.
    """

    language: str
    model: Wording
    send: ConsentWording
    news: ConsentWording | None
    seats: tuple[str, ...]

    @property
    def send_answers(self) -> dict[str, bool]:
        """What the box for sending may send back: it names the exact words that were shown."""
        return {str(self.send.pk): True}

    @property
    def news_answers(self) -> dict[str, bool]:
        """The same for the two answers about news."""
        return {f"{self.news.pk}:yes": True, f"{self.news.pk}:no": False} if self.news else {}


def offer_of(page: CampaignPage) -> Offer | None:
    """The offer of a page; None while nobody can be written to, or the words for it are missing.

    A form that could not lead to a letter is not shown at all.
    """
    reachable = page.campaign.campaign_targets.filter(
        target__addresses__isnull=False, target__names__isnull=False
    )
    rows = list(reachable.select_related("target").distinct())
    send = _newest(page, ConsentWording.Purpose.SEND)
    if send is None or not any(row.scope == CampaignTarget.Scope.EVERYONE for row in rows):
        return None
    try:
        model = model_letter(campaign=page.campaign, language=page.language)
    except LookupError:
        return None
    return Offer(
        language=page.language,
        model=model,
        send=send,
        news=_newest(page, ConsentWording.Purpose.NEWS),
        seats=tuple(
            row.target.seat
            for row in rows
            if row.scope == CampaignTarget.Scope.COUNTRY and row.target.seat
        ),
    )


def _newest(page: CampaignPage, purpose: str) -> ConsentWording | None:
    wordings = page.campaign.consents.filter(purpose=purpose, language=page.language)
    newest: ConsentWording | None = wordings.order_by("-version").first()
    return newest
