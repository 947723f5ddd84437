"""What a translation must keep of its original: tags, links, and what stands in brackets."""

import re
from collections import Counter
from enum import StrEnum

from tocsin.campaigns.fields import field_of

TAG = re.compile(r"<[a-zA-Z/!?](?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*>")
NAME = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9-]*)")
MERGED = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
BLOCK_KEY = re.compile(r' data-block-key="[^"]*"')
ALONE = ("br", "hr", "embed", "img")
"""Tags that nothing closes."""


class Broken(StrEnum):
    """What is wrong with a translation."""

    MERGED = "merged"
    TAG = "tag"
    LINK = "link"
    OPEN = "open"


def without_keys(markup: str) -> str:
    """Without the keys that the editor gives to paragraphs, which say nothing."""
    return BLOCK_KEY.sub("", markup)


def broken(original: str, translation: str, *, is_markup: bool) -> Broken | None:
    """What the translation lost or brought along; None if it keeps to its original."""
    if _merged(original) != _merged(translation):
        return Broken.MERGED
    known, used = TAG.findall(original), TAG.findall(translation)
    if not set(used) <= set(known):
        return Broken.TAG
    if not is_markup:
        # What has no tag is a text like any other, a sign "<" in it included.
        return None
    if set("<>") & set(TAG.sub("", translation)):
        return Broken.OPEN
    if _links(known) != _links(used):
        return Broken.LINK
    return None if _is_closed(used) else Broken.OPEN


def _merged(text: str) -> Counter[str]:
    """What stands in brackets, a field in whichever language, and every bracket."""
    found = Counter(field_of(each) or each for each in MERGED.findall(text))
    return found + Counter(sign for sign in text if sign in "{}[]")


def _links(tags: list[str]) -> Counter[str]:
    """What must be there as often as in the original: links, and what is set into the text."""
    names = ("a", *ALONE[1:])
    return Counter(tag for tag in tags if _name(tag) in names and not tag.startswith("</"))


def _name(tag: str) -> str:
    found = NAME.match(tag)
    return found[1].lower() if found else ""


def _is_closed(tags: list[str]) -> bool:
    """Whether each tag is closed, the last one opened first."""
    stack: list[str] = []
    for tag in tags:
        name = _name(tag)
        if name in ALONE or tag.endswith("/>"):
            continue
        if not tag.startswith("</"):
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack
