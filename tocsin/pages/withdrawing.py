"""A witness takes a consent back: the words leave every page, and every version of it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.blocks import StreamValue
from wagtail.models import Revision

from tocsin.organisations.witnesses import WitnessConsent
from tocsin.pages.models import CampaignPage
from tocsin.pages.testimonies import TESTIMONY


@transaction.atomic
def take_off(consent: WitnessConsent) -> int:
    """Remove what was said under it from every page of the organisation, and out of all versions.

    Says from how many pages and versions. What a browser or a search engine has kept of a page is
    out of our reach.
    """
    number = 0
    for page in CampaignPage.objects.filter(campaign__organisation=consent.organisation):
        number += _taken_off_page(page, consent.reference)
        number += sum(_taken_off(each, consent.reference) for each in _versions(page))
    return number


def _taken_off_page(page: CampaignPage, reference: str) -> bool:
    left = _without(page.story.raw_data, reference)
    if len(left) == len(page.story.raw_data):
        return False
    story = StreamValue(page.story.stream_block, left, is_lazy=True)
    type(page).objects.filter(pk=page.pk).update(story=story)
    return True


def _versions(page: CampaignPage) -> Iterator[Revision]:
    kind = ContentType.objects.get_for_model(type(page))
    yield from Revision.objects.filter(content_type=kind, object_id=str(page.pk))


def _taken_off(version: Revision, reference: str) -> bool:
    story = json.loads(version.content.get("story") or "[]")
    left = _without(story, reference)
    if len(left) == len(story):
        return False
    version.content["story"] = json.dumps(left)
    Revision.objects.filter(pk=version.pk).update(content=version.content)
    return True


def _without(story: Iterable[dict[str, Any]], reference: str) -> list[dict[str, Any]]:
    return [
        block
        for block in story
        if block["type"] != TESTIMONY or (block["value"].get("consent") or "").strip() != reference
    ]
