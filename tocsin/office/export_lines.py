"""The lines of an export: read some thousand at a time, and nobody's personal data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from tocsin.campaigns.models import Campaign
from tocsin.office.board_charts import charts_of
from tocsin.office.sheets import Line
from tocsin.office.words import ACTION_WORDS, MESSAGE_WORDS, REASON_WORDS, WAY_NAMES
from tocsin.outbox.rows import array, rows
from tocsin.outcomes.board import all_of, shares, standings
from tocsin.outcomes.few import FEW
from tocsin.outcomes.models import DayCount

PIECE = 5000
"""Actions that are read at once; no transaction is held while somebody slow takes them."""

ACTIONS = """
    SELECT id, day, country, language, way, state, variant, is_own FROM tocsin_action
    WHERE campaign_id = %(campaign)s AND (day, id) > (%(day)s, %(after)s) AND day <= %(until)s
    ORDER BY day, id LIMIT %(piece)s
"""
COUNT = """
    SELECT count(*) FROM tocsin_action
    WHERE campaign_id = ANY(%(campaigns)s) AND day BETWEEN %(since)s AND %(until)s
"""
# OFFSET 0: looked up action by action. Else all letters are read for each piece, as long as
# somebody finds that to be cheaper.
LETTERS = """
    SELECT place, target.slug, found.language, found.state, found.reason, found.attempts
    FROM unnest(%(actions)s::uuid[]) WITH ORDINALITY AS wanted (id, place)
    CROSS JOIN LATERAL (
        SELECT target_id, letter.language, message.state, reason, attempts
        FROM tocsin_letter AS letter JOIN tocsin_message AS message ON message.id = message_id
        WHERE action_id = wanted.id OFFSET 0
    ) AS found
    JOIN tocsin_target AS target ON target.id = found.target_id
    ORDER BY place, target.slug
"""
NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Wanted:
    """Which rows: of these campaigns, written from one day to another."""

    campaigns: Sequence[Campaign]
    since: date
    until: date

    def count(self) -> int:
        """How many actions that are."""
        keys = [campaign.pk for campaign in self.campaigns]
        found = rows(COUNT, campaigns=keys, since=self.since, until=self.until)
        return int(found[0][0])


Piece = tuple[int, list[Line]]
"""How many actions were gone through, and the lines which that made."""


def action_lines(wanted: Wanted) -> Iterator[Piece]:
    """One line for each action, after the headings."""
    states = _said(ACTION_WORDS)
    ways = _said(WAY_NAMES)
    yes, no = _("yes"), _("no")
    names = (_("campaign"), _("day"), _("country"), _("language"), _("way to take part"))
    yield 0, [(*names, _("state"), _("variant"), _("words of one's own"))]
    for campaign, known, found in _pieces(wanted):
        yield (
            len(found),
            [
                (
                    *(campaign.slug, day.isoformat()),
                    *(known.country(country), known.language(language)),
                    *(ways.get(way, way), states.get(state, state), variant),
                    "" if own is None else yes if own else no,
                )
                for _id, day, country, language, way, state, variant, own in found
            ],
        )


def letter_lines(wanted: Wanted) -> Iterator[Piece]:
    """One line for each letter, after the headings."""
    states, reasons = _said(MESSAGE_WORDS), _said(REASON_WORDS)
    names = (_("campaign"), _("day"), _("country"), _("target"), _("language"))
    yield 0, [(*names, _("state"), _("why"), _("attempts"))]
    for campaign, known, found in _pieces(wanted):
        begins = [(campaign.slug, each[1].isoformat(), known.country(each[2])) for each in found]
        letters = rows(LETTERS, actions=array(each[0] for each in found))
        yield (
            len(found),
            [
                (
                    *begins[place - 1],
                    *(target, language, states.get(state, state), reasons.get(why, why), attempts),
                )
                for place, target, language, state, why, attempts in letters
            ],
        )


def board_lines(wanted: Wanted, *, partners: dict[str, str]) -> Iterator[Piece]:
    """The tables of the board, one below the other."""
    shown = charts_of(
        shares(wanted.campaigns, since=wanted.since),
        all_of(standings(wanted.campaigns).values()),
        hours=[],
        partners=partners,
        first=None if wanted.since == date.min else wanted.since,
        today=wanted.until,
    )
    lines: list[Line] = []
    for each in shown:
        lines += [(each.title,), each.headings, *each.rows, ()]
    yield 0, lines


def _said(words: dict[str, Any]) -> dict[str, str]:
    """In the reader's language, once and for all lines."""
    return {name: str(word) for name, word in words.items()}


@dataclass(frozen=True)
class _Named:
    """Countries and languages from where enough people came to be named."""

    names: frozenset[tuple[str, str]]
    other: str

    def country(self, code: str) -> str:
        return code if ("country", code) in self.names else self.other

    def language(self, code: str) -> str:
        return code if ("language", code) in self.names else self.other


def _named(campaign: Campaign) -> _Named:
    counts = DayCount.objects.filter(campaign=campaign, by__in=("country", "language"))
    sums = counts.values_list("by", "name").annotate(sum=Sum("number")).order_by()
    names = frozenset((by, name) for by, name, number in sums if number >= FEW)
    return _Named(names, _("fewer than %(few)s") % {"few": FEW})


def _pieces(wanted: Wanted) -> Iterator[tuple[Campaign, _Named, list[tuple[Any, ...]]]]:
    """Actions in the order of their days, campaign by campaign."""
    for campaign in wanted.campaigns:
        known, day, after = _named(campaign), wanted.since, NOBODY
        while found := rows(
            ACTIONS,
            campaign=campaign.pk,
            day=day,
            after=after,
            until=wanted.until,
            piece=PIECE,
        ):
            yield campaign, known, found
            after, day = found[-1][:2]
