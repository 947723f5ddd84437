"""Telling a person that something needs one: incidents, each said once until it is closed."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from tocsin.kit.clock import to_the_hour
from tocsin.outbox.claim import may_go_now
from tocsin.outbox.lanes import ROUTES, lanes_of
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Route
from tocsin.outbox.rows import rows
from tocsin.outbox.watch import Incident

SILENCE = timedelta(minutes=30)
"""So long may something be free to go, and nothing be taken, before that is an incident."""

KINDS = {
    "mailbox_invalid": "A mailbox does not exist: correct its address, then its letters go.",
    "mailbox_refusing": "A mailbox refuses mail: find another way to it, or try it again.",
    "complaint": "A mailbox calls a letter unwanted: it is paused. Ask it, or resume it.",
    "report": "A provider reports what we cannot read: is it the right address of the webhook?",
    "mailbox_full": "A mailbox stays full for days: find another way to it, or try it again.",
    "policy": "A mail system refuses what we are: it is paused. See what it says about us.",
    "their_fault": "A mail system says that something in its own house is broken.",
    "our_fault": "A relay does not understand us: after three times its route is paused.",
    "unknown": "An answer that we do not know how to read: its letter is tried again later.",
    "collective": "A collective letter is due and cannot be written: something is missing.",
    "opening": "A campaign did not open when it should have: something is missing.",
    "field": "A letter waits: it has a field that nothing is known for. Complete the target.",
    "crashed": "A message made our own code fail; it is held. The log has the place.",
    "unreadable": "A message cannot be opened; it is held. Are the keys of its day there?",
    "keys": "A key is missing or cannot be used: nothing goes that way until it can.",
    "silence": "Something has been free to go for half an hour, and nothing was taken.",
    "sending_domain": "A sending domain is not in order, and does not send: see tocsin doctor.",
    "not_ours": "This database belongs to another installation, or is older: it does not send.",
    "clock": "The clock is not believed: keys live longer until it is. See tocsin retention.",
    "readers": "A list of readers fails or ends soon: without it nothing is taken (tocsin doctor).",
    "retention": "What is past its time is not destroyed: are the keys there? (tocsin retention)",
}
"""What happened, and what to do, by kind."""

RAISE = """
    INSERT INTO tocsin_incident AS incident
        (kind, about, words, times, first_at, last_at, closed)
    VALUES (%(kind)s, %(about)s, %(words)s, 1, %(hour)s, %(hour)s, false)
    ON CONFLICT (kind, about) WHERE NOT closed
    DO UPDATE SET times = incident.times + 1, last_at = %(hour)s, words = %(words)s
    RETURNING times
"""

log = logging.getLogger(__name__)


def raise_incident(kind: str, *, about: str = "", words: str = "", now: datetime) -> None:
    """Note that it happened, or happened again; neither `about` nor `words` names a supporter."""
    if kind not in KINDS:
        raise ValueError(kind)
    [[times]] = rows(RAISE, kind=kind, about=about[:255], words=words[:500], hour=to_the_hour(now))
    if times == 1:
        log.error("incident %s %s: %s", kind, about, KINDS[kind])


def close_incidents(kind: str, *, about: str = "") -> int:
    """It is over; how many there were."""
    return Incident.objects.filter(kind=kind, about=about, closed=False).update(closed=True)


def close_all(kinds: Collection[str], *, about: Any) -> int:
    """The same for several kinds, and whatever they are about, a list or a query."""
    found = Incident.objects.filter(kind__in=kinds, about__in=about, closed=False)
    return found.update(closed=True)


def watch_due(*, now: datetime) -> int:
    """Station: notice when mail could go and none is taken; returns how many routes are silent."""
    return sum(_is_silent(name, now=now) for name in ROUTES)


def _is_silent(name: str, *, now: datetime) -> bool:
    route = Route.objects.filter(name=name).first()
    if route is None:
        return False
    since = _free_since(route, now=now)
    if since != route.waiting_since:
        Route.objects.filter(name=name).update(waiting_since=since)
    if since is None or now - since < SILENCE:
        close_incidents("silence", about=name)
        return False
    raise_incident("silence", about=name, words=route.words, now=now)
    return True


def _free_since(route: Route, *, now: datetime) -> datetime | None:
    """Since when something could go that way, and nothing was taken; None: nothing could.

    A route at fault uses up the slots of the mailboxes it tries: that nothing may go just then is
    no reason to begin to count anew.
    """
    if route.paused:
        return None
    may_go = may_go_now(route=route.name, now=now)
    if not may_go and not (route.faults and _waits(route.name)):
        return None
    since = route.waiting_since
    if since is None or (route.taken_at and route.taken_at > since):
        return now if may_go else None
    return since


def _waits(route: str) -> bool:
    """Whether anything at all is still to go that way, now or later."""
    return Message.objects.filter(state="ready", lane__in=lanes_of(route)).exists()
