"""The campaign page on a bad line, `python -m bench.page`, beside its limit and beside peers.

`--peer NAME=URL` measures another page in the same rounds. What runs on this machine is reached,
and nothing else: a peer has to be served on localhost.
"""

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Mapping, Sequence

from playwright.sync_api import Browser, sync_playwright

from bench.figures import spread
from bench.slow_line import BYTES_A_SECOND, LATENCY, SLOWER, Paint, visit
from bench.stage import Stage
from tests.browser import REMEDY, arguments, get_chromium

LIMIT = 2.5  # seconds
PAGES = {
    "campaign page, French": "/fr/sans-nouvelles/",
    "campaign page, Uyghur": "/ug/xewersiz/",
    "home page, French": "/fr/",
}
"""The first is what peers are compared to; the second has a font of its own."""

BUSY = 1.5
"""From this load on, what else runs here is measured as well."""


def measure(browser: Browser, pages: Mapping[str, str], *, rounds: int) -> dict[str, list[Paint]]:
    """So many visits of each page, in turns: who disturbs, disturbs all.

    One more comes first and does not count: a server's first answer is slow, and never the one
    that a visitor waits for.
    """
    found: dict[str, list[Paint]] = {name: [] for name in pages}
    for _ in range(rounds + 1):
        for name, address in pages.items():
            found[name].append(visit(browser, address))
    return {name: paints[1:] for name, paints in found.items()}


def seconds(paints: Sequence[Paint]) -> list[float]:
    """When the largest thing was there, in each round."""
    return [paint.seconds for paint in paints]


def line(name: str, paints: Sequence[Paint], *, limit: float = LIMIT) -> str:
    """The figures of a page of ours, beside the limit."""
    ratio = statistics.median(seconds(paints)) / limit
    verdict = "" if ratio <= 1 else "  MISSED"
    return f"{told(name, paints)}, limit {limit} s, ratio {ratio:.2f}{verdict}"


def peer_line(name: str, paints: Sequence[Paint], ours: Sequence[Paint]) -> str:
    """The figures of a peer, beside ours in the same rounds."""
    pairs = zip(seconds(paints), seconds(ours), strict=True)
    return f"{told(name, paints)}, {spread([one / other for one, other in pairs])} times ours"


def told(name: str, paints: Sequence[Paint]) -> str:
    """What was painted when, and what came over the line."""
    last = paints[-1]
    came = f"<{last.what}>, {last.kilobytes:.0f} KB, {last.requests} requests"
    return f"{name}: LCP {spread(seconds(paints))} s ({came})"


def is_within(paints: Sequence[Paint], *, limit: float = LIMIT) -> bool:
    """Whether the median is."""
    return statistics.median(seconds(paints)) <= limit


def read_peer(words: str) -> tuple[str, str]:
    """A name and an address."""
    name, _, address = words.partition("=")
    if not name or not address.startswith("http://"):
        raise argparse.ArgumentTypeError("a peer is NAME=http://localhost:PORT/…")
    return name, address


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; 1 if a page of ours is slower than the limit."""
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="visits of each page (5)")
    parser.add_argument("--quick", action="store_true", help="one visit of each")
    parser.add_argument("--peer", type=read_peer, action="append", default=[], metavar="NAME=URL")
    given = parser.parse_args(words)
    chromium = get_chromium()
    if not chromium:
        print(REMEDY, file=sys.stderr)
        return 1
    peers = dict(given.peer)
    before = os.getloadavg()[0]
    with Stage() as stage, sync_playwright() as playwright:
        stage.serve()
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments())
        print(f"{os.cpu_count()} cores, {platform.machine()}, Chromium {browser.version}; ", end="")
        print(f"{BYTES_A_SECOND * 8 // 1000} kbit/s, {LATENCY} ms, processor / {SLOWER}")
        pages = {name: stage.url + path for name, path in PAGES.items()}
        rounds = 1 if given.quick else given.rounds
        found = measure(browser, {**pages, **peers}, rounds=rounds)
        browser.close()
    for name in pages:
        print(line(name, found[name]))
    for name in peers:
        print(peer_line(name, found[name], found[next(iter(pages))]))
    if before > BUSY:
        print(f"the machine was busy with something else before (load {before:.1f})")
    return 0 if all(is_within(found[name]) for name in pages) else 1


if __name__ == "__main__":
    sys.exit(main())
