"""Who of many is written to by whom: drawn by lot, evenly, and the same again each time."""

import hashlib
import re
import secrets
from collections.abc import Iterable

_DRAW = re.compile(r"[0-9a-f]{16}")


def new_draw() -> str:
    """A lot: a random number that says nothing of whoever holds it."""
    return secrets.token_hex(8)


def read_draw(text: str) -> str:
    """The lot that a form sends back; a new one where it sends none."""
    return text if _DRAW.fullmatch(text) else new_draw()


def drawn(draw: str, among: Iterable[int], *, number: int) -> list[int]:
    """So many of them, by that lot; all of them for 0. Who is added or taken out moves few others.

    Each gets the same share of all lots, whatever its number is.
    """
    lots = sorted(among, key=lambda each: hashlib.sha256(f"{draw}:{each}".encode()).digest())
    return lots[:number] if number else lots
