"""A stolen dump, `python -m bench.stolen_dump`: of a million addresses it gives away none."""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

from bench.crowd import addresses
from bench.ground import ROOT, Ground
from bench.thief import Loot, constructions, known, read_dump
from tocsin.demo.postgres import find_binaries

CANDIDATES = 1_000_000
PEOPLE = 1_000
SLICE = 2_000  # addresses that one process tries before it tells


@dataclass(frozen=True)
class Theft:
    """What was tried, and who was found: without the key files, and with them."""

    people: set[str]
    candidates: int
    loot: Loot
    ways: int
    without: dict[str, str]
    with_keys: dict[str, str]

    @property
    def is_harmless(self) -> bool:
        """Nobody without the keys; and with them everybody, or the attempt proves nothing."""
        return not self.without and set(self.with_keys) == self.people


def steal(*, people: int, candidates: int) -> Theft:
    """Let them take part, dump the database, and try all these addresses on the dump."""
    with Ground() as ground:
        ground.run("-m", "tocsin.cli", "sample")
        crowd = _crowd(ground, people)
        loot = read_dump(_dump(ground))
        files = [each.read_bytes() for each in ground.keys.rglob("*.key")]
        salts = [each.read_bytes() for each in (ground.keys / "salts").iterdir()]
    tried = [*crowd, *addresses(candidates - len(crowd), seed=2)]
    random.Random(3).shuffle(tried)  # noqa: S311 - so that the run can be had again
    without = try_all(loot, tried)
    keyed = Loot(loot.marks, {*loot.keys, *files}, {*loot.salts, *salts}, loot.clear, loot.values)
    with_keys = try_all(keyed, crowd)
    return Theft(set(crowd), len(set(tried)), loot, len(constructions(loot)), without, with_keys)


def try_all(loot: Loot, tried: Sequence[str]) -> dict[str, str]:
    """Who is found, by all processors."""
    slices = [tried[at : at + SLICE] for at in range(0, len(tried), SLICE)]
    if len(slices) == 1:
        return known(loot, tried)
    found: dict[str, str] = {}
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for each in pool.map(partial(known, loot), slices):
            found.update(each)
    return found


def _crowd(ground: Ground, people: int) -> list[str]:
    command = [sys.executable, "-m", "bench.crowd", str(people)]
    environment = ground.environment()
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    crowd: list[str] = json.loads(done.stdout)
    return crowd


def _dump(ground: Ground) -> bytes:
    command = [str(find_binaries() / "pg_dump"), "--format=plain", ground.cluster.url()]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def main(words: Sequence[str] | None = None) -> int:
    """The whole attempt; 1 if the dump gives anybody away, or the control does not."""
    parser = argparse.ArgumentParser(prog="python -m bench.stolen_dump", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--candidates", type=int, default=CANDIDATES)
    given = parser.parse_args(words)
    began = time.monotonic()
    theft = steal(people=given.people, candidates=given.candidates)
    print(f"{len(theft.people):,} people in the dump, {theft.loot.values:,} values in it")
    print(f"{theft.candidates:,} addresses tried, each in {theft.ways} ways, theirs among them")
    print(f"found without the key files: {len(theft.without):,}")
    print(f"found with them:             {len(theft.with_keys):,}")
    print(f"{time.monotonic() - began:.0f} s")
    return 0 if theft.is_harmless else 1


if __name__ == "__main__":
    sys.exit(main())
