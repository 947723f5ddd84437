"""What comes back about a message that was handed over: it settles doubts, bounces, closes."""

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from tocsin.kit.clock import to_the_hour
from tocsin.kit.seal import KeyMissing, Unreadable
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.hold import OF_THE_ADDRESS, suppress
from tocsin.outbox.models import Attempt, Message, MessageContent
from tocsin.outbox.post import read_envelope
from tocsin.outbox.transports.receipts import named_in, redact, text_in
from tocsin.outbox.verdicts.retry import Receipt, verdict

Kind = Literal["accepted", "deferred", "delivered", "rejected", "bounced", "complained"]

RANKS = {
    "accepted": 1,
    "deferred": 1,
    "sent": 1,
    "delivered": 2,
    "rejected": 3,
    "bounced": 3,
    "complained": 4,
}
"""What is higher says more about an attempt than what is known of it; all else is an echo.

Any of these proves that the attempt was taken: whatever else we believed of it, it was wrong.
"""

BAD = ("rejected", "bounced", "complained")
CODES = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
FREE = {"lease_owner": None, "lease_until": None}

log = logging.getLogger(__name__)


class StillSending(Exception):
    """A worker has not yet written down what came of it: tell us again in a minute."""


@dataclass(frozen=True)
class Report:
    """One event as it is written down: the words without names, the codes found in them."""

    kind: str
    code: int | None = None
    status: str = ""
    text: str = ""
    reason: str = ""


def note_event(
    *, message_id: UUID, attempt: int | None, kind: Kind, words: str, now: datetime
) -> bool:
    """Note what somebody trustworthy tells about a message; whether that changed anything.

    Of a message that is not there any more, or an attempt that was never made, nothing is noted.
    Without an attempt it is the last one that is meant. Raises StillSending, for bad news that
    would be lost otherwise.
    """
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(of=("self",))
            .select_related("mailbox")
            .filter(pk=message_id)
            .first()
        )
        if message is None:
            return False
        if message.state == "sending":
            if kind in BAD:
                raise StillSending
            return False
        tried = message.tries.filter(**({} if attempt is None else {"number": attempt})).last()
        if tried is None or RANKS[kind] <= RANKS.get(tried.outcome, 0):
            return False
        report = _read(message, kind, words)
        _note_attempt(tried, report)
        _move(message, report, now=now)
        _tell(message, report, now=now)
        return True


def _read(message: Message, kind: str, words: str) -> Report:
    """The words may name people, and are kept only as far as we know whom to look for."""
    found = STATUS.search(words)
    code = CODES.search(words)
    status = found[1] if found else ""
    number = int(code[1]) if code else int(f"{status[0]}50") if status else None
    envelope = _envelope_of(message)
    text = redact(words, names=named_in(envelope), said=text_in(envelope)) if envelope else ""
    reason = ""
    if kind in ("rejected", "bounced"):
        heard = Receipt("rcpt", number or 550, status, text, heard=words)
        reason = verdict(heard, attempts=0, age=timedelta(), chance=0).reason
    if reason in OF_THE_ADDRESS and _is_of_another_address(message, envelope, words):
        reason = ""
    return Report(kind, number, status, text, reason)


def _envelope_of(message: Message) -> Envelope | None:
    try:
        return read_envelope(message)
    except (MessageContent.DoesNotExist, KeyMissing, Unreadable):
        return None


def _is_of_another_address(message: Message, envelope: Envelope | None, words: str) -> bool:
    """Since the letter was written its address was corrected, and nobody says which one it is.

    Of a letter whose content is emptied nobody knows that either: only words that name it count.
    """
    if message.mailbox is None:
        return False
    now_there = message.mailbox.address.lower()
    is_known = envelope is not None and now_there == envelope.recipient.lower()
    return not is_known and now_there not in words.lower()


def _note_attempt(tried: Attempt, report: Report) -> None:
    tried.outcome = OUTCOMES.get(report.kind, report.kind)
    tried.phase = "done"
    if report.kind in BAD:
        tried.code, tried.enhanced, tried.text = report.code, report.status, report.text
    tried.save(update_fields=["outcome", "phase", "code", "enhanced", "text"])


OUTCOMES = {"accepted": "sent", "deferred": "sent"}
"""How an attempt ended, where the table of messages has a word of its own for it."""


def _move(message: Message, report: Report, *, now: datetime) -> None:
    """Along the table of states, as far as the report leads; some moves take two steps."""
    if message.state in ("ready", "leased", "held"):
        # It was about to go once more. A letter whose mailbox does not exist goes when there is
        # another; of all others a person decides, who can see that it went out.
        is_nobody = message.mailbox_id is not None and report.reason == "mailbox_invalid"
        reason = "mailbox_invalid" if is_nobody else "sent_after_all"
        _save(message, "held", reason, **FREE)
        return
    if message.state == "in_doubt":
        _save(message, "sent", "sent", due_at=to_the_hour(now))
    if step := STEPS.get((message.state, report.kind)):
        _save(message, step, report.kind)


STEPS = {
    ("sent", "delivered"): "delivered",
    ("sent", "complained"): "delivered",  # who complains has read it
    ("sent", "bounced"): "bounced",
    ("sent", "rejected"): "bounced",
    ("delivered", "bounced"): "bounced",
    ("delivered", "rejected"): "bounced",
}
"""Where a message goes that was handed over; in any other state it stays."""


def _save(message: Message, state: str, reason: str, **also: object) -> None:
    Message.objects.filter(pk=message.pk).update(state=state, reason=reason, **also)
    message.state = state


def _tell(message: Message, report: Report, *, now: datetime) -> None:
    """What it means for the mailbox, or for the person who does not want our mail."""
    words = report.text or f"{report.code or ''} {report.status}".strip()
    box = message.mailbox
    if box is None:
        if report.kind == "complained" and (envelope := _envelope_of(message)):
            suppress(envelope.recipient, reason="complained", today=now.date())
        return
    row = Mailbox.objects.filter(pk=box.pk)
    if report.kind == "complained":
        row.update(paused=True, words=words)
        raise_incident("complaint", about=box.address, words=words, now=now)
    elif report.reason == "mailbox_invalid" or (
        report.reason == "mailbox_refusing" and report.status
    ):
        state = report.reason.removeprefix("mailbox_")
        row.update(state=state, since=to_the_hour(now), words=words)
        raise_incident(report.reason, about=box.address, words=words, now=now)
    elif report.kind == "rejected" or report.reason == "policy":
        domain = box.address.rpartition("@")[2]
        raise_incident("policy", about=domain, words=words, now=now)
