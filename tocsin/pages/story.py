"""What a page tells, block by block: which of it is shown today, and what is missing in it."""

from __future__ import annotations

from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.html import strip_tags

from tocsin.pages.pictures.show import picture_in
from tocsin.pages.testimonies import shown_of, unallowed

if TYPE_CHECKING:  # the pages show themselves by means of this file
    from tocsin.pages.models import CampaignPage

PLAIN = ("section",)
"""Blocks that need no style beside that of every page."""


def story_context(page: CampaignPage, *, day: date, has_form: bool) -> dict[str, Any]:
    """The blocks that are shown; without a form none that leads to it."""
    blocks = shown_of(page.story, organisation=page.campaign.organisation, day=day)
    story = [block for block in blocks if has_form or block.block_type != "call"]
    return {"story": story, "story_dressed": any(b.block_type not in PLAIN for b in story)}


def latest_news(page: CampaignPage) -> str:
    """The newest of what happened so far, with its day, in a line without tags; or nothing."""
    updates = [block.value["updates"] for block in page.story.blocks_by_name("updates")]
    dated = [entry for entries in updates for entry in entries if entry.get("date")]
    if not dated:
        return ""
    newest = max(dated, key=lambda entry: entry["date"])
    words = strip_tags(newest["text"].source.replace("</", " </"))
    return f"{date_format(newest['date'])} – {' '.join(unescape(words).split())}"


def pictures_in(story: Any) -> set[int]:
    """The keys of the pictures that it has."""
    shown = (block.value.get("image") for block in story.blocks_by_name("image"))
    return {image.pk for image in shown if image}


def draw_pictures(story: Any) -> None:
    """Have the sizes of its pictures made now, which takes seconds: before anybody looks at it."""
    for block in story.blocks_by_name("image"):
        picture_in(block.value)


def missing_in_story(page: CampaignPage, *, day: date) -> set[str]:
    """The points of the checklist that the blocks fail: "pictures", "witnesses"."""
    found = set()
    if any(block.block_type == "image" and not _is_told(block.value) for block in page.story):
        found.add("pictures")
    if unallowed(page.story, organisation=page.campaign.organisation, day=day):
        found.add("witnesses")
    return found


def _is_told(picture: Any) -> bool:
    """Whether it is there, and who does not see it is told of it, or that there is nothing."""
    told = (picture.get("alt") or "").strip() or picture.get("decorative")
    return bool(picture.get("image") and told)
