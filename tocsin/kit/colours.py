"""Colours that people can read: written as #rrggbb, compared as WCAG 2.2 does."""

import re
from dataclasses import dataclass

READABLE = 4.5
"""The least contrast of text (WCAG 2.2, 1.4.3)."""

DAY = ("#fbf8f3", "#ffffff", "#f3ece1")
"""What lies behind text on a light page: page.css calls them paper, sheet and wash."""

NIGHT = ("#171512", "#211e1a", "#25211c")
"""The same on a dark one."""

INK, WHITE = "#1f1b17", "#ffffff"


@dataclass(frozen=True)
class Contrast:
    """How far a colour stands out from another, from 1 to 21."""

    colour: str
    behind: str
    ratio: float


class NoColour(ValueError):
    """It is not written as a colour: # and six digits, each of 0-9 and a-f."""


class TooPale(ValueError):
    """It does not stand out enough from what lies behind it; `contrast` is the worst case."""

    def __init__(self, contrast: Contrast) -> None:
        super().__init__(f"{contrast.ratio:.2f}")
        self.contrast = contrast


def read_colour(text: str) -> str:
    """The colour as it is kept, of #rgb or #rrggbb in any case; raises NoColour."""
    found = _COLOUR.fullmatch(text.strip().lower())
    if not found:
        raise NoColour(text)
    digits = found[1]
    return "#" + (digits if len(digits) == 6 else "".join(each * 2 for each in digits))


def contrast(one: str, other: str) -> float:
    """Between two colours, from 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def check_accent(text: str, *, night: bool = False) -> str:
    """A colour for links, numbers and buttons, on a light page or by night.

    Raises NoColour; TooPale, unless text in it can be read on all that lies behind.
    """
    colour = read_colour(text)
    worst = min(
        (Contrast(colour, each, contrast(colour, each)) for each in (NIGHT if night else DAY)),
        key=lambda each: each.ratio,
    )
    if worst.ratio < READABLE:
        raise TooPale(worst)
    return colour


def ink_on(colour: str) -> str:
    """Black or white, whichever is read better on it."""
    return max((INK, WHITE), key=lambda ink: contrast(ink, colour))


def blend(colour: str, other: str, share: float) -> str:
    """The colour with a share (0 to 1) of another."""
    mixed = (
        round(a + (b - a) * share) for a, b in zip(_channels(colour), _channels(other), strict=True)
    )
    return "#" + "".join(f"{each:02x}" for each in mixed)


_COLOUR = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _luminance(colour: str) -> float:
    linear = [
        share / 12.92 if (share := channel / 255) <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return sum(each * weight for each, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
