"""How far the page of a campaign is translated: the first page of the campaign is the original."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from tocsin.campaigns.translations import State, Text, Translation, known_of, state_of
from tocsin.pages.page_texts import texts_beside


@dataclass(frozen=True)
class PageTexts:
    """The texts of one page with what is known of each; blocks that the original lost (`gone`)."""

    texts: list[Text]
    known: dict[str, Translation]
    gone: list[str]

    @property
    def missing(self) -> int:
        """How many are not translated."""
        states = [state_of(text, self.known.get(text.place)) for text in self.texts]
        return states.count(State.MISSING)


def original_of(page: Any) -> Page | None:
    """The newest version of the page that this one is a translation of; None: it is none."""
    first = type(page).objects.filter(campaign=page.campaign_id).order_by("pk").first()
    if first is None or first.locale_id == page.locale_id:
        return None
    newest: Page = first.get_latest_revision_as_object()
    return newest


def texts_of_page(page: Any) -> PageTexts:
    """Those of the page as it is given, a version of it; none if it is no translation."""
    original = original_of(page)
    if original is None:
        return PageTexts([], {}, [])
    known = known_of(page.campaign, page.language)
    texts, gone = texts_beside(page, original, known=said_in(known))
    return PageTexts(texts, known, gone)


def said_in(known: dict[str, Translation]) -> dict[str, str]:
    """What is noted of each place."""
    return {place: row.translation for place, row in known.items()}
