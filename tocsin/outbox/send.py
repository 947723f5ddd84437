"""The send station: hands over what is due, and never forgets what it was about to say."""

import logging
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from tocsin.kit.clock import to_the_hour
from tocsin.kit.nudge import nudge
from tocsin.kit.seal import need_keys
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.post import open_envelope
from tocsin.outbox.retry import Receipt, Verdict, verdict
from tocsin.outbox.transports.smtp import WAITS, SmtpLine

WINDOW = 20
"""How many messages are in hand at once: as many are in doubt when a worker is killed."""

RUN_SECONDS = 2.0  # then another run is asked for, so that a signal to stop never waits long
LEASE = timedelta(minutes=10)

FREE = {"lease_owner": None, "lease_until": None}
UNCOUNTED = ("", "line_down")  # outcomes that say nothing about a message
NOT_TRIED = Verdict("ready", "not_tried", counts=False)
UNREADABLE = Verdict("held", "unreadable")
CRASHED = Verdict("held", "crashed")
CRASHED_AFTER_THE_DOT = Verdict("in_doubt", "in_doubt")

CLAIM = """
    WITH due AS (
        SELECT id FROM tocsin_message
        WHERE state = 'ready' AND due_at <= %(now)s
        ORDER BY priority, due_at, id LIMIT %(window)s
        FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE tocsin_message AS message
        SET state = 'leased', lease_owner = %(owner)s, lease_number = lease_number + 1,
            lease_until = %(until)s
        FROM due WHERE message.id = due.id
        RETURNING message.*
    )
    SELECT claimed.id, lease_number, attempts, sealed,
        (SELECT min(at) FROM tocsin_attempt AS attempt
         WHERE attempt.message_id = claimed.id AND outcome <> ALL (%(uncounted)s))
    FROM claimed LEFT JOIN tocsin_messagecontent AS content ON content.message_id = claimed.id
    ORDER BY priority, due_at, claimed.id
"""

MARK = """
    WITH mine AS (
        SELECT message.id FROM tocsin_message AS message
        JOIN unnest(%(ids)s::uuid[], %(numbers)s::int[]) AS lease (id, number)
            ON message.id = lease.id AND lease_number = lease.number
        WHERE state = 'leased' AND lease_owner = %(owner)s
        ORDER BY message.id FOR UPDATE OF message
    ), marked AS (
        UPDATE tocsin_message AS message SET state = 'sending'
        FROM mine WHERE message.id = mine.id
        RETURNING message.id
    )
    INSERT INTO tocsin_attempt (message_id, number, at, outcome, phase, enhanced, text)
    SELECT marked.id, 1 + coalesce(last.number, 0), %(at)s, '', '', '', ''
    FROM marked LEFT JOIN LATERAL (
        SELECT max(number) AS number FROM tocsin_attempt WHERE message_id = marked.id
    ) AS last ON true
    RETURNING message_id, id
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lease:
    """One message in hand, as it was claimed; `began` is the hour of its first real attempt."""

    message_id: uuid.UUID
    number: int
    attempts: int
    sealed: bytes | None
    began: datetime | None


@dataclass(frozen=True)
class Outcome:
    """What became of one message of a window."""

    lease: Lease
    verdict: Verdict
    receipt: Receipt | None = None


def send_due(*, now: datetime) -> int:
    """Hand over what is due; returns how many messages moved.

    Not to be called inside a transaction: that a message is about to be sent has to be committed
    before the first word is said.
    """
    moved = take_back(now=now)
    if not _is_due(now):
        return moved
    # Without the keys every message would look unreadable; the line waits until they are back.
    need_keys()
    with _owner() as owner, SmtpLine(settings.RELAY, name=_our_name(), waits=WAITS) as line:
        if fault := line.open():
            # Nothing is claimed and nothing noted: the messages have no part in this.
            _log_line_down(fault)
            return moved
        return moved + _send_windows(line, owner=owner, now=now)


def take_back(*, now: datetime) -> int:
    """Free what dead workers held; what they may have sent is sent once more, or left in doubt."""
    owners = Message.objects.filter(lease_owner__isnull=False).values_list("lease_owner", flat=True)
    moved = sum(_take_back_from(owner) for owner in owners.distinct() if owner is not None)
    stuck = Message.objects.filter(state="leased", lease_until__lt=now)
    moved += stuck.update(state="ready", **FREE)
    # A lost letter breaks a promise; of two that are equal to the byte, receivers show one.
    doubtful = Message.objects.filter(state="in_doubt", doubts=0)
    doubtful.update(state="ready", doubts=1)
    return moved


def _take_back_from(owner: int) -> int:
    """A living owner holds the lock of its number; the same lock keeps others from helping us."""
    with transaction.atomic():
        [[is_dead]] = _rows("SELECT pg_try_advisory_xact_lock(%(owner)s)", owner=owner)
        if not is_dead:
            return 0
        in_hand = Message.objects.filter(lease_owner=owner)
        unspoken = in_hand.filter(state="leased").update(state="ready", **FREE)
        locked = in_hand.filter(state="sending").select_for_update().order_by("pk")
        silent = [message.pk for message in locked]
        Message.objects.filter(pk__in=silent).update(
            state="in_doubt", attempts=F("attempts") + 1, **FREE
        )
        Attempt.objects.filter(message__in=silent, outcome="").update(outcome="in_doubt")
    return unspoken + len(silent)


def _is_due(now: datetime) -> bool:
    return Message.objects.filter(state="ready", due_at__lte=now).exists()


@contextmanager
def _owner() -> Iterator[int]:
    """A number for this run, locked for as long as the run and its database session live."""
    owner = secrets.randbits(63)
    _rows("SELECT pg_advisory_lock(%(owner)s)", owner=owner)
    try:
        yield owner
    finally:
        try:
            _rows("SELECT pg_advisory_unlock(%(owner)s)", owner=owner)
        except (OperationalError, InterfaceError):
            log.warning("the database session ended before the run, and its lock with it")


def _our_name() -> str:
    """How we introduce ourselves: by the name of the site, which is public."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else host


def _send_windows(line: SmtpLine, *, owner: int, now: datetime) -> int:
    moved = 0
    deadline = time.monotonic() + RUN_SECONDS
    while leases := _claim(owner=owner, now=now):
        attempts = _mark(leases, owner=owner, now=now)
        ours = [lease for lease in leases if lease.message_id in attempts]
        outcomes = _speak(ours, line, deadline=deadline, now=now)
        _record(outcomes, attempts, owner=owner, now=now)
        moved += sum(outcome.verdict != NOT_TRIED for outcome in outcomes)
        if any(outcome.verdict.reason == "line_down" for outcome in outcomes):
            break
        if time.monotonic() > deadline:
            if _is_due(now):
                nudge("send")
            break
    return moved


def _claim(*, owner: int, now: datetime) -> list[Lease]:
    """Take the next messages into our hands, the urgent ones first."""
    rows = _rows(
        CLAIM, now=now, until=now + LEASE, owner=owner, window=WINDOW, uncounted=list(UNCOUNTED)
    )
    return [Lease(*row) for row in rows]


def _mark(leases: list[Lease], *, owner: int, now: datetime) -> dict[uuid.UUID, int]:
    """Say in the database what we are about to say on the line; the attempt of each message.

    Only messages that come back may be sent: the others are no longer ours, or gone.
    """
    with transaction.atomic(durable=True):
        rows = _rows(
            MARK,
            ids=[lease.message_id for lease in leases],
            numbers=[lease.number for lease in leases],
            owner=owner,
            at=to_the_hour(now),
        )
    return dict(rows)


def _speak(leases: list[Lease], line: SmtpLine, *, deadline: float, now: datetime) -> list[Outcome]:
    """Hand over one after the other; when line or time is over the rest was not tried."""
    outcomes: list[Outcome] = []
    for lease in leases:
        is_down = bool(outcomes) and outcomes[-1].verdict.reason == "line_down"
        if is_down or (outcomes and time.monotonic() > deadline):
            outcomes += [Outcome(each, NOT_TRIED) for each in leases[len(outcomes) :]]
            break
        outcomes.append(_hand_over(lease, line, now=now))
    return outcomes


def _hand_over(lease: Lease, line: SmtpLine, *, now: datetime) -> Outcome:
    """One message; whatever is wrong with it, the next one goes."""
    try:
        envelope = open_envelope(message_id=lease.message_id, sealed=lease.sealed or b"")
    except Exception:
        log.exception("message %s cannot be read and is held", lease.message_id)
        return Outcome(lease, UNREADABLE)
    try:
        receipt = line.hand_over(envelope)
    except Exception:
        log.exception("message %s could not be handed over and is held", lease.message_id)
        after_the_dot = line.phase in ("dot", "done")
        line.drop()
        return Outcome(lease, CRASHED_AFTER_THE_DOT if after_the_dot else CRASHED)
    decided = verdict(
        receipt,
        attempts=lease.attempts,
        age=now - (lease.began or now),
        chance=secrets.randbelow(1001) / 1000,
    )
    if decided.reason == "line_down":
        _log_line_down(receipt)
    return Outcome(lease, decided, receipt)


def _record(
    outcomes: list[Outcome], attempts: dict[uuid.UUID, int], *, owner: int, now: datetime
) -> None:
    """Write down what became of a window: messages first and in order, as whoever erases does."""
    with transaction.atomic(durable=True):
        for outcome in sorted(outcomes, key=lambda each: each.lease.message_id):
            lease, decided = outcome.lease, outcome.verdict
            mine = Message.objects.filter(
                pk=lease.message_id, state="sending", lease_owner=owner, lease_number=lease.number
            )
            attempt = Attempt.objects.filter(pk=attempts[lease.message_id])
            if mine.update(**_move(decided, now=now), **FREE):
                if decided == NOT_TRIED:
                    attempt.delete()  # not a word was said: there was no attempt
                    continue
                receipt = outcome.receipt or Receipt("connect")
                attempt.update(
                    outcome=decided.reason,
                    phase=receipt.phase if outcome.receipt else "",
                    code=receipt.code,
                    enhanced=receipt.enhanced,
                    text=receipt.text,
                )


def _move(decided: Verdict, *, now: datetime) -> dict[str, Any]:
    """The new values of a message; a time finer than the hour stays only while we wait for it."""
    changes: dict[str, Any] = {"state": decided.state}
    if decided.counts:
        changes["attempts"] = F("attempts") + 1
    if decided != NOT_TRIED:
        changes["due_at"] = now + decided.delay if decided.delay else to_the_hour(now)
    return changes


def _rows(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _log_line_down(receipt: Receipt) -> None:
    log.warning(
        "the relay does not take our mail (%s %s): %s", receipt.phase, receipt.code, receipt.text
    )
