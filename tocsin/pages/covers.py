"""What of a campaign page stands on its share picture and its poster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import get_language_info

from tocsin.actions.links import query_of
from tocsin.pages.prints.cover import Cover

if TYPE_CHECKING:  # the pages name their pictures by means of this file
    from tocsin.pages.models import CampaignPage

ACCENT = "#b8370b"
"""Tocsin's own colour, as in page.css, for organisations that have chosen none."""


def cover_of(page: CampaignPage, *, address: str) -> Cover | None:
    """The words and the look of a page at that address; None while it has none."""
    if not address:
        return None
    organisation = page.campaign.organisation
    is_rtl = get_language_info(page.language)["bidi"]
    return Cover(
        title=page.title,
        organisation=organisation.name,
        address=address.partition("://")[2].rstrip("/"),
        language=page.language,
        direction="rtl" if is_rtl else "ltr",
        accent=organisation.accent or ACCENT,
        headings=organisation.headings,
        demand=next((str(block.value) for block in page.demands), page.lead),
        call=page.call,
        code=address + query_of("poster"),
    )
