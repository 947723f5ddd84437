"""Several lines at once: every mail yields exactly one receipt, whatever the lines do."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.outbox.transports.envelopes import an_envelope, receipts_from
from tests.wait import until
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.smtp import NOT_TRIED
from tocsin.outbox.transports.threads import ThreadedLines
from tocsin.outbox.verdicts.retry import Phase, Receipt

TAKEN = Receipt("done", 250)
LOST = Receipt("dot", None, "", "given up while it went on")


@dataclass
class Slow:
    """A line on which each mail waits until it is let go."""

    go: threading.Event
    begun: threading.Semaphore
    fails: Callable[[], Exception] | None = None
    phase: Phase = "connect"
    dropped: list[bool] = field(default_factory=list)

    def open(self) -> Receipt | None:
        return None

    def hand_over(self, envelope: Envelope) -> Receipt:
        self.begun.release()
        assert envelope.mail
        assert self.go.wait(30)
        if self.fails:
            raise self.fails()
        return TAKEN

    def drop(self) -> None:
        self.dropped.append(True)


class Street:
    """All the slow lines of a test."""

    def __init__(self, **habits: object) -> None:
        self.go = threading.Event()
        self.begun = threading.Semaphore(0)
        self.lines: list[Slow] = []
        self.habits = habits

    def make(self) -> Slow:
        self.lines.append(Slow(self.go, self.begun, **self.habits))  # type: ignore[arg-type]
        return self.lines[-1]


def test_handing_over_returns_at_once_and_each_has_one_receipt() -> None:
    street = Street()
    with ThreadedLines(street.make, connections=3) as lines:
        assert lines.open() is None
        for key in range(8):
            lines.hand_over(key, an_envelope())
        assert lines.finished(wait=0) == []
        street.go.set()
        assert receipts_from(lines, number=8) == [(key, TAKEN) for key in range(8)]
        assert lines.finished(wait=0) == []
    assert [line.dropped for line in street.lines] == [[True]] * 3


def test_no_more_lines_are_opened_than_mails_are_there() -> None:
    street = Street()
    street.go.set()
    with ThreadedLines(street.make, connections=5) as lines:
        lines.open()
        for key in range(4):
            lines.hand_over(key, an_envelope())
            until(lambda: lines.finished(wait=0.1))
    assert len(street.lines) == 1


def test_giving_up_tells_what_was_never_begun_from_what_nobody_knows() -> None:
    street = Street()
    with ThreadedLines(street.make, connections=2) as lines:
        for key in range(5):
            lines.hand_over(key, an_envelope())
        assert street.begun.acquire(timeout=30)
        assert street.begun.acquire(timeout=30)
        receipts = dict(lines.give_up(after=0.05))
        assert sorted(receipts) == [0, 1, 2, 3, 4]
        assert sorted(map(str, receipts.values())) == sorted(
            map(str, [*[NOT_TRIED] * 3, *[LOST] * 2])
        )
        street.go.set()
    assert lines.finished(wait=0) == []


def test_giving_up_waits_for_what_is_under_way() -> None:
    street = Street()
    with ThreadedLines(street.make, connections=1) as lines:
        lines.hand_over(1, an_envelope())
        lines.hand_over(2, an_envelope())
        assert street.begun.acquire(timeout=30)
        threading.Timer(0.05, street.go.set).start()
        assert lines.give_up(after=30) == [(2, NOT_TRIED), (1, TAKEN)]


@pytest.mark.parametrize(("phase", "told"), [("connect", "data"), ("dot", "dot")])
def test_a_crash_of_our_own_is_a_receipt_that_loses_and_doubles_nothing(
    phase: Phase, told: Phase
) -> None:
    street = Street(phase=phase, fails=lambda: LookupError("amina@mailbox.example"))
    street.go.set()
    with ThreadedLines(street.make, connections=1) as lines:
        lines.hand_over(1, an_envelope())
        lines.hand_over(2, an_envelope())
        found = receipts_from(lines, number=2)
    crash = Receipt(told, None, "", "LookupError in our own code")
    assert found == [(1, crash), (2, crash)]
