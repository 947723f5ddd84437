"""One connection to a relay: carries a dialogue over the wire, and keeps its times."""

import asyncio
import logging
import math
import socket
import ssl
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.dialogue import Dialogue, Stage
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.verdicts.retry import Receipt

log = logging.getLogger(__name__)

TOO_LATE = "TimeoutError: timed out"
LEFT = "the relay hung up"
TURNS_OF_THE_LOOP = 2  # after which what we wrote was sent, and what they said was heard
PAUSE = 0.01  # seconds until we look again whether the body has left


@dataclass(frozen=True)
class Waits:
    """How many seconds the other side has for a whole answer, by what we wait for."""

    connect: float = 20
    command: float = 60
    body: float = 180
    # RFC 1047: who gives up early here sends again what was taken.
    dot: float = 600
    farewell: float = 2


class Connection(asyncio.Protocol):
    """Lives in the loop of its pool, which is told by `moved` when it is ready, and when over.

    Nothing raises: what goes wrong ends the dialogue, and with it the mail in hand.
    """

    def __init__(
        self,
        relay: Relay,
        *,
        name: str,
        waits: Waits,
        security: ssl.SSLContext | None,
        loop: asyncio.AbstractEventLoop,
        moved: "Callable[[Connection], None]",
    ) -> None:
        self.dialogue = Dialogue(relay, name=name)
        self.deadline = loop.time() + waits.connect
        self._relay = relay
        self._waits = waits
        self._security = security
        self._loop = loop
        self._moved = moved
        self._socket: asyncio.WriteTransport | None = None  # what the kernel gets
        self._wire: asyncio.WriteTransport | None = None  # what we write to, secured or not
        self._crashed: Receipt | None = None
        self._task = loop.create_task(self._connect())

    # -- what the pool asks for ------------------------------------------------------------------

    def offer(self, envelope: Envelope) -> None:
        """Begin with a mail; only when the dialogue is ready."""
        self._follow(lambda: self.dialogue.offer(envelope))

    def bid_farewell(self) -> None:
        """Say that we go, and hang up when they have heard it; only when the dialogue is ready."""
        self._follow(self.dialogue.bid_farewell)

    def break_off(self, why: str) -> None:
        """Hang up at once; nothing of what was not sent yet goes out."""
        if self.dialogue.stage != "over":
            self._follow(lambda: self.dialogue.break_off(why))

    def look_at_the_clock(self, now: float) -> None:
        """Break off if the answer is too late, however much of it is there."""
        if now > self.deadline:
            self.break_off(TOO_LATE)

    def take_receipt(self) -> Receipt | None:
        """The receipt of the mail that has ended, once."""
        return self.dialogue.take_receipt() or self._crashed

    @property
    def fault(self) -> Receipt:
        """Why it is over, if no mail is to blame."""
        return self.dialogue.fault or self._crashed or Receipt(self.dialogue.phase, text=LEFT)

    # -- what the loop tells us ------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._socket = self._wire = cast(asyncio.WriteTransport, transport)
        if line := transport.get_extra_info("socket"):
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each mail waits 40 ms

        if self.dialogue.stage == "over":
            self._wire.abort()  # they were given up while we waited for them
        else:
            self._follow(self.dialogue.connected)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        dialogue, deadline, answers = self.dialogue, self.deadline, self.dialogue.answers
        if dialogue.stage != "over":
            self._follow(lambda: dialogue.hear(data))
            if dialogue.answers == answers:
                self.deadline = deadline  # a part of an answer buys no time

    def eof_received(self) -> None:
        """Called by the loop: they hung up, which is the end although they may still listen."""
        self.break_off(LEFT)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self.break_off(f"{type(exc).__name__}: {exc}" if exc else LEFT)

    # -- ours ------------------------------------------------------------------------------------

    async def _connect(self) -> None:
        relay = self._relay
        try:
            await self._loop.create_connection(lambda: self, relay.host, relay.port)
        except (OSError, UnicodeError) as error:
            self.break_off(f"{type(error).__name__}: {error}")
        except Exception as error:
            self._crash(error)

    async def _secure(self) -> None:
        wire = self._wire
        if wire is None or self._security is None:
            return
        try:
            secured = await self._loop.start_tls(
                cast(asyncio.Transport, wire),
                self,
                self._security,
                server_hostname=self._relay.host,
                ssl_handshake_timeout=self._waits.connect,
            )
        except OSError as error:
            self.break_off(f"{type(error).__name__}: {error}")
        except Exception as error:
            self._crash(error)
        else:
            if secured and self.dialogue.stage == "securing":
                self._wire = secured
                self._follow(self.dialogue.secured)

    def _follow(self, step: Callable[[], bytes | None]) -> None:
        """Take one step of the dialogue, say what follows from it, do what is due then."""
        try:
            words = step()
            if words and self._wire:
                self._wire.write(words)
            self._attend()
        except Exception as error:
            self._crash(error)

    def _attend(self) -> None:
        stage = self.dialogue.stage
        self.deadline = self._loop.time() + self._wait(stage)
        if stage == "body":
            self._loop.call_soon(self._say_dot_once_sent, TURNS_OF_THE_LOOP)
        elif stage == "securing":
            self._task = self._loop.create_task(self._secure())
        elif stage == "over":
            self._hang_up()
        if stage in ("ready", "over"):
            self._moved(self)

    def _wait(self, stage: Stage) -> float:
        waits = self._waits
        match stage:
            case "ready" | "over":
                return math.inf
            case "securing":
                return waits.connect
            case "body":
                return waits.body
            case "dot":
                return waits.dot
            case "leaving":
                return waits.farewell
        return waits.command

    def _say_dot_once_sent(self, turns: int) -> None:
        """The dot is said when all before it has left, and nothing was heard meanwhile."""
        if self.dialogue.stage != "body" or not self._wire or not self._socket:
            return
        if turns:
            self._loop.call_soon(self._say_dot_once_sent, turns - 1)
        elif self._wire.get_write_buffer_size() or self._socket.get_write_buffer_size():
            self._loop.call_later(PAUSE, self._say_dot_once_sent, 0)
        else:
            self._follow(self.dialogue.say_dot)

    def _hang_up(self) -> None:
        self._task.cancel()
        if self._wire:
            self._wire.abort()

    def _crash(self, error: Exception) -> None:
        """What nobody foresaw: it ends this connection and nothing else."""
        where = traceback.extract_tb(error.__traceback__)[-1]
        kind = type(error).__name__
        # Not its text, which may quote a mail.
        log.error("a connection failed by %s at %s:%s", kind, where.filename, where.lineno)
        self._crashed = Receipt(self.dialogue.phase, text=kind)
        self.dialogue.stage = "over"
        self._hang_up()
        self._moved(self)
