"""Quotes of witnesses: shown as long as the consent holds."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from tocsin.organisations.models import Organisation
from tocsin.organisations.witnesses import WitnessConsent

TESTIMONY = "testimony"
"""What such a block is called in a story."""


def shown_of(story: Iterable[Any], *, organisation: Organisation, day: date) -> list[Any]:
    """The story's blocks without the quotes that no consent allows on that day."""
    blocks = list(story)
    barred = set(map(id, unallowed(blocks, organisation=organisation, day=day)))
    return [block for block in blocks if id(block) not in barred]


def unallowed(story: Iterable[Any], *, organisation: Organisation, day: date) -> list[Any]:
    """The quotes of witnesses in it that no consent allows."""
    quotes = [block for block in story if block.block_type == TESTIMONY]
    if not quotes:
        return []
    valid = WitnessConsent.objects.valid_of(organisation, day=day)
    return [block for block in quotes if (block.value.get("consent") or "").strip() not in valid]
