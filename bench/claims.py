"""How fast letters are claimed, whether the pace holds, and what a long queue changes."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from bench.figures import Figure, Goal
from bench.ground import NEVER_LIMITS, Ground
from bench.sinks import Sink
from bench.workers import Worker

BATCH = 200  # as in the study that the goal of claims comes from
WINDOW = 40  # what a run claims at a time: two for each of 20 connections
WORKERS = 4
FREE = {
    "per_hour": NEVER_LIMITS,
    "box_per_hour": NEVER_LIMITS,
    "burst": 30_000,
    "connections": 30_000,
}
PACED = {"per_hour": 3_600, "box_per_hour": 150, "burst": 5, "connections": 1000}
Taken = tuple[float, int, int, str]
"""When on the fast clock, in seconds; for which mail domain and mailbox; which message."""


@dataclass(frozen=True)
class Size:
    """How much is claimed."""

    claims: int = 40
    rounds: int = 5
    seconds: float = 8
    speed: float = 30
    short: int = 10_000
    long: int = 1_000_000
    many: int = 200
    sending: float = 15
    read: int = 90_000  # of a long queue have content: more than can be sent in that time


QUICK = Size(claims=10, rounds=2, seconds=3, speed=30, long=100_000, many=40, sending=5)


def measure_pace(ground: Ground, *, size: Size) -> list[Figure]:
    """The runs e: one worker that nothing limits, four that share a limit."""
    with Worker(ground) as worker:
        found = [*_claim_rates(worker, size=size)]
    return [*found, *_excess(ground, size=size)]


def _claim_rates(worker: Worker, *, size: Size) -> Iterable[Figure]:
    for most, goal in ((BATCH, Goal("figure", "at least", 5000)), (WINDOW, None)):
        ours: list[float] = []
        bare: list[float] = []
        for _ in range(size.rounds):
            worker.do("lay_out", mailboxes=2000, domains=60, **FREE)
            worker.do("fill", count=most * size.claims * 3, sealed=0)
            for rates, is_bare in ((bare, True), (ours, False)):
                answer = worker.do("claim", most=most, times=size.claims, bare=is_bare)
                rates.append(answer["letters"] / sum(answer["seconds"]))
        what = f"e  claims with pace, {most} at a time"
        yield Figure(what, "letters/s", ours, bare, "a claim without pace", goal)


def _excess(ground: Ground, *, size: Size) -> Iterable[Figure]:
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(ground)) for _ in range(WORKERS)]
        workers[0].do("lay_out", mailboxes=2000, domains=60, **PACED)
        allowed = 60 * (PACED["burst"] + size.seconds * size.speed * PACED["per_hour"] / 3600)
        workers[0].do("fill", count=int(allowed * 1.5), sealed=0)
        start = time.monotonic() + 0.2
        for worker in workers:
            worker.order(
                "claim_on_clock",
                most=WINDOW,
                start=start,
                seconds=size.seconds,
                speed=size.speed,
            )
        taken = [tuple(each) for worker in workers for each in worker.answer()["taken"]]
    none = Goal("figure", "at most", 0)
    twice = len(taken) - len({message for *_, message in taken})
    by_domain = worst(_times(taken, key=1), length=3600 / PACED["per_hour"], burst=PACED["burst"])
    by_box = worst(_times(taken, key=2), length=3600 / PACED["box_per_hour"], burst=1.5)
    named = f"{WORKERS} workers, clock x{size.speed:g}"
    yield Figure(
        f"e  claimed under a limit, {named}", "letters", [len(taken)], [allowed], "allowed"
    )
    of = "one letter"
    yield Figure(f"e  over a domain's limit, {named}", "letters", [by_domain], [1], of, none)
    yield Figure(
        "e  over a mailbox's limit (half a slot early)", "letters", [by_box], [1], of, none
    )
    yield Figure("e  claimed by two workers", "letters", [twice], [len(taken)], "all", none)


def worst(times: Iterable[Sequence[float]], *, length: float, burst: float) -> float:
    """By how many letters any of them was ahead of a bucket that leaks one every `length`."""
    most = 0.0
    for moments in times:
        booked = float("-inf")
        for moment in sorted(moments):
            booked = max(booked, moment) + length
            most = max(most, (booked - moment) / length - burst)
    # Of a microsecond, in which PostgreSQL counts, is no letter made.
    return most if most > 1e-4 else 0.0


def _times(taken: Iterable[tuple[Any, ...]], *, key: int) -> list[list[float]]:
    found: dict[int, list[float]] = defaultdict(list)
    for each in taken:
        found[each[key]].append(each[0])
    return list(found.values())


def measure_long_queue(ground: Ground, *, size: Size) -> list[Figure]:
    """The runs f: the same questions to a short queue and to a long one."""
    asked: dict[int, dict[str, list[float]]] = {}
    with Sink() as sink, Worker(ground) as worker:
        for length in (size.short, size.long):
            worker.do("lay_out", mailboxes=2000, domains=60, **FREE)
            slice_of = min(length, size.read) if length == size.long else 0
            worker.do("fill", count=length, sealed=slice_of)
            print(f"{length:,} letters are queued", flush=True)
            if slice_of:
                # Only some of the first have content: the run is over long before they are.
                sent = worker.do("send", url=sink.url(), seconds=size.sending)
            asked[length] = _ask(worker, ground, size=size)
    figures = []
    for what in asked[size.short]:
        long, short = (asked[length][what] for length in (size.long, size.short))
        goal = Goal("ratio", "at most", 2)
        pair = [statistics.median(long) * 1e3], [statistics.median(short) * 1e3]
        figures.append(
            Figure(f"f  {what}, {size.long:,} queued", "ms", *pair, f"{size.short:,}", goal)
        )
    first, last = sent["memory"][1], sent["memory"][-1]
    what = f"f  memory after {sent['letters']:,} letters were sent"
    goal = Goal("ratio", "at most", 1.05)
    return [*figures, Figure(what, "KB", [last], [first], "soon after the start", goal)]


def _ask(worker: Worker, ground: Ground, *, size: Size) -> dict[str, list[float]]:
    answer = worker.do("claim", most=WINDOW, times=size.many)
    if answer["letters"] != WINDOW * size.many:
        raise AssertionError(f"only {answer['letters']} were claimed")
    found = {"claim": answer["seconds"]}
    found["is_due"] = worker.do("ask", times=size.many)["seconds"]
    closed = (
        ("claim, every domain booked out", "tocsin_maildomain SET booked_until = '2100-01-01'"),
        ("claim, every mailbox waits", "tocsin_mailbox SET next_at = '2100-01-01'"),
    )
    with ground.session() as session:
        for what, change in closed:
            session.execute(f"UPDATE {change}")
            session.execute("ANALYZE tocsin_maildomain, tocsin_mailbox")
            answer = worker.do("claim", most=WINDOW, times=size.many)
            if answer["letters"]:
                raise AssertionError(f"{what}: {answer['letters']} were claimed")
            found[what] = answer["seconds"]
            session.execute("UPDATE tocsin_maildomain SET booked_until = '2000-01-01'")
    return found
