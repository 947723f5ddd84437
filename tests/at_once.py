"""Let several do something at the same moment, each with a database session of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """What each of them returns; what one raises is raised here, when all have ended."""
    together = Barrier(len(acts), timeout=20)

    def run(act: Callable[[], T]) -> T:
        try:
            together.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, act) for act in acts]
    return [each.result(60) for each in running]
