"""Let a database that was restored or copied send from here."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tocsin.campaigns.opening import make_missing_salts
from tocsin.outbox import installation
from tocsin.outbox.installation import NotOurs

EXPLAIN = """\
This makes the database belong to this installation, and to no other.

Do it after you restored it from a backup, or moved it here for good. Do not do it on a copy that
is for looking at or for tests: then two installations would send the same letters.

What still waited in it may have been sent since the backup was made. So all of it is held, and
you release in the office what was not. What was being sent at that moment is in doubt.
"""


class Command(BaseCommand):
    """`tocsin adopt`: after a restore, or a move to another machine."""

    help = "Makes a restored database this installation's, and holds what it may have sent."

    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to ask first."""
        parser.add_argument("--yes", action="store_true", help="do not ask (for scripts)")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Explain, ask, do it, and say how many messages wait for a person now."""
        if not options["yes"]:
            self.stdout.write(EXPLAIN)
            self._ask()
        try:
            held = installation.adopt(now=timezone.now())
        except NotOurs as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The database is this installation's. {held} messages are held.")
        if fresh := make_missing_salts():
            self.stdout.write(
                f"{fresh} campaigns have a fresh salt. Who took part before can no longer be found "
                "by their address: they may take part again, and cannot see, take back or erase "
                "themselves what is kept of them."
            )

    def _ask(self) -> None:
        try:
            answer = input("Type adopt to go on: ")
        except EOFError:
            answer = ""
        if answer.strip() != "adopt":
            raise CommandError("nothing was changed.")
