"""The ways to take part, in words for those who choose: who sees what."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.ways import LENT, OPEN, SHIELDED


@dataclass(frozen=True)
class WayWords:
    """One way: its name, what happens then, and what to say once it was taken."""

    way: str
    name: Promise
    words: Promise
    taken: Promise


WAY_WORDS: dict[str, WayWords] = {
    OPEN: WayWords(
        way=OPEN,
        name=_("Openly, with my name"),
        words=_(
            "Your letter bears your name and your country, and answers go to your e-mail address. "
            "Those you write to see all three."
        ),
        taken=_("You take part openly: the letters bear your name."),
    ),
    SHIELDED: WayWords(
        way=SHIELDED,
        name=_("Shielded, without my name"),
        words=_(
            "Your letter is signed “A supporter in” and your country. Those you write to get "
            "neither your name nor your address; an answer goes to the organisation. It waits "
            "up to six hours on purpose, so that its hour does not tell when you were here."
        ),
        taken=_("You take part shielded: the letters name your country, and not you."),
    ),
    LENT: WayWords(
        way=LENT,
        name=_("I lend my voice"),
        words=_(
            "You write no letter. The organisation sends one of its own, and says in it how many "
            "people lend it their voice. Nothing about you leaves, ever."
        ),
        taken=_("You lend your voice: the organisation writes, and nothing about you leaves."),
    ),
}
"""One for each of campaigns/ways.py."""

SAFEST_FIRST = (LENT, SHIELDED, OPEN)


@dataclass(frozen=True)
class Risk:
    """A question whose yes stays in the browser, and the ways it speaks for, the best first."""

    name: str
    question: Promise
    ways: tuple[str, ...]

    def way(self, offered: tuple[str, ...]) -> str:
        """What to suggest to who says yes, out of what is offered."""
        return next(way for way in (*self.ways, *SAFEST_FIRST) if way in offered)


RISKS = (
    Risk(
        name="relatives",
        question=_("Relatives or friends of mine live in the country I write to."),
        ways=(LENT, SHIELDED),
    ),
    Risk(
        name="ties",
        question=_("I come from there, travel there, or have a passport of that country."),
        ways=(SHIELDED, LENT),
    ),
    Risk(
        name="device",
        question=_("Others use this device, may look into it, or read my mail."),
        ways=(SHIELDED, LENT),
    ),
)
