"""Wait for something to become true, as long as it may take and no longer."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], *, within: float = 30, what: str = "the condition") -> T:
    """The first true answer of `condition`; AssertionError once `within` seconds are over."""
    pause = threading.Event()
    end = time.monotonic() + within
    while True:
        if answer := condition():
            return answer
        assert time.monotonic() < end, f"waited {within} s for {what}"
        pause.wait(0.02)
