"""All texts of a letter with their variants, beside the languages: what is there, what is not."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from tocsin.campaigns.models import Campaign, Wording


@dataclass(frozen=True)
class Cell:
    """One variant in one language: where it is written, and whether it is."""

    language: str
    language_name: str
    url: str
    is_there: bool
    subject: str


@dataclass(frozen=True)
class Line:
    """One variant in every language."""

    variant: int
    is_retired: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Text:
    """One text ("" for the general one), its variants, and where one more of them is begun."""

    name: str
    lines: tuple[Line, ...]
    more: str


def texts_of(campaign: Campaign, languages: Iterable[str]) -> list[Text]:
    """The general text first, then those of the rules and all others, by name."""
    spoken, names = list(languages), dict(settings.LANGUAGES)
    there = {(row.text, row.variant, row.language): row for row in campaign.wordings.all()}
    ruled = set(campaign.wording_rules.exclude(text="").values_list("text", flat=True))
    found = []
    for text in ["", *sorted(ruled | {text for text, _number, _language in there if text})]:
        numbers = sorted({number for one, number, _language in there if one == text} or {1})
        lines = tuple(
            _line(campaign, text, number, there=there, spoken=spoken, names=names)
            for number in numbers
        )
        following = max(numbers) + 1
        first = spoken[0] if spoken else settings.LANGUAGE_CODE
        found.append(Text(text, lines, place_of(campaign, first, text, following)))
    return found


def place_of(campaign: Campaign, language: str, text: str, variant: int) -> str:
    """Where that wording is written."""
    if text:
        return reverse("guide_wording_of", args=[campaign.pk, language, variant, text])
    return reverse("guide_wording", args=[campaign.pk, language, variant])


def _line(
    campaign: Campaign,
    text: str,
    variant: int,
    *,
    there: dict[tuple[str, int, str], Wording],
    spoken: list[str],
    names: dict[str, str],
) -> Line:
    rows = {code: there.get((text, variant, code)) for code in spoken}
    cells = tuple(
        Cell(
            language=code,
            language_name=names.get(code, code),
            url=place_of(campaign, code, text, variant),
            is_there=row is not None,
            subject=row.subject if row else "",
        )
        for code, row in rows.items()
    )
    return Line(variant, any(row.is_retired for row in rows.values() if row), cells)
