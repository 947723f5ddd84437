"""Settle doubts by the log of the relay."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tocsin.outbox.evidence import taken_by_relay
from tocsin.outbox.hold import believe_sent
from tocsin.outbox.models import Message


class Command(BaseCommand):
    """`tocsin evidence FILE`: what the relay took was sent; it moves nothing else."""

    help = "Reads a relay's log (- is the standard input), and marks as sent what it took."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the log is."""
        parser.add_argument("file", metavar="FILE", help="the log, or - for the standard input")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Compare the log with what is in doubt, and say how many doubts it settled."""
        in_doubt = Message.objects.filter(state="in_doubt").select_related("sending_domain")
        doubts = {message.message_id: message.pk for message in in_doubt}
        with _opened(options["file"]) as lines:
            taken = taken_by_relay(lines, among=doubts)
        settled = believe_sent([pk for name, pk in doubts.items() if name in taken])
        self.stdout.write(f"{settled} of {len(doubts)} doubts are settled: the relay took them.")


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdin
        return
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as lines:
            yield lines
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}.") from None
