"""What stands in the fields of a letter to one target, and which of them would stay empty."""

from collections.abc import Collection, Iterable, Iterator

from tocsin.campaigns.fields import (
    COUNTRY,
    HOLDER,
    MINE,
    ORGANISATION,
    RECIPIENT,
    SEAT,
    empty_in,
)
from tocsin.campaigns.models import Campaign, Wording
from tocsin.kit.countries import country_codes, country_in_a_sentence
from tocsin.targets.models import Target

WORDS = ("subject", "opening", "body", "fixed", "closing")
"""What of a wording may have fields."""

ANYWHERE = "FR"
"""Some country, where it does not matter which."""


def values_for(
    target: Target, *, name: str, organisation: str, country: str, language: str
) -> dict[str, str]:
    """The values of all fields, in that language; `country` is where the supporter lives, or ""."""
    return {
        RECIPIENT: name,
        HOLDER: target.holder,
        COUNTRY: _country(target.country, language),
        SEAT: _country(target.seat, language),
        ORGANISATION: organisation,
        MINE: _country(country, language),
    }


def texts_of(wording: Wording) -> list[str]:
    """All of its words that may have fields."""
    return [getattr(wording, part) for part in WORDS]


def empty_for(
    campaign: Campaign, targets: Iterable[Target], texts: Collection[str]
) -> Iterator[tuple[Target, str]]:
    """Each target with each field of these texts that would be empty in a letter to it.

    Nothing of that hangs on a language: a target not named in one is called as in another.
    """
    for target in targets:
        values = values_for(
            target,
            name=str(target),
            organisation=campaign.organisation.name,
            country=ANYWHERE,
            language=target.language,
        )
        yield from ((target, field) for field in empty_in(texts, values))


def _country(code: str, language: str) -> str:
    return country_in_a_sentence(code, language) if code in country_codes() else ""
