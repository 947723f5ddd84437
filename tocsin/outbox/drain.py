"""How long it takes until the queue is empty, at the pace that is allowed."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.queue import Queue
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.rows import rows

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEKEND = 2 * DAY
LATE_SLOTS = 1.25
"""A slot of a mailbox opens up to a quarter late, by chance."""

FROM_OURS = """
    SELECT sending_domain_id, count(*) FROM tocsin_message
    WHERE state = 'ready' AND lane <> 'confirm' AND sending_domain_id = ANY(%(capped)s) GROUP BY 1
"""

Span = tuple[timedelta, timedelta]
"""At least, at most."""
NOTHING: Span = (timedelta(), timedelta())


@dataclass(frozen=True)
class Drain:
    """At least, and at most: if every answer is yes, and no limit is changed.

    `stuck` messages wait for a mailbox or a domain that takes nothing until somebody acts; they
    are not in the estimate.
    """

    at_least: timedelta
    at_most: timedelta
    stuck: int


def drain_of(queue: Queue, *, now: datetime) -> Drain:
    """The estimate: the slowest mailbox, mail domain or domain of ours decides.

    Each works beside the others, so the slowest alone is the least that it takes. At most the
    slowest of each kind wait for one another.
    """
    boxes = Mailbox.objects.in_bulk(list(queue.by_mailbox()))
    domains = MailDomain.objects.in_bulk(list(queue.by_domain()))
    to_boxes: dict[int, int] = {}
    to_domains: dict[int, int] = {}
    stuck, latest = 0, now
    for part in queue.parts:
        domain = part.domain if part.mailbox is None else queue.domain_of[part.mailbox]
        box_is_closed = part.mailbox is not None and is_closed(boxes[part.mailbox])
        if box_is_closed or (domain is not None and domains[domain].paused):
            stuck += part.number
            continue
        latest = max(latest, part.latest)
        if part.mailbox is not None:
            to_boxes[part.mailbox] = to_boxes.get(part.mailbox, 0) + part.number
        if domain is not None:
            to_domains[domain] = to_domains.get(domain, 0) + part.number
    spans = [
        (latest - now, latest - now),
        _slowest([_to_box(boxes[pk], n, now=now) for pk, n in to_boxes.items()]),
        _slowest([_to_domain(domains[pk], n, now=now) for pk, n in to_domains.items()]),
        _slowest(list(_from_ours(now=now))),
    ]
    return Drain(
        at_least=max(span[0] for span in spans),
        at_most=sum((span[1] for span in spans), timedelta()),
        stuck=stuck,
    )


def is_closed(box: Mailbox) -> bool:
    """Whether nothing goes to it until somebody acts."""
    return box.paused or box.state in {"invalid", "refusing"}


def _slowest(spans: list[Span]) -> Span:
    least = max((span[0] for span in spans), default=timedelta())
    return least, max((span[1] for span in spans), default=timedelta())


def _to_box(box: Mailbox, number: int, *, now: datetime) -> Span:
    """One goes at once, each further one in a slot of its own, while its office is open."""
    slots = (number - 1) * HOUR / box.per_hour
    late = number * HOUR / box.per_hour * LATE_SLOTS + max(timedelta(), box.next_at - now)
    open_for = _between(box.opens, box.closes)
    nights = DAY - open_for
    days, most_days = max(0, math.ceil(slots / open_for) - 1), math.ceil(late / open_for)
    least = slots + days * nights
    most = late + most_days * nights
    if box.workdays:
        least += days // 5 * WEEKEND
        most += (most_days // 5 + 1) * WEEKEND
    return least, most


def _between(opens: time | None, closes: time | None) -> timedelta:
    if opens is None or closes is None:
        return DAY
    minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    # From nine to nine is open never; the claim agrees, and a minute keeps us from dividing by 0.
    return timedelta(minutes=minutes % (24 * 60) or 1)


def _to_domain(domain: MailDomain, number: int, *, now: datetime) -> Span:
    paused = max(timedelta(), domain.paused_until - now) if domain.paused_until else timedelta()
    booked = max(timedelta(), domain.booked_until - now)
    slot = HOUR * domain.slow / domain.per_hour
    return paused + max(0, number - domain.burst) * slot, paused + booked + number * slot


def _from_ours(*, now: datetime) -> Iterator[Span]:
    """A domain of ours that is new sends so many a day, and the days are those of UTC."""
    capped = {ours.pk: ours for ours in SendingDomain.objects.filter(daily_cap__gt=0)}
    if not capped:
        return
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    for pk, number in rows(FROM_OURS, capped=list(capped)):
        ours = capped[pk]
        cap = ours.daily_cap or 1
        left = max(0, cap - (ours.sent if ours.day == now.date() else 0))
        if number > left:
            more_days = math.ceil((number - left) / cap)
            least = midnight - now + (more_days - 1) * DAY
            yield least, least + DAY
