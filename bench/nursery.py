"""Workers to be killed, forked from one process so that the next is there at once."""

import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from io import RawIOBase
from typing import IO, Any

STATEMENTS = ("claim", "before the mark", "mark", "before the record", "record")
"""Steps of the database at which a worker can be told to kill itself: just before a statement,
or just after it, when it is not committed yet."""

REAP_EVERY = 0.02  # seconds
IDLE = 0.05  # seconds, when nothing may go


class Nursery:
    """Starts workers and hears of their deaths; each stands under a number of its own."""

    def __init__(self, process: subprocess.Popen[str], died: Callable[[int, int], None]) -> None:
        self.pids: dict[int, int] = {}
        self._process = process
        self._died = died
        self._changed = threading.Condition()
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def start(self, number: int, **values: object) -> None:
        """Start the worker of that number, and wait until it is there."""
        assert self._process.stdin  # noqa: S101 - it is a pipe, as asked for
        with self._changed:
            self._process.stdin.write(json.dumps({"number": number, **values}) + "\n")
            self._process.stdin.flush()
            self._changed.wait_for(lambda: number in self.pids, 30)

    def kill(self, number: int) -> bool:
        """Kill -9; False if it is dead already."""
        pid = self.pids.get(number)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return True
        return False

    def close(self) -> None:
        """No more orders: all end, and the last death has been heard of."""
        assert self._process.stdin  # noqa: S101 - it is a pipe, as asked for
        self._process.stdin.close()
        self._process.wait(30)
        self._ear.join(30)

    def _listen(self) -> None:
        assert self._process.stdout  # noqa: S101 - it is a pipe, as asked for
        for line in self._process.stdout:
            told = json.loads(line)
            with self._changed:
                if "pid" in told:
                    self.pids[told["number"]] = told["pid"]
                else:
                    self.pids.pop(told["number"], None)
                self._changed.notify_all()
            if "ended" in told:
                self._died(told["number"], told["ended"])


@contextmanager
def nursery(environment: dict[str, str], *, died: Callable[[int, int], None]) -> Iterator[Nursery]:
    """A nursery; `died` is called with number and exit code. At the end nobody in it lives."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.nursery"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # Leaving it closes the pipes: no more orders, at which it ends, and nothing left to hear.
    with process:
        all_of_them = Nursery(process, died)
        yield all_of_them
        all_of_them.close()


def work(*, url: str, start: float, speed: float, die: str, nth: int) -> None:
    """Send without an end on a fast clock, and die at the nth statement of that step."""
    from django.conf import settings
    from django.db import InterfaceError, OperationalError, connection
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.signals import connection_created

    from bench.letters import NOON
    from tocsin.outbox.send import send_due
    from tocsin.outbox.take_back import take_back_due
    from tocsin.outbox.transports.relay import Relay

    settings.WAYS = dict.fromkeys(settings.WAYS, Relay.from_url(url))
    if die:
        suicide = _suicide(die, nth)

        def watch(connection: BaseDatabaseWrapper, **_: object) -> None:
            if suicide not in connection.execute_wrappers:
                connection.execute_wrappers.append(suicide)

        # Each session: a run claims in a thread that has its own.
        connection_created.connect(watch, weak=False)
    while True:
        now = NOON + timedelta(seconds=(time.monotonic() - start) * speed)
        try:
            moved = take_back_due(now=now) + send_due(now=now, route="letters")
        except (OperationalError, InterfaceError):
            # PostgreSQL was restarted under us; a worker's next job finds a new session.
            moved = 0
            connection.close()
        if not moved:
            time.sleep(IDLE)


def _suicide(step: str, nth: int) -> Callable[..., Any]:
    from tocsin.outbox import claim, record

    statement, is_before = {
        "claim": (claim.CLAIM, False),
        "before the mark": (record.MARK, True),
        "mark": (record.MARK, False),
        "before the record": (record.SETTLE, True),
        "record": (record.SETTLE, False),
    }[step]
    left = nth

    def execute_or_die(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal left
        left -= sql == statement
        if left:
            return execute(sql, *rest)
        if not is_before:
            execute(sql, *rest)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("unreachable")

    return execute_or_die


def main() -> None:
    """Fork a worker for each order, tell of births and deaths; kill all when orders end."""
    import django

    django.setup()
    # Loaded once, here; no child must find a session of its mother's.
    for name in ("bench.letters", "tocsin.outbox.send", "tocsin.outbox.take_back"):
        importlib.import_module(name)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    orders = os.fdopen(0, "rb", buffering=0)
    living: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([orders], [], [], REAP_EVERY)
        if ready and not _fork(orders, living, answers):
            break
        _reap(living, answers)
    for pid in living:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _fork(orders: RawIOBase, living: dict[int, int], answers: IO[str]) -> bool:
    line = b""
    while not line.endswith(b"\n"):
        if not (more := orders.read(1)):
            return False
        line += more
    values = json.loads(line)
    number = values.pop("number")
    pid = os.fork()
    if pid == 0:
        try:
            work(**values)
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(1)
    living[pid] = number
    answers.write(json.dumps({"number": number, "pid": pid}) + "\n")
    answers.flush()
    return True


def _reap(living: dict[int, int], answers: IO[str]) -> None:
    for pid, number in list(living.items()):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            del living[pid]
            code = os.waitstatus_to_exitcode(status)
            answers.write(json.dumps({"number": number, "ended": code}) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
