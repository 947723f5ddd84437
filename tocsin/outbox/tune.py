"""What a person may set: how fast, when, on how many connections, and what to do in doubt."""

from datetime import datetime, time, timedelta

from django.db import DataError, transaction
from django.db.models import F
from django.db.models.functions import Least

from tocsin.kit.nudge import nudge
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.lanes import ROUTES
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.rows import rows

MOST_AN_HOUR = 100_000
MOST_CONNECTIONS = 1000


def tune_mailbox(
    mailbox: Mailbox,
    *,
    per_hour: int,
    opens: time | None,
    closes: time | None,
    time_zone: str,
    workdays: bool,
    now: datetime,
) -> None:
    """So many an hour, and when; a slot that lay far ahead at the old pace comes nearer."""
    slot = now + timedelta(hours=1) / per_hour
    Mailbox.objects.filter(pk=mailbox.pk).update(
        per_hour=per_hour,
        opens=opens,
        closes=closes,
        time_zone=time_zone,
        workdays=workdays,
        next_at=Least(F("next_at"), slot),
        booked_until=Least(F("booked_until"), slot),
    )
    _wake()


def tune_domain(domain: MailDomain, *, per_hour: int, burst: int, connections: int) -> None:
    """So many an hour, so many at one go, so many in hand at once."""
    MailDomain.objects.filter(pk=domain.pk).update(
        per_hour=per_hour, burst=burst, connections=connections
    )
    _wake()


def tune_route(route: Route, *, connections: int, share: int) -> None:
    """So many connections of all workers together, and of one; a run under way keeps its own."""
    Route.objects.filter(pk=route.pk).update(connections=connections, share=share)
    _wake()


def cap_domain(ours: SendingDomain, *, daily_cap: int | None) -> None:
    """At most so many a day while it is new; None: as many as there are."""
    SendingDomain.objects.filter(pk=ours.pk).update(daily_cap=daily_cap)
    _wake()


def decide_doubts(mailing: Mailing, *, doubts: str) -> None:
    """What happens to a message of it that is in doubt for the first time."""
    Mailing.objects.filter(pk=mailing.pk).update(doubts=doubts)


def database_knows_zone(name: str) -> bool:
    """Whether the claim can reckon in that time zone: one it does not know would stop the line."""
    try:
        with transaction.atomic():
            rows("SELECT now() AT TIME ZONE %(name)s", name=name)
    except DataError:
        return False
    return True


def _wake() -> None:
    for route in ROUTES:
        nudge(f"send_{route}")
