"""The outbox measured: `make bench`, `make bench ARGS="--quick --only e,f"`."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence

from bench import claims, speed
from bench.figures import Figure, table
from bench.ground import Ground
from bench.sinks import REMEDY, find_tool

RUNS = "abcdef"
WORDS = """
a  smtp-source into smtp-sink, the limit      d  the plain stack, the peer
b  the outbox, unsigned                       e  claims with pace, and whether it holds
c  the outbox, signed with RSA-2048           f  a long queue
"""


def run(only: Sequence[str], *, is_quick: bool) -> list[Figure]:
    """Those runs, on one ground."""
    found: list[Figure] = []
    with Ground() as ground:
        if set("abcd") & set(only):
            size = speed.QUICK if is_quick else speed.Size()
            found += speed.measure(ground, size=size, only=only)
        scale = claims.QUICK if is_quick else claims.Size()
        if "e" in only:
            found += claims.measure_pace(ground, size=scale)
        if "f" in only:
            found += claims.measure_long_queue(ground, size=scale)
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.outbox",
        description="Measures the outbox beside its limits and peers, on this machine.",
        epilog=WORDS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="less than a minute, and less exact")
    parser.add_argument("--only", default=RUNS, metavar="e,f", help="only these runs")
    given = parser.parse_args(words)
    only = given.only.replace(",", "")
    if not only or set(only) - set(RUNS):
        parser.error(f"--only names some of {', '.join(RUNS)}")
    if not find_tool("smtp-source"):
        print(REMEDY, file=sys.stderr)
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    began = time.monotonic()
    figures = run(only, is_quick=given.quick)
    print(f"\n{table(figures)}\n\n{time.monotonic() - began:.0f} s")
    return 0 if all(figure.is_reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
