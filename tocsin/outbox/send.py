"""The send station: hands over what is due, and never forgets what it was about to say."""

import logging
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import (
    Error,
    InterfaceError,
    OperationalError,
    transaction,
)

from tocsin.kit.nudge import nudge
from tocsin.kit.seal import need_keys
from tocsin.kit.stopping import stopping
from tocsin.outbox import installation
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.claim import Lease, give_back, is_due, may_go_now
from tocsin.outbox.lanes import ROUTES
from tocsin.outbox.react import is_quiet, rest_route
from tocsin.outbox.ready import Parcel
from tocsin.outbox.record import NOT_TRIED, Outcome, mark, record, record_late
from tocsin.outbox.routes import Route
from tocsin.outbox.rows import begin_session, rows
from tocsin.outbox.stock import Stock
from tocsin.outbox.transports.lines import Lines, lines_to
from tocsin.outbox.transports.smtp import NOT_TRIED as NOT_BEGUN
from tocsin.outbox.transports.smtp import WAITS
from tocsin.outbox.verdicts.retry import Receipt, Verdict, verdict

AHEAD = 2
"""So many messages are in hand for each connection: while one is on the line the next is marked."""

STOCKED = 6
"""So many windows are claimed at a time: a claim costs much, one more letter in it very little."""

GATHER = 0.005  # seconds in which more may end on the line, or be made ready: one commit for all
LISTEN = 0.2  # seconds between two looks at a line that keeps silent
NOTICE = timedelta(seconds=1)  # between two looks at what it means that all is well
LOOK_AGAIN = timedelta(seconds=5)  # at a queue in which nothing may go at this moment
STOP_PATIENCE = 3.0  # seconds for what is under way when the process shall end

CRASHED = Verdict("held", "crashed")
POISONED = 5
"""So often may one letter be met by a fault of the route; then a person looks at the letter."""

_busy = {route: threading.Lock() for route in ROUTES}
log = logging.getLogger(__name__)


def send_due(*, now: datetime, route: str | None = None) -> int:
    """Hand over what is due, on that route or on all; returns how many messages moved.

    Not to be called inside a transaction: that a message is about to be sent has to be committed
    before the first word is said. A run goes on until nothing may go any more, or the process is
    told to stop; in one process there is one run for each route.
    """
    if route is None:
        return sum(send_due(now=now, route=name) for name in ROUTES)
    if not is_due(route=route, now=now) or not _busy[route].acquire(blocking=False):
        return 0
    try:
        # Without the keys every message would look unreadable; the line waits until they are back.
        need_keys()
        installation.check()
        return _run(route, now=now)
    except installation.NotOurs as error:
        raise_incident("not_ours", words=str(error), now=now)
        return 0
    finally:
        _busy[route].release()


def send_letters_due(*, now: datetime) -> int:
    """Station: letters, and news to supporters."""
    return send_due(now=now, route="letters")


def send_confirmations_due(*, now: datetime) -> int:
    """Station: what somebody waits for, on connections of its own."""
    return send_due(now=now, route="confirmations")


def _run(name: str, *, now: datetime) -> int:
    route = Route.objects.get_or_create(name=name, defaults={"number": ROUTES.index(name)})[0]
    if route.paused or (route.open_until and route.open_until > now):
        return 0
    with _owner() as owner, _connections(route) as connections:
        if not connections:
            return 0  # other workers have them all
        way = settings.WAYS[name]
        moved = 0
        with lines_to(way, name=_our_name(), connections=connections, waits=WAITS) as lines:
            # Before anything is claimed: when the line is down, the messages have no part in this.
            if not may_go_now(route=name, now=now):
                pass
            elif fault := lines.open():
                _note_fault(name, fault, now=now)
                return 0
            else:
                run = Run(lines, route=route, owner=owner, connections=connections, now=now)
                moved = run.go()
    if not stopping.is_set() and is_due(route=name, now=now):
        # Paced, closed for the night, or posted just now.
        nudge(f"send_{name}", later=LOOK_AGAIN)
    return moved


class Run:
    """One worker's run on one route: claim, mark, hand over, record, until nothing may go."""

    def __init__(
        self, lines: Lines, *, route: Route, owner: int, connections: int, now: datetime
    ) -> None:
        self.lines = lines
        self.route = route.name
        self.owner = owner
        self.connections = connections
        # After a fault one letter goes first, and shows whether the route is well again.
        self.is_probe = route.faults > 0
        self.moved = 0
        self.is_over = False
        self._left: list[Parcel] = []  # claimed, but not to be sent now
        self._on_the_line: dict[int, Parcel] = {}
        self._keys = count(1)  # of what was handed over
        self._unsaid: list[Outcome] = []  # not yet told to the database
        self._was_quiet = False
        self._began = self._notice_at = now
        self._clock = time.monotonic()
        self._stock = Stock(route=self.route, owner=owner, clock=self._now)

    def go(self) -> int:
        """Returns how many messages moved; what could not be told to the database is in doubt."""
        outcomes: list[Outcome] = []
        try:
            while True:
                self._stop_if_told()
                self._fill_stock()
                self._tick(outcomes)
                outcomes, self._unsaid = self._unsaid, []
                is_idle = not outcomes and not self._on_the_line
                if is_idle and (self.is_over or not self._stock.wait(1)):
                    break
                if self._on_the_line:
                    outcomes += self._listen()
            leases = [parcel.lease for parcel in self._left] + self._stock.close()
            give_back(leases, owner=self.owner, now=self._now())
        except Exception:
            # Most likely the database. What ends on the line from here on is told all the same.
            self._stock.stop()
            outcomes += self._unsaid + self._judged(self.lines.give_up(after=STOP_PATIENCE))
            _tell_late(outcomes, now=self._now())
            raise
        return self.moved + self._stock.set_aside

    @property
    def window(self) -> int:
        """So many messages are in hand at most: as many are in doubt when this worker is killed."""
        return 1 if self.is_probe else AHEAD * self.connections

    def _now(self) -> datetime:
        return self._began + timedelta(seconds=time.monotonic() - self._clock)

    def _stop_if_told(self) -> None:
        if stopping.is_set() and not self.is_over:
            self.is_over = True
            self._unsaid += self._judged(self.lines.give_up(after=STOP_PATIENCE))

    def _fill_stock(self) -> None:
        """Claim the next windows while the one before is on the line."""
        if not self.is_over:
            self._stock.fill(STOCKED * self.window)
            self.is_over = self._stock.is_over

    def _tick(self, outcomes: list[Outcome]) -> None:
        """What came of those before, and what is about to be said: nearly always one commit."""
        room = self.window - len(self._on_the_line)
        if not self.is_over:
            self._stock.wait(room // 2, seconds=GATHER)
        parcels = [] if self.is_over else self._stock.take(room)
        if not outcomes and not parcels:
            return
        now = self._now()
        quiet = outcomes if self._is_quiet(outcomes, now=now) else []
        if len(quiet) < len(outcomes):
            with transaction.atomic(durable=True):
                record(outcomes, route=self.route, owner=self.owner, now=now)
        marked: set[UUID] = set()
        if quiet or parcels:
            marked = mark(
                [parcel.lease for parcel in parcels],
                blinds=[parcel.blind for parcel in parcels],
                taken=quiet,
                route=self.route,
                owner=self.owner,
                now=now,
            )
        self.moved += sum(each.verdict != NOT_TRIED for each in outcomes)
        self.moved += len(parcels) - len(marked)
        for parcel in parcels:
            if parcel.lease.message_id in marked:
                self._hand_over(parcel)
            else:
                self._left.append(parcel)
        if parcels and not marked:
            self.is_over = True  # paused, most likely: whether anything may go is asked anew

    def _is_quiet(self, outcomes: list[Outcome], *, now: datetime) -> bool:
        """Whether they, and those just before them, mean nothing to anybody else.

        Now and then they do all the same: that the route takes mail is to be noticed.
        """
        if not outcomes:
            return True
        was_quiet = self._was_quiet and now < self._notice_at
        self._was_quiet = all(map(is_quiet, outcomes))
        if self._was_quiet and was_quiet:
            return True
        self._notice_at = now + NOTICE
        return False

    def _hand_over(self, parcel: Parcel) -> None:
        key = next(self._keys)
        try:
            self.lines.hand_over(key, parcel.envelope)
            self._on_the_line[key] = parcel
        except ValueError:
            log.exception("message %s has no address and is held", parcel.lease.message_id)
            self._unsaid.append(Outcome(parcel.lease, CRASHED))

    def _listen(self) -> list[Outcome]:
        """What has ended on the line; a moment longer for more, since a commit costs the same."""
        receipts = self.lines.finished(wait=LISTEN)
        end = time.monotonic() + GATHER
        while 0 < len(receipts) < len(self._on_the_line) // 2 and time.monotonic() < end:
            receipts += self.lines.finished(wait=end - time.monotonic())
        outcomes = self._judged(receipts)
        if any(each.verdict.scope == "route" for each in outcomes):
            self.is_over = True
        elif any(each.verdict.state == "sent" for each in outcomes):
            self.is_probe = False
        return outcomes

    def _judged(self, receipts: list[tuple[int, Receipt]]) -> list[Outcome]:
        now = self._now()
        return [
            Outcome(parcel.lease, self._judge(parcel.lease, receipt, now=now), receipt)
            for key, receipt in receipts
            if (parcel := self._on_the_line.pop(key, None))
        ]

    def _judge(self, lease: Lease, receipt: Receipt, *, now: datetime) -> Verdict:
        if receipt == NOT_BEGUN:
            return NOT_TRIED
        decided = verdict(
            receipt,
            attempts=lease.attempts,
            age=now - (lease.began or now),
            chance=0 if receipt.phase == "done" else secrets.randbelow(1001) / 1000,
        )
        faults = lease.tried - lease.attempts
        if decided.reason == "route_fault" and faults >= POISONED and not self.is_probe:
            # The route is well with others: it is this letter that it does not take.
            return replace(decided, state="held", delay=timedelta())
        for_a_person = decided.state == "held" and decided.scope in ("letter", "address")
        if for_a_person and lease.mailbox_id is None:
            # No one of the staff can correct a supporter's address.
            return replace(decided, state="failed")
        return decided


def _note_fault(route: str, fault: Receipt, *, now: datetime) -> None:
    log.warning("the relay does not take our mail (%s %s): %s", fault.phase, fault.code, fault.text)
    with transaction.atomic():
        rest_route(route, f"{fault.phase} {fault.code or ''} {fault.text}"[:500], now=now)


def _tell_late(outcomes: list[Outcome], *, now: datetime) -> None:
    begin_session()
    # In a new session, if there is one to be had.
    with suppress(Error), transaction.atomic():
        record_late(outcomes, now=now)


@contextmanager
def _owner() -> Iterator[int]:
    """A number for this run, locked for as long as the run and its database session live."""
    owner = secrets.randbits(63)
    rows("SELECT pg_advisory_lock(%(owner)s)", owner=owner)
    try:
        yield owner
    finally:
        with _session_may_be_gone():
            rows("SELECT pg_advisory_unlock(%(owner)s)", owner=owner)


LOCKS = 0x70C51
"""With it begin the locks that stand for connections: a number nobody else is likely to use."""


@contextmanager
def _connections(route: Route) -> Iterator[int]:
    """How many connections this run may have, so that all machines together keep to the limit."""
    taken: list[int] = []
    try:
        for number in range(route.connections):
            if len(taken) == route.share:
                break
            if _try_lock(route, number):
                taken.append(number)
        yield len(taken)
    finally:
        with _session_may_be_gone():
            for number in taken:
                rows("SELECT pg_advisory_unlock(%(a)s, %(b)s)", a=LOCKS, b=_key(route, number))


def _try_lock(route: Route, number: int) -> bool:
    [[got]] = rows("SELECT pg_try_advisory_lock(%(a)s, %(b)s)", a=LOCKS, b=_key(route, number))
    return bool(got)


def _key(route: Route, number: int) -> int:
    return int(route.number) * 100_000 + number


@contextmanager
def _session_may_be_gone() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError):
        log.warning("the database session ended before the run, and its locks with it")


def _our_name() -> str:
    """How we introduce ourselves: by the name of the site, which is public."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else host
