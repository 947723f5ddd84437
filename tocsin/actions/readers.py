"""An alarm before nobody is sealed for: every list of readers that is needed is looked at."""

from datetime import date, datetime, timedelta

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.sealed_for import lists_dir
from tocsin.outbox.alarm import close_incidents, raise_incident
from tocsin.outbox.watch import Incident
from tocsin.readers.files import NoReaders, readers_of

SOON = timedelta(days=60)
"""Long enough before its end for people who meet to make the next list."""


def watch_readers_due(*, now: datetime) -> int:
    """Station: notice lists of readers that fail, or end soon; returns how many do.

    Said once; again when something else is wrong with the list. Of organisations alone that have an
    open campaign.
    """
    found = {slug: _fault(slug, day=now.date()) for slug in _campaigning(now=now)}
    faults = {slug: fault for slug, fault in found.items() if fault}
    said = dict(Incident.objects.filter(kind="readers", closed=False).values_list("about", "words"))
    for slug, words in said.items():
        if faults.get(slug) != words:
            close_incidents("readers", about=slug)
    for slug, fault in faults.items():
        if said.get(slug) != fault:
            raise_incident("readers", about=slug, words=fault, now=now)
    return len(faults)


def _campaigning(*, now: datetime) -> list[str]:
    campaigns = Campaign.objects.going_at(now).order_by()
    return list(campaigns.values_list("organisation__slug", flat=True).distinct())


def _fault(slug: str, *, day: date) -> str:
    """What is wrong, with the remedy; empty if nothing is."""
    try:
        readers = readers_of(lists_dir(), slug, day=day)
    except NoReaders as error:
        return f"{error}"[:300] + ". Nothing is taken until it is mended: tocsin doctor says how."
    if readers.until - day < SOON:
        return (
            f"the list of readers counts until {readers.until}, then nothing is taken any more. "
            "Before that: tocsin keys change, and here tocsin keys accept."
        )
    return ""
