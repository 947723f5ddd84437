"""What an answer of the other side is about, decided by a table of cases."""

import re
from dataclasses import dataclass, field
from typing import Literal

from tocsin.outbox.verdicts.phrases import (
    ABOUT_US,
    ACCOUNT_STOPPED,
    BAD_WORDS,
    GREYLISTED,
    LOST_IN_THEIR_HOUSE,
    MAILBOX_CLOSED,
    MAILBOX_FULL,
    NOBODY_THERE,
    NOT_OUR_SENDER,
    RELAY_DENIED,
    TOO_BIG,
    TOO_FAST,
    TOO_FAST_FOR_EVER,
    TOO_FAST_IN_CHINA,
)

Phase = Literal["connect", "tls", "auth", "mail", "rcpt", "data", "body", "dot", "done"]
Scope = Literal["letter", "address", "domain", "route"]

MOST_READ = 2048  # characters of an answer that are looked at


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

    @property
    def words(self) -> str:
        """All that was said, in one line: for the verdict, never to be kept."""
        return " ".join((self.heard or self.text)[:MOST_READ].split())

    @property
    def status(self) -> str:
        """The enhanced code, also where it stands behind the words: `no mailbox here (#5.1.1)`."""
        found = re.search(r"[#(]\s?#?([245]\.\d{1,3}\.\d{1,3})(?![\d.])", self.words)
        if self.enhanced or not found or found[1][0] != str(self.code)[0]:
            return self.enhanced
        return found[1]


@dataclass(frozen=True)
class Reason:
    """What an answer means: in words for the operator, whom it is about, where the message goes."""

    meaning: str
    scope: Scope
    state: str


REASONS = {
    "sent": Reason("the next mail system took the letter", "letter", "sent"),
    "in_doubt": Reason(
        "no clear answer came after the last word: taken or not taken", "letter", "in_doubt"
    ),
    # About the way out: says nothing about the letter.
    "route_fault": Reason(
        "the relay takes no mail of ours now: connection, TLS, login or account",
        "route",
        "ready",
    ),
    "our_fault": Reason(
        "we asked the relay for what it does not understand or does not allow us", "route", "held"
    ),
    # About the moment.
    "lost": Reason("the connection broke before the letter was complete", "letter", "ready"),
    "rate": Reason("they find that we send too fast", "domain", "ready"),
    "mailbox_full": Reason("the mailbox is full", "address", "ready"),
    "transient": Reason("they ask us to come back later", "letter", "ready"),
    "unknown": Reason("the answer is none that we understand", "letter", "ready"),
    # About the address: its letters wait until somebody corrects it.
    "mailbox_invalid": Reason("the mailbox does not exist", "address", "held"),
    "mailbox_refusing": Reason(
        "the mailbox exists and takes no letters of ours", "address", "held"
    ),
    # About this one letter.
    "letter_fault": Reason("they will never take this letter: size or form", "letter", "failed"),
    # About us as their whole house sees us: never about the mailbox.
    "policy": Reason("they refuse us: reputation, authentication or content", "domain", "held"),
    # Their machines are the same for every mailbox of the house.
    "their_fault": Reason(
        "their mail system is at fault, for all who write there", "domain", "held"
    ),
}
"""What an answer can mean, by name."""


@dataclass(frozen=True)
class Case:
    """One line of the table: every pattern that is given must match."""

    reason: str
    phase: str = ""
    code: str = ""
    status: str = ""
    text: str = ""

    def fits(self, receipt: Receipt) -> bool:
        """Whether this is the line for that answer."""
        code = "" if receipt.code is None else str(receipt.code)
        return (
            _is(self.phase, receipt.phase)
            and _is(self.code, code)
            and _is(self.status, receipt.status)
            and (not self.text or bool(re.search(self.text, receipt.words, re.IGNORECASE)))
        )


def _is(pattern: str, word: str) -> bool:
    return not pattern or bool(re.fullmatch(pattern, word))


FROM_RCPT = "rcpt|data|body|dot"  # what is said before is never about the mailbox
NOT_SECURITY = r"(?!5\.7\.).*"
OUR_RELAY_SAYS = r"^(?!.*\bsaid\b).*"  # and does not repeat what others told it
CLOSED = rf"^(?!.*(sender|spam|abuse)).*({MAILBOX_CLOSED})"

CASES = (
    # After the dot, only a clear answer tells whether they took it.
    Case("sent", phase="done"),
    Case("sent", phase="dot", code="2.."),
    Case("in_doubt", phase="dot", code=r"(?![45]..\Z).*"),
    # Connecting, securing, logging in; a server may ask for the latter two late.
    Case("route_fault", phase="connect|tls|auth"),
    Case("route_fault", code="53[0458]"),
    Case("route_fault", code="454", status=r"4\.7\.0"),
    Case("route_fault", code="454", text=rf"\btls\b|authentication|{RELAY_DENIED}"),
    Case("route_fault", code="[45]..", text=ACCOUNT_STOPPED),
    Case("lost", code=r"\Z"),
    # For now.
    Case("transient", code="[45]..", text=GREYLISTED),
    Case("mailbox_full", phase=FROM_RCPT, code="[45]..", status=r"[45]\.2\.2"),
    Case("mailbox_full", phase=FROM_RCPT, code="4..", text=MAILBOX_FULL),
    Case("rate", code="4..", status=r"4\.7\..*"),
    Case("rate", code="4..", text=TOO_FAST),
    Case("transient", code="4.."),
    # For ever, they say. What may be about us comes early: holding a letter loses nothing.
    Case("rate", code="5..", text=TOO_FAST_IN_CHINA),
    Case("rate", code="5..", status=r"5\.2\.12[12]"),
    Case("mailbox_full", phase=FROM_RCPT, code="5..", status=NOT_SECURITY, text=MAILBOX_FULL),
    Case("mailbox_refusing", phase="rcpt|dot", code="5..", text=r"resolver\.rst\."),
    Case("mailbox_refusing", phase=FROM_RCPT, code="5..", status=NOT_SECURITY, text=CLOSED),
    Case("our_fault", code="5..", text=f"{OUR_RELAY_SAYS}({RELAY_DENIED}|{NOT_OUR_SENDER})"),
    Case("policy", code="5..", text=ABOUT_US),
    Case("mailbox_invalid", phase="rcpt", code="5..", status=r"5\.7\.[01]", text=NOBODY_THERE),
    Case("policy", code="5..", status=r"5\.7\..*|5\.1\.[78]"),
    Case("rate", code="5..", text=TOO_FAST_FOR_EVER),
    Case("letter_fault", code="5..", status=r"5\.(2\.3|3\.4|6\..*)"),
    Case("letter_fault", code="5..", text=TOO_BIG),
    Case("letter_fault", code="552"),
    # Exchange says so of an address that its directory does not have.
    Case("mailbox_invalid", phase="rcpt", code="5..", status=r"5\.4\.1", text="access denied"),
    Case("mailbox_invalid", phase=FROM_RCPT, code="5..", status=r"5\.1\.([0-46]|10)"),
    Case("mailbox_refusing", phase="rcpt", code="550", text="or access denied"),
    Case("mailbox_invalid", phase=FROM_RCPT, code="5..", text=NOBODY_THERE),
    Case("mailbox_invalid", phase="rcpt", code="551"),
    Case("mailbox_refusing", phase=FROM_RCPT, code="5..", status=r"5\.2\.1"),
    Case("their_fault", code="5..", status=r"5\.[34]\..*"),
    Case("their_fault", code="5..", text=LOST_IN_THEIR_HOUSE),
    Case("their_fault", code="521|556"),
    Case("our_fault", code="50.|5[56]5"),
    Case("policy", phase="mail", code="5[57]."),
    Case("our_fault", code="5..", status=r"5\.5\..*"),
    Case("our_fault", code="5..", text=BAD_WORDS),
    Case("mailbox_refusing", phase="rcpt", code="5.."),
    Case("policy", code="5.."),
    Case("unknown"),
)
"""The first line that fits decides; the last one fits everything."""


def reason_of(receipt: Receipt) -> str:
    """The name of the reason, one of REASONS, that an answer gives."""
    return next(case.reason for case in CASES if case.fits(receipt))
