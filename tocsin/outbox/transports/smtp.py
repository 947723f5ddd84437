"""An SMTP line: hands over one mail after the other, and knows how far it came with each."""

import re
import smtplib
import socket
import ssl
import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from types import TracebackType
from typing import Self

from tocsin.outbox.post import Envelope
from tocsin.outbox.relay import Relay
from tocsin.outbox.retry import Phase, Receipt


@dataclass(frozen=True)
class Waits:
    """How many seconds the other side has, by what we wait for."""

    connect: float = 20
    command: float = 60
    body: float = 180
    # RFC 1047: who gives up early here sends again what was taken.
    dot: float = 600
    farewell: float = 2


WAITS = Waits()
MOST_ANSWER = 2 * 1024 * 1024  # bytes of one answer; a server that says more is not listened to
READ_ANSWER = 4096  # characters of it that are looked at
KEPT_ANSWER = 500  # characters of it that are kept
STEPS: tuple[tuple[Phase, str, tuple[int, ...]], ...] = (
    ("mail", "MAIL FROM:<{sender}>", (250,)),
    ("rcpt", "RCPT TO:<{recipient}>", (250, 251)),
    ("data", "DATA", (354,)),
)
"""What is said before the body, and which answers let us go on."""


class SmtpLine:
    """One connection to a relay, opened when needed, opened again when it broke.

    What the other side does never raises: it is told by the Receipt. `phase` is the phase of the
    last word said, for whoever has to judge an exception nobody foresaw.
    """

    def __init__(self, relay: Relay, *, name: str, waits: Waits = WAITS) -> None:
        """`name` is how we introduce ourselves: never the name of the machine."""
        self.phase: Phase = "connect"
        self._relay = relay
        self._name = name
        self._waits = waits
        self._wire: _Wire | None = None
        self._used = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._wire and not error:
            self._wire.bid_farewell(self._waits.farewell)
        self.drop()

    def open(self) -> Receipt | None:
        """Connect, secure and log in, unless that is done; the fault, or None if the line is up."""
        if self._wire:
            return None
        self.phase, self._used = "connect", False
        try:
            self._connect()
        except smtplib.SMTPResponseException as error:
            return self._fault(error.smtp_code, error.smtp_error)
        except (OSError, ValueError) as error:
            return self._fault(None, f"{type(error).__name__}: {error}")
        return None

    def hand_over(self, envelope: Envelope) -> Receipt:
        """Offer one mail to the relay."""
        was_used = self._used
        receipt = self.open() or self._offer(envelope)
        if was_used and receipt.phase == "mail" and receipt.code in (None, 421):
            # The relay had enough of this connection, not of this mail.
            self.drop()
            receipt = self.open() or self._offer(envelope)
        return receipt

    def drop(self) -> None:
        """Hang up without a word."""
        if self._wire:
            self._wire.close()
        self._wire = None
        self._used = False

    def _connect(self) -> None:
        relay = self._relay
        line = socket.create_connection((relay.host, relay.port), timeout=self._waits.connect)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each mail waits 40 ms
        self._wire = wire = _Wire(line, name=self._name, wait=self._waits.command)
        if relay.security == "tls":
            self.phase = "tls"
            wire.secure(relay.host)
            self.phase = "connect"
        wire.be_greeted()
        if relay.security == "starttls":
            self.phase = "tls"
            wire.start_tls(relay.host)
        if relay.user:
            self.phase = "auth"
            wire.login(relay.user, relay.password)

    def _offer(self, envelope: Envelope) -> Receipt:
        wire = self._wire
        assert wire  # noqa: S101 - only ever called on an open line
        self.phase = "mail"  # before anything can go wrong: the mail before this one was "done"
        said = {"sender": _path(envelope.sender), "recipient": _path(envelope.recipient)}
        try:
            for phase, words, welcome in STEPS:
                self.phase = phase
                code, text = wire.docmd(words.format(**said))
                if code not in welcome:
                    return self._refusal(wire, code, text, envelope)
            self.phase = "body"
            wire.say_body(envelope.mail, wait=self._waits.body)
            self.phase = "dot"
            code, text = wire.say_dot(wait=self._waits.dot)
        except smtplib.SMTPResponseException as error:
            return self._fault(error.smtp_code, error.smtp_error, envelope)
        except OSError as error:
            return self._fault(None, f"{type(error).__name__}: {error}", envelope)
        if 200 <= code < 300:
            self.phase, self._used = "done", True
            return _receipt("done", code, text, envelope)
        return self._refusal(wire, code, text, envelope)

    def _refusal(self, wire: "_Wire", code: int, text: bytes, envelope: Envelope) -> Receipt:
        """They said no: clear the table for the next mail, if they still play by the rules."""
        receipt = _receipt(self.phase, code, text, envelope)
        self._used = True
        if code == 421 or not 400 <= code < 600 or not wire.is_reset():
            self.drop()
        return receipt

    def _fault(
        self, code: int | None, text: bytes | str, envelope: Envelope | None = None
    ) -> Receipt:
        self.drop()
        return _receipt(self.phase, code, text, envelope)


class _Wire(smtplib.SMTP):
    """The library's client on a connection of ours, reading answers with our care."""

    def __init__(self, line: socket.socket, *, name: str, wait: float) -> None:
        super().__init__(local_hostname=name)
        self.sock = line
        self._wait = wait
        self._lines: deque[bytes] = deque()
        self._rest = b""

    def be_greeted(self) -> None:
        code, text = self.getreply()
        if code != 220:
            raise smtplib.SMTPConnectError(code, text)
        self.ehlo_or_helo_if_needed()

    def start_tls(self, host: str) -> None:
        if not self.has_extn("starttls"):
            raise smtplib.SMTPNotSupportedError("the relay does not offer STARTTLS")
        code, text = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, text)
        self.secure(host)
        # What was said before is worth nothing.
        self.ehlo_resp = self.helo_resp = None
        self.ehlo_or_helo_if_needed()

    def secure(self, host: str) -> None:
        self.sock = ssl.create_default_context().wrap_socket(self._line, server_hostname=host)

    def say_body(self, mail: bytes, *, wait: float) -> None:
        """All but the final dot. Whoever has hung up meanwhile has not taken it, and is noticed."""
        self._line.settimeout(wait)
        self.send(_stuffed(mail))
        self._refuse_surplus()

    def say_dot(self, *, wait: float) -> tuple[int, bytes]:
        usual, self._wait = self._wait, wait
        self.send(b".\r\n")
        answer = self.getreply()
        self._wait = usual
        return answer

    def is_reset(self) -> bool:
        try:
            return self.docmd("RSET")[0] == 250
        except OSError:
            return False

    def bid_farewell(self, wait: float) -> None:
        self._wait = wait
        try:
            self.docmd("QUIT")
        except OSError:
            return  # they left before us, which is the end all the same

    def putcmd(self, cmd: str, args: str = "") -> None:
        self._refuse_surplus()
        self._line.settimeout(self._wait)
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """One answer, of all its lines, within the time and size we allow."""
        deadline = time.monotonic() + self._wait
        texts: list[bytes] = []
        size = 0
        while True:
            line = self._read_line(deadline)
            size += len(line)
            found = re.fullmatch(rb"([0-9]{3})(?:([ -])(.*))?\r*", line, re.DOTALL)
            if not found or size > MOST_ANSWER:
                raise smtplib.SMTPServerDisconnected("an answer that is none")
            texts.append(found[3] or b"")
            if found[2] != b"-":
                break
        if self._lines or self._rest:
            # Never to be taken for the answer to the next command, nor for a word under TLS.
            raise smtplib.SMTPServerDisconnected("more answers than questions")
        return int(found[1]), b"\n".join(texts)

    @property
    def _line(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        return self.sock

    def _read_line(self, deadline: float) -> bytes:
        while not self._lines:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._line.settimeout(left)
            self._hear(self._line.recv(65536))
            if len(self._rest) > MOST_ANSWER:
                raise smtplib.SMTPServerDisconnected("an answer without an end")
        return self._lines.popleft()

    def _hear(self, words: bytes) -> None:
        if not words:
            raise smtplib.SMTPServerDisconnected("hung up")
        *lines, self._rest = (self._rest + words).split(b"\n")
        self._lines.extend(lines)

    def _refuse_surplus(self) -> None:
        """Notice what they said unasked: a farewell (421), a hang-up, an answer too many."""
        self._line.settimeout(0)
        try:
            self._hear(self._line.recv(65536))
        except (BlockingIOError, ssl.SSLWantReadError):
            return
        finally:
            self._line.settimeout(self._wait)
        raise smtplib.SMTPResponseException(*self.getreply())


def _stuffed(mail: bytes) -> bytes:
    """The mail as it travels: lines end in CRLF, and a dot that begins one is doubled."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", mail)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return re.sub(rb"^\.", b"..", lines, flags=re.MULTILINE)


def _path(address: str) -> str:
    """An address that cannot end its command early; one that could is a bug of ours."""
    if not re.fullmatch(r"[!-;=?-~]+", address):
        raise ValueError("not an address for an envelope")
    return address


def _receipt(
    phase: Phase, code: int | None, text: bytes | str, envelope: Envelope | None
) -> Receipt:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    if len(words) > READ_ANSWER:
        # Not half an address, which nobody would recognise as one.
        words = words[:READ_ANSWER].rpartition(" ")[0]
    found = re.match(r"[245]\.\d{1,3}\.\d{1,3}(?![\d.])", words)
    enhanced = found[0] if found else ""
    if enhanced:
        words = re.sub(rf"(?m)^{re.escape(enhanced)}\s*", "", words)
    kept = redact(words, names=_named_in(envelope))
    return Receipt(phase, code, enhanced, kept, heard=words)


def _named_in(envelope: Envelope | None) -> set[str]:
    """The words by which a mail names its author, and the local part of its recipient."""
    if envelope is None:
        return set()
    head = BytesHeaderParser().parsebytes(envelope.mail)
    found = {envelope.recipient.rpartition("@")[0]}
    for field in ("From", "Reply-To"):
        for name, address in getaddresses([head.get(field, "")]):
            local = address.rpartition("@")[0]
            found |= {local, *local.split("."), *str(make_header(decode_header(name))).split()}
    return {word for word in found if word}


def redact(text: str, *, names: Collection[str]) -> str:
    """An answer that may be kept in clear: printable, short, naming no mailbox and no person.

    Servers like to repeat who was written to, by whom, in more than one spelling.
    """
    words = "".join(each if each.isprintable() else " " for each in text)
    words = re.sub(
        r"[^\s<>\"'(),;:]+(@|%40|=40)[^\s<>\"'(),;:]+", "…@…", words, flags=re.IGNORECASE
    )
    for name in sorted(names, key=len, reverse=True):
        words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "…", words, flags=re.IGNORECASE)
    return " ".join(words.split())[:KEPT_ANSWER]
