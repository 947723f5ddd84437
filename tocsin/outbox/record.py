"""Writing down what is about to be said of which message, and afterwards what came of it."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tocsin.kit.clock import to_the_hour
from tocsin.outbox.claim import Lease
from tocsin.outbox.destinations import Suppression
from tocsin.outbox.react import react
from tocsin.outbox.rows import array, committed_rows, rows
from tocsin.outbox.verdicts.retry import Receipt, Verdict

DOUBT_WAIT = timedelta(minutes=15)
"""How long evidence may take to come; longer than anybody still speaks (the final dot: 10 min)."""

NOT_TRIED = Verdict("ready", "not_tried", counts=False)

_SETTLED = """
    WITH locked AS MATERIALIZED (
        -- All at once and in order, as whoever erases does: nobody waits for us in a circle.
        SELECT id, state, reason, lane, mailing_id, mailbox_id, lease_owner, lease_number
        FROM tocsin_message WHERE id = ANY(%(ids)s::uuid[] || %(next_ids)s::uuid[])
        ORDER BY id FOR UPDATE
    ), told AS (
        SELECT * FROM unnest(
            %(ids)s::uuid[], %(numbers)s::int[], %(states)s::text[], %(reasons)s::text[],
            %(counts)s::int[], %(dues)s::timestamptz[], %(phases)s::text[],
            %(codes)s::int[], %(enhanced)s::text[], %(texts)s::text[]
        ) AS told (id, number, state, reason, counts, due, phase, code, enhanced, text)
    ), spoken AS (
        -- A person who held or recalled it while it was on the line left the reason in its row.
        SELECT told.*, locked.reason <> '' AND told.state = 'ready' AS left_alone
        FROM locked JOIN told ON locked.id = told.id AND lease_number = told.number
        WHERE locked.state = 'sending' AND lease_owner = %(owner)s
    ), settled AS (
        UPDATE tocsin_message AS message
        SET state = CASE WHEN spoken.left_alone THEN 'held' ELSE spoken.state END,
            reason = CASE WHEN spoken.left_alone THEN message.reason ELSE spoken.reason END,
            attempts = attempts + counts,
            began = CASE counts WHEN 0 THEN began ELSE coalesce(began, %(hour)s) END,
            due_at = coalesce(due, due_at), lease_owner = NULL, lease_until = NULL
        FROM spoken WHERE message.id = spoken.id
        RETURNING message.id, tried, spoken.reason AS outcome, phase, code, enhanced, text
    ), noted AS (
        INSERT INTO tocsin_attempt (message_id, number, at, outcome, phase, code, enhanced, text)
        -- Where not a word was said there was no attempt.
        SELECT id, tried, %(hour)s, outcome, phase, code, enhanced, text
        FROM settled WHERE outcome <> ''
    )
"""

_MARKED = """
    , ours AS (
        SELECT locked.id, lane, mailing_id, mailbox_id, lease.domain_id, lease.blind
        FROM locked JOIN unnest(%(next_ids)s::uuid[], %(next_numbers)s::int[],
                                %(domains)s::bigint[], %(blinds)s::bytea[])
            AS lease (id, number, domain_id, blind)
            ON locked.id = lease.id AND lease_number = lease.number
        WHERE state = 'leased' AND lease_owner = %(owner)s
    ), next AS (
        SELECT id FROM ours
        WHERE NOT EXISTS (SELECT FROM tocsin_suppression AS them WHERE them.blind = ours.blind)
            -- What was paused since it was claimed.
            AND NOT coalesce((SELECT paused FROM tocsin_route WHERE name = %(route)s), false)
            AND coalesce((
                SELECT coalesce(stop_at > %(now)s, true) AND NOT (paused AND lane <> 'confirm')
                FROM tocsin_mailing AS mailing WHERE mailing.id = mailing_id), true)
            AND coalesce((
                SELECT state IN ('ok', 'full') AND NOT paused
                FROM tocsin_mailbox AS box WHERE box.id = mailbox_id), true)
            AND coalesce((
                SELECT NOT paused AND coalesce(paused_until <= %(now)s, true)
                FROM tocsin_maildomain AS domain WHERE domain.id = ours.domain_id), true)
    ), marked AS (
        UPDATE tocsin_message AS message SET state = 'sending', tried = tried + 1
        FROM next WHERE message.id = next.id
        RETURNING message.id
    )
"""

_THOSE = "SELECT id FROM settled"
_NEXT = "SELECT id FROM marked"

SETTLE = f"{_SETTLED} {_THOSE}"
MARK = f"{_SETTLED} {_MARKED} {_NEXT}"
"""Both together: one commit, and one way to the database and back."""

HOLD = """
    WITH mine AS (
        SELECT id FROM tocsin_message
        WHERE id = ANY(%(ids)s) AND state = 'leased' AND lease_owner = %(owner)s
        ORDER BY id FOR UPDATE
    )
    UPDATE tocsin_message AS message
    SET state = 'held', reason = %(reason)s, lease_owner = NULL, lease_until = NULL
    FROM mine WHERE message.id = mine.id RETURNING message.id
"""

DOUBT = """
    WITH doubtful AS (
        UPDATE tocsin_message
        SET state = 'in_doubt', reason = 'in_doubt', attempts = attempts + 1,
            began = coalesce(began, %(hour)s), due_at = %(due)s,
            -- Held or recalled while it was on the line: it does not go again by itself.
            doubts = CASE reason WHEN '' THEN doubts ELSE 1 END,
            lease_owner = NULL, lease_until = NULL
        WHERE id = ANY(%(ids)s::uuid[]) AND state = 'sending' RETURNING id, tried
    )
    INSERT INTO tocsin_attempt (message_id, number, at, outcome, phase, enhanced, text)
    SELECT id, tried, %(hour)s, 'in_doubt', '', '', '' FROM doubtful
    RETURNING message_id
"""

LATE_EVIDENCE = """
    WITH mine AS (
        SELECT message.id FROM tocsin_message AS message
        JOIN unnest(%(ids)s::uuid[], %(numbers)s::int[]) AS lease (id, number)
            ON message.id = lease.id AND lease_number = lease.number
        WHERE state IN ('sending', 'in_doubt') ORDER BY message.id FOR UPDATE OF message
    ), settled AS (
        UPDATE tocsin_message AS message
        SET state = 'sent', reason = 'sent', lease_owner = NULL, lease_until = NULL,
            due_at = %(hour)s, began = coalesce(began, %(hour)s),
            attempts = attempts + CASE message.state WHEN 'sending' THEN 1 ELSE 0 END
        FROM mine WHERE message.id = mine.id RETURNING message.id, tried
    )
    INSERT INTO tocsin_attempt AS attempt (message_id, number, at, outcome, phase, enhanced, text)
    SELECT id, tried, %(hour)s, 'sent', 'done', '', '' FROM settled
    ON CONFLICT (message_id, number) DO UPDATE SET outcome = 'sent', phase = 'done'
    WHERE attempt.outcome = 'in_doubt'
    RETURNING attempt.id
"""


@dataclass(frozen=True)
class Outcome:
    """What became of one message of a window."""

    lease: Lease
    verdict: Verdict
    receipt: Receipt | None = None


def mark(
    leases: Sequence[Lease],
    *,
    blinds: Sequence[bytes],
    taken: Sequence[Outcome] = (),
    route: str,
    owner: int,
    now: datetime,
) -> set[uuid.UUID]:
    """Say in the database what we are about to say on the line; the messages it is said of.

    Only messages that come back may be sent: the others are no longer ours, or gone, or paused, or
    their address, of which `blinds` has the keyed hash, must not be written to. With it is written
    down which were `taken` before, as far as that means nothing to anybody else. It is committed
    before the first word is said: RuntimeError inside a transaction.
    """
    marked = committed_rows(
        MARK,
        next_numbers=array(lease.number for lease in leases),
        domains=array(lease.domain_id for lease in leases),
        blinds=array(blinds),
        owner=owner,
        route=route,
        now=now,
        **_told(taken, now=now, following=leases),
    )
    if len(marked) < len(leases):
        suppressed = _suppressed(blinds)
        pairs = zip(leases, blinds, strict=True)
        banned = [lease.message_id for lease, blind in pairs if blind in suppressed]
        if banned:
            hold_leased(banned, reason="suppressed", owner=owner)
    return {row[0] for row in marked}


def hold_leased(ids: Collection[uuid.UUID], *, reason: str, owner: int) -> int:
    """Set aside what was claimed and will not be sent now; how many were still ours."""
    return len(rows(HOLD, ids=list(ids), reason=reason, owner=owner))


def record(outcomes: Sequence[Outcome], *, route: str, owner: int, now: datetime) -> None:
    """Write down what became of messages, and of whoever the answers were about.

    In one transaction; messages first and in order, as whoever erases does. A message that is no
    longer ours keeps what others made of it.
    """
    with transaction.atomic(savepoint=False):
        mine = {row[0] for row in rows(SETTLE, owner=owner, **_told(outcomes, now=now))}
        ours = [each for each in outcomes if each.lease.message_id in mine]
        if spoken := [each for each in ours if each.verdict != NOT_TRIED]:
            react(spoken, route=route, now=now)


def record_doubts(ids: Collection[uuid.UUID], *, due: datetime, now: datetime) -> int:
    """Nobody knows what became of what was on the line; evidence is awaited until `due`.

    Returns how many there were. What somebody held or recalled meanwhile waits for a person.
    """
    return len(rows(DOUBT, ids=list(ids), hour=to_the_hour(now), due=due))


def record_late(outcomes: Sequence[Outcome], *, now: datetime) -> int:
    """What was taken while the database was away, told to a session that is not the owner's.

    The messages may be in doubt by now; that they were taken is the evidence. Of all others nothing
    is known that a doubt would not cover.
    """
    taken = [each for each in outcomes if each.verdict.state == "sent"]
    settled = rows(
        LATE_EVIDENCE,
        ids=[each.lease.message_id for each in taken],
        numbers=[each.lease.number for each in taken],
        hour=to_the_hour(now),
    )
    return len(settled)


def _suppressed(blinds: Sequence[bytes]) -> set[bytes]:
    found = Suppression.objects.filter(blind__in=set(blinds)).values_list("blind", flat=True)
    return {bytes(blind) for blind in found}


def _told(
    outcomes: Sequence[Outcome], *, now: datetime, following: Sequence[Lease] = ()
) -> dict[str, object]:
    silence = Receipt("connect")
    heard = [each.receipt or silence for each in outcomes]
    return {
        "hour": to_the_hour(now),
        "next_ids": array(lease.message_id for lease in following),
        "ids": array(each.lease.message_id for each in outcomes),
        "numbers": array(each.lease.number for each in outcomes),
        "states": array(each.verdict.state for each in outcomes),
        "reasons": array(_reason(each.verdict) for each in outcomes),
        "counts": array(each.verdict.counts for each in outcomes),
        "dues": array(_due(each.verdict, now=now) for each in outcomes),
        "phases": array(each.receipt.phase if each.receipt else "" for each in outcomes),
        "codes": array(receipt.code for receipt in heard),
        "enhanced": array(receipt.enhanced for receipt in heard),
        "texts": array(receipt.text for receipt in heard),
    }


def _reason(decided: Verdict) -> str:
    return "" if decided == NOT_TRIED else decided.reason


def _due(decided: Verdict, *, now: datetime) -> datetime | None:
    """A time finer than the hour stays only while we wait for it."""
    if decided == NOT_TRIED:
        return None
    if decided.state == "in_doubt":
        return now + DOUBT_WAIT
    return now + decided.delay if decided.delay else to_the_hour(now)
