"""Some lines of one kind, a thread each, for ways out whose libraries know only waiting."""

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Protocol, Self

from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.dialogue import checked_argument
from tocsin.outbox.transports.smtp import NOT_TRIED
from tocsin.outbox.verdicts.retry import Phase, Receipt

FAREWELL = 2.0  # seconds for the threads to put their lines down

log = logging.getLogger(__name__)


class Line(Protocol):
    """One connection; what the other side does never raises: it is told by the Receipt."""

    phase: Phase

    def open(self) -> Receipt | None:
        """Make sure that it is up: the fault, or None."""

    def hand_over(self, envelope: Envelope) -> Receipt:
        """Offer one mail."""

    def drop(self) -> None:
        """Hang up."""


class ThreadedLines:
    """Up to so many lines at once; every mail handed over yields exactly one receipt.

    The threads are daemons: one that waits for somebody who keeps silent does not keep the
    process from ending.
    """

    def __init__(self, make: Callable[[], Line], *, connections: int) -> None:
        self._make = make
        self._connections = connections
        self._threads: list[threading.Thread] = []
        self._spare: list[Line] = []
        self._todo: SimpleQueue[tuple[int, Envelope] | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[int, Receipt]] = SimpleQueue()
        # Whose receipt is owed, and whether it has been begun.
        self._owed: dict[int, bool] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for _thread in self._threads:
            self._todo.put(None)
        end = time.monotonic() + FAREWELL
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        for line in self._spare:
            line.drop()
        self._threads, self._spare = [], []

    def open(self) -> Receipt | None:
        """Make sure that at least one connection is up: the fault, or None."""
        if self._threads:
            return None
        if not self._spare:
            self._spare.append(self._make())
        return self._spare[0].open()

    def hand_over(self, key: int, envelope: Envelope) -> None:
        """Offer a mail; returns at once. Raises ValueError for an address that is none."""
        checked_argument(envelope.sender)
        checked_argument(envelope.recipient)
        with self._lock:
            self._owed[key] = False
            more = len(self._threads) < min(self._connections, len(self._owed))
        self._todo.put((key, envelope))
        if more:
            line = self._spare.pop() if self._spare else self._make()
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def finished(self, *, wait: float) -> list[tuple[int, Receipt]]:
        """What has ended since the last call; waits up to that many seconds for the first."""
        with self._lock:
            if not self._owed and self._done.empty():
                return []
        found: list[tuple[int, Receipt]] = []
        try:
            found.append(self._done.get(timeout=wait) if wait > 0 else self._done.get_nowait())
            while True:
                found.append(self._done.get_nowait())
        except Empty:
            return found

    def give_up(self, *, after: float) -> list[tuple[int, Receipt]]:
        """Wait so many seconds for what is under way, then hang up: the receipts of all."""
        with self._lock:
            unbegun = [key for key, begun in self._owed.items() if not begun]
            for key in unbegun:
                del self._owed[key]
        receipts = [(key, NOT_TRIED) for key in unbegun]
        end = time.monotonic() + after
        while self._owed and (left := end - time.monotonic()) > 0:
            receipts += self.finished(wait=left)
        with self._lock:
            # However far it had come, from here on it may go on by itself.
            lost = [
                (key, Receipt("dot", None, "", "given up while it went on")) for key in self._owed
            ]
            self._owed.clear()
        return receipts + self.finished(wait=0) + lost

    def _serve(self, line: Line) -> None:
        while job := self._todo.get():
            key, envelope = job
            with self._lock:
                if key not in self._owed:
                    continue  # given up before it began
                self._owed[key] = True
            receipt = _handed_over(line, envelope)
            with self._lock:
                if self._owed.pop(key, None):
                    self._done.put((key, receipt))
        line.drop()


def _handed_over(line: Line, envelope: Envelope) -> Receipt:
    try:
        return line.hand_over(envelope)
    except Exception as error:
        # A fault of ours; the letter comes again, unless it may be out already.
        log.exception("a line of our own failed")
        phase: Phase = "dot" if line.phase == "dot" else "data"
        return Receipt(phase, None, "", f"{type(error).__name__} in our own code")
