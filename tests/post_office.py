"""A difficult SMTP server on loopback: it defers, refuses, garbles, hangs up, keeps silent."""

import base64
import json
import os
import re
import socket
import ssl
import struct
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, NoReturn, Self

from tests.habits import (
    HABITS,
    POLITE,
    Answer,
    Habit,
    HangUp,
    InTurn,
    KeepSilent,
    Reset,
    Slowly,
    offering,
)
from tocsin.outbox.transports.relay import Relay, Security

__all__ = [
    "HABITS",
    "POLITE",
    "Accepted",
    "Habit",
    "Moment",
    "PostOffice",
    "offering",
    "with_habit",
]

DEADLINE = 20.0


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

    The habit of a mail is drawn at its MAIL, so that many connections share the habits; what is
    said before a mail is that of the mail which would be next when the connection came.

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
        if self.journal:
            self.journal.touch()  # of an office that nobody comes to it is empty, not missing
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

    def draw(self) -> Habit:
        """The habit for a mail that begins."""
        with self.changed:
            habit = self.habit()
            self.turn += 1
        return habit

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
        self.habit = office.habit()
        self.sender = self.recipient = ""
        self.is_known = False  # the recipient
        self.asked: Counter[InTurn] = Counter()
        self._listen()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def serve(self) -> None:
        """Until one of both has had enough."""
        try:
            if self.office.tls_first:
                self._secure()
                self._listen()
            self._say(self.habit.greeting)
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
        habit = self.habit
        match verb:
            case "EHLO":
                self._say(habit.ehlo or _listing(habit.offers))
            case "HELO":
                self._say(habit.helo)
            case "STARTTLS":
                self._say(habit.starttls)
                self._secure()
                self._listen()
            case "AUTH":
                self._log_in(words)
            case "MAIL" | "RCPT" | "DATA":
                self._step(verb, words)
            case "RSET":
                self._say(habit.rset)
            case "QUIT":
                self._say(b"221 2.0.0 bye\r\n")
                return "bye"
            case _:
                self._say(b"502 5.5.1 what?\r\n")
        return verb

    def _log_in(self, words: str) -> None:
        """Ask what has to be asked; whoever says everything at once is not asked."""
        questions = {
            "AUTH LOGIN": (b"Username:", b"Password:"),
            "AUTH CRAM-MD5": (b"<1@post.test>",),
        }
        for question in questions.get(words.upper(), ()):
            self._say(b"334 " + base64.b64encode(question) + b"\r\n")
            self.office.said.append(self.ears.readline().decode().strip())
        self._say(self.habit.auth)

    def _step(self, verb: str, words: str) -> None:
        address = re.search("<(.*)>", words)
        if verb == "MAIL":
            self.habit = self.office.draw()
            self.sender, self.is_known = address[1] if address else "", False
            self._show("mail", words)
            self._say(self.habit.mail)
        elif verb == "RCPT":
            self.recipient = address[1] if address else ""
            self._show("rcpt", words)
            self.is_known = self._say(self.habit.rcpt).startswith(b"250")
        elif not self.is_known and self.habit.minds:
            self._say(b"503 5.5.1 who is it for?\r\n")
        else:
            self._show("data", words)
            if self._say(self.habit.data).startswith(b"354"):
                self._take_body(self.habit)

    def _take_body(self, habit: Habit) -> None:
        lines: list[bytes] = []
        while (line := self.ears.readline()) != b".\r\n":
            if not line:
                raise HungUp
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 1 and habit.body:
                self._say(habit.body)
        if habit.takes and self.is_known:
            self.office.take(Accepted(self.sender, self.recipient, b"".join(lines)))
        self._show("dot", self.recipient)
        self._say(habit.dot)
        self._show("answered", self.recipient)

    def _show(self, moment: Moment, said: str) -> None:
        if self.office.witness:
            self.office.witness(moment, said)

    def _say(self, answer: Answer) -> bytes:
        """Answer; what was said, if we are still there then."""
        match answer:
            case HangUp(last_word):
                self._hang_up(answer, last_word)
            case Slowly(words, late, piece, pause):
                self.office.closing.wait(late)
                for start in range(0, len(words), piece or len(words)):
                    self.office.closing.wait(pause)
                    self.line.sendall(words[start : start + (piece or len(words))])
                return words
            case InTurn(answers):
                answer = answers[min(self.asked[answer], len(answers) - 1)]
                self.asked[InTurn(answers)] += 1
        local = self.recipient.partition("@")[0].encode()
        named = answer.replace(b"{to}", self.recipient.encode()).replace(b"{local}", local)
        self.line.sendall(named)
        return named

    def _hang_up(self, how: HangUp, last_word: bytes) -> NoReturn:
        # Corked, the last word and the end of the connection travel in one packet.
        is_silent = isinstance(how, KeepSilent)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, int(not is_silent))
        self.line.sendall(last_word)
        if is_silent:
            self.office.closing.wait(DEADLINE)
        if isinstance(how, Reset):
            at_once = struct.pack("ii", 1, 0)
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            self.ears.close()
            self.line.close()  # before anybody shuts it down politely
        raise HungUp

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


def _listing(offers: tuple[bytes, ...]) -> bytes:
    lines = [b"post.test", *offers]
    marked = [b"250-" + line for line in lines[:-1]] + [b"250 " + lines[-1]]
    return b"\r\n".join(marked) + b"\r\n"


def _shut(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it is shut already
