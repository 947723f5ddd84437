"""The counts that the public sees."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import LENT
from tocsin.outbox.rows import rows
from tocsin.outcomes.days import Known, add_days, add_hour, known_of, take_from_days
from tocsin.outcomes.models import Tally

COUNT = """
    WITH found AS MATERIALIZED (
        SELECT id FROM tocsin_action
        WHERE state IN ('released', 'written', 'lent') AND NOT counted
        ORDER BY id FOR UPDATE
    ), marked AS (
        UPDATE tocsin_action AS action SET counted = true
        FROM found WHERE action.id = found.id
        RETURNING campaign_id, day, country, language, way, variant
    )
    SELECT *, count(*) FROM marked GROUP BY 1, 2, 3, 4, 5, 6
"""


def tally_due(*, now: datetime) -> int:
    """Station: add the newly confirmed actions to their campaigns' numbers; returns how many.

    Counting in batches, in one transaction with the mark `counted`, keeps the number exact without
    making every visitor wait for one row.
    """
    with transaction.atomic():
        known = Counter({Known(*row[:-1]): row[-1] for row in rows(COUNT)})
        found, lent = Counter[int](), Counter[int]()
        for each, number in known.items():
            found[each.campaign] += number
            lent[each.campaign] += number if each.way == LENT else 0
        for campaign, number in sorted(found.items()):
            Tally.objects.get_or_create(campaign_id=campaign)
            Tally.objects.filter(campaign_id=campaign).update(
                confirmed=F("confirmed") + number, voices=F("voices") + lent[campaign]
            )
        add_days(known)
        add_hour(found, now=now)
    return found.total()


def uncount(actions: Sequence[Action]) -> None:
    """Take actions that were counted, and are erased, out of the numbers, in their transaction.

    None of them is a lent voice: those need nothing that could be destroyed before it is read.
    """
    found = Counter(action.campaign_id for action in actions)
    for campaign, number in sorted(found.items()):
        Tally.objects.filter(campaign_id=campaign).update(confirmed=F("confirmed") - number)
    take_from_days(actions)


def keep_the_number(actions: Iterable[Action]) -> None:
    """Let the public numbers stand while these actions are erased, in the caller's transaction.

    The caller has locked them. Who confirmed is counted, though the station had not come by yet.
    """
    gone = [action for action in actions if action.state != "pending"]
    new = Counter(action.campaign_id for action in gone if not action.counted)
    lent = [action for action in gone if action.way == LENT]
    new_voices = Counter(action.campaign_id for action in lent if not action.counted)
    voices_gone = Counter(action.campaign_id for action in lent)
    for campaign, number in sorted(Counter(action.campaign_id for action in gone).items()):
        Tally.objects.get_or_create(campaign_id=campaign)
        Tally.objects.filter(campaign_id=campaign).update(
            confirmed=F("confirmed") + new[campaign],
            erased=F("erased") + number,
            voices=F("voices") + new_voices[campaign],
            erased_voices=F("erased_voices") + voices_gone[campaign],
        )
    add_days(Counter(known_of(action) for action in gone if not action.counted))


def confirmed(campaign: Campaign) -> int:
    """How many people have confirmed their action; held ones are not among them."""
    row = Tally.objects.filter(campaign=campaign).values_list("confirmed", flat=True).first()
    return row or 0


def voices(campaign: Campaign) -> int:
    """How many of these lent their voice to the collective letter."""
    row = Tally.objects.filter(campaign=campaign).values_list("voices", flat=True).first()
    return row or 0


def goal_step(confirmed: int, goal: int) -> int:
    """The step of the ladder 100, 250, 500, 1000, 2500… that a campaign is now on its way to.

    It is above `confirmed`, and not above `goal` before the goal is reached.
    """
    step = next(rung for rung in _ladder() if rung > confirmed)
    return min(step, goal) if confirmed < goal else step


def _ladder() -> Iterator[int]:
    for power in itertools.count(2):
        yield from (10**power, 25 * 10 ** (power - 1), 5 * 10**power)
