"""The long crash run, `python -m bench.crash`: workers are killed, and every letter is sought."""

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bench.ground import NEVER_LIMITS, Ground
from bench.nursery import STATEMENTS, Nursery, nursery
from bench.tally import Tally, count
from bench.workers import Worker
from tests.post_office import Moment, PostOffice

Policy = Literal["resend", "ask"]
WORKERS = 3
SPEED = 150.0  # of the workers' clock: a doubt waits for 15 minutes, here for six seconds
ANSWER_WAITS = 0.020  # seconds at most between taking a mail and saying so
SLOW_ANSWER = 0.200  # seconds, while the letters would be at their end before the kills
MOMENTS: tuple[Moment, ...] = ("mail", "dot", "answered")
AT_RANDOM = "at random"
NAMED = (*STATEMENTS, *MOMENTS)
FATES = (*NAMED, *[AT_RANDOM] * len(NAMED))
"""How a worker dies, in turns: half of them at a named step, half at a random moment."""

LOOK_EVERY = 0.05  # seconds
PATIENCE = 900.0
UNFINISHED = """
    SELECT count(*) FROM tocsin_message WHERE state IN ('ready', 'leased', 'sending')
        OR (state = 'in_doubt' AND doubts = 0 AND %(resends)s)
"""
IN_HAND = """
    SELECT coalesce(max(number), 0) FROM (
        SELECT count(*) AS number FROM tocsin_message WHERE state = 'sending' GROUP BY lease_owner)
"""


@dataclass(frozen=True)
class Size:
    """How long a run is."""

    letters: int = 25_000
    kills: int = 110
    restarts: int = 4


QUICK = Size(letters=1_200, kills=20, restarts=1)


class Scene:
    """Workers, each with a post office of its own that sees how far it is; and their fates."""

    def __init__(self, ground: Ground, *, size: Size, seed: int) -> None:
        self.ground = ground
        self.size = size
        self.deaths: Counter[str] = Counter()
        self.restarts = 0
        self.in_hand = 0
        self.taken = 0  # mails, by all post offices
        self.chance = random.Random(seed)  # noqa: S311 - so that a run can be had again
        self.offices = [
            PostOffice(journal=ground.home / f"journal-{seed}-{number}", witness=self._see(number))
            for number in range(WORKERS)
        ]
        self.nursery: Nursery | None = None
        self._fates: dict[int, tuple[str, float]] = {}  # and how many mails, or when, until then
        # Each step once while there is plenty to send, and after that in turns.
        self._fate_ahead = self.chance.sample(NAMED, len(NAMED))
        self._lock = threading.Lock()
        self._start = time.monotonic()

    def journals(self) -> list[Path]:
        """Where every mail stands that was accepted."""
        return [office.journal for office in self.offices if office.journal]

    def play(self, *, policy: Policy) -> None:
        """Until the workers have died so often as they should, and the rest is sent."""
        end = time.monotonic() + PATIENCE
        with ExitStack() as stack:
            for office in self.offices:
                stack.enter_context(office)
            environment = self.ground.environment()
            self.nursery = stack.enter_context(nursery(environment, died=self._note_death))
            while self._is_unfinished(policy):
                if time.monotonic() > end:
                    raise AssertionError("the letters do not come to an end")
                self._look()
                time.sleep(LOOK_EVERY)

    def _look(self) -> None:
        """Bring to life who is dead, and to death whose moment has come."""
        assert self.nursery  # noqa: S101 - set before the first look
        if (
            sum(self.deaths.values())
            >= (self.restarts + 1) * self.size.kills / (self.size.restarts + 1)
            and self.restarts < self.size.restarts
        ):
            self.restarts += 1
            self.ground.crash_database()
        for number in range(WORKERS):
            if number not in self.nursery.pids:
                self._bring_to_life(number, self.nursery)
            fate, when = self._fates[number]
            if fate == AT_RANDOM and time.monotonic() > when:
                self.nursery.kill(number)

    def _bring_to_life(self, number: int, all_of_them: Nursery) -> None:
        fate, nth = self._next_fate(), self.chance.randint(1, 4)
        if fate == AT_RANDOM:
            self._fates[number] = (fate, time.monotonic() + self.chance.uniform(0.1, 1.5))
        else:
            self._fates[number] = (fate, self.chance.randint(1, 50))
        all_of_them.start(
            number,
            url=self.offices[number].url(),
            start=self._start,
            speed=SPEED,
            die=fate if fate in STATEMENTS else "",
            nth=nth,
        )

    def _next_fate(self) -> str:
        if sum(self.deaths.values()) + WORKERS > self.size.kills:
            return ""
        if not self._fate_ahead:
            self._fate_ahead = self.chance.sample(FATES, len(FATES))
        return self._fate_ahead.pop()

    def _see(self, number: int) -> Callable[[Moment, str], None]:
        def witness(moment: Moment, said: str) -> None:
            del said
            with self._lock:
                self.taken += moment == "dot"
                fate, left = self._fates[number]
                if fate == moment:
                    self._fates[number] = (fate, left - 1)
            if fate == moment and left == 1 and self.nursery:
                self.nursery.kill(number)
            elif moment == "dot":
                # It is safe with us, and the other side does not know yet.
                time.sleep(self.chance.uniform(0, ANSWER_WAITS))
                if self._is_ahead():
                    time.sleep(SLOW_ANSWER)

        return witness

    def _is_ahead(self) -> bool:
        """Whether a greater part of the letters is done than of the kills: a fast machine's way."""
        kills = sum(self.deaths.values()) + WORKERS
        return self.taken * self.size.kills > kills * self.size.letters

    def _note_death(self, number: int, code: int) -> None:
        fate, _ = self._fates[number]
        if code != -9:
            # It met another end, so its step is still to be tried.
            self._fate_ahead.append(fate)
            fate = f"by itself ({code})"
        self.deaths[fate] += 1

    def _is_unfinished(self, policy: Policy) -> bool:
        with self.ground.session() as session:
            [found] = session.execute(IN_HAND).fetchone() or (0,)
            self.in_hand = max(self.in_hand, found)
            row = session.execute(UNFINISHED, {"resends": policy == "resend"}).fetchone()
        return bool(row and row[0])


def run(ground: Ground, *, policy: Policy, size: Size, seed: int) -> Tally:
    """One run under that policy."""
    with Worker(ground) as worker:
        worker.do(
            "lay_out",
            mailboxes=2000,
            domains=60,
            per_hour=NEVER_LIMITS,
            box_per_hour=NEVER_LIMITS,
            burst=30_000,
            connections=30_000,
        )
        worker.do("fill", count=size.letters, sealed=size.letters, doubts=policy)
    scene = Scene(ground, size=size, seed=seed)
    scene.play(policy=policy)
    tally = count(ground, journals=scene.journals())
    deaths = dict(sorted(scene.deaths.items()))
    print(f"\n{policy}: {size.letters:,} letters, {scene.restarts} restarts of PostgreSQL")
    print(f"kills {sum(deaths.values())}: {json.dumps(deaths)}")
    print(f"in doubt for each kill {tally.in_doubt / max(1, sum(deaths.values())):.1f}")
    print(f"in hand of one worker at most {scene.in_hand}")
    print(tally.words(), flush=True)
    return tally


def main(words: Sequence[str] | None = None) -> int:
    """Both policies; 1 if a letter is unaccounted for."""
    parser = argparse.ArgumentParser(prog="python -m bench.crash", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="20 kills instead of 110")
    parser.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    given = parser.parse_args(words)
    size = QUICK if given.quick else Size()
    policies: tuple[Policy, ...] = ("resend", "ask")
    with Ground() as ground:
        found = [
            run(ground, policy=policy, size=size, seed=given.seed + number)
            for number, policy in enumerate(policies)
        ]
    return 0 if all(tally.is_good for tally in found) else 1


if __name__ == "__main__":
    sys.exit(main())
