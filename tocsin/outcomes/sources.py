"""By which channel people come: forms taken and actions confirmed, as sums and nothing else."""

from datetime import date
from random import SystemRandom

from django.db import connection
from django.db.models import Sum

from tocsin.campaigns.models import Campaign
from tocsin.organisations.partners import Partner
from tocsin.outcomes.models import SourceCount

CHANNELS = (
    *("whatsapp", "telegram", "signal", "email", "facebook", "x", "bluesky", "mastodon"),
    *("device", "copy", "qr", "poster"),
)
"""Every channel that our own links name; `device` is the share sheet of a telephone."""

OTHER = "other"
"""What is counted for any name that is not known: nobody can have a channel of their own."""

LOST = "lost"
"""Of those confirmed, who were taken out of the number again; from where they came is not known."""

SLOTS = 8
"""So many rows are one sum, so that those who come at once do not wait for one another."""

ADD = """
    INSERT INTO tocsin_sourcecount (campaign_id, source, day, slot, taken, confirmed)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (campaign_id, source, day, slot) DO UPDATE
    SET taken = tocsin_sourcecount.taken + excluded.taken,
        confirmed = tocsin_sourcecount.confirmed + excluded.confirmed
"""

_lot = SystemRandom()


TAKEN = frozenset({*CHANNELS, OTHER, LOST})
"""Names that mean something already: no partner can have one of them."""


def known_sources(campaign: Campaign) -> tuple[str, ...]:
    """The sources that are counted for a campaign, by the name that stands in `?s=`.

    The channels of our own links, and the partners on whose sites it may stand.
    """
    partners = Partner.objects.active_of(campaign.organisation).exclude(slug__in=TAKEN)
    return (*CHANNELS, *partners.values_list("slug", flat=True))


def recognise(campaign: Campaign, named: str) -> str:
    """What is counted for the name in a link: a known source, OTHER, or "" where none is named."""
    if not named or named in CHANNELS:
        return named
    return named if named in known_sources(campaign) else OTHER


def count_taken(*, campaign: Campaign, source: str, day: date) -> None:
    """One form more was taken; outside of the transaction that took it, so that nobody waits."""
    _add(campaign.pk, source, day, taken=1)


def count_confirmed(*, campaign: Campaign, source: str, day: date) -> None:
    """One action more was confirmed; likewise, and only when the click took effect."""
    _add(campaign.pk, source, day, confirmed=1)


def count_lost(campaign_id: int, number: int, *, day: date) -> None:
    """So many confirmed ones are not in the number any more, in the caller's transaction."""
    _add(campaign_id, LOST, day, confirmed=number)


def sources_of(campaign: Campaign) -> list[tuple[str, int, int]]:
    """Each source that brought anybody, with forms taken and actions confirmed, the most first."""
    rows = SourceCount.objects.filter(campaign=campaign).values_list("source")
    sums = rows.annotate(taken_sum=Sum("taken"), confirmed_sum=Sum("confirmed"))
    return list(sums.order_by("-confirmed_sum", "-taken_sum", "source"))


def brought_by(partner: Partner) -> list[tuple[str, int, int]]:
    """Each campaign to which the partner brought anybody, with the same two sums."""
    rows = SourceCount.objects.filter(
        source=partner.slug, campaign__organisation=partner.organisation
    )
    sums = rows.values_list("campaign__slug").annotate(
        taken_sum=Sum("taken"), confirmed_sum=Sum("confirmed")
    )
    return list(sums.order_by("campaign__slug"))


def any_slot() -> int:
    """A part of a sum that is likely to be free."""
    return _lot.randrange(SLOTS)


def _add(campaign_id: int, source: str, day: date, *, taken: int = 0, confirmed: int = 0) -> None:
    """The sum grows by that; where no source is named there is nothing to do."""
    if not source:
        return
    with connection.cursor() as cursor:
        cursor.execute(ADD, [campaign_id, source, day, any_slot(), taken, confirmed])
