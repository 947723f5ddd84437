"""A difficult SMTP server on loopback: it defers, refuses, garbles, hangs up, keeps silent."""

import base64
import json
import os
import re
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Literal, Self

from tocsin.outbox.relay import Relay, Security

DEADLINE = 20.0


@dataclass(frozen=True)
class HangUp:
    """Instead of an answer, or together with its last word: the connection is closed."""

    last_word: bytes = b""


SILENCE = HangUp(b"silence")
"""No answer at all, until the other side gives up."""

Answer = bytes | HangUp


@dataclass(frozen=True)
class Habit:
    """What the office says at each step; what is not named is said politely."""

    greeting: Answer = b"220 post.test ESMTP\r\n"
    offers: tuple[bytes, ...] = (b"8BITMIME", b"SIZE 10000000")
    ehlo: Answer = b""  # empty: the offers
    starttls: Answer = b"220 2.0.0 go ahead\r\n"
    auth: Answer = b"235 2.7.0 welcome\r\n"
    mail: Answer = b"250 2.1.0 ok\r\n"
    rcpt: Answer = b"250 2.1.5 ok\r\n"
    data: Answer = b"354 go ahead\r\n"
    dot: Answer = b"250 2.0.0 taken\r\n"
    rset: Answer = b"250 2.0.0 ok\r\n"
    takes: bool = True  # whether the mail is kept although the answer is not a plain 250


POLITE = Habit()
BREAKS_OFF = HangUp()
HABITS = {
    "accepts": POLITE,
    # at the door
    "hangs up at once": Habit(greeting=BREAKS_OFF),
    "greets with garbage": Habit(greeting=b"\x00\xff\x00 SSH-2.0 hello\r\n"),
    "is closed": Habit(greeting=b"554 5.3.2 no SMTP service here\r\n"),
    "is busy at the door": Habit(greeting=b"421 4.3.2 too many connections\r\n"),
    "says two things at the door": Habit(greeting=b"220 post.test\r\n250 and more\r\n"),
    "speaks no EHLO": Habit(ehlo=b"502 5.5.1 what?\r\n"),
    "hangs up at EHLO": Habit(ehlo=BREAKS_OFF),
    # before the body
    "defers the sender": Habit(mail=b"451 4.3.0 queue file write error\r\n"),
    "refuses the sender": Habit(mail=b"550 5.7.1 sender address rejected\r\n"),
    "wants a login late": Habit(mail=b"530 5.7.0 authentication required\r\n"),
    "closes with 421 at MAIL": Habit(mail=HangUp(b"421 4.4.2 timeout\r\n")),
    "greylists": Habit(rcpt=b"450 4.2.0 <{to}>: greylisted, come back later\r\n"),
    "slows us down": Habit(rcpt=b"450 4.7.1 too many messages, slow down\r\n"),
    "knows nobody": Habit(rcpt=b"550 5.1.1 <{to}>: user {local} unknown\r\n"),
    "refuses the recipient": Habit(rcpt=b"550 no\r\n"),
    "has a full mailbox": Habit(rcpt=b"452 4.2.2 mailbox full\r\n"),
    "has a full mailbox for ever": Habit(rcpt=b"552 5.2.2 over quota\r\n"),
    "lists us": Habit(rcpt=b"554 5.7.1 blocked using rbl.test\r\n"),
    "hangs up at RCPT": Habit(rcpt=BREAKS_OFF),
    "misunderstands us": Habit(rcpt=b"500 5.5.2 syntax error\r\n"),
    "answers RCPT in many lines": Habit(rcpt=b"450-4.2.0 a\r\n450-4.2.0 b\r\n450 4.2.0 c\r\n"),
    "answers RCPT in no language": Habit(rcpt=b"450 4.2.0 \xff\xfe\x00\x07 \xe7\x8e\x8b\r\n"),
    "answers RCPT with a megabyte": Habit(rcpt=b"450-4.2.0 a\r\n" * 80_000 + b"450 4.2.0 z\r\n"),
    "answers RCPT with one long line": Habit(rcpt=b"450 4.2.0 " + b"a" * 1_000_000 + b"\r\n"),
    "answers RCPT without an end": Habit(rcpt=b"450-a\r\n" * 700_000),
    "answers RCPT with garbage": Habit(rcpt=b"!!\x00garbage\r\n"),
    "answers RCPT with an unknown code": Habit(rcpt=b"999 what a day\r\n"),
    "answers RCPT twice": Habit(rcpt=b"250 ok\r\n250 ok\r\n"),
    "defers at DATA": Habit(data=b"451 4.3.1 no space\r\n"),
    "refuses at DATA": Habit(data=b"554 5.6.0 no valid recipients\r\n"),
    "accepts instead of asking for the body": Habit(data=b"250 2.0.0 ok\r\n"),
    "never resets": Habit(rcpt=b"450 4.2.0 later\r\n", rset=BREAKS_OFF),
    # the body and the dot
    "hangs up before the dot": Habit(data=HangUp(b"354 go ahead\r\n")),
    "asks for the body and says goodbye": Habit(data=b"354 go ahead\r\n421 4.3.0 bye\r\n"),
    "defers after the dot": Habit(dot=b"451 4.3.0 try later\r\n", takes=False),
    "closes with 421 after the dot": Habit(dot=HangUp(b"421 4.3.0 bye\r\n"), takes=False),
    "takes it for spam": Habit(dot=b"554 5.7.1 looks like spam\r\n", takes=False),
    "refuses without a reason after the dot": Habit(dot=b"550 no\r\n", takes=False),
    "finds it too big": Habit(dot=b"552 5.3.4 message too big\r\n", takes=False),
    "hangs up after the dot": Habit(dot=BREAKS_OFF, takes=False),
    "takes it and hangs up": Habit(dot=BREAKS_OFF),
    "takes it and keeps silent": Habit(dot=SILENCE),
    "takes it and answers garbage": Habit(dot=b"\xf0\x9f\x98\x80\r\n"),
    "takes it and says so in many lines": Habit(dot=b"250-2.0.0 a\r\n250 2.0.0 b\r\n"),
    "takes it and says so in a megabyte": Habit(dot=b"250-a\r\n" * 150_000 + b"250 z\r\n"),
    "takes it and says 251": Habit(dot=b"251 2.0.0 forwarded\r\n"),
    # login and TLS
    "refuses the password": Habit(auth=b"535 5.7.8 bad credentials\r\n", offers=(b"AUTH PLAIN",)),
    "asks for the password": Habit(offers=(b"AUTH PLAIN LOGIN",)),
    "offers no login": POLITE,
    "offers no TLS": POLITE,
    "refuses TLS": Habit(starttls=b"454 4.7.0 TLS not available\r\n", offers=(b"STARTTLS",)),
    "garbles TLS": Habit(starttls=HangUp(b"220 2.0.0 go ahead\r\n"), offers=(b"STARTTLS",)),
    "injects before TLS": Habit(
        starttls=b"220 go\r\n250-hi\r\n250 AUTH\r\n", offers=(b"STARTTLS",)
    ),
    "speaks TLS": Habit(offers=(b"STARTTLS",)),
}
"""Every difficult habit by name."""

Moment = Literal["mail", "rcpt", "data", "dot", "answered"]


@dataclass(frozen=True)
class Accepted:
    """One mail that the office has taken, with its envelope."""

    sender: str
    recipient: str
    mail: bytes

    def line(self) -> str:
        """As it stands in the journal."""
        words = {**self.__dict__, "mail": base64.b64encode(self.mail).decode()}
        return json.dumps(words) + "\n"


@dataclass
class PostOffice:
    """The server; a context manager. Each mail meets the next of its habits, then the last again.

    `journal` is a file to which a mail is written, and synced, before it is answered.
    `witness` is called in the server's thread at each moment of a mail, with what was said.
    """

    habits: Sequence[Habit] = (POLITE,)
    journal: Path | None = None
    witness: Callable[[Moment, str], None] | None = None
    certificate: tuple[Path, Path] | None = None
    tls_first: bool = False
    mails: list[Accepted] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        self.turn = 0
        self.changed = threading.Condition()
        self.open_lines: list[socket.socket] = []
        self.clerks: list[threading.Thread] = []
        self.closing = threading.Event()
        self.door = socket.create_server(("127.0.0.1", 0))
        self.porter = threading.Thread(target=self._open_the_door, daemon=True)
        self.porter.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.door.shutdown(socket.SHUT_RDWR)
        self.porter.join(DEADLINE)
        self.door.close()
        for line in self.open_lines:
            _shut(line)
        for clerk in self.clerks:
            clerk.join(DEADLINE)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.door.getsockname()[1])

    def relay(self, security: Security = "none", *, user: str = "", password: str = "") -> Relay:
        """How to reach it."""
        host = "localhost" if self.certificate else "127.0.0.1"
        return Relay(host, self.port, security, user, password)

    def url(self) -> str:
        """How to reach it, for the settings."""
        return f"smtp://127.0.0.1:{self.port}"

    def until(self, what: Callable[[], bool], *, seconds: float = DEADLINE) -> None:
        """Wait until `what` is true of the mails; AssertionError after the deadline."""
        with self.changed:
            assert self.changed.wait_for(what, seconds), f"only {len(self.mails)} mails came"

    def habit(self) -> Habit:
        """That of the next mail."""
        return self.habits[min(self.turn, len(self.habits) - 1)]

    def take(self, mail: Accepted) -> None:
        """Keep a mail, on the disk first."""
        with self.changed:
            if self.journal:
                with self.journal.open("a") as file:
                    file.write(mail.line())
                    file.flush()
                    os.fsync(file.fileno())
            self.mails.append(mail)
            self.changed.notify_all()

    def _open_the_door(self) -> None:
        while not self.closing.is_set():
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            self.connections += 1
            self.open_lines.append(line)
            clerk = threading.Thread(target=Clerk(self, line).serve, daemon=True)
            self.clerks.append(clerk)
            clerk.start()


class Clerk:
    """Serves one connection."""

    def __init__(self, office: PostOffice, line: socket.socket) -> None:
        self.office = office
        self.line = line
        self.sender = self.recipient = ""
        self._listen()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def serve(self) -> None:
        """Until one of both has had enough."""
        try:
            if self.office.tls_first:
                self._secure()
                self._listen()
            self._say(self.office.habit().greeting)
            while words := self.ears.readline().decode("utf-8", "replace").strip():
                self.office.said.append(words)
                if self._answer(words) == "bye":
                    break
        except (OSError, HungUp):
            pass  # the other side was killed, or we hung up on it: both are the day's work
        finally:
            _shut(self.line)
            self.ears.close()
            self.line.close()

    def _listen(self) -> None:
        self.ears: IO[bytes] = self.line.makefile("rb")

    def _answer(self, words: str) -> str:
        verb = words.split(maxsplit=1)[0].upper()
        habit = self.office.habit()
        match verb:
            case "EHLO":
                self._say(habit.ehlo or _listing(habit.offers))
            case "HELO":
                self._say(b"250 post.test\r\n")
            case "STARTTLS":
                self._say(habit.starttls)
                self._secure()
                self._listen()
            case "AUTH":
                self._say(habit.auth)
            case "MAIL" | "RCPT" | "DATA":
                self._step(verb, words, habit)
            case "RSET":
                self._say(habit.rset)
            case "QUIT":
                self._say(b"221 2.0.0 bye\r\n")
                return "bye"
            case _:
                self._say(b"502 5.5.1 what?\r\n")
        return verb

    def _step(self, verb: str, words: str, habit: Habit) -> None:
        address = re.search("<(.*)>", words)
        if verb == "MAIL":
            self.sender = address[1] if address else ""
            self._show("mail", words)
            self._say(habit.mail, polite=b"250")
        elif verb == "RCPT":
            self.recipient = address[1] if address else ""
            self._show("rcpt", words)
            self._say(habit.rcpt, polite=b"250")
        else:
            self._show("data", words)
            self._say(habit.data, polite=b"354")
            if isinstance(habit.data, bytes) and habit.data.startswith(b"354"):
                self._take_body(habit)

    def _take_body(self, habit: Habit) -> None:
        lines: list[bytes] = []
        while (line := self.ears.readline()) != b".\r\n":
            if not line:
                raise HungUp
            lines.append(line[1:] if line.startswith(b".") else line)
        if habit.takes:
            self.office.take(Accepted(self.sender, self.recipient, b"".join(lines)))
        self._show("dot", self.recipient)
        self.office.turn += 1
        self._say(habit.dot)
        self._show("answered", self.recipient)

    def _show(self, moment: Moment, said: str) -> None:
        if self.office.witness:
            self.office.witness(moment, said)

    def _say(self, answer: Answer, *, polite: bytes = b"") -> None:
        """Answer; who does not answer politely has done with this mail, or with everything."""
        if polite and not _is_one_line(answer, polite):
            self.office.turn += 1
        if answer is SILENCE:
            self.office.closing.wait(DEADLINE)
            raise HungUp
        if isinstance(answer, HangUp):
            # Corked, the last word and the end of the connection travel in one packet.
            self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
            self.line.sendall(answer.last_word)
            raise HungUp
        local = self.recipient.partition("@")[0].encode()
        named = answer.replace(b"{to}", self.recipient.encode()).replace(b"{local}", local)
        self.line.sendall(named)

    def _secure(self) -> None:
        if not self.office.certificate:
            raise HungUp
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.office.certificate)
        self.line = context.wrap_socket(self.line, server_side=True)
        self.office.open_lines.append(self.line)


class HungUp(Exception):
    """The connection is over."""


def with_habit(name: str, then: Habit = POLITE) -> PostOffice:
    """An office that treats its first mail with the habit of that name, and the rest politely."""
    return PostOffice(habits=(HABITS[name], then))


def offering(*offers: bytes) -> Habit:
    """A polite office that offers these extensions."""
    return replace(POLITE, offers=offers)


def _listing(offers: tuple[bytes, ...]) -> bytes:
    lines = [b"post.test", *offers]
    marked = [b"250-" + line for line in lines[:-1]] + [b"250 " + lines[-1]]
    return b"\r\n".join(marked) + b"\r\n"


def _is_one_line(answer: Answer, code: bytes) -> bool:
    return isinstance(answer, bytes) and answer.startswith(code) and answer.count(b"\n") == 1


def _shut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is shut already
