"""The sums behind the board: each day of a campaign by country, language, way and variant."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tocsin.actions.models import Action
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.rows import rows
from tocsin.outcomes.few import FEW
from tocsin.outcomes.models import DayCount, Tally

HOURS_KEPT = timedelta(hours=48)
"""So long it is known how many came in which hour; an hour of a small campaign is a person."""

# Whoever writes here holds the row of the campaign's tally: nobody waits in a circle.
ADD = """
    INSERT INTO tocsin_daycount (campaign_id, by, day, name, number)
    SELECT * FROM unnest(
        %(campaigns)s::bigint[], %(bys)s::text[], %(days)s::date[], %(names)s::text[],
        %(numbers)s::int[])
    ON CONFLICT (campaign_id, by, day, name) DO UPDATE
    SET number = tocsin_daycount.number + excluded.number
    RETURNING 1
"""
TAKE = """
    UPDATE tocsin_daycount AS count SET number = count.number - less.number
    FROM unnest(
        %(campaigns)s::bigint[], %(bys)s::text[], %(days)s::date[], %(names)s::text[],
        %(numbers)s::int[]) AS less (campaign, by, day, name, number)
    WHERE count.campaign_id = less.campaign AND count.by = less.by
        AND count.day = less.day AND count.name = less.name
    RETURNING 1
"""
ADD_HOUR = """
    INSERT INTO tocsin_hourcount (campaign_id, hour, number)
    SELECT campaign, %(hour)s, number
    FROM unnest(%(campaigns)s::bigint[], %(numbers)s::int[]) AS found (campaign, number)
    ON CONFLICT (campaign_id, hour) DO UPDATE
    SET number = tocsin_hourcount.number + excluded.number
    RETURNING 1
"""
FORGET_FEW = """
    WITH few AS (
        DELETE FROM tocsin_daycount AS count
        USING (SELECT by, name FROM tocsin_daycount
               WHERE campaign_id = %(campaign)s AND by IN ('country', 'language') AND name <> ''
               GROUP BY 1, 2 HAVING sum(number) < %(few)s) AS found
        WHERE campaign_id = %(campaign)s AND count.by = found.by AND count.name = found.name
        RETURNING count.by, count.day, count.number
    )
    INSERT INTO tocsin_daycount (campaign_id, by, day, name, number)
    SELECT %(campaign)s, by, day, '', sum(number) FROM few GROUP BY by, day
    ON CONFLICT (campaign_id, by, day, name) DO UPDATE
    SET number = tocsin_daycount.number + excluded.number
    RETURNING 1
"""
FORGET_HOURS = "DELETE FROM tocsin_hourcount WHERE hour < %(before)s RETURNING 1"


class Known(NamedTuple):
    """All that is known of somebody who is counted."""

    campaign: int
    day: date
    country: str
    language: str
    way: str
    variant: int


def known_of(action: Action) -> Known:
    """That, of one action."""
    return Known(
        *(action.campaign_id, action.day, action.country),
        *(action.language, action.way, action.variant),
    )


def add_days(found: Counter[Known]) -> None:
    """So many more were counted, in the transaction in which the tally grows by them."""
    if found:
        rows(ADD, **_sums(found))


def take_from_days(actions: Iterable[Action]) -> None:
    """These were counted and are not any more, in the transaction in which the tally sinks."""
    if found := Counter(known_of(action) for action in actions):
        rows(TAKE, **_sums(found))


def add_hour(found: Counter[int], *, now: datetime) -> None:
    """By campaign, how many were counted now; what is older than two days is forgotten."""
    if found:
        numbers = sorted(found.items())
        rows(
            ADD_HOUR,
            hour=to_the_hour(now),
            campaigns=[campaign for campaign, _number in numbers],
            numbers=[number for _campaign, number in numbers],
        )
    rows(FORGET_HOURS, before=to_the_hour(now) - HOURS_KEPT)


def forget_few(campaign_id: int) -> None:
    """Of a campaign that is over: from where only few came is not known any more.

    In the transaction in which it is done with; the sums stand.
    """
    list(Tally.objects.select_for_update().filter(campaign=campaign_id))
    rows(FORGET_FEW, campaign=campaign_id, few=FEW)


def _sums(found: Counter[Known]) -> dict[str, list[Any]]:
    """One row for each campaign, day and thing known, in one order for everybody."""
    sums: Counter[tuple[int, str, date, str]] = Counter()
    for known, number in found.items():
        for by in DayCount.By.values:
            name = str(getattr(known, by))
            sums[known.campaign, by, known.day, name] += number
    keys = sorted(sums)
    return {
        "campaigns": [key[0] for key in keys],
        "bys": [key[1] for key in keys],
        "days": [key[2] for key in keys],
        "names": [key[3] for key in keys],
        "numbers": [sums[key] for key in keys],
    }
