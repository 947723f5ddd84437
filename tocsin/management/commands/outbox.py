"""Show what waits in the outbox, and what stands in its way."""

import json
import sys
import threading
import time
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from tocsin.management.columns import bar, lasting
from tocsin.management.outbox_lines import lines_of
from tocsin.outbox.overview import Overview, count_ended, overview

LOOK_EVERY = 2.0  # seconds
RATE_OVER = 15  # looks, of which the rate is the mean
CLEAR = "\x1b[H\x1b[J"


class Command(BaseCommand):
    """`tocsin outbox`: where the mail is; it changes nothing."""

    help = "Shows what waits, what is held and why, and what stands in the way."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Once in words, once as JSON, or again and again."""
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--watch", action="store_true", help="look every 2 s until it is empty")
        how.add_argument("--json", action="store_true", help="for another program to read")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Look, and say."""
        if options["watch"]:
            self._watch()
        elif options["json"]:
            found = {**asdict(overview(now=timezone.now())), "ended": count_ended()}
            self.stdout.write(json.dumps(found, cls=DjangoJSONEncoder, indent=1))
        else:
            now = timezone.now()
            for line in lines_of(overview(now=now), ended=count_ended(), now=now):
                self.stdout.write(line)

    def _watch(self) -> None:
        """Ends when nothing waits any more, or on Ctrl-C, which is no failure here."""
        pause = threading.Event()
        looks: list[tuple[float, int]] = []
        most = 0
        try:
            while True:
                now = timezone.now()
                seen = overview(now=now)
                looks = [*looks[-RATE_OVER:], (time.monotonic(), seen.waiting)]
                most = max(most, seen.waiting)
                if sys.stdout.isatty():
                    self.stdout.write(CLEAR, ending="")
                    for line in lines_of(seen, ended=None, now=now):
                        self.stdout.write(line)
                self.stdout.write(progress(seen, most=most, looks=looks))
                self.stdout.flush()
                if not seen.waiting:
                    return
                pause.wait(LOOK_EVERY)
        except KeyboardInterrupt:
            self.stdout.write("")


def progress(seen: Overview, *, most: int, looks: list[tuple[float, int]]) -> str:
    """One line: how much of what was there is done, how fast, how long it may still take."""
    if not seen.waiting:
        return f"{bar(most, most)}  nothing waits"
    parts = [bar(most - seen.waiting, most), f"{seen.waiting:,} to go"]
    (first, before), (last, after) = looks[0], looks[-1]
    if before > after:
        rate = (before - after) / (last - first)
        parts += [f"{rate:,.1f} a second", f"about {lasting(timedelta(seconds=after / rate))}"]
    else:
        parts.append(f"at least {lasting(seen.drain.at_least)}")
    return "  ".join(parts)
