"""The processes of Tocsin that the demo starts, watches, and stops."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tocsin.demo.home import Home, write_whole
from tocsin.demo.processes import Patience, end_processes, words_of
from tocsin.demo.refusal import Refusal

STOP_SECONDS = 6.0
TAIL_LINES = 12
LEFT_OVER: Patience = ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, 3.0))


class ChildFailed(Refusal):
    """A process ended that should not have; the message ends with the last lines of its log."""


@dataclass(frozen=True)
class Trace:
    """By what a later demo recognises a child that outlived this one."""

    pid: int
    created: float
    command: list[str]


@dataclass
class _Child:
    name: str
    process: subprocess.Popen[bytes]
    trace: Trace
    log: Path
    goes_on: bool


class Children:
    """Runs `tocsin …` with one environment; each word's output goes to a log of its own."""

    def __init__(self, home: Home, *, environment: Mapping[str, str]) -> None:
        self.home = home
        self.environment = dict(environment)
        self._running: list[_Child] = []

    def run(
        self,
        *words: str,
        while_waiting: Callable[[], None],
        extra: Mapping[str, str] | None = None,
    ) -> str:
        """Runs a command to its end; returns what it printed, or raises ChildFailed."""
        with tempfile.TemporaryFile() as output:
            child = self._start(words, extra=extra or {}, stdout=output.fileno())
            while child.process.poll() is None:
                while_waiting()
                time.sleep(0.05)
            self._running.remove(child)
            output.seek(0)
            printed = output.read()
            if child.process.returncode:
                with child.log.open("ab") as log:
                    log.write(printed)
                raise ChildFailed(_obituary(child))
        return printed.decode("utf-8", "replace")

    def start(self, *words: str) -> None:
        """Starts a command that goes on until stop()."""
        self._start(words, extra={}, stdout=None)

    def check(self) -> None:
        """Raises ChildFailed as soon as one of those that go on has ended."""
        for child in self._running:
            if child.goes_on and child.process.poll() is not None:
                raise ChildFailed(_obituary(child))

    def stop(self) -> None:
        """Asks all to end at once, and makes those end that do not in time."""
        for child in self._running:
            child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        for child in self._running:
            # Each leads a session of its own: this reaches its own children too.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self._running.clear()
        self.home.children.unlink(missing_ok=True)

    def _start(
        self, words: Sequence[str], *, extra: Mapping[str, str], stdout: int | None
    ) -> _Child:
        log = self.home.log / f"{words[0]}.log"
        command = [sys.executable, "-m", "tocsin.cli", *words]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.home.path,
                env={**self.environment, **extra},
                stdin=subprocess.DEVNULL,
                stdout=output if stdout is None else stdout,
                stderr=output,
                start_new_session=True,
            )
        trace = Trace(process.pid, _created(process.pid), command)
        child = _Child(words[0], process, trace, log, goes_on=stdout is None)
        self._running.append(child)
        traces = [asdict(each.trace) for each in self._running]
        write_whole(self.home.children, json.dumps(traces))
        return child


def end_left_over(home: Home) -> None:
    """Ends what a killed demo left running in this home; only for the holder of its lock."""
    try:
        told = json.loads(home.children.read_text(encoding="utf-8"))
        traces = [Trace(int(one["pid"]), float(one["created"]), one["command"]) for one in told]
    except (OSError, ValueError, LookupError, TypeError):
        traces = []
    left_over = [process for trace in traces for process in _recognised(trace)]
    end_processes(left_over, patience=LEFT_OVER)
    home.children.unlink(missing_ok=True)


def _recognised(trace: Trace) -> list[psutil.Process]:
    """The child itself and what it started, unless its number was given to another since."""
    created = _created(trace.pid)
    if created and abs(created - trace.created) > 1.0:
        return []
    return [each for each in psutil.process_iter() if _is_of(trace, each)]


def _is_of(trace: Trace, process: psutil.Process) -> bool:
    words = words_of(process)
    if process.pid == trace.pid:
        return words[1:] == trace.command[1:]
    # A web server's own workers outlive it, in the session that it led.
    return _session(process.pid) == trace.pid and words[0] == trace.command[0]


def _created(pid: int) -> float:
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.Error:
        return 0.0


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return 0


def _obituary(child: _Child) -> str:
    code = child.process.returncode
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    tail = tail_of(child.log)
    last_words = f"; its last words (all in {child.log}):\n{tail}" if tail else f"; see {child.log}"
    return f"`tocsin {child.name}` {how}{last_words}"


def tail_of(log: Path) -> str:
    """The last lines of a log, indented."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:])
