"""A witness takes a consent back: the words leave whatever we keep of pages."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import filterfalse
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.admin.models import FormState
from wagtail.blocks import StreamValue
from wagtail.models import Revision

from tocsin.campaigns.translations import forget_below
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.pages.models import CampaignPage
from tocsin.pages.page_texts import PART
from tocsin.pages.testimonies import TESTIMONY, reference_of

Block = dict[str, Any]


@transaction.atomic
def take_off(consent: WitnessConsent) -> int:
    """Remove what was said under it from every page of the organisation, and out of all versions.

    Says from how many pages and versions. What was noted of its translations goes as well, and
    what editors typed for a preview. What a browser or a search engine has kept of a page is out
    of our reach.
    """
    pages = CampaignPage.objects.filter(campaign__organisation=consent.organisation)
    said = {
        str(block.get("id"))
        for page in pages
        for story in _stories(page)
        for block in story
        if _is_quote(block) and reference_of(block["value"]) == consent.reference
    }
    others = WitnessConsent.objects.filter(organisation=consent.organisation)
    of_others = set(others.exclude(pk=consent.pk).values_list("reference", flat=True))

    def goes(block: Block) -> bool:
        """A version from before the reference was typed, or typed wrongly, has the words too."""
        reference = reference_of(block["value"]) if _is_quote(block) else None
        is_same = str(block.get("id")) in said and reference not in of_others
        return reference is not None and (reference == consent.reference or is_same)

    number = 0
    for page in pages:
        number += _taken_off_page(page, goes)
        number += sum(_taken_off(each, goes) for each in _versions(page))
    places = [f"{PART}.story.{block}" for block in sorted(said)]
    forget_below(consent.organisation, places=places)
    # Of every page, new ones too: a preview comes anew with the next sign that somebody types.
    FormState.objects.filter(content_type=_kind()).delete()
    return number


def _stories(page: CampaignPage) -> Iterator[Iterable[Block]]:
    """The public one, and that of each version."""
    yield page.story.raw_data
    yield from map(_story, _versions(page))


def _story(version: Revision) -> list[Block]:
    return list(json.loads(version.content.get("story") or "[]"))


def _is_quote(block: Block) -> bool:
    return bool(block["type"] == TESTIMONY)


def _taken_off_page(page: CampaignPage, goes: Callable[[Block], bool]) -> bool:
    left = list(filterfalse(goes, page.story.raw_data))
    if len(left) == len(page.story.raw_data):
        return False
    story = StreamValue(page.story.stream_block, left, is_lazy=True)
    type(page).objects.filter(pk=page.pk).update(story=story)
    return True


def _versions(page: CampaignPage) -> Iterator[Revision]:
    yield from Revision.objects.filter(content_type=_kind(), object_id=str(page.pk))


def _kind() -> ContentType:
    return ContentType.objects.get_for_model(CampaignPage)


def _taken_off(version: Revision, goes: Callable[[Block], bool]) -> bool:
    story = _story(version)
    left = list(filterfalse(goes, story))
    if len(left) == len(story):
        return False
    version.content["story"] = json.dumps(left)
    Revision.objects.filter(pk=version.pk).update(content=version.content)
    return True
