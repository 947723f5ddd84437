"""The three ways to take part: what leaves the house, and who is named."""

from dataclasses import dataclass

OPEN = "open"
SHIELDED = "shielded"
LENT = "lent"


@dataclass(frozen=True)
class Way:
    """One way. `shown` says whether the target sees name and address of who takes part."""

    meaning: str
    writes_letters: bool
    shown: bool


WAYS = {
    OPEN: Way(
        meaning="the target sees the name, and answers to the address",
        writes_letters=True,
        shown=True,
    ),
    SHIELDED: Way(
        meaning="the target sees a supporter in a country, and answers to an alias",
        writes_letters=True,
        shown=False,
    ),
    LENT: Way(
        meaning="the organisation writes one collective letter; nothing of a person leaves",
        writes_letters=False,
        shown=False,
    ),
}
"""In the order in which they are offered, after the campaign's first."""
