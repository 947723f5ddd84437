"""How many letters are word for word the same: a sum over the last ones, and nobody's."""

from collections import Counter
from dataclasses import dataclass

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.outcomes.few import FEW

LAST = 1000
LEAST = 100
"""Of so many letters, and not of fewer: four out of five of ten are an accident."""


@dataclass(frozen=True)
class Variant:
    """One model letter: how many of the last letters began as it, and the share left as it was."""

    number: int
    letters: int
    unedited: int


@dataclass(frozen=True)
class Alike:
    """The last letters of a campaign. Shares are in tens of a hundred: no single one is in them.

    `is_few`: there are too few to say anything of them. `same` is the share of the commonest text,
    `others` how many began as a model letter too rare to be named.
    """

    letters: int
    is_few: bool
    unedited: int = 0
    same: int = 0
    subjects: int = 0
    variants: tuple[Variant, ...] = ()
    others: int = 0


def alike_of_five(campaign: Campaign) -> int:
    """How many out of five of the last letters were left as the model was; 0 if too few are there.

    Rounded to the nearest fifth. A sentence of one's own makes a letter another one.
    """
    own = [is_own for _variant, is_own in _last(campaign)]
    return round(5 * own.count(False) / len(own)) if len(own) >= LEAST else 0


def how_alike(campaign: Campaign) -> Alike:
    """The same in more detail, for those who write the model letters.

    What was changed is sealed, and not looked at: a letter with any word of one's own counts as
    one that has no equal.
    """
    found = _last(campaign)
    whole = len(found)
    if whole < FEW:
        return Alike(letters=whole, is_few=True)
    began = Counter(variant for variant, _own in found)
    left = Counter(variant for variant, is_own in found if not is_own)
    named = [
        Variant(number, letters, _tens(left[number], letters))
        for number, letters in sorted(began.items())
        if letters >= FEW
    ]
    return Alike(
        letters=whole,
        is_few=False,
        unedited=_tens(left.total(), whole),
        same=_tens(max(left.values(), default=0), whole),
        subjects=_subjects(campaign, set(began)),
        variants=tuple(named),
        others=whole - sum(each.letters for each in named),
    )


def _last(campaign: Campaign) -> list[tuple[int, bool]]:
    rows = Action.objects.filter(campaign=campaign, state="written", is_own__isnull=False)
    found = rows.order_by("-day").values_list("variant", "is_own")[:LAST]
    return [(variant, bool(is_own)) for variant, is_own in found]


def _tens(part: int, whole: int) -> int:
    return 10 * round(10 * part / whole)


def _subjects(campaign: Campaign, variants: set[int]) -> int:
    """How many different ones these letters have, in the language in which there are most."""
    rows = campaign.wordings.filter(text="", variant__in=variants).order_by()
    found = Counter(language for language, _subject in set(rows.values_list("language", "subject")))
    return max(found.values(), default=0)
