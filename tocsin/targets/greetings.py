"""Salutations that look misspelt: beside those of others, and beside the name they greet."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum


class Doubt(StrEnum):
    """What looks wrong; the office says it in words."""

    MISSING = "missing"
    SPACES = "spaces"
    END = "end"
    NAME = "name"


@dataclass(frozen=True)
class Greeting:
    """How a target is greeted in one language; `person` is the name of somebody, if it is known."""

    target: int
    language: str
    salutation: str
    person: str = ""


def doubts(greetings: Sequence[Greeting]) -> Iterator[tuple[Greeting, Doubt]]:
    """Each salutation with each thing that looks wrong with it; it may be right all the same."""
    said = [each for each in greetings if each.salutation.strip()]
    spoken = Counter(each.language for each in said)
    open_ended = Counter(each.language for each in said if not _ends(each.salutation))
    for greeting in greetings:
        if not greeting.salutation.strip():
            yield greeting, Doubt.MISSING
            continue
        if _has_stray_spaces(greeting.salutation):
            yield greeting, Doubt.SPACES
        is_alone = open_ended[greeting.language] == 1 < spoken[greeting.language]
        if is_alone and not _ends(greeting.salutation):
            yield greeting, Doubt.END
        if any(_is_misspelt(word, greeting.person) for word in _words(greeting.salutation)):
            yield greeting, Doubt.NAME


def _has_stray_spaces(text: str) -> bool:
    # French has a space before some marks, and never before these two.
    return text != text.strip() or "  " in text or " ," in text or " ." in text


def _ends(text: str) -> bool:
    return unicodedata.category(text.strip()[-1]).startswith("P")


def _words(text: str) -> list[str]:
    bare = "".join(sign if sign.isalpha() or sign in "'’-" else " " for sign in text)
    return [word for word in bare.split() if len(word) > 2]


def _is_misspelt(word: str, person: str) -> bool:
    """Whether it is nearly a word of the name, and none of them."""
    names = [name.casefold() for name in _words(person)]
    word = word.casefold()
    return word not in names and any(_is_near(word, name) for name in names)


def _is_near(word: str, name: str) -> bool:
    if _bare(word) == _bare(name):
        return True
    is_long = len(name) > 3 and abs(len(word) - len(name)) <= 1
    return is_long and SequenceMatcher(None, word, name).ratio() >= 0.8


def _bare(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
