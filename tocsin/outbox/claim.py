"""Taking the next messages into a worker's hands, no faster than anybody wants them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tocsin.outbox.lanes import lanes_of
from tocsin.outbox.rows import Conditions, rows

LEASE = timedelta(minutes=10)
MOST_DOMAINS = 50  # looked at in one claim, those first that have waited longest

# -- what may go: conditions on one row, named in braces in the statements below ------------------
# Each asks for one value, never EXISTS: that one may be answered by reading the whole queue once,
# and is, where the planner knows too little of the other tables. These go by the index, row by row.


IF = Conditions()
IF.add(
    "domain_is_open",
    """
    NOT domain.paused
    AND (domain.paused_until IS NULL OR domain.paused_until <= %(now)s)
    AND domain.booked_until
        <= %(now)s + (domain.burst - 1) * 3600.0 * domain.slow / domain.per_hour * interval '1 s'
    """,
)
IF.add("there", "(%(now)s AT TIME ZONE box.time_zone)")
IF.add(
    "box_is_open",
    """
    box.state IN ('ok', 'full') AND NOT box.paused AND box.next_at <= %(now)s
    AND (NOT box.workdays OR extract(isodow FROM {there}) < 6)
    AND (box.opens IS NULL OR CASE WHEN box.opens < box.closes
        THEN {there}::time >= box.opens AND {there}::time < box.closes
        ELSE {there}::time >= box.opens OR {there}::time < box.closes END)
    """,
)
IF.add(
    "it_may_go",
    """
    message.state = 'ready' AND message.due_at <= %(now)s AND message.lane = ANY(%(lanes)s)
    AND coalesce((
        SELECT coalesce(mailing.stop_at > %(now)s, true)
            AND NOT (mailing.paused AND message.lane <> 'confirm')
        FROM tocsin_mailing AS mailing WHERE mailing.id = message.mailing_id), true)
    AND (
        SELECT (ours.state = 'green' OR (ours.reserved AND %(at_home)s))
            AND (ours.daily_cap IS NULL OR message.lane = 'confirm'
                 OR ours.daily_cap > CASE WHEN ours.day = %(today)s THEN ours.sent ELSE 0 END)
        FROM tocsin_sendingdomain AS ours WHERE ours.id = message.sending_domain_id)
    """,
)
IF.add("to_anybody", "message.mailbox_id IS NULL AND message.domain_id IS NULL")
IF.add("to_the_domain", "message.mailbox_id IS NULL AND message.domain_id = domain.id")
IF.add(
    "box_has_mail",
    """
    (SELECT true FROM tocsin_message AS message
     WHERE message.mailbox_id = box.id AND {it_may_go} LIMIT 1)
    """,
)
IF.add(
    "domain_has_mail",
    """
    ((SELECT true FROM tocsin_message AS message WHERE {to_the_domain} AND {it_may_go} LIMIT 1)
     OR (SELECT true FROM tocsin_mailbox AS box WHERE box.domain_id = domain.id
         AND {box_is_open} AND {box_has_mail} ORDER BY box.next_at LIMIT 1))
    """,
)
IF.add("is_due", "state = 'ready' AND lane = ANY(%(lanes)s) AND due_at <= %(now)s")

# -- first lock whose allowance is used, in order, so that two workers never take it twice ---------

LOCK_SENDING_DOMAINS = """
    SELECT id FROM tocsin_sendingdomain WHERE daily_cap IS NOT NULL ORDER BY id FOR NO KEY UPDATE
"""
LOCK_DOMAINS = IF.within(
    """
    SELECT id FROM tocsin_maildomain WHERE id IN (
        SELECT domain.id FROM tocsin_maildomain AS domain
        WHERE {domain_is_open} AND {domain_has_mail}
        ORDER BY domain.booked_until LIMIT %(most_domains)s
    ) ORDER BY id FOR NO KEY UPDATE
    """
)

# -- then take, in a statement that sees what was committed before we had the locks ---------------

CLAIM = IF.within(
    """
    WITH hand AS MATERIALIZED (
        SELECT coalesce(box.domain_id, message.domain_id) AS domain_id, count(*) AS number
        FROM tocsin_message AS message LEFT JOIN tocsin_mailbox AS box ON box.id = mailbox_id
        WHERE message.state IN ('leased', 'sending') GROUP BY 1
    ), domain AS MATERIALIZED (
        SELECT id, least(
            floor(extract(epoch FROM %(now)s - greatest(booked_until, %(now)s))
                  * per_hour / (3600.0 * slow) + burst + 1e-6)::int,
            connections - coalesce(hand.number, 0),
            -- Each of them gets its turn: whoever fills a window alone keeps all others locked.
            ceil(%(most)s * 1.25 / greatest(cardinality(%(domains)s::bigint[]), 1))) AS room
        FROM tocsin_maildomain AS domain LEFT JOIN hand ON hand.domain_id = domain.id
        WHERE domain.id = ANY(%(domains)s::bigint[]) AND {domain_is_open}
    ), ours AS MATERIALIZED (
        SELECT id, daily_cap - CASE WHEN day = %(today)s THEN sent ELSE 0 END AS room
        FROM tocsin_sendingdomain
    ), box AS MATERIALIZED (
        SELECT box.id, domain.id AS domain_id FROM domain CROSS JOIN LATERAL (
            SELECT box.id FROM tocsin_mailbox AS box
            WHERE box.domain_id = domain.id AND {box_is_open} AND {box_has_mail}
            ORDER BY box.next_at LIMIT greatest(domain.room, 0)
            FOR NO KEY UPDATE SKIP LOCKED
        ) AS box
    ), found AS MATERIALIZED (
        SELECT message.*, box.id AS mailbox_id, box.domain_id FROM box CROSS JOIN LATERAL (
            SELECT id, lane, priority, due_at, sending_domain_id FROM tocsin_message AS message
            WHERE message.mailbox_id = box.id AND {it_may_go}
            ORDER BY priority, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
        ) AS message
        UNION ALL
        SELECT message.*, NULL, domain.id FROM domain CROSS JOIN LATERAL (
            SELECT id, lane, priority, due_at, sending_domain_id FROM tocsin_message AS message
            WHERE {to_the_domain} AND {it_may_go}
            ORDER BY priority, due_at, id LIMIT greatest(domain.room, 0) FOR UPDATE SKIP LOCKED
        ) AS message
        UNION ALL
        SELECT message.*, NULL, NULL
        FROM unnest(%(lanes)s::text[]) AS lane (name) CROSS JOIN LATERAL (
            SELECT id, lane, priority, due_at, sending_domain_id FROM tocsin_message AS message
            WHERE {to_anybody} AND message.lane = lane.name AND {it_may_go}
            ORDER BY due_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
        ) AS message
    ), ranked AS (
        SELECT found.*,
            row_number() OVER (PARTITION BY domain_id ORDER BY priority, due_at, id) AS in_domain,
            row_number() OVER (PARTITION BY sending_domain_id, lane = 'confirm'
                               ORDER BY priority, due_at, id) AS in_ours
        FROM found
    ), chosen AS MATERIALIZED (
        SELECT ranked.* FROM ranked
        LEFT JOIN domain ON domain.id = domain_id JOIN ours ON ours.id = sending_domain_id
        WHERE (domain_id IS NULL OR in_domain <= domain.room)
            AND (lane = 'confirm' OR ours.room IS NULL OR in_ours <= ours.room)
        ORDER BY priority, due_at, ranked.id LIMIT %(most)s
    ), claimed AS (
        UPDATE tocsin_message AS message
        SET state = 'leased', reason = '', lease_owner = %(owner)s,
            lease_number = lease_number + 1, lease_until = %(until)s
        FROM chosen WHERE message.id = chosen.id
        RETURNING message.*
    ), charged_box AS (
        -- A slot that we come a little late for does not shift those after it.
        UPDATE tocsin_mailbox AS box
        SET booked_until = slot.starts + slot.length,
            next_at = slot.starts + slot.length * (1 + 0.25 * random())
        FROM (
            SELECT box.id, length, CASE WHEN box.booked_until > %(now)s - length / 2
                THEN box.booked_until ELSE %(now)s END AS starts
            FROM chosen JOIN tocsin_mailbox AS box ON box.id = chosen.mailbox_id
            CROSS JOIN LATERAL (SELECT interval '1 s' * 3600.0 / box.per_hour) AS pace (length)
        ) AS slot WHERE box.id = slot.id
    ), charged_domain AS (
        UPDATE tocsin_maildomain AS domain
        SET booked_until = greatest(booked_until, %(now)s)
            + interval '1 s' * 3600.0 * slow / per_hour * taken.number
        FROM (SELECT domain_id, count(*) AS number FROM chosen GROUP BY 1) AS taken
        WHERE domain.id = taken.domain_id
    ), charged_ours AS (
        UPDATE tocsin_sendingdomain AS ours
        SET day = %(today)s,
            sent = taken.number + CASE WHEN day = %(today)s THEN sent ELSE 0 END
        FROM (SELECT sending_domain_id, count(*) AS number FROM chosen GROUP BY 1) AS taken
        WHERE ours.id = taken.sending_domain_id AND ours.daily_cap IS NOT NULL
    )
    SELECT claimed.id, lease_number, attempts, sealed, began, tried,
        coalesce(box.address, ''), claimed.mailbox_id, coalesce(box.state, ''),
        coalesce(box.domain_id, claimed.domain_id), ours.name, ours.bounce_domain,
        coalesce(theirs.refusals > 0, false)
    FROM claimed
    JOIN tocsin_sendingdomain AS ours ON ours.id = sending_domain_id
    LEFT JOIN tocsin_mailbox AS box ON box.id = mailbox_id
    LEFT JOIN tocsin_maildomain AS theirs
        ON theirs.id = coalesce(box.domain_id, claimed.domain_id)
    LEFT JOIN tocsin_messagecontent AS content ON content.message_id = claimed.id
    ORDER BY priority, due_at, claimed.id
    """
)

LOCK_MAILBOXES = """
    SELECT id FROM tocsin_mailbox WHERE id = ANY(%(boxes)s) ORDER BY id FOR NO KEY UPDATE
"""
LOCK_THOSE_DOMAINS = """
    SELECT id FROM tocsin_maildomain WHERE id = ANY(%(domains)s) ORDER BY id FOR NO KEY UPDATE
"""
GIVE_BACK = """
    WITH mine AS MATERIALIZED (
        SELECT id FROM tocsin_message
        WHERE id = ANY(%(ids)s) AND state = 'leased' AND lease_owner = %(owner)s
        ORDER BY id FOR UPDATE
    ), freed AS (
        UPDATE tocsin_message AS message
        SET state = 'ready', lease_owner = NULL, lease_until = NULL
        FROM mine LEFT JOIN tocsin_message AS before ON before.id = mine.id
        LEFT JOIN tocsin_mailbox AS box ON box.id = before.mailbox_id
        WHERE message.id = mine.id
        RETURNING message.mailbox_id, message.sending_domain_id,
            coalesce(box.domain_id, message.domain_id) AS domain_id
    ), boxes AS (
        UPDATE tocsin_mailbox AS box
        SET next_at = least(next_at, %(now)s),
            booked_until = booked_until - interval '1 s' * 3600.0 / per_hour
        FROM freed WHERE box.id = freed.mailbox_id
    ), domains AS (
        UPDATE tocsin_maildomain AS domain
        SET booked_until = booked_until - interval '1 s' * 3600.0 * slow / per_hour * back.number
        FROM (SELECT domain_id, count(*) AS number FROM freed GROUP BY 1) AS back
        WHERE domain.id = back.domain_id
    ), ours AS (
        UPDATE tocsin_sendingdomain AS ours SET sent = greatest(sent - back.number, 0)
        FROM (SELECT sending_domain_id, count(*) AS number FROM freed GROUP BY 1) AS back
        WHERE ours.id = back.sending_domain_id AND ours.daily_cap IS NOT NULL AND day = %(today)s
    )
    SELECT count(*) FROM freed
"""

# A run goes on for as long as there is something to send: a pause has to reach it as well.
ROUTE_RESTS = """
    SELECT EXISTS (SELECT FROM tocsin_route
                   WHERE name = %(route)s AND (paused OR open_until > %(now)s))
"""
IS_DUE = IF.within(
    """
    SELECT EXISTS (SELECT FROM tocsin_message AS message WHERE {to_anybody} AND {is_due})
        OR EXISTS (SELECT FROM tocsin_message WHERE mailbox_id IS NOT NULL AND {is_due})
        OR EXISTS (SELECT FROM tocsin_message
                   WHERE mailbox_id IS NULL AND domain_id IS NOT NULL AND {is_due})
    """
)
MAY_GO_NOW = IF.within(
    """
    SELECT EXISTS (SELECT FROM tocsin_message AS message WHERE {to_anybody} AND {it_may_go})
        OR EXISTS (SELECT FROM tocsin_maildomain AS domain
                   WHERE {domain_is_open} AND {domain_has_mail})
    """
)


@dataclass(frozen=True)
class Lease:
    """One message in hand, as it was claimed.

    `began` is the hour of the first attempt that counts, `tried` the number of the last one;
    `address` and what belongs to it is empty for a mail to a supporter. `domain_refuses` says
    whether the mail domain has refused us lately.
    """

    message_id: uuid.UUID
    number: int
    attempts: int
    sealed: bytes | None
    began: datetime | None
    tried: int
    address: str
    mailbox_id: int | None
    mailbox_state: str
    domain_id: int | None
    sending_domain: str
    bounce_domain: str
    domain_refuses: bool = False


def claim(*, route: str, most: int, owner: int, now: datetime) -> list[Lease]:
    """Take up to `most` messages of the route that may go now, the urgent ones first.

    What a mailbox, its domain and our own domain allow is used up in the same transaction, so that
    any number of workers together never send more.
    """
    asked = {
        **_asked(route, now=now),
        "most": most,
        "owner": owner,
        "until": now + LEASE,
        "most_domains": MOST_DOMAINS,
    }
    with transaction.atomic():
        if rows(ROUTE_RESTS, route=route, now=now)[0][0]:
            return []
        rows(LOCK_SENDING_DOMAINS)
        domains = [row[0] for row in rows(LOCK_DOMAINS, **asked)]
        return [Lease(*row) for row in rows(CLAIM, domains=domains, **asked)]


def give_back(leases: Sequence[Lease], *, owner: int, now: datetime) -> int:
    """Free what was claimed and not begun, with the slots and allowances that it had used up."""
    if not leases:
        return 0
    with transaction.atomic():
        rows(LOCK_SENDING_DOMAINS)
        rows(LOCK_THOSE_DOMAINS, domains=[each.domain_id for each in leases if each.domain_id])
        rows(LOCK_MAILBOXES, boxes=[each.mailbox_id for each in leases if each.mailbox_id])
        ids = [each.message_id for each in leases]
        [[freed]] = rows(GIVE_BACK, ids=ids, owner=owner, now=now, today=now.date())
    return int(freed)


def is_due(*, route: str, now: datetime) -> bool:
    """Whether anything of that route is due, though perhaps not yet allowed."""
    return bool(rows(IS_DUE, **_asked(route, now=now))[0][0])


def may_go_now(*, route: str, now: datetime) -> bool:
    """Whether anything of that route is due, and nothing but the route itself is in its way."""
    return bool(rows(MAY_GO_NOW, **_asked(route, now=now))[0][0])


def _asked(route: str, *, now: datetime) -> dict[str, object]:
    return {
        "lanes": lanes_of(route),
        "now": now,
        "today": now.date(),
        # Nothing we send leaves this machine: domains that exist nowhere may send as well.
        "at_home": all(way.stays_here for way in settings.WAYS.values()),
    }
