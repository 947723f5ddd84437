"""The texts of a page, whatever blocks it is built from, beside those of its original."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page

from tocsin.campaigns.translation_rules import without_keys
from tocsin.campaigns.translations import Text
from tocsin.pages.testimonies import REFERENCE, TESTIMONY, may_be_one

PART = "page"
OF_EVERY_PAGE = ("title", "seo_title", "search_description")
MOST = 20_000

Raw = Any
"""A value of a block as it is stored: what JSON has."""


@dataclass
class Beside:
    """A walk through a page and its original side by side.

    `take` gets each text and returns what is to stand there. `known` are the translations that
    were noted, by place. What the original does not have any more, and was noted, is `gone`.
    """

    take: Callable[[Text], str]
    known: Mapping[str, str]
    gone: list[str]

    def value(self, block: blocks.Block, source: Raw, now: Raw, at: Text) -> Raw:
        """The value of one block: the structure of the original, with the texts that are taken."""
        if isinstance(block, blocks.StructBlock):
            source, now = source or {}, now if isinstance(now, dict) else {}
            made = {
                name: self.value(child, source.get(name), now.get(name), _at(at, name, child))
                for name, child in block.child_blocks.items()
            }
            there = [_plain(each.get("text")) for each in (now, source)]
            if block.name == TESTIMONY and _plain(made["text"]) not in there:
                made["language"] = ""  # translated now, so in that of its page
            return made
        if isinstance(block, blocks.StreamBlock):
            kinds = block.child_blocks
            return self._children(source, now, at, lambda child: kinds.get(child["type"]))
        if isinstance(block, blocks.ListBlock):
            return self._children(source, now, at, lambda _child: block.child_block)
        if at.is_of_witness and block.name == REFERENCE:
            return now or source
        if isinstance(block, blocks.CharBlock | blocks.TextBlock | blocks.RichTextBlock):
            return self._text(block, source, now, at)
        return source if now is None else now

    def _text(self, block: blocks.Block, source: Raw, now: Raw, at: Text) -> Raw:
        is_markup = isinstance(block, blocks.RichTextBlock)
        most = (block.max_length if is_markup else block.field.max_length) or MOST
        text = replace(
            at,
            original=_plain(source),
            current=_plain(now),
            most=most,
            is_line=not is_markup and not isinstance(block, blocks.TextBlock),
            is_markup=is_markup,
        )
        taken = self.chosen(text)
        return now if taken == text.current else taken

    def chosen(self, text: Text) -> str:
        """What is to stand there; where the original says nothing, only what is the page's own."""
        if text.original:
            return self.take(text)
        if text.current and self.was_copied(text.place):
            self.gone.append(text.place)
            return ""
        return text.current

    def was_copied(self, place: str) -> bool:
        """Whether the block or text there came from the original: something of it was noted."""
        return any(each == place or each.startswith(f"{place}.") for each in self.known)

    def _children(
        self, source: Raw, now: Raw, at: Text, kind: Callable[[Any], blocks.Block | None]
    ) -> list[Any]:
        source, now = _numbered(source), self._recognised(_numbered(now), at)
        theirs, found = _matched(source, now), []
        for number, child in enumerate(source, start=1):
            block, there = kind(child), theirs.get(child["id"], {})
            if block is None:
                continue
            inside = _at(at, child["id"], block, number=number)
            value = self.value(block, child["value"], there.get("value"), inside)
            found.append({**child, "value": value})
        matched = [id(each) for each in theirs.values()]
        for child in now:
            if id(child) not in matched:
                place = f"{at.place}.{child['id']}"
                if self.was_copied(place):
                    self.gone.append(place)
                else:  # the page's own
                    found.append(child)
        return found

    def _recognised(self, now: list[Any], at: Text) -> list[Any]:
        """A block that was written by itself gets the number of that beside which it was noted."""
        start = f"{at.place}."
        noted: dict[str, set[str]] = {}
        for place, words in self.known.items():
            if words and place.startswith(start):
                noted.setdefault(place[len(start) :].partition(".")[0], set()).add(words)
        there = {child["id"] for child in now}
        left = {number: words for number, words in noted.items() if number not in there}
        found = []
        for child in now:
            own = set(_strings(child["value"])) if child["id"] not in noted else set()
            number = next((each for each, words in left.items() if words & own), child["id"])
            left.pop(number, None)
            found.append({**child, "id": number})
        return found


def texts_beside(
    page: Page, original: Page, *, known: Mapping[str, str]
) -> tuple[list[Text], list[str]]:
    """Its texts that have an original; and the places of blocks that the original lost."""
    found: list[Text] = []

    def look(text: Text) -> str:
        found.append(text)
        return text.current

    gone: list[str] = []
    _walk(page, original, Beside(look, known, gone))
    return found, gone


def say_in(
    page: Page, original: Page, said: Mapping[str, str], *, known: Mapping[str, str]
) -> None:
    """Let the page say this, by place, in the order and with the blocks of its original.

    What is not said stays as it is; where there is nothing, the original's text stands.
    """

    def say(text: Text) -> str:
        return said.get(text.place) or text.current or text.original

    for field, value in _walk(page, original, Beside(say, known, [])):
        setattr(page, field.name, value)


def _walk(page: Page, original: Page, walk: Beside) -> Iterator[tuple[Any, Any]]:
    """Each field with what is taken for it. It is a list: the walk is over when it is returned."""
    taken: list[tuple[Any, Any]] = []
    for field in _fields(page):
        start = Text(f"{PART}.{field.name}", "", "", MOST, is_line=False, hint=field.verbose_name)
        source, now = getattr(original, field.name), getattr(page, field.name)
        if isinstance(field, StreamField):
            raw = walk.value(
                field.stream_block, source.get_prep_value(), now.get_prep_value(), start
            )
            taken.append((field, json.dumps(raw, cls=DjangoJSONEncoder)))
            continue
        is_line = not isinstance(field, models.TextField)
        most = getattr(field, "max_length", None) or MOST
        text = replace(
            start, original=_plain(source), current=_plain(now), most=most, is_line=is_line
        )
        taken.append((field, walk.chosen(text)))
    return iter(taken)


def _fields(page: Page) -> list[Any]:
    """The fields in which somebody writes: those of every page, and its own."""
    every = [getattr(type(page), name).field for name in OF_EVERY_PAGE]
    own = [getattr(each, "field", None) for each in vars(type(page)).values()]
    return [*every, *(field for field in own if _is_written(field))]


def _is_written(field: Any) -> bool:
    plain = type(field) in (models.CharField, models.TextField) and not field.choices
    return plain or isinstance(field, StreamField)


def _at(at: Text, name: str, block: blocks.Block, *, number: int = 0) -> Text:
    label = f"{block.label} {number}" if number else str(block.label)
    hint, quoted = f"{at.hint} · {label}", at.is_of_witness or block.name == TESTIMONY
    return replace(at, place=f"{at.place}.{name}", hint=hint, is_of_witness=quoted)


def _plain(text: str | None) -> str:
    """Without what an editor in a browser changes though nobody typed: keys, ends of lines."""
    return without_keys(text or "").replace("\r\n", "\n")


def _strings(value: Raw) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield _plain(value)
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _numbered(children: Raw) -> list[Any]:
    """Each with a number of its own: what was stored without one has that of its place."""
    return [
        child
        if isinstance(child, dict) and child.get("id")
        else {"type": "item", "value": child, "id": str(number)}
        for number, child in enumerate(children or (), start=1)
    ]


def _matched(source: list[Any], now: list[Any]) -> dict[str, Any]:
    """Of each block of the original the one that was made of it.

    A copy has the same numbers. Of a page that was written by itself, block by block, the order
    tells, as long as its blocks are of the same kinds. Two witnesses are never one.
    """
    ours = {child["id"]: child for child in now}
    shared = [(child, ours[child["id"]]) for child in source if child["id"] in ours]
    if not shared and [child["type"] for child in source] == [child["type"] for child in now]:
        shared = list(zip(source, now, strict=True))
    return {child["id"]: other for child, other in shared if not _of_two_witnesses(child, other)}


def _of_two_witnesses(child: Any, other: Any) -> bool:
    return child["type"] == TESTIMONY and not may_be_one(child["value"], other["value"])
