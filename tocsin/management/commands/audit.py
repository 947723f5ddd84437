"""Prove that no letter is lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tocsin.management.columns import aligned
from tocsin.outbox.states import MESSAGE
from tocsin.outcomes.audit import Audit, audit


class Command(BaseCommand):
    """`tocsin audit`: letters written are the sum of their states; it changes nothing."""

    help = "Proves that every letter is in exactly one state. Exit code 1 if it cannot."

    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """The table, the difference, and the ids of what is not as it must be."""
        found = audit()
        for line in aligned(_table(found)):
            self.stdout.write(line)
        self.stdout.write(f"difference {found.difference}")
        for broken in found.broken:
            self.stdout.write(f"{broken.rule}: {broken.number}")
            for each in broken.first:
                self.stdout.write(f"  {each}")
        if not found.holds:
            raise CommandError("not everything is where it must be; nothing was changed.")


def _table(found: Audit) -> list[tuple[str, int]]:
    return [
        ("actions confirmed", found.confirmed),
        ("  of these with their letters written", found.written),
        ("  of these not counted yet", found.uncounted),
        ("counted for the public", found.tally),
        ("  of these erased since", found.erased),
        ("  of these voices for the collective letter", found.voices),
        ("letters", found.letters),
        ("collective letters", found.collective),
        *((f"  {state}", found.states.get(state, 0)) for state in MESSAGE),
        ("sum over the states", sum(found.states.values())),
    ]
