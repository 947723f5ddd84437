"""Small numbers, shown together: who is the only one somewhere is not pointed at."""

from collections.abc import Mapping
from dataclasses import dataclass

FEW = 10
"""Fewer people than that are not named by the country or language that they have in common."""


@dataclass(frozen=True)
class Folded:
    """Names with their numbers, the most first; and of how many names the rest is, and how many."""

    named: tuple[tuple[str, int], ...]
    names: int = 0
    together: int = 0


def fold(numbers: Mapping[str, int], *, few: int = FEW) -> Folded:
    """Keep the names of which there are at least `few`, and put the others together."""
    known = {name: number for name, number in numbers.items() if number > 0}
    named = [(name, number) for name, number in known.items() if number >= few]
    rest = [number for number in known.values() if number < few]
    named.sort(key=lambda each: (-each[1], each[0]))
    return Folded(named=tuple(named), names=len(rest), together=sum(rest))
