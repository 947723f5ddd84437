"""What an answer of the other side means for a message, decided by tables."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

Phase = Literal["connect", "tls", "auth", "mail", "rcpt", "data", "body", "dot", "done"]

BACK_OFF = tuple(
    timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 480, 720, 720, 1440, 1440)
)
"""How long to wait after the first, second, … attempt; the last one stays."""

SPREAD = 0.2  # of the wait, to either side, so that letters that failed together come back apart
PATIENCE = timedelta(days=5)  # since the first attempt; then a person looks
LINE_PAUSE = timedelta(minutes=1)

STATES = {
    "sent": "sent",
    "in_doubt": "in_doubt",
    # About the line: says nothing about the letter.
    "line_down": "ready",
    # About the moment.
    "lost": "ready",
    "rate": "ready",
    "mailbox_full": "ready",
    "transient": "ready",
    "unknown": "ready",
    # About the address: the letter waits until somebody corrects it.
    "mailbox_invalid": "held",
    "mailbox_refusing": "held",
    # About this one letter.
    "letter_fault": "failed",
    # About us, or about their house: the letter is innocent.
    "policy": "held",
    "our_fault": "held",
    "their_fault": "held",
}
"""Where a message goes, by the reason that was found in the answer."""


@dataclass(frozen=True)
class Receipt:
    """What a transport was answered, and how far it had come; no code: no answer came.

    The phase is that of the last word we said; `done` is a 2xx after the final dot, and nothing
    else is.
    """

    phase: Phase
    code: int | None = None
    enhanced: str = ""
    text: str = ""
    heard: str = field(default="", repr=False, compare=False)
    """The answer before names were taken out of it: for the verdict, never to be kept."""


@dataclass(frozen=True)
class Verdict:
    """Where the message goes, why, after which wait, and whether the attempt counts."""

    state: str
    reason: str
    delay: timedelta = timedelta()
    counts: bool = True


@dataclass(frozen=True)
class Case:
    """One line of the table: every pattern that is given must match."""

    reason: str
    phase: str = ""
    code: str = ""
    enhanced: str = ""
    text: str = ""

    def fits(self, receipt: Receipt) -> bool:
        """Whether this is the line for that answer."""
        return (
            bool(re.fullmatch(self.phase or ".*", receipt.phase))
            and bool(re.fullmatch(self.code or ".*", str(receipt.code or "")))
            and bool(re.fullmatch(self.enhanced or ".*", receipt.enhanced))
            and bool(re.search(self.text, receipt.heard or receipt.text, re.IGNORECASE))
        )


ABOUT_US = (
    r"\bspam|spamhaus|spamcop|barracuda|black ?list|block ?list|\bblocked|\b(rb|dnsb)l\b|reputation"
    r"|\bpolicy|\bspf\b|\bdkim\b|\bdmarc\b|authenticat|unauthori[sz]ed|not permitted|not allowed"
    r"|relay (access )?(denied|not)|to relay|relaying|\bbanned|\blisted (in|at|by|on)\b"
    r"|sender (address|domain|verif|denied|reject|id\b)|reverse dns|\bptr\b|\b[he][eh]lo\b"
)
NOBODY_THERE = (
    r"user unknown|unknown (user|recipient|mailbox)|no such (user|recipient|mailbox|person|address)"
    r"|does not exist|doesn't exist|invalid (recipient|mailbox|user)"
    r"|mailbox (unavailable|not found)|(user|recipient|address) not found"
    r"|no mailbox here|undeliverable address"
)

CASES = (
    # After the dot, only a clear answer tells whether they took it.
    Case("sent", phase="done"),
    Case("in_doubt", phase="dot", code=r"\Z|[^45].*"),
    # Connecting, securing, logging in; a server may ask for the latter two late.
    Case("line_down", phase="connect|tls|auth"),
    Case("line_down", code="530|534|535|538"),
    Case("line_down", code="454", text=r"\btls\b|authentication"),
    Case("lost", code=r"\Z"),
    # For now.
    Case("mailbox_full", code="[45]..", enhanced=r"[45]\.2\.2"),
    Case("mailbox_full", code="452|552", text=r"full|quota|over its? limit"),
    Case("rate", code="4..", enhanced=r"4\.7\..*"),
    Case("rate", code="4..", text=r"\brate\b|too many|throttl|too fast|slow down"),
    Case("transient", code="4.."),
    # For ever. What may be about us comes first: holding a letter loses nothing.
    Case("policy", code="5..", enhanced=r"5\.7\..*|5\.1\.[78]"),
    Case("policy", code="5..", text=ABOUT_US),
    Case("letter_fault", code="552"),
    Case("policy", phase="mail", code="55."),
    Case("mailbox_invalid", code="5..", enhanced=r"5\.1\.([01236]|10)"),
    Case("mailbox_invalid", phase="rcpt", code="5..", text=NOBODY_THERE),
    Case("mailbox_refusing", code="5..", enhanced=r"5\.2\.1"),
    Case("letter_fault", code="5..", enhanced=r"5\.(2\.3|3\.4|6\..*)"),
    Case("our_fault", code="50.|5[56]5"),
    Case("our_fault", code="5..", enhanced=r"5\.5\..*"),
    Case("their_fault", code="5..", enhanced=r"5\.[34]\..*", phase="mail|data|body|dot"),
    Case("their_fault", code="5..", enhanced=r"5\.3\..*"),
    Case("mailbox_refusing", phase="rcpt", code="5.."),
    Case("policy", code="5.."),
    Case("unknown"),
)
"""The first line that fits decides; the last one fits everything."""


def verdict(receipt: Receipt, *, attempts: int, age: timedelta, chance: float) -> Verdict:
    """What to do with a message after that answer.

    `attempts` were counted before this one, `age` is the time since the first of them, `chance`
    is a number from 0 to 1 that the caller drew.
    """
    reason = next(case.reason for case in CASES if case.fits(receipt))
    state = STATES[reason]
    if reason == "line_down":
        return Verdict(state, reason, LINE_PAUSE, counts=False)
    if state == "ready" and age >= PATIENCE:
        return Verdict("held", reason)
    if state in ("ready", "in_doubt"):
        return Verdict(state, reason, _wait(attempts, chance))
    return Verdict(state, reason)


def _wait(attempts: int, chance: float) -> timedelta:
    spread = 1 - SPREAD + 2 * SPREAD * chance
    return BACK_OFF[min(attempts, len(BACK_OFF) - 1)] * spread
