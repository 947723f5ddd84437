"""The example campaign's files, read as texts to be looked at."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import tocsin

EXAMPLE = Path(tocsin.__file__).parent / "demo" / "example"
LANGUAGES = ("fr", "en")

# Read by machines, or in the words of somebody else: no rule of typography or language for them.
NOT_PROSE = {
    *("language", "slug", "kind", "source_name", "source_date", "source_url"),
    *("date", "known"),
}

TABLE = dict[str, Any]


class Prose(NamedTuple):
    """One text of a language's file, and where it stands in it."""

    language: str
    where: str
    text: str


def read(name: str) -> TABLE:
    return tomllib.loads((EXAMPLE / f"{name}.toml").read_text(encoding="utf-8"))


CAMPAIGN = read("campaign")
WORDS = {language: read(language) for language in LANGUAGES}


def strings(value: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every string below a value, with its path: `page.story.0.text`."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from strings(below, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, below in enumerate(value):
            yield from strings(below, f"{where}.{number}")


def prose(*languages: str) -> list[Prose]:
    return [
        Prose(language, where, text)
        for language in languages
        for where, text in strings(WORDS[language])
        if where.rpartition(".")[2] not in NOT_PROSE
    ]


def shape(value: object) -> object:
    """The same tree with the words left out: only keys, lengths and kinds of values remain."""
    if isinstance(value, dict):
        return {key: shape(below) for key, below in value.items()}
    if isinstance(value, list):
        return [shape(below) for below in value]
    return (type(value).__name__, bool(value))


def wording(language: str, kind: str) -> dict[str, str]:
    found: list[dict[str, str]] = [w for w in WORDS[language]["wordings"] if w["kind"] == kind]
    assert len(found) == 1, f"{language}: {len(found)} wordings of kind {kind!r}"
    return found[0]


def letters(language: str) -> Iterator[str]:
    """The model letter to every target written to in a language, as one text."""
    for target in CAMPAIGN["targets"]:
        if target["language"] == language:
            default = wording(language, "")
            kind = target["kind"] if target["kind"] == "embassy" else ""
            words = wording(language, kind)
            salutation = WORDS[language]["targets"][target["slug"]]["salutation"]
            parts = (salutation, words["opening"], words["body"] or default["body"])
            yield "\n\n".join(part for part in (*parts, words["closing"]) if part)


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.?!])\s+|\n+", text) if s]
