"""How much waits for whom, counted by the indexes of the queue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.lanes import LANES
from tocsin.outbox.rows import rows

LANE_OF = {rules.priority: lane for lane, rules in LANES.items()}
"""Two of the indexes know the priority, and so the lane, of what waits."""

# Each by an index of its own, without a look at the rows.
TO_MAILBOXES = """
    SELECT priority, count(*) FILTER (WHERE due_at <= %(now)s),
        count(*) FILTER (WHERE due_at > %(now)s), min(due_at), max(due_at), mailbox_id, NULL
    FROM tocsin_message WHERE state = 'ready' AND mailbox_id IS NOT NULL
    GROUP BY mailbox_id, priority
"""
TO_DOMAINS = """
    SELECT priority, count(*) FILTER (WHERE due_at <= %(now)s),
        count(*) FILTER (WHERE due_at > %(now)s), min(due_at), max(due_at), NULL, domain_id
    FROM tocsin_message WHERE state = 'ready' AND mailbox_id IS NULL AND domain_id IS NOT NULL
    GROUP BY domain_id, priority
"""
TO_ANYBODY = """
    SELECT lane, count(*) FILTER (WHERE due_at <= %(now)s),
        count(*) FILTER (WHERE due_at > %(now)s), min(due_at), max(due_at), NULL, NULL
    FROM tocsin_message WHERE state = 'ready' AND mailbox_id IS NULL AND domain_id IS NULL
    GROUP BY lane
"""


@dataclass(frozen=True)
class Part:
    """So much of one lane for one mailbox, one large domain, or (neither is named) anybody."""

    lane: str
    due: int
    later: int
    oldest: datetime
    latest: datetime
    mailbox: int | None
    domain: int | None

    @property
    def number(self) -> int:
        """All of it."""
        return self.due + self.later


@dataclass(frozen=True)
class Queue:
    """All that is ready, now or later; `domain_of` knows the domain of each mailbox in it."""

    parts: tuple[Part, ...]
    domain_of: dict[int, int]

    def of_lane(self, lane: str) -> Iterator[Part]:
        """What waits in one lane."""
        return (part for part in self.parts if part.lane == lane)

    def by_mailbox(self) -> dict[int, int]:
        """How much waits for each mailbox."""
        found: dict[int, int] = {}
        for part in self.parts:
            if part.mailbox is not None:
                found[part.mailbox] = found.get(part.mailbox, 0) + part.number
        return found

    def by_domain(self) -> dict[int, int]:
        """How much waits for each mail domain, whether by its mailboxes or by itself."""
        found: dict[int, int] = {}
        for part in self.parts:
            domain = part.domain if part.mailbox is None else self.domain_of[part.mailbox]
            if domain is not None:
                found[domain] = found.get(domain, 0) + part.number
        return found

    def number(self) -> int:
        """All that waits."""
        return sum(part.number for part in self.parts)


def count_queue(*, now: datetime) -> Queue:
    """Count what is ready."""
    parts = [
        *(Part(LANE_OF[row[0]], *row[1:]) for row in rows(TO_MAILBOXES, now=now)),
        *(Part(LANE_OF[row[0]], *row[1:]) for row in rows(TO_DOMAINS, now=now)),
        *(Part(*row) for row in rows(TO_ANYBODY, now=now)),
    ]
    boxes = {part.mailbox for part in parts if part.mailbox is not None}
    found = Mailbox.objects.filter(pk__in=boxes).values_list("pk", "domain_id")
    return Queue(tuple(parts), dict(found))
