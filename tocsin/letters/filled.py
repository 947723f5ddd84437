"""The words of one letter with its fields filled in, and which of them nothing is known for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.actions.words import Words
from tocsin.campaigns.fields import empty_in, fields_in, fill
from tocsin.campaigns.filling import values_for
from tocsin.campaigns.models import Campaign, Wording
from tocsin.targets.models import Target


@dataclass(frozen=True)
class Filled:
    """The parts of a wording as they go to one target; `gaps` are fields that stay empty."""

    language: str
    subject: str
    opening: str
    body: str
    fixed: str
    closing: str
    gaps: tuple[str, ...]


def filled_for(
    target: Target,
    *,
    name: str,
    campaign: Campaign,
    country: str,
    wording: Wording,
    words: Words,
    used: set[str],
) -> Filled:
    """The letter of somebody in `country` to that target, which is called so."""
    values = values_for(
        target,
        name=name,
        organisation=campaign.organisation.name,
        country=country,
        language=wording.language,
    )
    return filled(wording, words, values, used=used)


def used_in(wordings: Mapping[tuple[str, str], Sequence[Wording]]) -> set[str]:
    """The fields of the letters that pages offer, in the part that people change.

    Those alone are known of everybody who may get a changed letter (campaigns/checklist.py): one
    that a text for some has may be empty for others, and would keep the letter for ever.
    """
    shown = (
        each for (_language, text), variants in wordings.items() if not text for each in variants
    )
    return {field for each in shown for field in fields_in(each.body)}


def filled(wording: Wording, words: Words, values: Mapping[str, str], *, used: set[str]) -> Filled:
    """The letter in words, to whoever has these values.

    What somebody changed keeps the fields that it had. Others that they type, and a sentence of
    their own, are words like any other: nobody asks our directory by means of a letter.
    """
    given = {field: value for field, value in values.items() if field in used}
    body = fill(words.body, given) if words.body else fill(wording.body, values)
    gaps = empty_in([wording.subject, wording.opening, wording.fixed, wording.closing], values)
    left = fields_in(words.body) & used if words.body else fields_in(wording.body)
    gaps += [field for field in values if field in left and not values[field].strip()]
    return Filled(
        language=wording.language,
        subject=fill(wording.subject, values),
        opening=fill(wording.opening, values),
        body=body,
        fixed=fill(wording.fixed, values),
        closing=fill(wording.closing, values),
        gaps=tuple(dict.fromkeys(gaps)),
    )
