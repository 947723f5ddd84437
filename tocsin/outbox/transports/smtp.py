"""SMTP lines: many connections to one relay at once, and a receipt for every mail."""

import asyncio
import logging
import ssl
import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.connection import Connection, Waits
from tocsin.outbox.transports.dialogue import checked_argument
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.verdicts.retry import Receipt

try:
    import uvloop as loops
except ImportError:  # it is not made for every system
    import asyncio as loops  # type: ignore[no-redef]

__all__ = ["MAILS_A_SESSION", "NOT_TRIED", "WAITS", "SmtpLines", "Waits"]

WAITS = Waits()
MAILS_A_SESSION = 100  # over one connection: relays tire of those who never leave
REOPEN_AFTER = 5.0  # seconds without a new connection when one was refused and others live
TICK = 0.1  # seconds between two looks at the clock
NOT_TRIED = Receipt("mail", text="not tried")
"""The receipt of a mail that was given back before its turn came."""

log = logging.getLogger(__name__)
K = TypeVar("K", bound=Hashable)


@dataclass(eq=False)
class Handed(Generic[K]):
    """A mail in our hands, by the caller's key."""

    key: K
    envelope: Envelope
    again: bool = False
    """Whether a connection that was used up has already refused to speak about it."""


class SmtpLines(Generic[K]):
    """A pool of connections to one relay, in a thread of its own; a context manager.

    Each envelope that is handed over comes back from
    `finished()` or `give_up()` with exactly one receipt, whatever the other side does.
    """

    def __init__(self, relay: Relay, *, name: str, connections: int, waits: Waits = WAITS) -> None:
        """`name` is how we introduce ourselves: never the name of the machine."""
        self._pool: _Pool[K] = _Pool(relay, name=name, connections=connections, waits=waits)
        self._thread = threading.Thread(target=self._pool.run, name="smtp lines", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread; no connection is opened yet."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give up what is in hand, say goodbye where nothing is, end the thread."""
        self._pool.ask(self._pool.leave)
        self._thread.join()

    def open(self) -> Receipt | None:
        """Make sure that at least one connection is up; the fault, or None if one is."""
        answer: Future[Receipt | None] = Future()
        if not self._pool.ask(lambda: self._pool.open(answer)):
            return NOT_TRIED
        return answer.result()

    def hand_over(self, key: K, envelope: Envelope) -> None:
        """Take a mail in hand; returns at once. Raises ValueError if an address is none.

        Any thread may do this.
        """
        checked_argument(envelope.sender)
        checked_argument(envelope.recipient)
        self._pool.put(Handed(key, envelope))

    def finished(self, *, wait: float) -> list[tuple[K, Receipt]]:
        """What has ended since the last call; if nothing has, wait up to that many seconds."""
        return self._pool.take(wait)

    @property
    def in_hand(self) -> int:
        """How many mails were handed over and have not come back."""
        return self._pool.in_hand

    def give_up(self, *, after: float) -> list[tuple[K, Receipt]]:
        """Begin with no further mail, and after that many seconds hang up on those under way.

        Returns all that had not come back. A mail whose turn never came gets NOT_TRIED; without
        a code, the phase `dot` means in doubt, and every other one certainly not sent.
        """
        answer: Future[None] = Future()
        if self._pool.ask(lambda: self._pool.stop(after, answer)):
            answer.result()
        return self.finished(wait=0)


class _Pool(Generic[K]):
    """What happens in the thread: who speaks on which connection.

    Only `ask`, `put` and `take` are for other threads.
    """

    def __init__(self, relay: Relay, *, name: str, connections: int, waits: Waits) -> None:
        self._relay = relay
        self._name = name
        self._most = connections
        self._waits = waits
        self._security: ssl.SSLContext | None = None
        if relay.security != "none":
            self._security = ssl.create_default_context()
        self._loop: asyncio.AbstractEventLoop = loops.new_event_loop()
        # Between the threads, under the lock of `_changed`.
        self._changed = threading.Condition()
        self._new: list[Handed[K]] = []
        self._done: list[tuple[K, Receipt]] = []
        self._is_over = False
        self.in_hand = 0
        # In the thread only.
        self._waiting: deque[Handed[K]] = deque()
        self._ended: list[tuple[K, Receipt]] = []
        self._opening: dict[Connection, Handed[K] | None] = {}  # with the mail it is opened for
        self._idle: list[Connection] = []
        self._busy: dict[Connection, Handed[K]] = {}
        self._leaving: set[Connection] = set()
        self._openers: list[Future[Receipt | None]] = []
        self._stoppers: list[Future[None]] = []
        self._is_stopping = self._is_serving = self._is_ticking = False
        self._refused_at: float | None = None

    # -- for other threads -----------------------------------------------------------------------

    def ask(self, deed: Callable[[], None]) -> bool:
        """Have it done in the thread; False if that has ended."""
        with self._changed:
            if not self._is_over:
                self._loop.call_soon_threadsafe(deed)
            return not self._is_over

    def put(self, mail: Handed[K]) -> None:
        """Another mail."""
        with self._changed:
            self.in_hand += 1
            if self._is_over:
                self._done.append((mail.key, NOT_TRIED))
                return
            if not self._new:
                self._loop.call_soon_threadsafe(self._take_in)
            self._new.append(mail)

    def take(self, wait: float) -> list[tuple[K, Receipt]]:
        """All that has ended, and if that is nothing, what ends first."""
        with self._changed:
            self._changed.wait_for(lambda: self._done, wait)
            done, self._done = self._done, []
            self.in_hand -= len(done)
        return done

    # -- the thread ------------------------------------------------------------------------------

    def run(self) -> None:
        """The life of the thread."""
        loop = self._loop
        loop.set_exception_handler(_log_without_words)
        try:
            loop.run_forever()
            if tasks := asyncio.all_tasks(loop):
                loop.run_until_complete(asyncio.wait(tasks))
        finally:
            with self._changed:
                self._is_over = True
            loop.close()

    def open(self, answer: "Future[Receipt | None]") -> None:
        """Tell `answer` when a connection is up, or why none is."""
        if self._idle or self._busy:
            answer.set_result(None)
        elif self._is_stopping:
            answer.set_result(NOT_TRIED)
        else:
            self._openers.append(answer)
            if not self._opening:
                self._connect()

    def stop(self, after: float, answer: "Future[None]") -> None:
        """Begin with nothing more; tell `answer` when nothing is under way."""
        self._is_stopping = True
        self._stoppers.append(answer)
        self._take_in()
        for connection in list(self._opening):
            connection.break_off("given up")
        self._loop.call_later(after, self._hang_up)
        self._serve()

    def leave(self) -> None:
        """End everything: politely where nobody speaks, at once where somebody does."""
        self.stop(0, Future())
        self._hang_up()
        for connection in list(self._idle):
            self._dismiss(connection)
        self._end_soon(self._loop.time() + self._waits.farewell)

    def _end_soon(self, deadline: float) -> None:
        if self._leaving and self._loop.time() < deadline:
            self._loop.call_later(0.005, self._end_soon, deadline)
            return
        for connection in list(self._leaving):
            connection.break_off("no time left")
        self._tell()
        with self._changed:
            self._is_over = True
            self._done += [(mail.key, NOT_TRIED) for mail in self._new]
            self._new = []
        self._loop.call_later(0.005, self._loop.stop)  # what was hung up takes a turn to end

    def _hang_up(self) -> None:
        for connection in list(self._busy):
            connection.break_off("given up")

    # -- who speaks on which connection ----------------------------------------------------------

    def _take_in(self) -> None:
        with self._changed:
            new, self._new = self._new, []
        self._waiting.extend(new)
        self._serve()

    def _serve(self) -> None:
        """Give what waits to who is free; open connections for the rest."""
        if self._is_serving:
            return  # whoever does it looks again
        self._is_serving = True
        try:
            while self._is_stopping and self._waiting:
                self._end(self._waiting.popleft(), NOT_TRIED)
            while self._waiting and self._idle:
                self._give(self._idle.pop(), self._waiting.popleft())
        finally:
            self._is_serving = False
        if self._is_stopping and not self._busy:
            while self._stoppers:
                self._tell()
                self._stoppers.pop().set_result(None)
        self._open_for_those_who_wait()

    def _give(self, connection: Connection, mail: Handed[K]) -> None:
        self._busy[connection] = mail
        connection.offer(mail.envelope)

    def _open_for_those_who_wait(self) -> None:
        asked = sum(mail is None for mail in self._opening.values())
        room = self._most - len(self._idle) - len(self._busy) - len(self._opening)
        if self._refused_at is not None and (self._idle or self._busy or self._opening):
            # They have enough of us. Those who are there go on; now and then we ask for one more.
            room = 1 if self._may_ask_again() and room > 0 and not self._opening else 0
        for _ in range(min(len(self._waiting) - asked, room)):
            self._connect()

    def _may_ask_again(self) -> bool:
        return self._refused_at is None or self._loop.time() > self._refused_at + REOPEN_AFTER

    def _connect(self, mail: Handed[K] | None = None) -> None:
        connection = Connection(
            self._relay,
            name=self._name,
            waits=self._waits,
            security=self._security,
            loop=self._loop,
            moved=self._moved,
        )
        self._opening[connection] = mail
        if not self._is_ticking:
            self._is_ticking = True
            self._loop.call_later(TICK, self._tick)

    def _moved(self, connection: Connection) -> None:
        """A connection is ready for the next mail, or over."""
        is_over = connection.dialogue.stage == "over"
        if connection in self._opening:
            self._opened(connection, is_over=is_over)
        elif mail := self._busy.pop(connection, None):
            receipt = connection.take_receipt() or connection.fault
            tired = is_over and connection.dialogue.mails > 1 and not mail.again
            if tired and receipt.phase == "mail" and receipt.code in (None, 421):
                # The relay had enough of this connection, not of this mail.
                self._begin_again(mail)
            else:
                self._end(mail, receipt)
            if not is_over:
                self._keep(connection)
        elif is_over:
            self._leaving.discard(connection)
            if connection in self._idle:
                self._idle.remove(connection)
        self._serve()

    def _opened(self, connection: Connection, *, is_over: bool) -> None:
        mail = self._opening.pop(connection)
        if not is_over:
            if self._may_ask_again():
                self._refused_at = None
            self._answer_openers(None)
            if mail and not self._is_stopping:
                self._give(connection, mail)
                return
            self._idle.append(connection)
        if mail:
            self._waiting.appendleft(mail)
        if is_over:
            self._refused_at = self._loop.time()
            if not (self._idle or self._busy or self._opening):
                self._answer_openers(connection.fault)
                waiting, self._waiting = self._waiting, deque()
                for each in waiting:
                    self._end(each, NOT_TRIED if self._is_stopping else connection.fault)

    def _answer_openers(self, fault: Receipt | None) -> None:
        while self._openers:
            self._openers.pop().set_result(fault)

    def _begin_again(self, mail: Handed[K]) -> None:
        mail.again = True
        if self._is_stopping:
            self._end(mail, NOT_TRIED)
        else:
            self._connect(mail)

    def _keep(self, connection: Connection) -> None:
        self._idle.append(connection)
        if connection.dialogue.mails >= MAILS_A_SESSION:
            self._dismiss(connection)

    def _dismiss(self, connection: Connection) -> None:
        self._idle.remove(connection)
        self._leaving.add(connection)
        connection.bid_farewell()

    def _end(self, mail: Handed[K], receipt: Receipt) -> None:
        if not self._ended:
            self._loop.call_soon(self._tell)
        self._ended.append((mail.key, receipt))

    def _tell(self) -> None:
        """Pass on what has ended, all of one turn of the loop together."""
        ended, self._ended = self._ended, []
        if ended:
            with self._changed:
                self._done += ended
                self._changed.notify_all()

    def _tick(self) -> None:
        now = self._loop.time()
        for connection in [*self._opening, *self._busy, *self._leaving]:
            connection.look_at_the_clock(now)
        if self._opening or self._busy or self._leaving or self._idle:
            self._loop.call_later(TICK, self._tick)
            self._open_for_those_who_wait()
        else:
            self._is_ticking = False


def _log_without_words(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    """What the loop complains about, by its kind: the words may quote a mail."""
    log.error("the loop of the lines met %s", type(context.get("exception")).__name__)
