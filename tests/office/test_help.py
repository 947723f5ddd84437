"""Help where it is needed: beside each field of the office stands a line that says more."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from wagtail.blocks import ListBlock, StreamBlock, StructBlock
from wagtail.fields import StreamField

from tests.factories import a_draft
from tests.office.desk import chiara
from tests.office.every_screen import a_full_office, opened
from tests.pages.reading import HTML
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db

CONTROLS = ("input", "select", "textarea")
WITHOUT = ("hidden", "submit", "button", "search")
CHOICES = ("seen", "row", "chosen", "which")
"""Boxes and circles of a list, whose labels say all that there is to say."""
WAGTAILS_OWN = ("/office/account/",)
OF_WAGTAIL = ("go_live_at", "expire_at", "is_editing")
"""Fields of Wagtail's that say what they are for in their heading, or that a script fills in."""
RAW = {"True", "False"}
"""What a program says, and nobody translates."""
FEWEST = 3
"""Words of a line that says something."""


def words_of(element: Element) -> list[str]:
    """What is read there."""
    return re.findall(r"\w+", "".join(element.itertext()).lower())


class Screen:
    """The forms of a page, each field with its label and its help."""

    def __init__(self, source: str) -> None:
        self.root: Element = html5lib.HTMLParser().parse(source)
        self.above = {child: parent for parent in self.root.iter() for child in parent}
        self.ids = {each.get("id"): each for each in self.root.iter() if each.get("id")}
        self.labels = {
            each.get("for"): words_of(each)
            for each in self.root.iter(HTML + "label")
            if each.get("for")
        }

    def fields(self) -> Iterator[Element]:
        """What can be filled in and is sent; what only looks for something is not."""
        forms = [
            form
            for form in self.root.iter(HTML + "form")
            if form.get("method", "").lower() == "post"
        ]
        for field in (each for form in forms for each in form.iter()):
            is_control = field.tag in [HTML + name for name in CONTROLS]
            if is_control and field.get("name") and field.get("type", "text") not in WITHOUT:
                yield field

    def help_of(self, field: Element) -> list[str]:
        """The words that a screen reader reads after the label, of the group at the latest."""
        place: Element | None = field
        while place is not None:
            if described := place.get("aria-describedby"):
                return [
                    word
                    for key in described.split()
                    if key in self.ids
                    for word in words_of(self.ids[key])
                ]
            place = self.above.get(place)
        return []

    def texts(self) -> Iterator[str]:
        """All that stands there by itself."""
        yield from ((each.text or "").strip() for each in self.root.iter())

    def without_help(self) -> Iterator[str]:
        """The fields without a line, or with one that only says the label again."""
        for field in self.fields():
            said = self.help_of(field)
            label = self.labels.get(field.get("id"), [])
            name = str(field.get("name"))
            # A text to translate is described by its original, which may be one word.
            is_plain = name in (*CHOICES, *OF_WAGTAIL) or name.startswith("text:")
            if not is_plain and len(set(said) - set(label)) < FEWEST:
                yield name


def test_every_field_has_a_line_of_help() -> None:
    missing, raw = set(), set()
    for url, source in opened(chiara("fr"), a_full_office()):
        screen = Screen(source)
        raw |= {f"{url}: {each}" for each in set(screen.texts()) & RAW}
        if url not in WAGTAILS_OWN:
            missing |= {f"{url}: {name}" for name in screen.without_help()}
    assert not missing, "\n".join(sorted(missing))
    assert sorted(raw) == []


def test_what_is_wrong_does_not_take_the_place_of_the_help() -> None:
    campaign = a_draft()
    answer = chiara().post(f"/office/campaign/{campaign.pk}/ways/", {"do": "save", "goal": "0"})
    screen = Screen(answer.content.decode())
    [goal] = [field for field in screen.fields() if field.get("name") == "goal"]
    assert {"confirmed", "greater"} <= set(screen.help_of(goal))
    assert goal.get("aria-invalid") == "true"


def said_of(block: Any) -> str:
    """What stands above its fields, or beside it where it is chosen."""
    return str(getattr(block.meta, "help_text", "") or getattr(block.meta, "description", "") or "")


def leaves(block: Any, path: str, said: str = "") -> Iterator[tuple[str, str, str]]:
    """The fields of a block, each with its label and its help, or that of what it is a part of."""
    if isinstance(block, StreamBlock | StructBlock):
        for name, child in block.child_blocks.items():
            yield from leaves(child, f"{path}.{name}", said_of(block))
    elif isinstance(block, ListBlock):
        yield from leaves(block.child_block, path, said)
    else:
        own = getattr(getattr(block, "field", None), "help_text", "")
        yield path, str(block.label), str(own or said)


def test_every_field_of_a_block_has_one() -> None:
    streams = [each for each in CampaignPage._meta.get_fields() if isinstance(each, StreamField)]
    fields = [leaf for each in streams for leaf in leaves(each.stream_block, each.name)]
    assert len(fields) > FEWEST
    assert [
        path for path, label, said in fields if len(said.split()) < FEWEST or said == label
    ] == []
