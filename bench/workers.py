"""Processes that do as they are told: each is a Tocsin of its own on the ground of the run."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from bench.ground import ROOT, Ground

PATIENCE = 60.0


class WorkerFailed(Exception):
    """The process ended instead of answering; what it said stands above."""


class Worker:
    """One process of bench/work.py, kept for many orders; a context manager."""

    def __init__(self, ground: Ground) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.work"],
            cwd=ROOT,
            env=ground.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(1 if error else PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(PATIENCE)
        if self._process.stdout:
            self._process.stdout.close()

    def order(self, verb: str, **values: object) -> None:
        """Say what to do; `answer` waits until it is done."""
        assert self._process.stdin  # noqa: S101 - it is a pipe, as asked for
        self._process.stdin.write(json.dumps({"verb": verb, **values}) + "\n")
        self._process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """What came of the last order; raises WorkerFailed."""
        assert self._process.stdout  # noqa: S101 - it is a pipe, as asked for
        line = self._process.stdout.readline()
        if not line:
            raise WorkerFailed(f"a worker ended with {self._process.wait(PATIENCE)}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def do(self, verb: str, **values: object) -> dict[str, Any]:
        """Order, and wait."""
        self.order(verb, **values)
        return self.answer()
