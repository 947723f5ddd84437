"""How fast letters leave, end to end, beside what the line takes and beside the plain stack."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.figures import Figure, Goal
from bench.ground import NEVER_LIMITS, Ground
from bench.sinks import CONNECTIONS, Sink, source_rate
from bench.workers import Worker

UNSIGNED, SIGNED = "letters.example", "signed.example"
LIMIT = "smtp-source"


@dataclass(frozen=True)
class Size:
    """How much is sent in each of the rounds."""

    rounds: int = 5
    by_source: int = 20_000
    unsigned: int = 6_000
    signed: int = 2_000
    by_peer: int = 150


QUICK = Size(rounds=2, by_source=5_000, unsigned=600, signed=300, by_peer=30)


@dataclass
class Rates:
    """Letters a second of each round, in alternation, and CPU seconds for each letter."""

    rate: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, answer: dict[str, float], *, expected: int) -> None:
        """What a worker said; AssertionError if it did not send what it had to."""
        if answer["letters"] != expected:
            raise AssertionError(f"{name}: {answer['letters']} of {expected} were sent")
        self.rate.setdefault(name, []).append(expected / answer["seconds"])
        self.cpu.setdefault(name, []).append(answer["cpu"] / expected * 1e6)


def measure(ground: Ground, *, size: Size, only: Sequence[str]) -> list[Figure]:
    """The runs a to d, one after the other in each round."""
    rates = Rates()
    with Sink() as sink, Worker(ground) as worker, Worker(ground) as second:
        worker.do("make_key", domain=SIGNED)
        for number in range(size.rounds):
            if limit := source_rate(sink.port, letters=size.by_source):
                rates.rate.setdefault("a", []).append(limit)
            if "b" in only:
                for name, workers in ("b", [worker]), ("b2", [worker, second]):
                    answer = _send(workers, sink, UNSIGNED, size.unsigned)
                    rates.note(name, answer, expected=size.unsigned)
            if "c" in only:
                rates.note("c", _send([worker], sink, SIGNED, size.signed), expected=size.signed)
            if "d" in only or "c" in only:
                answer = worker.do("plain", count=size.by_peer, port=sink.port)
                rates.note("d", answer, expected=size.by_peer)
            print(f"round {number + 1} of {size.rounds}: {_told(rates)}", flush=True)
    return _figures(rates)


def _send(workers: Sequence[Worker], sink: Sink, domain: str, count: int) -> dict[str, float]:
    """From letters in the database until all are sent and that is committed."""
    first = workers[0]
    first.do(
        "lay_out",
        mailboxes=2000,
        domains=60,
        per_hour=NEVER_LIMITS,
        box_per_hour=NEVER_LIMITS,
        burst=30_000,
        connections=30_000,
        share=CONNECTIONS // len(workers),
    )
    first.do("fill", count=count, sealed=count, domain=domain)
    began = time.perf_counter()
    for worker in workers:
        worker.order("send", url=sink.url())
    answers = [worker.answer() for worker in workers]
    return {
        "seconds": time.perf_counter() - began,
        **{what: sum(answer[what] for answer in answers) for what in ("letters", "cpu")},
    }


def _told(rates: Rates) -> str:
    return ", ".join(f"{name} {values[-1]:,.0f}/s" for name, values in rates.rate.items())


def _figures(rates: Rates) -> list[Figure]:
    limit = rates.rate.get("a")
    peer = rates.rate.get("d")
    found: list[Figure] = []
    add: Callable[[Figure], None] = found.append
    if limit:
        what = f"a  {LIMIT}, {CONNECTIONS} connections"
        add(Figure(what, "letters/s", limit, limit, "itself"))
    for name, what, bound in (
        ("b", "b  outbox, unsigned, one process", None),
        ("b2", "b  the same, two processes", 0.25),
        ("c", "c  outbox, RSA-2048, one process", 0.08),
    ):
        if name in rates.rate and limit:
            goal = Goal("ratio", "at least", bound) if bound else None
            add(Figure(what, "letters/s", rates.rate[name], limit, LIMIT, goal))
    if "c" in rates.rate and peer:
        goal = Goal("ratio", "at least", 10)
        add(Figure("c  the same", "letters/s", rates.rate["c"], peer, "the plain stack", goal))
    if peer and limit:
        what = "d  plain stack, RSA-2048, a commit each"
        add(Figure(what, "letters/s", peer, limit, LIMIT))
    for name in ("b", "c"):
        if name in rates.cpu and "d" in rates.cpu:
            what = f"{name}  CPU of the sending process"
            add(Figure(what, "us/letter", rates.cpu[name], rates.cpu["d"], "the plain stack"))
    return found
