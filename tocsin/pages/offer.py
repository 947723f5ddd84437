"""What a campaign offers to those who write: the model letters, the permissions it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.campaigns.models import PERMISSION, CampaignTarget, Wording
from tocsin.campaigns.ways import WAYS
from tocsin.letters.draft import known_letters
from tocsin.supporters.models import ConsentWording
from tocsin.targets.areas import AreaTable

if TYPE_CHECKING:  # the pages show their form by means of this file
    from tocsin.pages.models import CampaignPage


@dataclass(frozen=True)
class Offer:
    """All that the form of one page is made from.

    `models` are the variants of the model letter, `known` those and what was offered before.
    `letter_is_fixed`: whether a sentence of one's own is all that may be changed. `sends` has the
    words of permission for each way that is offered, the campaign's first way first. `news` is None
    where the campaign sends none; `seats` are the countries with a target of their own, `tables`
    those of the areas by which it is decided who gets a letter.
    """

    language: str
    models: tuple[Wording, ...]
    known: tuple[Wording, ...]
    letter_is_fixed: bool
    sends: Mapping[str, ConsentWording]
    news: ConsentWording | None
    seats: tuple[str, ...]
    tables: tuple[AreaTable, ...] = ()

    def variant(self, number: str) -> Wording | None:
        """The variant of that number, as a form sends it back; None where it never was offered."""
        return next((each for each in self.known if str(each.variant) == number), None)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways that are offered, in order."""
        return tuple(self.sends)

    @property
    def writes_letters(self) -> bool:
        """Whether any of them needs words of one's own."""
        return any(WAYS[way].writes_letters for way in self.sends)

    @property
    def send_answers(self) -> dict[str, str]:
        """What the boxes for sending may send back, with the way: the exact words of each."""
        return {str(wording.pk): way for way, wording in self.sends.items()}

    @property
    def news_answers(self) -> dict[str, bool]:
        """The same for the two answers about news."""
        return {f"{self.news.pk}:yes": True, f"{self.news.pk}:no": False} if self.news else {}


def offer_of(page: CampaignPage) -> Offer | None:
    """The offer of a page; None while nobody can be written to, or the words for it are missing.

    A form that could not lead to a letter is not shown at all, and a way whose words of permission
    are missing in the page's language is not offered there.
    """
    reachable = page.campaign.campaign_targets.current().filter(
        target__addresses__isnull=False, target__names__isnull=False
    )
    rows = list(reachable.select_related("target").distinct())
    found = {way: _newest(page, PERMISSION[way]) for way in page.campaign.ways}
    sends = {way: wording for way, wording in found.items() if wording}
    if not sends or not reachable.for_anybody().exists():
        return None
    try:
        known = known_letters(page.campaign, page.language)
    except LookupError:
        return None
    return Offer(
        language=page.language,
        models=tuple(each for each in known if not each.is_retired) or known,
        known=known,
        letter_is_fixed=page.campaign.letter_is_fixed,
        sends=sends,
        news=_newest(page, ConsentWording.Purpose.NEWS),
        seats=tuple(
            row.target.seat
            for row in rows
            if row.scope == CampaignTarget.Scope.COUNTRY and row.target.seat
        ),
        tables=tuple(page.campaign.campaign_targets.area_tables()),
    )


def _newest(page: CampaignPage, purpose: str) -> ConsentWording | None:
    wordings = page.campaign.consents.filter(purpose=purpose, language=page.language)
    newest: ConsentWording | None = wordings.order_by("-version").first()
    return newest
