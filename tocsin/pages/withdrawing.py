"""A witness takes a consent back: the words leave all pages, versions and notes of translations."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.blocks import StreamValue
from wagtail.models import Revision

from tocsin.campaigns.translations import forget_below
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.pages.models import CampaignPage
from tocsin.pages.page_texts import PART
from tocsin.pages.testimonies import TESTIMONY, reference_of


@transaction.atomic
def take_off(consent: WitnessConsent) -> int:
    """Remove what was said under it from every page of the organisation, and out of all versions.

    Says from how many pages and versions. What was noted of its translations goes as well. What a
    browser or a search engine has kept of a page is out of our reach.
    """
    found: list[set[str]] = []
    for page in CampaignPage.objects.filter(campaign__organisation=consent.organisation):
        found.append(_taken_off_page(page, consent.reference))
        found += [_taken_off(each, consent.reference) for each in _versions(page)]
    places = [f"{PART}.story.{number}" for number in sorted(set().union(*found))]
    forget_below(consent.organisation, places=places)
    return sum(map(bool, found))


def _taken_off_page(page: CampaignPage, reference: str) -> set[str]:
    """The numbers of the blocks that were there."""
    left, taken = _parted(page.story.raw_data, reference)
    if taken:
        story = StreamValue(page.story.stream_block, left, is_lazy=True)
        type(page).objects.filter(pk=page.pk).update(story=story)
    return taken


def _versions(page: CampaignPage) -> Iterator[Revision]:
    kind = ContentType.objects.get_for_model(type(page))
    yield from Revision.objects.filter(content_type=kind, object_id=str(page.pk))


def _taken_off(version: Revision, reference: str) -> set[str]:
    left, taken = _parted(json.loads(version.content.get("story") or "[]"), reference)
    if taken:
        version.content["story"] = json.dumps(left)
        Revision.objects.filter(pk=version.pk).update(content=version.content)
    return taken


def _parted(
    story: Iterable[dict[str, Any]], reference: str
) -> tuple[list[dict[str, Any]], set[str]]:
    """The blocks that stay, and the numbers of those that go."""
    left, taken = [], set()
    for block in story:
        if block["type"] == TESTIMONY and reference_of(block["value"]) == reference:
            taken.add(str(block.get("id")))
        else:
            left.append(block)
    return left, taken
