"""What in somebody's own words may tell who they are: a hint to look again, never a judgement."""

import re
from collections.abc import Iterable

MAIL = r"[^\s@<>]{1,64}@[^\s@<>]{1,255}\.[a-z]{2,24}"
PHONE = (
    r"(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))"  # a date is none
    r"\+?\(?[0-9٠-٩۰-۹](?:[\s().\/-]{0,2}[0-9٠-٩۰-۹]){7,}"
)
STREET = (
    r"[0-9]{1,5}\s?(?:bis|ter)?,?\s+(?:rue|avenue|boulevard|place|chemin|allée|impasse|route|quai)\s"
    r"|[0-9]{1,5}\s+(?:[a-z'’.-]+\s+){1,3}(?:street|road|avenue|lane|drive|court|boulevard|crescent)"
)
INTRODUCTION = (
    r"my name is|i am called|i was born"
    r"|je m['’]appelle|mon nom est|je suis née? |je me nomme"
)
RELATIVE = (
    r"my (?:brother|sister|mother|father|husband|wife|son|daughter|uncle|aunt|cousin)"
    r"|mon (?:frère|père|mari|fils|oncle|cousin)"
    r"|ma (?:sœur|soeur|mère|femme|fille|tante|cousine)"
)
PATTERNS = (MAIL, PHONE, STREET, INTRODUCTION, RELATIVE)
"""Written so that Python and JavaScript read them alike: the page looks with the same ones."""


def telltales(text: str, *, names: Iterable[str]) -> list[str]:
    """What was found, as it stands in the text, each once, their own names first.

    `names` is what they typed of theirs.
    """
    patterns = [*(_as_pattern(part) for part in parts_of(names)), *PATTERNS]
    found = [
        hit.group().strip()
        for pattern in patterns
        for hit in re.finditer(pattern, text, re.IGNORECASE)
    ]
    return list(dict.fromkeys(found))


def parts_of(names: Iterable[str]) -> list[str]:
    """The words of names and local parts that are long enough to be recognised by."""
    words = (word for name in names for word in re.split(r"[\s._+'’0-9-]+", name))
    return [word for word in words if len(word) >= (3 if word.isascii() else 2)]


def _as_pattern(part: str) -> str:
    """A whole word; where a script writes no spaces, anywhere."""
    whole = re.escape(part)
    return rf"(?<![^\W\d_]){whole}(?![^\W\d_])" if part.isascii() else whole
