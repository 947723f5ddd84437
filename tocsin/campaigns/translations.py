"""What each text of a campaign says in another language, and which original that was made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row
from tocsin.organisations.models import Organisation

ALIKE = 80
"""From so many signs on, what is word for word the same in two languages is not translated."""


class State(StrEnum):
    """How far one text is."""

    DONE = "done"
    MISSING = "missing"
    STALE = "stale"


class Translation(Row):
    """What one text was made of: `translation` says what `original` said then.

    An empty `translation`: the text was copied, and stands there in the original's language. The
    text itself stands where it belongs, on the page or in the letter; here is only what tells
    whether it is to be looked at again. `waiting` came out of a file, and is not in use yet.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12)
    place = models.CharField(_("place"), max_length=500)
    original = models.TextField(_("original"))
    translation = models.TextField(_("translation"), blank=True, default="")
    waiting = models.TextField(_("waits to be taken over"), blank=True, default="")

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ("campaign", "language", "place")
        constraints = (
            models.UniqueConstraint(
                *("campaign", "language", "place"), name="a_text_is_translated_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.campaign}: {self.language}: {self.place}"


class Known(Protocol):
    """What is known of a text: a Translation."""

    original: str
    translation: str
    waiting: str


@dataclass(frozen=True)
class Text:
    """One text: where it stands, what it says in the original, and now in the other language.

    `most` signs fit there. Those of one `group` are of use only together. What a witness said is
    in no file: a consent that ends does not reach files.
    """

    place: str
    original: str
    current: str
    most: int
    is_line: bool
    hint: str | Promise
    is_markup: bool = False
    is_of_witness: bool = False

    @property
    def part(self) -> str:
        """Of the page, the letter, the words of permission …"""
        return self.place.partition(".")[0]

    @property
    def group(self) -> str:
        """Everything before the last dot of its place."""
        return self.place.rpartition(".")[0]


def state_of(text: Text, known: Known | None) -> State:
    """Whether the text is translated, and from the original as it is now."""
    if not text.current:
        return State.MISSING
    if known is None:
        same = text.current == text.original and len(text.current) >= ALIKE
        return State.MISSING if same else State.DONE
    if not known.translation:
        return State.MISSING if text.current == known.original else State.DONE
    changed = known.original != text.original and known.translation == text.current
    return State.STALE if changed else State.DONE


def known_of(campaign: Campaign, language: str) -> dict[str, Translation]:
    """What is known of its texts in that language, by place."""
    return {row.place: row for row in campaign.translations.filter(language=language)}


def note_texts(
    campaign: Campaign, *, language: str, texts: Iterable[Text], known: Mapping[str, Known]
) -> None:
    """Before anything changes: note of what is translated by hand from which original it was."""
    rows = [
        _row(campaign, language, text, translation=text.current)
        for text in texts
        if _is_news(text, known.get(text.place))
    ]
    _keep(rows, "original", "translation")


def mark_copied(campaign: Campaign, *, language: str, texts: Iterable[Text]) -> None:
    """Note that these stand there in the original's language."""
    _keep([_row(campaign, language, text) for text in texts], "original", "translation")


def mark_translated(
    campaign: Campaign, *, language: str, texts: Iterable[Text], said: Mapping[str, str]
) -> None:
    """Note that what is said of these texts is what their originals say now."""
    rows = [_row(campaign, language, text, translation=said[text.place]) for text in texts]
    _keep(rows, "original", "translation", "waiting")


def mark_waiting(
    campaign: Campaign, *, language: str, texts: Iterable[Text], said: Mapping[str, str]
) -> None:
    """Note what is said of these texts until somebody takes it over; nothing else changes."""
    known = known_of(campaign, language)
    rows = []
    for text in texts:
        is_done = state_of(text, None) == State.DONE
        fresh = _row(campaign, language, text, translation=text.current if is_done else "")
        row = known.get(text.place, fresh)
        row.pk, row.waiting = None, said[text.place]
        if not row.translation:
            row.original = text.original
        rows.append(row)
    _keep(rows, "original", "waiting")


def forget_below(organisation: Organisation, *, places: Iterable[str]) -> None:
    """Keep nothing of what is noted below these places, in whichever campaign of theirs."""
    theirs = Translation.objects.filter(campaign__organisation=organisation)
    for place in places:
        theirs.filter(place__startswith=f"{place}.").delete()


def _is_news(text: Text, known: Known | None) -> bool:
    if not text.current or state_of(text, known) != State.DONE:
        return False
    return known is None or known.translation != text.current


def _row(campaign: Campaign, language: str, text: Text, *, translation: str = "") -> Translation:
    return Translation(
        campaign=campaign,
        language=language,
        place=text.place,
        original=text.original,
        translation=translation,
    )


def _keep(rows: list[Translation], *fields: str) -> None:
    Translation.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["campaign", "language", "place"],
        update_fields=fields,
    )
