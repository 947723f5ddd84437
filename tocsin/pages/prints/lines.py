"""Breaking a text into lines, at the largest size at which it finds room."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Measure = Callable[[str], float]
"""How wide a text is at size 1."""

HAN = "\u2e80-\u2fff\u3400-\u9fff\uf900-\ufaff"
OPENING, CLOSING = "（《〈「『【〔“‘", "，。、；：？！）》〉」』】〕”’…·"
PIECE = re.compile(rf"[{OPENING}]*(?:[{HAN}]|[^{HAN}{OPENING}{CLOSING}]+)?[{CLOSING}]*")
"""What stays together between Chinese characters: no line begins with a full stop."""

MORE = "…"
NARROWER = 0.96
"""By which steps lines are evened out."""


@dataclass(frozen=True)
class Block:
    """Lines, and the size of their letters; `is_whole` unless the end had to go."""

    size: float
    lines: tuple[str, ...]
    is_whole: bool = True


@dataclass(frozen=True)
class Word:
    """What is not broken while it fits: with the gap before it, and how wide both are."""

    gap: str
    text: str
    gap_width: float
    width: float


def fit(
    text: str, *, measure: Measure, width: float, height: float, sizes: Sequence[float],
    leading: float,
) -> Block:  # fmt: skip
    """The text at the first of these sizes, the largest first, at which it fits.

    A word is broken, and the end cut off, only at the last of them. `leading` is the height of a
    line at size 1.
    """
    found = words(text, measure)
    for size in sizes:
        limit, most = width / size, int(height / (size * leading))
        lines = wrap(found, limit)
        if len(lines) <= most and all(word.width <= limit for word in found):
            return Block(size=size, lines=_even(found, limit))
    smallest = sizes[-1]
    limit, most = width / smallest, max(1, int(height / (smallest * leading)))
    lines = wrap(_broken(found, limit, measure), limit)
    if len(lines) <= most:
        return Block(size=smallest, lines=lines)
    kept = (*lines[: most - 1], _ended(lines[most - 1], limit, measure))
    return Block(size=smallest, lines=kept, is_whole=False)


def words(text: str, measure: Measure) -> list[Word]:
    """Where a line may break: at spaces, and between Chinese characters."""
    space = measure(" ")
    found = []
    for chunk in text.split(" "):
        pieces = PIECE.findall(chunk) if re.search(f"[{HAN}]", chunk) else [chunk]
        for number, piece in enumerate(filter(None, pieces)):
            gap = "" if number else " "
            found.append(Word(gap, piece, space if gap else 0, measure(piece)))
    return found


def wrap(found: Sequence[Word], limit: float) -> tuple[str, ...]:
    """As many words on each line as fit."""
    lines: list[str] = []
    taken = limit + 1
    for word in found:
        if lines and taken + word.gap_width + word.width <= limit:
            lines[-1] += word.gap + word.text
            taken += word.gap_width + word.width
        else:
            lines.append(word.text)
            taken = word.width
    return tuple(lines)


def _even(found: Sequence[Word], limit: float) -> tuple[str, ...]:
    """The same number of lines, each about as long as the others."""
    lines = wrap(found, limit)
    widest = max((word.width for word in found), default=0)
    while len(lines) > 1 and (limit := limit * NARROWER) >= widest:
        narrower = wrap(found, limit)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _broken(found: Sequence[Word], limit: float, measure: Measure) -> list[Word]:
    """The words, and of those that no line can hold, pieces."""
    pieces = []
    for word in found:
        if word.width <= limit:
            pieces.append(word)
            continue
        first = len(pieces)
        pieces += [Word("", part, 0, measure(part)) for part in _parts(word.text, limit, measure)]
        head = pieces[first]
        pieces[first] = Word(word.gap, head.text, word.gap_width, head.width)
    return pieces


def _parts(text: str, limit: float, measure: Measure) -> list[str]:
    """A word in pieces that fit, never between a letter and its marks."""
    parts, taken = [""], 0.0
    for sign in clusters(text):
        wide = measure(sign)
        if parts[-1] and taken + wide > limit:
            parts.append("")
            taken = 0
        parts[-1] += sign
        taken += wide
    return parts


def clusters(text: str) -> list[str]:
    """Letters, each with what stands on it."""
    starts = [
        at
        for at, sign in enumerate(text)
        if not at or not (unicodedata.category(sign) in ("Mn", "Me") or sign in "\u200c\u200d")
    ]
    return [text[first:end] for first, end in pairwise([*starts, len(text)])]


def _ended(line: str, limit: float, measure: Measure) -> str:
    """A line that says that there would be more."""
    signs = clusters(line.rstrip(MORE))
    while signs and measure("".join(signs).rstrip() + MORE) > limit:
        signs.pop()
    return "".join(signs).rstrip() + MORE
