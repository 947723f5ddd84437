"""What a process of a measurement can do: `python -m bench.work` reads orders, a line each."""

import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

Answer = dict[str, Any]
BEGAN = time.perf_counter()
"""The clock of claims goes on from order to order: what is booked would be ahead of another one."""

BARE = """
    UPDATE tocsin_message SET state = 'leased', lease_owner = %(owner)s, lease_until = %(until)s
    WHERE id IN (SELECT id FROM tocsin_message WHERE state = 'ready' AND mailbox_id IS NOT NULL
                 LIMIT %(most)s FOR UPDATE SKIP LOCKED)
    RETURNING id
"""
DONE = """
    UPDATE tocsin_message SET state = 'cancelled', lease_owner = NULL, lease_until = NULL
    WHERE lease_owner = %(owner)s RETURNING 1
"""
"""Out of hand; a letter that was not sent cannot end in another way."""


def resident() -> int:
    """How much memory this process has now, in KB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split(maxsplit=1)[0])


def lay_out(**values: int) -> Answer:
    """An empty outbox with mailboxes."""
    from bench import letters

    letters.lay_out(**values)
    return {}


def fill(**values: Any) -> Answer:
    """Letters into it."""
    from bench import letters

    letters.fill(**values)
    return {}


def make_key(*, domain: str) -> Answer:
    """A signing key of the usual size for a domain of ours."""
    from django.conf import settings

    from tocsin.outbox.identity.dkim import make_signing_key

    make_signing_key(settings.KEYS_DIR / "dkim", domain=domain, selector="bench")
    return {}


def send(*, url: str, seconds: float = 0) -> Answer:
    """Send what is due by way of the sink there, all of it or for so many seconds."""
    from django.conf import settings

    from bench.letters import NOON
    from tocsin.kit.stopping import stopping
    from tocsin.outbox.send import send_due
    from tocsin.outbox.transports.relay import Relay

    settings.WAYS = dict.fromkeys(settings.WAYS, Relay.from_url(url))
    memory = [resident()]
    ended = threading.Event()
    if seconds:
        watch = threading.Thread(target=_watch, args=(seconds, memory, ended))
        watch.start()
    began, cpu = time.perf_counter(), time.process_time()
    moved = send_due(now=NOON, route="letters")
    answer = {
        "letters": moved,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
    }
    if seconds:
        ended.set()
        watch.join()
        stopping.clear()
    return {**answer, "memory": [*memory, resident()]}


def _watch(seconds: float, memory: list[int], ended: threading.Event) -> None:
    """Look at the memory four times, then ask the run to stop."""
    from tocsin.kit.stopping import stopping

    for _ in range(4):
        ended.wait(seconds / 4)
        memory.append(resident())
    stopping.set()


def claim(*, most: int, times: int, bare: bool = False) -> Answer:
    """Claim so many times; the seconds of each, and how many letters there were.

    `bare` takes rows without looking at anybody's pace. What was claimed is out of hand at once,
    in time that is not measured.
    """
    from bench.letters import NOON
    from tocsin.outbox.claim import claim as claim_letters
    from tocsin.outbox.rows import rows

    owner = secrets.randbits(63)
    seconds, found = [], 0
    for _ in range(times):
        began = time.perf_counter()
        now = NOON + timedelta(seconds=began - BEGAN)
        if bare:
            values = {"most": most, "owner": owner, "until": now + timedelta(minutes=10)}
            found += len(rows(BARE, **values))
        else:
            found += len(claim_letters(route="letters", most=most, owner=owner, now=now))
        seconds.append(time.perf_counter() - began)
        rows(DONE, owner=owner)
    return {"letters": found, "seconds": seconds}


def ask(*, times: int) -> Answer:
    """How long it takes to ask whether anything is due."""
    from bench.letters import NOON
    from tocsin.outbox.claim import is_due

    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        is_due(route="letters", now=NOON)
        seconds.append(time.perf_counter() - began)
    return {"seconds": seconds}


def claim_on_clock(*, most: int, start: float, seconds: float, speed: float) -> Answer:
    """Claim without a pause on a fast clock that all workers share: when, for whom, how many.

    `start` is a moment of the machine's monotonic clock.
    """
    from bench.letters import NOON
    from tocsin.outbox.claim import claim as claim_letters
    from tocsin.outbox.rows import rows

    owner = secrets.randbits(63)
    taken: list[tuple[float, int, int, str]] = []
    while (past := time.monotonic() - start) < seconds:
        if past < 0:
            time.sleep(-past)
            continue
        now = NOON + timedelta(seconds=past * speed)
        found = claim_letters(route="letters", most=most, owner=owner, now=now)
        rows(DONE, owner=owner)
        when = past * speed
        taken += [
            (when, lease.domain_id or 0, lease.mailbox_id or 0, lease.message_id.hex)
            for lease in found
        ]
    return {"taken": taken}


def plain(*, count: int, port: int) -> Answer:
    """The peer."""
    from bench import plain_stack

    return plain_stack.send(count=count, port=port)


ORDERS: dict[str, Callable[..., Answer]] = {
    each.__name__: each
    for each in (lay_out, fill, make_key, send, claim, ask, claim_on_clock, plain)
}


def main() -> None:
    """Until there are no more orders."""
    django.setup()
    # Whatever prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        values = json.loads(line)
        answer = ORDERS[values.pop("verb")](**values)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
