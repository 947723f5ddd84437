"""Which font can draw a text, and what of the text it draws."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
MOST_SIGNS = 240
"""More of a text is never drawn: nobody can read it on a picture."""

LOOKED_AT = 2000
"""What lies behind is not even looked at, so that a text without end costs nothing."""

MORE = "…"
JOINERS = "\u200c\u200d"
NEVER = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Kinds of characters that draw nothing; among them those that turn the direction round."""

ORNAMENTS = ("So", "Sk", "Cf")
"""Kinds that may be left out where a font lacks them: a title says the same without its emoji."""

_VARIANTS = re.compile(r"[\ufe00-\ufe0f\u20e3]")


@dataclass(frozen=True)
class Lettering:
    """A text and the name of the font that has each of its characters."""

    font: str
    text: str


def letter(text: str, *, wish: str = "sans") -> Lettering | None:
    """How a text is drawn: by one font that has all of it, by `wish` if that has.

    None where no font has: then it is better not drawn than with a box for each letter.
    """
    drawn = cut(clean(text))
    fonts = dict.fromkeys((wish, "sans", "naskh", "chinese"))
    for may_lack in ((), ORNAMENTS):
        for font in fonts:
            rest = _without(drawn, font, may_lack)
            if rest is not None and any(map(str.isalnum, rest)):
                return Lettering(font=font, text=rest)
    return None


def clean(text: str) -> str:
    """On one line, with what draws nothing left out; spaces that may not break stay."""
    short = unicodedata.normalize("NFC", text[:LOOKED_AT]).replace("\u202f", "\u00a0")
    spaced = "".join(
        " " if sign != "\u00a0" and (sign.isspace() or unicodedata.category(sign)[0] == "Z")
        # what is not for the eye, but for what joins letters
        else "" if sign not in JOINERS and unicodedata.category(sign) in NEVER
        else sign
        for sign in short
    )  # fmt: skip
    return re.sub(r" +", " ", spaced).strip(" \u00a0")


def cut(text: str) -> str:
    """No more of it than MOST_SIGNS, and never half of a letter with its marks."""
    if len(text) <= MOST_SIGNS:
        return text
    end = MOST_SIGNS - len(MORE)
    while end and (unicodedata.combining(text[end]) or text[end] in JOINERS):
        end -= 1
    return text[:end].rstrip() + MORE


@cache
def signs_of(font: str) -> frozenset[int]:
    """All characters that a font has."""
    with TTFont(FONTS / f"{font}.ttf", lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def path_of(font: str) -> Path:
    """Where its file is."""
    return FONTS / f"{font}.ttf"


def _without(text: str, font: str, may_lack: tuple[str, ...]) -> str | None:
    """The text without ornaments that the font lacks; None if it lacks anything else."""
    there = signs_of(font)
    lacking = {sign for sign in text if ord(sign) not in there}
    for sign in lacking:
        is_ornament = _VARIANTS.match(sign) or unicodedata.category(sign) in may_lack
        if not may_lack or not is_ornament:
            return None
    return clean("".join(sign for sign in text if sign not in lacking))
