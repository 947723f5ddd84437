"""Texts of the letter and their variants: begun, copied, taken away, offered again."""

from django.db import transaction
from django.db.models import Max

from tocsin.campaigns.models import DRAFT, Campaign, Wording

GENERAL = "all"
"""What the general text is called where a name is needed; so no other is."""


class Taken(Exception):
    """There is a text of that name."""


class LastOne(Exception):
    """Nothing would be left of it in some language, and it is needed there."""


def keep_wording(
    campaign: Campaign, *, language: str, text: str, variant: int, words: dict[str, str]
) -> None:
    """Write one variant of a text in one language; a new one is offered where the others are."""
    found = campaign.wordings.filter(text=text, variant=variant)
    Wording.objects.update_or_create(
        campaign=campaign,
        language=language,
        text=text,
        variant=variant,
        defaults=words,
        create_defaults={**words, "is_retired": found.filter(is_retired=True).exists()},
    )


@transaction.atomic
def begin_text(campaign: Campaign, name: str) -> None:
    """A text of its own for some targets, to begin with the general one as it is. Raises Taken."""
    _lock(campaign)
    if name in ("", GENERAL) or campaign.wordings.filter(text=name).exists():
        raise Taken
    for language in set(campaign.wordings.filter(text="").values_list("language", flat=True)):
        rows = campaign.wordings.filter(text="", language=language, is_retired=False)
        if first := rows.order_by("variant").first():
            _copy(first, text=name, variant=1)


@transaction.atomic
def copy_variant(campaign: Campaign, *, text: str, variant: int) -> int:
    """The same once more in every language, to be written in other words; its number."""
    _lock(campaign)
    number = next_variant(campaign, text)
    for row in campaign.wordings.filter(text=text, variant=variant):
        _copy(row, text=text, variant=number)
    return number


@transaction.atomic
def remove_variant(campaign: Campaign, *, text: str, variant: int) -> bool:
    """Take it away in every language; whether it is gone. Raises LastOne.

    Once the campaign was opened it is not offered any more, and stays: letters may point at it,
    and forms that people have before them.
    """
    row = _lock(campaign)
    rows = campaign.wordings.filter(text=text, variant=variant)
    others = campaign.wordings.filter(text=text, is_retired=False).exclude(variant=variant)
    left = set(others.values_list("language", flat=True))
    is_needed = not text or row.wording_rules.filter(text=text).exists()
    if is_needed and set(rows.values_list("language", flat=True)) - left:
        raise LastOne
    if row.state == DRAFT:
        rows.delete()
        return True
    rows.update(is_retired=True)
    return False


@transaction.atomic
def offer_again(campaign: Campaign, *, text: str, variant: int) -> None:
    """One that was taken away from those offered, in every language."""
    _lock(campaign)
    campaign.wordings.filter(text=text, variant=variant).update(is_retired=False)


def next_variant(campaign: Campaign, text: str) -> int:
    """The number of a variant that is still to be written."""
    rows = campaign.wordings.filter(text=text)
    return (rows.aggregate(most=Max("variant"))["most"] or 0) + 1


def _lock(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def _copy(row: Wording, *, text: str, variant: int) -> None:
    row.pk, row.text, row.variant, row.is_retired = None, text, variant, False
    row.save()
