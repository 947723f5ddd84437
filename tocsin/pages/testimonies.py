"""Quotes of witnesses: shown as long as the consent holds."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tocsin.organisations.models import Organisation
from tocsin.organisations.witnesses import WitnessConsent

TESTIMONY = "testimony"
"""What such a block is called in a story."""

REFERENCE = "consent"
"""What in it names the consent."""


def shown_of(story: Iterable[Any], *, organisation: Organisation, day: date) -> list[Any]:
    """The story's blocks without the quotes that no consent allows on that day."""
    blocks = list(story)
    barred = set(map(id, unallowed(blocks, organisation=organisation, day=day)))
    return [block for block in blocks if id(block) not in barred]


def unallowed(story: Iterable[Any], *, organisation: Organisation, day: date) -> list[Any]:
    """The quotes of witnesses in it that no consent allows."""
    if not (quotes := _quotes(story)):
        return []
    valid = WitnessConsent.objects.valid_of(organisation, day=day)
    return [block for block in quotes if reference_of(block.value) not in valid]


def withdrawn(story: Iterable[Any], *, organisation: Organisation) -> list[Any]:
    """Those whose consent was taken back: they may not even be kept."""
    if not (quotes := _quotes(story)):
        return []
    gone = WitnessConsent.objects.withdrawn_of(organisation)
    return [block for block in quotes if reference_of(block.value) in gone]


def _quotes(story: Iterable[Any]) -> list[Any]:
    return [block for block in story if block.block_type == TESTIMONY]


def reference_of(value: Mapping[str, Any]) -> str:
    """Under which consent the words stand; "" as long as none is named."""
    return (value.get(REFERENCE) or "").strip()


def may_be_one(quote: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether one can be the translation of the other: not under two consents."""
    both = {reference_of(quote), reference_of(other)} - {""}
    return len(both) < 2
