"""All texts of a campaign in one language: read side by side, checked, and taken over."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from django.contrib.auth.models import User
from django.db import transaction

from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.campaigns.texts import PERMISSION, TARGET, keep_texts, texts_of, whole_groups
from tocsin.campaigns.translation_rules import Broken, broken
from tocsin.campaigns.translations import (
    State,
    Text,
    Translation,
    known_of,
    mark_translated,
    mark_waiting,
    note_texts,
    state_of,
)
from tocsin.kit.gate import Reason, Refused, clean_line, clean_text
from tocsin.kit.po_files import Entry

PAGE = "page"


class TextsOfPage(Protocol):
    """The texts of one page in one language."""

    @property
    def texts(self) -> list[Text]: ...
    @property
    def known(self) -> dict[str, Translation]: ...
    @property
    def gone(self) -> list[str]: ...
    @property
    def missing(self) -> int: ...


class Translating(Protocol):
    """What the pages do for translations: tocsin/pages/translating.py."""

    def languages_of(self, campaign: Campaign) -> list[str]: ...

    def page_texts(self, campaign: Campaign, *, language: str) -> TextsOfPage | None: ...

    def keep_page_texts(
        self, campaign: Campaign, *, language: str, said: Mapping[str, str], user: User | None
    ) -> None: ...

    def publish_as_it_is(self, campaign: Campaign, *, language: str, user: User | None) -> None: ...


class Why(StrEnum):
    """Why one translation is not used; those of the rules beside."""

    UNKNOWN = "unknown"
    CHANGED = "changed"
    UNSURE = "unsure"
    TOO_LONG = "too_long"
    SIGN = "sign"
    DIRECTORY = "directory"
    HALF = "half"


Fault = Why | Broken


@dataclass(frozen=True)
class Sheet:
    """All texts that a campaign has in one language, with what is known of each.

    `original` is the language of its first page, "" where it has none. `gone` are blocks of the
    page that its original lost.
    """

    campaign: Campaign
    language: str
    original: str
    has_page: bool
    texts: list[Text]
    known: dict[str, Translation]
    gone: list[str]

    def state(self, text: Text) -> State:
        """How far that text is."""
        return state_of(text, self.known.get(text.place))

    def waiting(self, text: Text) -> str:
        """What came of it out of a file, and is not in use yet."""
        row = self.known.get(text.place)
        return row.waiting if row else ""

    def is_overtaken(self, text: Text) -> bool:
        """Whether the original changed since what waits, of a text never translated, was made."""
        row = self.known.get(text.place)
        return bool(row and row.waiting and not row.translation and row.original != text.original)

    def is_open(self, text: Text) -> bool:
        """Whether somebody should look at it."""
        return self.state(text) != State.DONE or bool(self.waiting(text))


@dataclass
class Outcome:
    """What became of translations: how many are used, wait, say nothing; which are not used."""

    used: int = 0
    waiting: int = 0
    empty: int = 0
    faults: list[tuple[str, Fault]] = field(default_factory=list)


def sheet_of(pages: Translating, campaign: Campaign, *, language: str) -> Sheet:
    """Read them all; in the language of the original there are none."""
    spoken = pages.languages_of(campaign)
    original = spoken[0] if spoken else ""
    sheet = Sheet(campaign, language, original, language in spoken, [], {}, [])
    if not original or language == original:
        return sheet
    page = pages.page_texts(campaign, language=language)
    asks = language in spoken
    ground = texts_of(campaign, language=language, original=original, asks=asks)
    sheet.texts.extend([*(page.texts if page else ()), *ground])
    sheet.known.update(known_of(campaign, language))
    sheet.gone.extend(page.gone if page else ())
    return sheet


def languages_of(pages: Translating, campaign: Campaign) -> list[str]:
    """Of the pages first, then of those who read the letter, then of what is written."""
    rows = campaign.campaign_targets.values_list("target__language", flat=True)
    written = campaign.wordings.filter(is_retired=False).values_list("language", flat=True)
    found = [*pages.languages_of(campaign), *rows.order_by(), *written.order_by()]
    return list(dict.fromkeys(found))


def note_all(pages: Translating, campaign: Campaign) -> None:
    """Before anything changes: note what says what now, in every language."""
    for language in languages_of(pages, campaign):
        sheet = sheet_of(pages, campaign, language=language)
        note_texts(campaign, language=language, texts=sheet.texts, known=sheet.known)


def checked(text: Text, said: str) -> tuple[str, Fault | None]:
    """The translation as it can stand there, or what is wrong with it."""
    gate = clean_line if text.is_line else clean_text
    try:
        clean = gate(said, most=text.most)
    except Refused as refused:
        return said, Why.TOO_LONG if refused.reason == Reason.TOO_LONG else Why.SIGN
    return clean, broken(text.original, clean, is_markup=text.is_markup)


def check_entries(
    sheet: Sheet, entries: Iterable[Entry], *, keeps_directory: bool
) -> tuple[dict[str, str], Outcome]:
    """What can be used of a file, by place, and what became of the rest."""
    texts = {text.place: text for text in sheet.texts if not text.is_of_witness}
    said: dict[str, str] = {}
    outcome = Outcome()
    for entry in entries:
        text = texts.get(entry.place)
        if not entry.translation.strip():
            outcome.empty += 1
            continue
        fault: Fault | None = None
        if text is None:
            outcome.faults.append((f"{entry.place}: {entry.original}"[:120], Why.UNKNOWN))
            continue
        clean = entry.translation
        if entry.original.strip() != text.original.strip():
            fault = Why.CHANGED
        elif entry.unsure:
            fault = Why.UNSURE
        elif text.part == TARGET and not keeps_directory:
            fault = Why.DIRECTORY
        else:
            clean, fault = checked(text, entry.translation)
        if fault:
            outcome.faults.append((str(text.hint), fault))
        else:
            said[text.place] = clean
    return said, outcome


def parts_that_wait(campaign: Campaign) -> Collection[str]:
    """Of a file: what would be in use at once, in an open campaign or in the shared directory."""
    if campaign.state == DRAFT:
        return (TARGET,)
    return ("letter", PERMISSION, "collective", TARGET)


@transaction.atomic
def take_over(
    pages: Translating,
    sheet: Sheet,
    *,
    said: Mapping[str, str],
    outcome: Outcome,
    user: User | None,
    wait: Collection[str] = (),
    unused: Collection[str] = (),
) -> None:
    """Let the campaign say this, all of it or nothing; the page as a draft.

    The parts that are to `wait` are noted for somebody to look at. So is what would be half a
    letter or half a name, until the rest is there; of the places `unused` what waits is not it.
    """
    campaign, language = sheet.campaign, sheet.language
    note_texts(campaign, language=language, texts=sheet.texts, known=sheet.known)
    texts = [text for text in sheet.texts if text.place in said]
    same = {text.place: text.current for text in texts if said[text.place] == text.current}
    of_page = {text.place: said[text.place] for text in texts if text.part == PAGE}
    if set(of_page) - set(same) or sheet.gone:
        pages.keep_page_texts(campaign, language=language, said=of_page, user=user)
    ground = [text for text in sheet.texts if text.part not in (PAGE, *wait)]
    asked = {text.group for text in texts} & {text.group for text in ground}
    groups = [text for text in ground if text.group in asked]
    full = {
        text.place: sheet.waiting(text)
        for text in groups
        if not (text.current or text.place in unused or sheet.is_overtaken(text))
    } | {text.place: said[text.place] for text in groups if text.place in said}
    whole = whole_groups(groups, full)
    used = {
        text.place: words
        for text in groups
        if text.group in whole and (words := full.get(text.place))
    }
    keep_texts(campaign, language=language, said=used)
    now = {**same, **of_page, **used}
    later = [text for text in texts if text.place not in now]
    done = [text for text in sheet.texts if text.place in now]
    mark_translated(campaign, language=language, texts=done, said=now)
    mark_waiting(campaign, language=language, texts=later, said=said)
    outcome.used += len(now)
    outcome.waiting += len(later)
    halves = {text.group: str(text.hint) for text in later if text.part not in wait}
    outcome.faults += [(hint, Why.HALF) for hint in halves.values()]
