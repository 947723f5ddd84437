"""Ending processes that are not our children."""

import contextlib
import signal
import time
from collections.abc import Sequence

import psutil

Patience = Sequence[tuple[signal.Signals | None, float]]
"""Which signal is sent, and how many seconds are waited after it; None only waits."""


def words_of(process: psutil.Process) -> list[str]:
    """The command line; one empty word where it cannot be read."""
    try:
        return process.cmdline() or [""]
    except psutil.Error:
        return [""]


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; a zombie that nobody buries does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_processes(processes: Sequence[psutil.Process], *, patience: Patience) -> None:
    """Asks one signal after the other until all have gone."""
    for sign, seconds in patience:
        for process in processes:
            if sign is not None and is_alive(process):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(sign)
        deadline = time.monotonic() + seconds
        while any(is_alive(process) for process in processes):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return
