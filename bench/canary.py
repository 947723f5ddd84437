"""The canary run, `python -m bench.canary`: what people typed is sought in every file there is."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.drama import Drama
from bench.leaks import FIRST, LEAKS
from bench.search import CANARY, WIDE_LETTERS, Hit, Needle, search, table
from bench.stage import Stage
from bench.surfer import surf
from bench.visits import Person

PEOPLE = 1000
WINDOW = 9  # days until nothing may be left; the promise is eight
KEY_PART = 16  # bytes of a key by which it is recognised

OUTSIDE = ("mail handed over", "the browser's profile")
"""What is not ours to keep quiet: mail that has arrived, and the person's own machine."""

KEYS = "key directory"


@dataclass
class Searched:
    """What was found in places of ours, what elsewhere, and where the keys of days stand."""

    ours: Counter[Hit] = field(default_factory=Counter)
    outside: Counter[Hit] = field(default_factory=Counter)
    keys: Counter[Hit] = field(default_factory=Counter)

    def keys_elsewhere(self) -> list[Hit]:
        """Keys in a place that is not theirs."""
        return [hit for hit in self.keys if hit.place != KEYS]


def day_keys(stage: Stage) -> list[Needle]:
    """The keys of days that are there now, to be sought later."""
    paths = sorted((stage.keys / "days").glob("*.key"))
    return [Needle(f"key of {path.stem}", path.read_bytes()[:KEY_PART]) for path in paths]


def look(stage: Stage, keys: Sequence[Needle]) -> Searched:
    """Search every place of the stage for canaries and for these keys."""
    found = Searched()
    for hit, times in search(stage.places(), needles=(CANARY, WIDE_LETTERS, *keys)).items():
        if not hit.what.startswith("canary"):
            found.keys[hit] += times
        elif hit.place in OUTSIDE:
            found.outside[hit] += times
        else:
            found.ours[hit] += times
    return found


def pass_the_window(stage: Stage) -> None:
    """Until the keys are destroyed and the rows are emptied."""
    stage.python("-m", "bench.pass_days", str(WINDOW))


def plant_and_find(stage: Stage, name: str, *, number: int = 0) -> bool:
    """Plant the leak of that name; whether the search finds it where it is."""
    leak = LEAKS[name]
    before = _in_place(stage, leak.place)
    leak.plant(stage, Person(FIRST + number))
    after = _in_place(stage, leak.place)
    return any(hit.encoding.startswith(leak.encoding) for hit in after - before)


def _in_place(stage: Stage, place: str) -> Counter[Hit]:
    return search({place: stage.places()[place]})


def main(words: Sequence[str] | None = None) -> int:
    """The whole run; 1 if anything was found that must not be there, or a leak was not."""
    parser = argparse.ArgumentParser(prog="python -m bench.canary", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help=f"how many come ({PEOPLE})")
    given = parser.parse_args(words)
    began = time.monotonic()

    def tell(words: str) -> None:
        print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)

    with Stage() as stage:
        tell(f"{given.people} people come")
        drama = Drama(stage, people=given.people)
        drama.play(also=surf)
        for name, times in drama.acts.items():
            print(f"  {name:<44} {times:>6,}")
        keys = day_keys(stage)
        during = look(stage, keys)
        tell("during the run, in places of ours:")
        print(table(during.ours))
        print("in what is not ours:")
        print(table(during.outside))
        print("keys of days:")
        print(table(during.keys))
        pass_the_window(stage)
        after = look(stage, keys)
        tell(f"{WINDOW} days later, in places of ours:")
        print(table(after.ours + after.keys))
        found = {name: plant_and_find(stage, name, number=n) for n, name in enumerate(LEAKS)}
        tell(f"planted leaks: {len(found)}, found: {sum(found.values())}")
        print(
            "".join(f"  {name:<44} {'found' if ok else 'MISSED'}\n" for name, ok in found.items())
        )
    is_clean = not (during.ours or during.keys_elsewhere() or after.ours or after.keys)
    return 0 if is_clean and during.outside and during.keys and all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
