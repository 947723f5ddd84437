"""The figures of the board: some queries for however many campaigns, rows and letters."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Sum

from tocsin.campaigns.models import Campaign
from tocsin.kit.clock import to_the_hour
from tocsin.outbox.rows import rows
from tocsin.outcomes.models import DayCount, HourCount, SaidCount, SourceCount, Tally
from tocsin.outcomes.paper import PaperCount

By = DayCount.By

WAITING = """
    SELECT campaign_id, count(*) FROM tocsin_action
    WHERE state = 'pending' AND campaign_id = ANY(%(campaigns)s) GROUP BY 1
"""
# Each part by an index of its own, and what has ended, the most, from the index alone.
LETTERS = """
    SELECT mailing_id, state, count(*) FROM tocsin_message
    WHERE lane = 'letter' AND state IN ('sent', 'delivered', 'bounced', 'failed', 'cancelled')
    AND mailing_id = ANY(%(mailings)s) GROUP BY 1, 2
    UNION ALL
    SELECT mailing_id, state, count(*) FROM tocsin_message
    WHERE lane = 'letter' AND state IN ('ready', 'held')
    AND mailing_id = ANY(%(mailings)s) GROUP BY 1, 2
    UNION ALL
    SELECT mailing_id, state, count(*) FROM tocsin_message
    WHERE lane = 'letter' AND state IN ('leased', 'sending')
    AND mailing_id = ANY(%(mailings)s) GROUP BY 1, 2
    UNION ALL
    SELECT mailing_id, state, count(*) FROM tocsin_message
    WHERE lane = 'letter' AND state = 'in_doubt'
    AND mailing_id = ANY(%(mailings)s) GROUP BY 1, 2
"""

HOURS = 24
"""So many hours the board shows, the present one among them."""


@dataclass
class Standing:
    """Where one campaign stands now, whatever the days that are looked at.

    `letters` are all that were written for it, by the state of their message, the collective ones
    among them.
    """

    confirmed: int = 0
    waiting: int = 0
    said: int = 0
    paper: int = 0
    letters: Counter[str] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        """Letters of every state."""
        return self.letters.total()

    def add(self, other: "Standing") -> None:
        """Both together."""
        self.confirmed += other.confirmed
        self.waiting += other.waiting
        self.said += other.said
        self.paper += other.paper
        self.letters += other.letters


@dataclass(frozen=True)
class Shares:
    """Of those confirmed who wrote on these days: by day, and by each thing known."""

    days: dict[date, int]
    by: dict[str, Counter[str]]
    sources: tuple[tuple[str, int, int], ...]


def standings(campaigns: Sequence[Campaign]) -> dict[int, Standing]:
    """Each campaign's, by its key."""
    found = {campaign.pk: Standing() for campaign in campaigns}
    of_mailing = {campaign.mailing_id: campaign.pk for campaign in campaigns}
    keys = list(found)
    tallies = Tally.objects.filter(campaign__in=keys)
    for campaign, confirmed in tallies.values_list("campaign", "confirmed"):
        found[campaign].confirmed = confirmed
    for campaign, number in rows(WAITING, campaigns=keys):
        found[campaign].waiting = number
    said = SaidCount.objects.filter(campaign__in=keys).values_list("campaign")
    for campaign, number in said.annotate(sum=Sum("number")).order_by():
        found[campaign].said = number
    paper = PaperCount.objects.filter(campaign__in=keys).values_list("campaign")
    for campaign, number in paper.annotate(sum=Sum("number")).order_by():
        found[campaign].paper = number
    for mailing, state, number in rows(LETTERS, mailings=list(of_mailing)):
        found[of_mailing[mailing]].letters[state] += number
    return found


def all_of(standings: Iterable[Standing]) -> Standing:
    """All of them together."""
    whole = Standing()
    for each in standings:
        whole.add(each)
    return whole


def shares(campaigns: Sequence[Campaign], *, since: date | None) -> Shares:
    """What is known of those who wrote since that day, or ever."""
    keys = [campaign.pk for campaign in campaigns]
    counts = DayCount.objects.filter(campaign__in=keys)
    channels = SourceCount.objects.filter(campaign__in=keys)
    if since is not None:
        counts, channels = counts.filter(day__gte=since), channels.filter(day__gte=since)
    by: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for aspect, name, number in (
        counts.values_list("by", "name").annotate(sum=Sum("number")).order_by()
    ):
        by[aspect][name] += number
    days = counts.filter(by=By.WAY).values_list("day").annotate(sum=Sum("number"))
    sums = channels.values_list("source").annotate(one=Sum("taken"), two=Sum("confirmed"))
    return Shares(
        days=dict(days.order_by("day")),
        by=dict(by),
        sources=tuple(sums.order_by("-two", "-one", "source")),
    )


def hours(campaigns: Sequence[Campaign], *, now: datetime) -> list[tuple[datetime, int]]:
    """How many were counted in each of the last 24 hours, the present one last."""
    last = to_the_hour(now)
    every = [last - timedelta(hours=ago) for ago in reversed(range(HOURS))]
    counts = HourCount.objects.filter(campaign__in=[each.pk for each in campaigns])
    found = counts.filter(hour__gte=every[0]).values_list("hour").annotate(sum=Sum("number"))
    known = dict(found.order_by())
    return [(hour, known.get(hour, 0)) for hour in every]
