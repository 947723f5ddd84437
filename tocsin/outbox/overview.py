"""What the outbox looks like now: how much waits, where, why, and how long that may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from tocsin.kit.clock import to_the_hour
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.drain import Drain, drain_of
from tocsin.outbox.lanes import LANES
from tocsin.outbox.queue import Queue, count_queue
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.rows import rows
from tocsin.outbox.watch import Incident

ENDED = ("sent", "delivered", "bounced", "failed", "cancelled")
"""States in which nobody is waited for."""

SET_ASIDE = """
    SELECT lane, state, reason, count(*) FROM tocsin_message
    WHERE state IN ('held', 'in_doubt') GROUP BY 1, 2, 3
"""
IN_HAND = """
    SELECT lane, count(*) FROM tocsin_message WHERE state IN ('leased', 'sending') GROUP BY 1
"""
HELD_FOR_BOXES = """
    SELECT mailbox_id, count(*) FROM tocsin_message
    WHERE state = 'held' AND mailbox_id = ANY(%(boxes)s) GROUP BY 1
"""
OF_MAILINGS = """
    SELECT mailing_id, count(*) FROM tocsin_message
    WHERE state IN ('ready', 'held') AND mailing_id = ANY(%(mailings)s) GROUP BY 1
"""
COUNT_ENDED = """
    SELECT lane, state, count(*) FROM tocsin_message WHERE state = ANY(%(ended)s) GROUP BY 1, 2
"""


@dataclass(frozen=True)
class InLane:
    """What has not ended in one lane. `oldest_due` is an hour: no finer time is told."""

    lane: str
    due: int
    later: int
    in_hand: int
    held: int
    in_doubt: int
    oldest_due: datetime | None

    @property
    def waiting(self) -> int:
        """What goes without anybody's doing."""
        return self.due + self.later + self.in_hand


@dataclass(frozen=True)
class OnRoute:
    """One route. `state` is going, paused or resting."""

    name: str
    state: str
    open_until: datetime | None
    taken_at: datetime | None
    faults: int
    words: str


@dataclass(frozen=True)
class ToDomain:
    """One mail domain that something waits for, or that is paused; `per_hour` is as asked for."""

    name: str
    waiting: int
    per_hour: int
    slow: int
    paused: bool
    paused_until: datetime | None
    words: str


@dataclass(frozen=True)
class ToMailbox:
    """One mailbox that takes nothing at present, and how much waits for it, held or not."""

    address: str
    state: str
    paused: bool
    waiting: int
    words: str


@dataclass(frozen=True)
class FromDomain:
    """One domain of ours; `sent_today` is counted only while it has a `daily_cap`."""

    name: str
    state: str
    reserved: bool
    daily_cap: int | None
    sent_today: int


@dataclass(frozen=True)
class OfMailing:
    """One mailing that is paused, or past its stop date."""

    name: str
    paused: bool
    stop_at: datetime | None
    waiting: int


@dataclass(frozen=True)
class Happened:
    """One open incident."""

    number: int
    kind: str
    about: str
    words: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Overview:
    """All of it at one moment; `held` is by reason, most first."""

    lanes: tuple[InLane, ...]
    held: tuple[tuple[str, int], ...]
    routes: tuple[OnRoute, ...]
    domains: tuple[ToDomain, ...]
    mailboxes: tuple[ToMailbox, ...]
    sending_domains: tuple[FromDomain, ...]
    mailings: tuple[OfMailing, ...]
    incidents: tuple[Happened, ...]
    drain: Drain

    @property
    def waiting(self) -> int:
        """What goes without anybody's doing."""
        return sum(lane.waiting for lane in self.lanes)

    @property
    def in_doubt(self) -> int:
        """Of how many we do not know whether they were sent."""
        return sum(lane.in_doubt for lane in self.lanes)


def overview(*, now: datetime) -> Overview:
    """Look at the outbox; reads what waits by its indexes, and not what is long since sent."""
    queue = count_queue(now=now)
    aside = rows(SET_ASIDE)
    boxes = _closed_mailboxes(queue)
    return Overview(
        lanes=_lanes(queue, aside),
        held=_by_reason(aside),
        routes=tuple(_route(route, now=now) for route in Route.objects.all()),
        domains=_domains(queue, now=now),
        mailboxes=boxes,
        sending_domains=tuple(_ours(ours, now=now) for ours in SendingDomain.objects.all()),
        mailings=_mailings(now=now),
        incidents=_incidents(),
        drain=drain_of(queue, now=now),
    )


def count_ended() -> dict[str, dict[str, int]]:
    """By lane and state, how many messages have ended; reads the whole table, so ask seldom."""
    found: dict[str, dict[str, int]] = {lane: dict.fromkeys(ENDED, 0) for lane in LANES}
    for lane, state, number in rows(COUNT_ENDED, ended=list(ENDED)):
        found[lane][state] = number
    return found


def _lanes(queue: Queue, aside: Sequence[tuple[str, str, str, int]]) -> tuple[InLane, ...]:
    in_hand = dict(rows(IN_HAND))
    return tuple(
        InLane(
            lane=lane,
            due=sum(each.due for each in queue.of_lane(lane)),
            later=sum(each.later for each in queue.of_lane(lane)),
            in_hand=in_hand.get(lane, 0),
            held=_sum(aside, lane=lane, state="held"),
            in_doubt=_sum(aside, lane=lane, state="in_doubt"),
            oldest_due=_oldest([each.oldest for each in queue.of_lane(lane) if each.due]),
        )
        for lane in LANES
    )


def _sum(aside: Sequence[tuple[str, str, str, int]], *, lane: str, state: str) -> int:
    return sum(number for where, what, _why, number in aside if (where, what) == (lane, state))


def _oldest(times: Sequence[datetime]) -> datetime | None:
    return to_the_hour(min(times)) if times else None


def _by_reason(aside: Sequence[tuple[str, str, str, int]]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for _lane, state, reason, number in aside:
        if state == "held":
            found[reason] = found.get(reason, 0) + number
    return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _route(route: Route, *, now: datetime) -> OnRoute:
    rests = route.open_until is not None and route.open_until > now
    return OnRoute(
        name=route.name,
        state="paused" if route.paused else "resting" if rests else "going",
        open_until=route.open_until if rests else None,
        taken_at=to_the_hour(route.taken_at) if route.taken_at else None,
        faults=route.faults,
        words=route.words,
    )


def _domains(queue: Queue, *, now: datetime) -> tuple[ToDomain, ...]:
    waiting = queue.by_domain()
    concerned = MailDomain.objects.filter(
        Q(pk__in=list(waiting)) | Q(paused=True) | Q(paused_until__gt=now)
    )
    found = [
        ToDomain(
            name=domain.name,
            waiting=waiting.get(domain.pk, 0),
            per_hour=domain.per_hour,
            slow=domain.slow,
            paused=domain.paused,
            paused_until=_if_later(domain.paused_until, now=now),
            words=domain.words,
        )
        for domain in concerned
    ]
    return tuple(sorted(found, key=lambda each: (-each.waiting, each.name)))


def _if_later(moment: datetime | None, *, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None


def _closed_mailboxes(queue: Queue) -> tuple[ToMailbox, ...]:
    closed = list(Mailbox.objects.filter(~Q(state="ok") | Q(paused=True)))
    held = dict(rows(HELD_FOR_BOXES, boxes=[box.pk for box in closed])) if closed else {}
    waiting = queue.by_mailbox()
    found = [
        ToMailbox(
            address=box.address,
            state=box.state,
            paused=box.paused,
            waiting=waiting.get(box.pk, 0) + held.get(box.pk, 0),
            words=box.words,
        )
        for box in closed
    ]
    return tuple(sorted(found, key=lambda each: (-each.waiting, each.address)))


def _ours(ours: SendingDomain, *, now: datetime) -> FromDomain:
    return FromDomain(
        name=ours.name,
        state=ours.state,
        reserved=ours.reserved,
        daily_cap=ours.daily_cap,
        sent_today=ours.sent if ours.day == now.date() else 0,
    )


def _mailings(*, now: datetime) -> tuple[OfMailing, ...]:
    stopped = list(Mailing.objects.filter(Q(paused=True) | Q(stop_at__lte=now)))
    ids = [mailing.pk for mailing in stopped]
    waiting = dict(rows(OF_MAILINGS, mailings=ids)) if ids else {}
    return tuple(
        OfMailing(
            name=str(mailing),
            paused=mailing.paused,
            stop_at=mailing.stop_at,
            waiting=waiting.get(mailing.pk, 0),
        )
        for mailing in stopped
    )


def _incidents() -> tuple[Happened, ...]:
    return tuple(
        Happened(
            number=each.pk,
            kind=each.kind,
            about=each.about,
            words=each.words,
            times=each.times,
            first_at=each.first_at,
            last_at=each.last_at,
        )
        for each in Incident.objects.filter(closed=False)
    )


def hours_before(moment: datetime, *, now: datetime) -> int:
    """How many whole hours ago that hour was."""
    return max(0, (to_the_hour(now) - moment) // timedelta(hours=1))
